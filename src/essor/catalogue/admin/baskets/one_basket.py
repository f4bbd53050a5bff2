"""What the screens of one basket share: whose it may be, and the way to them."""

from typing import Any

from django.db.models import Model
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from wagtail.admin.views.generic import PermissionCheckedMixin
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from essor.catalogue.admin.selections import policy_of, the_one
from essor.catalogue.models import Basket


def contents_address(basket: Model) -> str:
    """Give the address of the screen that shows what a basket holds."""
    return reverse("catalogue_baskets:contents", args=[basket.pk])


class OfABasket(PermissionCheckedMixin):
    """A screen of one basket, of those that this person may do this to."""

    model = Basket
    needs = "change"
    any_permission_required = ("view",)
    header_icon = "list-ul"
    request: HttpRequest
    kwargs: dict[str, Any]

    @cached_property
    def basket(self) -> Basket:
        """The basket of the address."""
        return the_one(Basket, self.kwargs["pk"], user=self.request.user, action=self.needs)

    @cached_property
    def is_changeable(self) -> bool:
        """Whether this person may change what it holds."""
        return policy_of(Basket).user_has_permission_for_instance(
            self.request.user, "change", self.basket
        )

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        """Lead from the list of baskets to here."""
        baskets = {"url": reverse("catalogue_baskets:index"), "label": _("Baskets")}
        return [*WagtailAdminTemplateMixin.breadcrumbs_items, baskets, *self.way_here()]

    def way_here(self) -> list[dict[str, Any]]:
        """Give the end of the way here: the basket, or the basket and what is done to it."""
        return [{"url": "", "label": self.basket.name}]
