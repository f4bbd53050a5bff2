"""The list of baskets, the form of one, their addresses and their chooser."""

from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy
from wagtail.admin.panels import FieldPanel, MultiFieldPanel, ObjectList, TitleFieldPanel
from wagtail.admin.ui.tables import BooleanColumn, Column, NumberColumn
from wagtail.admin.ui.tables import TitleColumn as LinkColumn
from wagtail.admin.viewsets.model import ModelViewSet

from essor.catalogue.admin.baskets.contents import ContentsView
from essor.catalogue.admin.baskets.one_basket import contents_address
from essor.catalogue.admin.baskets.ordering import MoveView, RearrangeView
from essor.catalogue.admin.baskets.pasting import ListView
from essor.catalogue.admin.baskets.taking import CiteView, CopyView, ExportView
from essor.catalogue.admin.giving import GiveView
from essor.catalogue.admin.selections import (
    OwnerColumn,
    SelectionChooser,
    SelectionCreateView,
    SelectionDeleteView,
    SelectionEditView,
    SelectionForm,
    SelectionHistoryView,
    SelectionIndexView,
    SelectionUsageView,
)
from essor.catalogue.models import Basket
from essor.catalogue.queries import baskets_with_size
from essor.catalogue.services.sets import date_all_anew

PUBLISH = "catalogue.change_basket"
HEADING = MultiFieldPanel(
    [
        TitleFieldPanel("name", targets=["slug"], placeholder=gettext_lazy("Name of the basket")),
        FieldPanel("slug"),
        FieldPanel(
            "is_public",
            permission=PUBLISH,
            help_text=gettext_lazy(
                "Everyone may then read its page, take its records away, follow it as an Atom feed "
                "and harvest it as a set (OAI-PMH); kiosks show public baskets only."
            ),
        ),
        FieldPanel("owner", permission=PUBLISH),
    ],
    heading=gettext_lazy("Basket"),
)
"""The part of the form that says the name of a basket, who sees it and whose it is."""


class BasketForm(SelectionForm):
    """The name of a basket, who sees it and whose it is; harvesters learn of what that changes for them."""

    def save(self, commit: bool = True) -> Basket:
        """Date its records anew when its set begins, ends, or takes another name."""
        saved: Basket = super().save(commit)
        is_renamed = saved.is_public and "slug" in self.changed_data
        if is_renamed or "is_public" in self.changed_data:
            date_all_anew(saved)
        return saved


class BasketIndexView(SelectionIndexView):
    """The baskets; a name leads to what the basket holds."""

    def rows(self, visible: QuerySet[Basket]) -> QuerySet[Basket]:
        """Bring with them how many records each holds."""
        return baskets_with_size(visible)

    def _get_title_column(self, field_name: str, **kwargs: Any) -> Any:
        column_class = self._get_title_column_class(LinkColumn)
        return self._get_custom_column(
            field_name, column_class, get_url=lambda basket: contents_address(basket)
        )


class BasketCreateView(SelectionCreateView):
    """Makes a basket, and goes on to what it holds."""

    def get_success_url(self) -> str:
        """Lead to the empty basket, which says how to fill it."""
        return contents_address(self.object)


class BasketEditView(SelectionEditView):
    """Changes the name of a basket, who sees it, whose it is."""

    def get_success_url(self) -> str:
        """Lead back to what it holds."""
        return contents_address(self.object)


class BasketDeleteView(SelectionDeleteView):
    """Deletes a basket, and its set with it."""

    def delete_action(self) -> None:
        """Date its records anew while it is known which they are."""
        with transaction.atomic():
            if self.object.is_public:
                date_all_anew(self.object)
            super().delete_action()


class BasketViewSet(ModelViewSet):
    """Baskets: made by hand, in an order, shown by kiosks."""

    model = Basket
    name = "catalogue_baskets"
    url_prefix = "catalogue/paniers"
    icon = "list-ul"
    menu_label = gettext_lazy("Baskets")
    copy_view_enabled = False
    index_view_class = BasketIndexView
    add_view_class = BasketCreateView
    edit_view_class = BasketEditView
    delete_view_class = BasketDeleteView
    usage_view_class = SelectionUsageView
    history_view_class = SelectionHistoryView
    list_display = [
        "name",
        NumberColumn("size", label=gettext_lazy("Records"), sort_key="size"),
        BooleanColumn("is_public", label=gettext_lazy("Public")),
        OwnerColumn("owner", label=gettext_lazy("Belongs to")),
        Column("changed_at", label=gettext_lazy("Changed"), sort_key="changed_at"),
    ]
    list_filter = ["is_public"]
    search_fields = ["name"]
    edit_handler = ObjectList([HEADING], base_form_class=BasketForm)

    def get_urlpatterns(self) -> list[URLPattern]:
        """Add what is particular to baskets."""
        move = "contents/<int:pk>/move/<int:first>/<int:record>/"
        give = GiveView.as_view(model=Basket, screens=self.name)
        return [
            *super().get_urlpatterns(),
            path("contents/<int:pk>/", ContentsView.as_view(), name="contents"),
            path("contents/<int:pk>/order/", RearrangeView.as_view(), name="rearrange"),
            path(move, MoveView.as_view(), name="move"),
            path("list/<int:pk>/", ListView.as_view(), name="list"),
            path("give/<int:pk>/", give, name="give"),
            path("copy/<int:pk>/", CopyView.as_view(), name="copy"),
            path("export/<int:pk>/", ExportView.as_view(), name="export"),
            path("export/<int:pk>/<str:extension>/", CiteView.as_view(), name="cite"),
        ]


class BasketChooser(SelectionChooser):
    """Chooses a basket."""

    model = Basket
    choose_one_text = gettext_lazy("Choose a basket")
    choose_another_text = gettext_lazy("Choose another basket")
