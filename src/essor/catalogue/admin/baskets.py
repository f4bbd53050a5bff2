"""The screens of baskets: the list, what a basket holds in its order, a list of numbers, an export."""

from typing import Any

from django import forms
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.generic import FormView, View
from wagtail.admin import messages
from wagtail.admin.panels import ObjectList
from wagtail.admin.ui.tables import BaseColumn, BooleanColumn, Column, NumberColumn, Table
from wagtail.admin.ui.tables import TitleColumn as LinkColumn
from wagtail.admin.ui.tables.orderable import OrderableTableMixin
from wagtail.admin.views.generic import PermissionCheckedMixin
from wagtail.admin.views.generic.base import BaseListingView, WagtailAdminTemplateMixin
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.admin.widgets.button import Button, HeaderButton

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
    heading_panel,
    policy_of,
    signed_in,
    the_one,
)
from essor.catalogue.exports import FORMATS
from essor.catalogue.importers.wanted import LARGEST_LIST, UnreadableList
from essor.catalogue.models import Basket, Record, Source
from essor.catalogue.queries import baskets_with_size, records_placed_in
from essor.catalogue.services import create_basket, import_basket
from essor.catalogue.services.selections import copy_basket, free_slug, rearrange_basket
from essor.catalogue.spreadsheets import csv_response
from essor.catalogue.taking import answer_with_file
from essor.catalogue.types import BasketImport
from essor.presentation.templatetags.typography import number

RECORDS_ON_A_PAGE = 200
PLACE = "place-"
"""Begins the names of the fields that say where a record is to go; `was-` where it was."""
WAS = "was-"


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


def contents_address(basket: Model) -> str:
    """Give the address of the screen that shows what a basket holds."""
    return reverse("catalogue_baskets:contents", args=[basket.pk])


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
            may_copy=policy_of(Basket).user_has_permission(self.request.user, "add"),
        )


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


