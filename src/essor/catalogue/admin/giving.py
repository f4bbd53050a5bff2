"""What a person hands over to the network: a basket or a saved search of their own, once they have confirmed it."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.views.generic import PermissionCheckedMixin
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from essor.catalogue.admin.selections import policy_of, signed_in
from essor.catalogue.models import Basket, SavedSearch, Selection
from essor.catalogue.services.selections import give_to_network


class GiveView(PermissionCheckedMixin, WagtailAdminTemplateMixin, TemplateView):
    """Says what giving means; hands over when that is confirmed, and only then."""

    http_method_names = ["get", "post"]
    template_name = "catalogue/admin/give.html"
    page_title = gettext_lazy("Give to the network")
    header_icon = "group"
    any_permission_required = ("change",)
    model: type[Basket] | type[SavedSearch] = Basket
    screens = ""
    """The beginning of the names of the addresses of these things."""

    @cached_property
    def given(self) -> Any:
        """What is to be given: of this person's own, while they may change it; another is not found."""
        own = policy_of(self.model).instances_user_may_give(self.request.user)
        return get_object_or_404(own, pk=self.kwargs["pk"])

    def get_page_subtitle(self) -> str:
        """Say which."""
        return str(self.given)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        """Lead from the list, by the thing, to here."""
        kind = capfirst(str(self.model._meta.verbose_name_plural))
        return [
            *self.breadcrumbs_items,
            {"url": reverse(f"{self.screens}:index"), "label": kind},
            {"url": self._address, "label": str(self.given)},
            {"url": "", "label": self.page_title},
        ]

    @property
    def _address(self) -> str:
        return reverse(f"{self.screens}:edit", args=[self.given.pk])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add what is to be given, and whether this person will still be able to change it."""
        may_publish = policy_of(self.model).may_publish(self.request.user)
        context = {"given": self.given, "address": self._address, "may_publish": may_publish}
        return super().get_context_data(**kwargs, **context)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Hand over, and come back to the list."""
        if not give_to_network(self.given, giver=signed_in(request)):
            raise Http404
        said = _("“%(name)s” belongs to the network now.") % {"name": self.given}
        messages.success(request, said)
        return redirect(f"{self.screens}:index")


def giving_address(thing: Selection, *, user: Any, screens: str) -> str:
    """Give the address of this act to who may do it; empty to the others."""
    may_give = policy_of(type(thing)).instances_user_may_give(user)
    if not may_give.filter(pk=thing.pk).exists():
        return ""
    return reverse(f"{screens}:give", args=[thing.pk])
