"""The screens of records: found, looked at as received, put in baskets; and their chooser."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from wagtail.admin import messages
from wagtail.admin.forms.choosers import BaseFilterForm
from wagtail.admin.ui.tables import BaseColumn
from wagtail.admin.views.generic import IndexView, InspectView
from wagtail.admin.views.generic.chooser import ChooseResultsView, ChooseView
from wagtail.admin.viewsets.chooser import ChooserViewSet
from wagtail.admin.viewsets.model import ModelViewSet

from essor.catalogue.admin.baskets import AddToBasketForm, contents_address
from essor.catalogue.admin.covers import CoverView
from essor.catalogue.admin.selections import policy_of
from essor.catalogue.admin.works import (
    RIGHT,
    JoinForm,
    JoinWorkView,
    PartDuplicateView,
    PartFromWorkView,
)
from essor.catalogue.asked import Asked
from essor.catalogue.finding import MOST_FOR_STAFF, Ranked, found_by_staff
from essor.catalogue.models import Basket, Record
from essor.catalogue.queries import (
    doubles_of,
    editions_beside,
    fields_of,
    records_found_by_staff,
    records_to_show,
)
from essor.catalogue.services import add_to_basket
from essor.presentation.templatetags.typography import number

MOST_ADDED = 1_000
"""Records that one click puts in a basket, at most."""


class TickColumn(BaseColumn):
    """A box to tick beside each record, for those to put in a basket."""

    header_template_name = "catalogue/admin/tick_header.html"
    cell_template_name = "catalogue/admin/tick_cell.html"

    def get_cell_context_data(self, instance: Record, parent_context: Any) -> dict[str, Any]:
        """Keep what was ticked when the form comes back."""
        ticked = parent_context["request"].POST.getlist("record")
        context = super().get_cell_context_data(instance, parent_context)
        return {**context, "is_ticked": str(instance.pk) in ticked}


class RecordIndexView(IndexView):
    """The list of records, searched as a librarian does; those found go into baskets."""

    http_method_names = ["get", "head", "options", "post"]
    found: Ranked | None = None

    def get_base_queryset(self) -> QuerySet[Record]:
        """Give the records with their sources."""
        return Record.objects.select_related("source")

    def search_queryset(self, queryset: QuerySet[Record]) -> QuerySet[Record] | Ranked:
        """Find by words, by control number, by ISBN in any form, by barcode; the best come first."""
        if not self.is_searching:
            return queryset
        self.found = found_by_staff(queryset, self._asked())
        if self.found is None:
            return records_found_by_staff(queryset, self.search_query)
        return self.found.records if self.is_explicitly_ordered else self.found

    def _asked(self) -> Asked:
        """Give what is searched, with the filters of the list: the index is asked within them."""
        given = self.filters.form.cleaned_data if self.is_filtering else {}
        source, document_type = given.get("source"), given.get("document_type")
        chosen = {"source": source and source.code, "document_type": document_type}
        return Asked(
            self.search_query, {facet: (value,) for facet, value in chosen.items() if value}
        )

    @cached_property
    def may_fill_baskets(self) -> bool:
        """Whether this person makes baskets."""
        return policy_of(Basket).user_has_permission(self.request.user, "add")

    @cached_property
    def columns(self) -> list[BaseColumn]:
        """Put a box before each record, for who makes baskets."""
        columns = super().columns
        return [TickColumn("tick"), *columns] if self.may_fill_baskets else columns

    def get_context_data(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add the form that fills baskets."""
        context = super().get_context_data(*args, **kwargs)
        query = self.request.GET.urlencode()
        return {
            **context,
            "basket_form": kwargs.get("basket_form") or self._form()
            if self.may_fill_baskets
            else None,
            "address": f"{self.index_url}?{query}",
            "most_added": MOST_ADDED,
            "found": self.found,
            "most_found": MOST_FOR_STAFF,
        }

    def _form(self, data: QueryDict | None = None) -> AddToBasketForm:
        chosen = self.request.GET.get("basket", "")
        initial = {"basket": chosen if chosen.isdecimal() else None}
        return AddToBasketForm(data, user=self.request.user, initial=initial)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Put the ticked records, or all those found, in a basket; stay in the list."""
        if not self.may_fill_baskets:
            raise PermissionDenied
        form = self._form(request.POST)
        if not form.is_valid():
            messages.error(
                request, " ".join(map(str, form.non_field_errors())) or _("Unknown basket.")
            )
            self.object_list = self.get_queryset()
            return self.render_to_response(self.get_context_data(basket_form=form))
        basket = form.basket_to_fill()
        added = add_to_basket(basket, self._chosen(form))
        self._say(basket, added)
        return redirect(request.get_full_path())

    def _chosen(self, form: AddToBasketForm) -> Iterable[Record]:
        if form.cleaned_data["all_found"]:
            return self.get_queryset()[:MOST_ADDED]
        return form.cleaned_data["record"]

    def _say(self, basket: Basket, added: int) -> None:
        said = ngettext(
            "%(count)s record added to “%(name)s”.",
            "%(count)s records added to “%(name)s”.",
            added,
        )
        values = {"count": number(added), "name": basket.name}
        button = messages.button(contents_address(basket), _("See the basket"))
        messages.success(self.request, said % values, buttons=[button])


def _in_local_time(moment: datetime) -> str:
    return date_format(timezone.localtime(moment), "DATETIME_FORMAT")


class RecordInspectView(InspectView):
    """A record as it is understood, and under it the fields as they were received."""

    def get_object(self, queryset: QuerySet[Record] | None = None) -> Record:
        """Give the record with its source and numbers."""
        return get_object_or_404(records_to_show(), pk=self.pk)

    def get_added_at_display_value(self) -> str:
        """Tell it in the time of the portal, as the list of imports does: the framework gives it in UTC."""
        return _in_local_time(self.object.added_at)

    def get_changed_at_display_value(self) -> str:
        """Tell it in the time of the portal too."""
        return _in_local_time(self.object.changed_at)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the fields received, and the way to its cover for who may change it."""
        return super().get_context_data(
            **kwargs,
            received=fields_of(self.object),
            may_change_cover=self.request.user.has_perm("catalogue.change_cover"),
            editions=editions_beside(self.object),
            doubles=doubles_of(self.object),
            join_form=JoinForm(),
            may_change_works=self.request.user.has_perm(RIGHT),
        )


