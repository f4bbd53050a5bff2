"""What the screens of other directories share: rights, and the way back to the list."""

from typing import Any

from django.db.models import Model
from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail.admin.views.generic import PermissionCheckedMixin
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from essor.register.models import DirectoryImport


class DirectoryScreen(PermissionCheckedMixin, WagtailAdminTemplateMixin):
    """A screen about other directories."""

    model: type[Model] = DirectoryImport
    header_icon = "list-ul"
    any_permission_required: tuple[str, ...] = ("add",)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        """Lead from the list of directories to here."""
        directories = {
            "url": reverse("register_directories:index"),
            "label": _("Other directories"),
        }
        here = self.get_page_subtitle() or self.get_page_title()
        return [*self.breadcrumbs_items, directories, {"url": "", "label": here}]
