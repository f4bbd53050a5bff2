"""The order of a basket: fields and handles in its table, and the acts that they ask for."""

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.generic import View
from wagtail.admin import messages
from wagtail.admin.ui.tables import BaseColumn, Table
from wagtail.admin.ui.tables.orderable import OrderableTableMixin

from essor.catalogue.admin.baskets.one_basket import OfABasket, contents_address
from essor.catalogue.models import Record
from essor.catalogue.services.selections import rearrange_basket
from essor.presentation.templatetags.typography import number

PLACE = "place-"
"""Begins the names of the fields that say where a record is to go; `was-` where it was."""
WAS = "was-"


class PlaceColumn(BaseColumn):
    """A field for the place of a record, for who moves it far or has no pointer."""

    cell_template_name = "catalogue/admin/place_cell.html"

    def get_cell_context_data(self, instance: Record, parent_context: Any) -> dict[str, Any]:
        """Add the place, which begins at 1."""
        place = parent_context["row"].index + parent_context["table"].first_place
        context = super().get_cell_context_data(instance, parent_context)
        return {**context, "place": place, "field": f"{PLACE}{instance.pk}", "was": WAS}


class RemoveColumn(BaseColumn):
    """A box to tick beside what is to leave the basket."""

    cell_template_name = "catalogue/admin/remove_cell.html"


class BasketTable(OrderableTableMixin, Table):
    """The records of a basket, moved with the pointer, with the arrows, or by number."""

    def __init__(self, *args: Any, first_place: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.first_place = first_place


class RearrangeView(OfABasket, View):
    """Puts records where their numbers say, and takes out those that are ticked."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Move, take out, and come back to the same page of the basket."""
        removed = [int(key) for key in request.POST.getlist("remove") if key.isdecimal()]
        taken_out = rearrange_basket(self.basket, places=_moved(request), removed=removed)
        said = ngettext("%(count)s record taken out.", "%(count)s records taken out.", taken_out)
        said = said % {"count": number(taken_out)} if taken_out else _("The order is saved.")
        messages.success(request, said)
        page = request.POST.get("p", "")
        query = f"?p={page}" if page.isdecimal() else ""
        return redirect(contents_address(self.basket) + query)


def _moved(request: HttpRequest) -> dict[int, int]:
    """Give the new places of the records whose number was changed."""
    places = {}
    for name, place in request.POST.items():
        key = name.removeprefix(PLACE)
        is_number = name.startswith(PLACE) and key.isdecimal() and str(place).isdecimal()
        if is_number and place != request.POST.get(f"{WAS}{key}"):
            places[int(key)] = int(str(place)[:9])
    return places


class MoveView(OfABasket, View):
    """Moves one record, as the pointer or the arrows have moved it on the screen."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int, first: int, record: int) -> JsonResponse:
        """Put the record at this position of the page that begins at `first`."""
        position = request.GET.get("position", "")
        if not position.isdecimal():
            return JsonResponse({"success": False}, status=400)
        place = first + int(position[:9]) + 1
        rearrange_basket(self.basket, places={record: place})
        return JsonResponse({"success": True})