class RecordViewSet(ModelViewSet):
    """Records to look at: they are changed in the library system they come from."""

    model = Record
    name = "catalogue_records"
    url_prefix = "catalogue/notices"
    icon = "doc-full-inverse"
    menu_label = gettext_lazy("Records")
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
    index_results_template_name = "catalogue/admin/records_results.html"
    search_fields = ["title", "control_number"]
    list_display = ["title", "statement", "publisher", "year", "source", "control_number"]
    list_filter = ["source", "document_type"]
    list_per_page = 50

    def get_urlpatterns(self) -> list[URLPattern]:
        """Give the addresses of these screens, that of the cover and the acts on works among them."""
        return [
            *super().get_urlpatterns(),
            path("<int:pk>/couverture/", CoverView.as_view(), name="cover"),
            path("<int:pk>/part-work/", PartFromWorkView.as_view(), name="part_work"),
            path("<int:pk>/join-work/", JoinWorkView.as_view(), name="join_work"),
            path("<int:pk>/part-double/", PartDuplicateView.as_view(), name="part_double"),
        ]


class RecordFilterForm(BaseFilterForm):
    """The search field of the chooser of records."""

    q = forms.CharField(
        label=gettext_lazy("Search term"),
        required=False,
        max_length=200,
        widget=forms.TextInput(
            attrs={"placeholder": gettext_lazy("Title, author, control number, ISBN or barcode")}
        ),
    )

    def filter(self, objects: QuerySet[Record]) -> QuerySet[Record] | Ranked:
        """Keep the records found."""
        query = self.cleaned_data.get("q")
        if not query:
            return objects
        self.is_searching, self.search_query = True, query
        found = found_by_staff(objects, Asked(query))
        return records_found_by_staff(objects, query) if found is None else found


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
    choose_one_text = gettext_lazy("Choose a record")
    choose_another_text = gettext_lazy("Choose another record")
    choose_view_class = RecordChooseView
    choose_results_view_class = RecordChooseResultsView
    per_page = 20
