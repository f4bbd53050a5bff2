"""The screens of the catalogue in the Wagtail admin: records and imports to look at, baskets to make."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms.choosers import BaseFilterForm
from wagtail.admin.panels import (
    FieldPanel,
    MultiFieldPanel,
    MultipleChooserPanel,
    TitleFieldPanel,
)
from wagtail.admin.ui.tables import BooleanColumn, Column, UpdatedAtColumn
from wagtail.admin.views.generic import IndexView, InspectView
from wagtail.admin.views.generic.chooser import ChooseResultsView, ChooseView
from wagtail.admin.viewsets.chooser import ChooserViewSet
from wagtail.admin.viewsets.model import ModelViewSet, ModelViewSetGroup
from wagtail.snippets.views.snippets import SnippetViewSet

from essor.catalogue.models import Basket, ImportRun, Record, Source
from essor.catalogue.queries import (
    baskets_with_size,
    fields_of,
    problems_by_reason,
    records_found_by_staff,
    records_to_show,
)

MOST_PROBLEMS_SHOWN = 500


class RecordIndexView(IndexView):
    """The list of records, searched as a librarian does."""

    def get_base_queryset(self) -> QuerySet[Record]:
        """Give the records with their sources."""
        return Record.objects.select_related("source")

    def search_queryset(self, queryset: QuerySet[Record]) -> QuerySet[Record]:
        """Find by words of the title or author, by control number, by ISBN in any form."""
        return (
            records_found_by_staff(queryset, self.search_query) if self.is_searching else queryset
        )


class ImportRunIndexView(IndexView):
    """The list of imports."""

    def get_base_queryset(self) -> QuerySet[ImportRun]:
        """Give the imports with their sources, the latest first."""
        return ImportRun.objects.select_related("source")


class RecordInspectView(InspectView):
    """A record as it is understood, and under it the fields as they were received."""

    def get_object(self, queryset: QuerySet[Record] | None = None) -> Record:
        """Give the record with its source and numbers."""
        return get_object_or_404(records_to_show(), pk=self.pk)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the fields received."""
        return super().get_context_data(**kwargs, received=fields_of(self.object))


class ImportRunInspectView(InspectView):
    """The report of an import: counts, then what stayed out, by reason and one by one."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the problems; the first ones only, when there are many."""
        problems = self.object.problems.all()[:MOST_PROBLEMS_SHOWN]
        reasons = problems_by_reason(self.object)
        return super().get_context_data(**kwargs, problems=problems, reasons=reasons)


class RecordViewSet(ModelViewSet):
    """Records to look at: they are changed in the library system they come from."""

    model = Record
    name = "catalogue_records"
    url_prefix = "catalogue/notices"
    icon = "doc-full-inverse"
    menu_label = _("Records")
    form_fields = ["title"]
    add_to_reference_index = False
    copy_view_enabled = False
    inspect_view_enabled = True
    inspect_view_class = RecordInspectView
    inspect_template_name = "catalogue/admin/record.html"
    inspect_view_fields = [
        "title",
        "subtitle",
        "statement",
        "publisher",
        "year",
        "document_type",
        "classification",
        "source",
        "control_number",
        "added_at",
        "changed_at",
    ]
    index_view_class = RecordIndexView
    search_fields = ["title", "control_number"]
    list_display = ["title", "statement", "publisher", "year", "source", "control_number"]
    list_filter = ["source", "document_type"]
    list_per_page = 50


class ImportRunViewSet(ModelViewSet):
    """The imports and their reports."""

    model = ImportRun
    name = "catalogue_imports"
    url_prefix = "catalogue/imports"
    icon = "download"
    menu_label = _("Imports")
    form_fields = ["file_name"]
    add_to_reference_index = False
    copy_view_enabled = False
    inspect_view_enabled = True
    inspect_view_class = ImportRunInspectView
    index_view_class = ImportRunIndexView
    inspect_template_name = "catalogue/admin/import_run.html"
    inspect_view_fields = [
        "source",
        "file_name",
        "state",
        "started_at",
        "updated_at",
        "new",
        "changed",
        "unchanged",
        "repaired",
        "rejected",
    ]
    list_display = ["file_name", "source", "state", "started_at", "new", "changed", "rejected"]
    list_filter = ["source", "state"]


class SourceViewSet(ModelViewSet):
    """The library systems that records come from: their names are shown to readers."""

    model = Source
    name = "catalogue_sources"
    url_prefix = "catalogue/sources"
    icon = "home"
    menu_label = _("Sources")
    panels = [FieldPanel("name"), FieldPanel("code")]
    add_to_reference_index = False
    copy_view_enabled = False
    list_display = ["name", "code"]


class BasketViewSet(SnippetViewSet):
    """Baskets: made by hand, in an order, shown by kiosks."""

    model = Basket
    icon = "list-ul"
    menu_label = _("Baskets")
    base_url_path = "catalogue/paniers"
    copy_view_enabled = False
    list_display = [
        "name",
        Column("size", label=_("Records"), accessor="size"),
        BooleanColumn("is_public", label=_("Public")),
        "owner",
        UpdatedAtColumn(),
    ]
    list_filter = ["is_public", "owner"]
    search_fields = ["name"]
    panels = [
        MultiFieldPanel(
            [
                TitleFieldPanel("name", targets=["slug"], placeholder=_("Name of the basket")),
                FieldPanel("slug"),
                FieldPanel("is_public"),
                FieldPanel("owner"),
            ],
            heading=_("Basket"),
        ),
        MultipleChooserPanel(
            "items",
            chooser_field_name="record",
            heading=_("Records, in order"),
            label=_("record"),
            help_text=_(
                "Move a record with its arrows, or by dragging. Search by title, author, "
                "control number or ISBN. A long list is quicker with the command import_basket."
            ),
        ),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Basket]:
        """Give the baskets with how many records each holds."""
        return baskets_with_size()


class CatalogueGroup(ModelViewSetGroup):
    """One entry of the menu for the whole catalogue."""

    items = (RecordViewSet, BasketViewSet, ImportRunViewSet, SourceViewSet)
    menu_label = _("Catalogue")
    menu_icon = "folder-open-inverse"
    menu_name = "catalogue"
    menu_order = 205
    add_to_admin_menu = True


class RecordFilterForm(BaseFilterForm):
    """The search field of the chooser of records."""

    q = forms.CharField(
        label=_("Search term"),
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"placeholder": _("Title, author, control number or ISBN")}),
    )

    def filter(self, objects: QuerySet[Record]) -> QuerySet[Record]:
        """Keep the records found."""
        query = self.cleaned_data.get("q")
        if query:
            self.is_searching, self.search_query = True, query
            return records_found_by_staff(objects, query)
        return objects


class RecordChooseView(ChooseView):
    """Chooses among the records found."""

    filter_form_class = RecordFilterForm


class RecordChooseResultsView(ChooseResultsView):
    """The results of the chooser."""

    filter_form_class = RecordFilterForm


class RecordChooser(ChooserViewSet):
    """Chooses records: one, or several at once for a basket."""

    model = Record
    icon = "doc-full-inverse"
    choose_one_text = _("Choose a record")
    choose_another_text = _("Choose another record")
    choose_view_class = RecordChooseView
    choose_results_view_class = RecordChooseResultsView
    per_page = 20