class CopyView(OfABasket, View):
    """Copies a basket that this person sees into one of their own."""

    http_method_names = ["post"]
    needs = "view"
    any_permission_required = ("add",)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Copy, and show the copy."""
        copy = copy_basket(self.basket, owner=signed_in(request))
        said = _("“%(name)s” is yours, and private: rename it as you like.")
        messages.success(request, said % {"name": copy.name})
        return redirect(contents_address(copy))


class ExportView(OfABasket, View):
    """Gives the records of a basket as a table."""

    http_method_names = ["get"]
    needs = "view"

    def get(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        """Give one line a record, in order."""
        heading = [
            _("Source"),
            _("Control number"),
            _("ISBN"),
            _("Title"),
            _("Author"),
            _("Publisher"),
            _("Year"),
            _("Document type"),
        ]
        records = records_placed_in(self.basket).prefetch_related("identifiers")
        return csv_response(
            self.basket.slug, heading, (_exported(one) for one in records.iterator(500))
        )


def _exported(record: Record) -> list[object]:
    return [
        record.source.code,
        record.control_number,
        " ".join(one.value for one in record.identifiers.all() if one.is_valid),
        record.full_title,
        record.authors,
        record.publisher,
        record.year,
        record.get_document_type_display(),
    ]


class CiteView(OfABasket, View):
    """Gives the records of a basket in a format of reference managers, MARC or the like."""

    http_method_names = ["get"]
    needs = "view"

    def get(self, request: HttpRequest, pk: int, extension: str) -> HttpResponseBase:
        """Give the file; a format that is none is not found."""
        if extension not in FORMATS:
            raise Http404
        numbers = list(records_placed_in(self.basket).values_list("pk", flat=True))
        root = request.build_absolute_uri("/").removesuffix("/")
        return answer_with_file(numbers, extension=extension, name=self.basket.slug, root=root)


class ListForm(forms.Form):
    """Numbers to bring into a basket, pasted or in a file."""

    numbers = forms.CharField(
        label=gettext_lazy("Control numbers or ISBNs, one a line"),
        required=False,
        max_length=LARGEST_LIST,
        widget=forms.Textarea(attrs={"rows": 12, "spellcheck": "false"}),
        help_text=gettext_lazy(
            "ISBNs in any form, of 10 or 13 digits, with or without hyphens. Paste a column of a "
            "spreadsheet as it is: the heading is left aside."
        ),
    )
    file = forms.FileField(
        label=gettext_lazy("Or a file"),
        required=False,
        help_text=gettext_lazy("CSV in UTF-8, of one megabyte at most; its first column is read."),
    )
    source = forms.ModelChoiceField(
        Source.objects.all(),
        label=gettext_lazy("Source of the control numbers"),
        required=False,
        empty_label=gettext_lazy("Any"),
        help_text=gettext_lazy("Two library systems may use one number for different records."),
    )

    def clean(self) -> dict[str, Any]:
        """Want one of the two."""
        cleaned = super().clean() or {}
        file, numbers = cleaned.get("file"), cleaned.get("numbers", "")
        if not self.errors and not file and not numbers.strip():
            raise forms.ValidationError(_("Paste some numbers, or choose a file."))
        return cleaned

    @property
    def content(self) -> bytes:
        """The list as bytes, one more than is accepted when the file is larger."""
        file = self.cleaned_data["file"]
        if file:
            return bytes(file.read(LARGEST_LIST + 1))
        return str(self.cleaned_data["numbers"]).encode()


class ListView(OfABasket, WagtailAdminTemplateMixin, FormView):
    """Fills a basket from a list of numbers, and says what was not found."""

    template_name = "catalogue/admin/basket_list.html"
    form_class = ListForm
    page_title = gettext_lazy("Paste a list")

    def get_page_subtitle(self) -> str:
        """Say which basket."""
        return self.basket.name

    def way_here(self) -> list[dict[str, Any]]:
        """Pass by the basket."""
        basket = {"url": contents_address(self.basket), "label": self.basket.name}
        return [basket, {"url": "", "label": self.page_title}]

    def form_valid(self, form: ListForm) -> HttpResponse:
        """Fill, and show the report."""
        try:
            done = self._fill(form)
        except UnreadableList as error:
            form.add_error(None, _(str(error)))
            return self.form_invalid(form)
        return self.render_to_response(self.get_context_data(form=ListForm(), done=done))

    def _fill(self, form: ListForm) -> BasketImport:
        source = form.cleaned_data["source"]
        return import_basket(
            form.content,
            name=self.basket.name,
            slug=self.basket.slug,
            source_code=source.code if source else "",
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the basket; no report before there is one."""
        context = {"done": None, "basket": self.basket, "address": contents_address(self.basket)}
        return super().get_context_data(**{**context, **kwargs})


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
    delete_view_class = SelectionDeleteView
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
    edit_handler = ObjectList(
        [
            heading_panel(
                gettext_lazy("Basket"),
                publish="catalogue.change_basket",
                placeholder=gettext_lazy("Name of the basket"),
            )
        ],
        base_form_class=SelectionForm,
    )

    def get_urlpatterns(self) -> list[URLPattern]:
        """Add what is particular to baskets."""
        move = "contents/<int:pk>/move/<int:first>/<int:record>/"
        return [
            *super().get_urlpatterns(),
            path("contents/<int:pk>/", ContentsView.as_view(), name="contents"),
            path("contents/<int:pk>/order/", RearrangeView.as_view(), name="rearrange"),
            path(move, MoveView.as_view(), name="move"),
            path("list/<int:pk>/", ListView.as_view(), name="list"),
            path("copy/<int:pk>/", CopyView.as_view(), name="copy"),
            path("export/<int:pk>/", ExportView.as_view(), name="export"),
            path("export/<int:pk>/<str:extension>/", CiteView.as_view(), name="cite"),
        ]


class BasketChooser(SelectionChooser):
    """Chooses a basket."""

    model = Basket
    choose_one_text = gettext_lazy("Choose a basket")
    choose_another_text = gettext_lazy("Choose another basket")


class AddToBasketForm(forms.Form):
    """Some records of a list, and the basket they go into: one that is there, or a new one."""

    all_found = forms.BooleanField(required=False)
    record = forms.ModelMultipleChoiceField(Record.objects.all(), required=False)
    basket = forms.ModelChoiceField(
        Basket.objects.none(),
        label=gettext_lazy("Add the ticked records to the basket"),
        required=False,
        empty_label=gettext_lazy("A new basket"),
    )
    name = forms.CharField(
        label=gettext_lazy("Name of the new basket"), required=False, max_length=200
    )

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        changeable = policy_of(Basket).instances_user_has_permission_for(user, "change")
        field = self.fields["basket"]
        field.queryset = changeable  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Want records, and a basket."""
        cleaned = super().clean() or {}
        if not cleaned.get("record") and not cleaned.get("all_found"):
            raise forms.ValidationError(_("Tick the records to add first."))
        if not cleaned.get("basket") and not cleaned.get("name", "").strip():
            raise forms.ValidationError(_("Choose a basket, or name a new one."))
        return cleaned

    def basket_to_fill(self) -> Basket:
        """Give the basket chosen, or make the new one, private and of this person."""
        chosen: Basket | None = self.cleaned_data["basket"]
        if chosen:
            return chosen
        name = self.cleaned_data["name"].strip()
        return create_basket(name, slug=free_slug(Basket, name), owner=self.user)
