"""What the screens of perimeters share: rights, the version of the address, and the way back to the list."""

from typing import Any, cast

from django.contrib.auth.models import User
from django.db.models import Model
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from wagtail.admin.views.generic import PermissionCheckedMixin
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from essor.register.models import PerimeterVersion

CHANGING_RIGHT = "register.change_perimeterversion"


class PerimeterScreen(PermissionCheckedMixin, WagtailAdminTemplateMixin):
    """A screen about perimeters."""

    model: type[Model] = PerimeterVersion
    header_icon = "clipboard-list"
    request: HttpRequest
    kwargs: dict[str, Any]

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        """Lead from the list of perimeters to here."""
        perimeters = {"url": reverse("register_perimeters:index"), "label": _("Perimeters")}
        return [*self.breadcrumbs_items, perimeters, *self.way_here()]

    def way_here(self) -> list[dict[str, str]]:
        """Give what follows the list of perimeters."""
        return [{"url": "", "label": capfirst(self.get_page_title())}]

    @property
    def person(self) -> User:
        """Who is signed in: these screens are for staff."""
        return cast("User", self.request.user)


class OfAVersion(PerimeterScreen):
    """A screen about one version."""

    any_permission_required: tuple[str, ...] = ("view", "add", "change")

    @cached_property
    def version(self) -> PerimeterVersion:
        """The version of the address."""
        versions = PerimeterVersion.objects.select_related("author", "chosen_by")
        return get_object_or_404(versions, pk=self.kwargs["pk"])

    def get_page_subtitle(self) -> str:
        """Say which."""
        return str(self.version)

    def way_here(self) -> list[dict[str, str]]:
        """Go by the page of the version."""
        version = {
            "url": reverse("register_perimeters:edit", args=[self.version.pk]),
            "label": str(self.version),
        }
        return [version, *super().way_here()]

    @property
    def may_change(self) -> bool:
        """Whether the person may write, compare and choose."""
        return self.person.has_perm(CHANGING_RIGHT)


class ChangingAVersion(OfAVersion):
    """A screen where a version is written, compared or chosen."""

    any_permission_required = ("change",)
