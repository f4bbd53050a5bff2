"""What a basket holds, in its order, and what can be done with it."""

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.ui.tables import BaseColumn, Column, Table
from wagtail.admin.ui.tables import TitleColumn as LinkColumn
from wagtail.admin.views.generic.base import BaseListingView
from wagtail.admin.widgets.button import Button, HeaderButton

from essor.catalogue.admin.baskets.one_basket import OfABasket, contents_address
from essor.catalogue.admin.baskets.ordering import BasketTable, PlaceColumn, RemoveColumn
from essor.catalogue.admin.giving import giving_address
from essor.catalogue.admin.selections import policy_of
from essor.catalogue.exports import FORMATS
from essor.catalogue.models import Basket, Record
from essor.catalogue.queries import records_placed_in

RECORDS_ON_A_PAGE = 200


class ContentsView(OfABasket, BaseListingView):
    """What a basket holds, in its order."""

    needs = "view"
    template_name = "catalogue/admin/basket.html"
    results_template_name = "catalogue/admin/basket_results.html"
    paginate_by = RECORDS_ON_A_PAGE
    page_title = gettext_lazy("Basket")

    def get_base_queryset(self) -> QuerySet[Record]:
        """Give its records in order."""
        return records_placed_in(self.basket)

    def get_page_subtitle(self) -> str:
        """Say which basket."""
        return self.basket.name

    def get_index_url(self) -> str:
        """Stay here from page to page."""
        return contents_address(self.basket)

    @cached_property
    def columns(self) -> list[BaseColumn]:
        """Show enough to know a record by; fields to who may change the basket."""
        known_by = [
            LinkColumn(
                "title",
                label=_("Title"),
                accessor="full_title",
                get_url=lambda record: reverse("catalogue_records:inspect", args=[record.pk]),
            ),
            Column("authors", label=_("Author")),
            Column("year", label=_("Year")),
            Column("control_number", label=_("Control number")),
        ]
        if not self.is_changeable:
            return known_by
        place = PlaceColumn("place", label=_("Place"), width="90px")
        return [place, *known_by, RemoveColumn("remove", label=_("Take out"))]

    def get_table(self, object_list: Any) -> Table:
        """Let the table be put in order by who may."""
        page = self.get_paginator(object_list, RECORDS_ON_A_PAGE).get_page(
            self.request.GET.get(self.page_kwarg)
        )
        first = (page.number - 1) * RECORDS_ON_A_PAGE
        address = reverse("catalogue_baskets:move", args=[self.basket.pk, first, 999999])
        return BasketTable(
            self.columns,
            object_list,
            base_url=self.index_url,
            reorder_url=address if self.is_changeable else None,
            first_place=first + 1,
        )

    @cached_property
    def header_buttons(self) -> list[Button]:
        """Offer to fill the basket, to who may."""
        if not self.is_changeable:
            return []
        find = f"{reverse('catalogue_records:index')}?basket={self.basket.pk}"
        by_list = reverse("catalogue_baskets:list", args=[self.basket.pk])
        return [
            HeaderButton(_("Find records"), url=find, icon_name="search", priority=10),
            HeaderButton(_("Paste a list"), url=by_list, icon_name="clipboard-list", priority=20),
        ]

    @cached_property
    def header_more_buttons(self) -> list[Button]:
        """Offer the other acts."""
        pk = [self.basket.pk]
        buttons = [
            Button(
                _("Export as CSV"),
                url=reverse("catalogue_baskets:export", args=pk),
                icon_name="download",
                priority=10,
            ),
            *(
                Button(
                    _("Export as %(format)s") % {"format": FORMATS[extension].label},
                    url=reverse("catalogue_baskets:cite", args=[*pk, extension]),
                    icon_name="download",
                    priority=11,
                )
                for extension in ("ris", "bib", "mrc")
            ),
            Button(
                _("Where it is used"),
                url=reverse("catalogue_baskets:usage", args=pk),
                icon_name="link",
                priority=20,
            ),
        ]
        if self.is_changeable:
            buttons += [
                Button(
                    _("Name and rights"),
                    url=reverse("catalogue_baskets:edit", args=pk),
                    icon_name="edit",
                    priority=5,
                ),
                Button(
                    _("Delete"),
                    url=reverse("catalogue_baskets:delete", args=pk),
                    icon_name="bin",
                    priority=40,
                ),
            ]
        return buttons

    def get_context_data(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add the basket, and what this person may do with it."""
        return super().get_context_data(
            *args,
            **kwargs,
            basket=self.basket,
            is_changeable=self.is_changeable,
            giving_address=giving_address(
                self.basket, user=self.request.user, screens="catalogue_baskets"
            ),
            may_copy=policy_of(Basket).user_has_permission(self.request.user, "add"),
        )
