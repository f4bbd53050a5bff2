"""The screens of saved searches: criteria in a form, the count and the first covers while one writes."""

from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.generic import View
from wagtail.admin import messages
from wagtail.admin.ui.tables import BooleanColumn, Column
from wagtail.admin.views.generic import PermissionCheckedMixin
from wagtail.admin.viewsets.model import ModelViewSet

from essor import search
from essor.catalogue.admin.giving import GiveView, giving_address
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
    policy_of,
    signed_in,
    the_one,
)
from essor.catalogue.asked import CLOSED_LISTS, MOST_DAYS, PARAMETERS, SORTS, Asked
from essor.catalogue.documents import KIND
from essor.catalogue.finding import find, records_in_order
from essor.catalogue.labels import FACETS, labels_of
from essor.catalogue.labels import SORTS as SORT_LABELS
from essor.catalogue.models import Branch, SavedSearch
from essor.catalogue.services.selections import copy_search
from essor.search.addresses import MOST_VALUES

COVERS_SHOWN = 8
VALUES_OFFERED = 100
LISTED = ("branch", "language", "class", "publisher", "source")
"""Facets whose values are ticked in a list of those that the catalogue holds."""
WRITTEN = ("creator", "subject")
"""Facets that have too many values for a list: they are written, one a line."""


class LinesField(forms.CharField):
    """Values written one a line."""

    widget = forms.Textarea

    def prepare_value(self, value: Any) -> Any:
        """Show a list as lines."""
        return "\n".join(value) if isinstance(value, list | tuple) else value

    def to_python(self, value: Any) -> Any:
        """Read the lines that say something."""
        lines = (super().to_python(value) or "").splitlines()
        return [line.strip() for line in lines if line.strip()]

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Compare the lines."""
        return list(initial or ()) != self.to_python(data)


class SavedSearchForm(SelectionForm):
    """The name of a search, and its criteria as the public search knows them."""

    text = forms.CharField(
        label=gettext_lazy("Words"),
        required=False,
        max_length=200,
        help_text=gettext_lazy(
            "Looked for in titles, authors, subjects and summaries. “Between quotes”: these very words "
            "together; -word: without it."
        ),
    )
    years_from = forms.IntegerField(
        label=gettext_lazy("Published from"), required=False, min_value=1, max_value=9999
    )
    years_to = forms.IntegerField(
        label=gettext_lazy("Published until"), required=False, min_value=1, max_value=9999
    )
    days = forms.IntegerField(
        label=gettext_lazy("New: came in within so many days"),
        required=False,
        min_value=1,
        max_value=MOST_DAYS,
        help_text=gettext_lazy("Empty: whenever they came in."),
    )
    sort = forms.ChoiceField(
        label=gettext_lazy("Order"),
        required=False,
        choices=[(SORTS[sort], label) for sort, label in SORT_LABELS.items()],
    )

    class Meta:
        model = SavedSearch
        fields = ("name", "slug", "is_public", "owner")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not policy_of(SavedSearch).may_publish(self.for_user):
            del self.fields["is_public"], self.fields["owner"]
        asked = Asked.in_criteria(self.instance.criteria)
        self._offer_values(asked)
        self.initial |= {
            "text": asked.text,
            "years_from": asked.first_year,
            "years_to": asked.last_year,
            "days": asked.days,
            "sort": SORTS[asked.sort],
            **{f"facet_{facet}": list(values) for facet, values in asked.chosen.items()},
        }

    def _offer_values(self, asked: Asked) -> None:
        offered = values_offered(asked)
        for facet, label in FACETS.items():
            if facet == "year":
                continue
            name = f"facet_{facet}"
            if facet in WRITTEN:
                self.fields[name] = LinesField(
                    label=str(label),
                    required=False,
                    widget=forms.Textarea(attrs={"rows": 3}),
                    help_text=_("As records write them, one a line: any of them will do."),
                )
            else:
                self.fields[name] = forms.MultipleChoiceField(
                    label=str(label),
                    required=False,
                    choices=list(offered[facet].items()),
                    widget=forms.CheckboxSelectMultiple,
                )

    @property
    def heading_fields(self) -> list[forms.BoundField]:
        """The fields that say its name, who sees it and whose it is."""
        return [self[name] for name in self.Meta.fields if name in self.fields]

    @property
    def short_fields(self) -> list[forms.BoundField]:
        """The criteria that are written in a line."""
        names = ("text", "years_from", "years_to", "days", "sort")
        return [self[name] for name in names]

    @property
    def facet_fields(self) -> list[forms.BoundField]:
        """The criteria that are chosen among values; without those that offer none."""
        fields = [self[name] for name in self.fields if name.startswith("facet_")]
        return [one for one in fields if getattr(one.field, "choices", True)]

    @property
    def asked(self) -> Asked:
        """The search that the form says, with what is understood of it when something is wrong."""
        given = self.cleaned_data
        state = {
            "q": [given.get("text") or ""],
            "de": [str(given.get("years_from") or "")],
            "a": [str(given.get("years_to") or "")],
            "jours": [str(given.get("days") or "")],
            "tri": [given.get("sort") or ""],
            **{name: given.get(f"facet_{facet}") or [] for facet, name in PARAMETERS.items()},
        }
        return Asked.in_state(state)

    def clean(self) -> dict[str, Any]:
        """Refuse more values than a search takes, rather than forget some."""
        cleaned = super().clean()
        for facet in FACETS:
            if len(cleaned.get(f"facet_{facet}") or ()) > MOST_VALUES:
                said = _("Choose %(most)s values at most.")
                self.add_error(f"facet_{facet}", said % {"most": MOST_VALUES})
        return cleaned

    def save(self, commit: bool = True) -> SavedSearch:
        """Keep the criteria."""
        self.instance.criteria = self.asked.criteria
        saved: SavedSearch = super().save(commit)
        return saved


def values_offered(asked: Asked) -> dict[str, dict[str, str]]:
    """Give the values one can tick, by facet, with their labels: what the catalogue holds, what is chosen."""
    counted = _counted()
    values: dict[str, list[str]] = {facet: list(known) for facet, known in CLOSED_LISTS.items()}
    values |= {facet: [one.value for one in counted.get(facet, ())] for facet in LISTED}
    values["branch"] += [str(pk) for pk in Branch.objects.values_list("pk", flat=True)]
    for facet in values:
        values[facet] = list(dict.fromkeys([*values[facet], *asked.chosen.get(facet, ())]))
    labels = labels_of(values)
    return {
        facet: dict(sorted(labels[facet].items(), key=lambda one: one[1].casefold()))
        for facet in values
    }


def _counted() -> dict[str, Any]:
    """Give the most frequent values of the facets of the catalogue; none while there is no index."""
    sizes = dict.fromkeys(LISTED, VALUES_OFFERED)
    question = search.Query(
        filters={"kind": (KIND,)}, facets=tuple(sizes), facet_sizes=sizes, limit=1
    )
    return dict(search.index().search(question).facets)


class SearchFormView:
    """The form of a search, with what it finds beside it."""

    template_name = "catalogue/admin/search_form.html"
    form: SavedSearchForm
    request: HttpRequest

    def get_form_class(self) -> type[SavedSearchForm]:
        """Give the form of the criteria."""
        return SavedSearchForm

    def get_panel(self) -> None:
        """Show the form by its own template."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add what the search finds."""
        context = super().get_context_data(**kwargs)  # type: ignore[misc]
        asked = self._asked(context["form"])
        return {"giving_address": "", **context, **found_by(asked)}

    def _asked(self, form: SavedSearchForm) -> Asked:
        if form.is_bound:
            form.is_valid()
            return form.asked
        return Asked.in_criteria(form.instance.criteria)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Keep the search, or only show what it would find."""
        if "preview" not in request.POST:
            return super().post(request, *args, **kwargs)  # type: ignore[misc]
        self.object = self._object()
        self.form = self.get_form()  # type: ignore[attr-defined]
        return self.render_to_response(self.get_context_data(form=self.form))  # type: ignore[attr-defined]

    def _object(self) -> Any:
        return None


def found_by(asked: Asked) -> dict[str, Any]:
    """Give what the preview shows: no total and no cover when they cannot be told now."""
    found = find(asked.on_page(1), COVERS_SHOWN)
    return {
        "asked": asked,
        "total": found.known_total,
        "covers": () if found.is_incomplete else records_in_order(found.numbers),
        "public_address": f"{reverse('catalogue')}{asked.address}",
    }


class SearchCreateView(SearchFormView, SelectionCreateView):
    """Makes a saved search."""

    def get_success_url(self) -> str:
        """Stay at the search, to see what it finds."""
        return str(self.get_edit_url())


class SearchEditView(SearchFormView, SelectionEditView):
    """Changes a saved search."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Offer to give it to the network."""
        address = giving_address(self.object, user=self.request.user, screens="catalogue_searches")
        return super().get_context_data(**kwargs, giving_address=address)

    def _object(self) -> Any:
        return self.get_object()

    def get_success_url(self) -> str:
        """Stay at the search, to see what it finds."""
        return str(self.get_edit_url())


class PreviewView(PermissionCheckedMixin, View):
    """What a search would find, as a part of the page, while its form is being filled."""

    model = SavedSearch
    http_method_names = ["post"]
    any_permission_required = ("add", "change")

    def post(self, request: HttpRequest) -> HttpResponse:
        """Understand what is there, whatever is still wrong in the form."""
        form = SavedSearchForm(request.POST, for_user=request.user)
        form.is_valid()
        return render(request, "catalogue/admin/_found.html", found_by(form.asked))


class LookView(PermissionCheckedMixin, View):
    """Leads to what a saved search finds, as readers see it, or to its form for who may change it."""

    model = SavedSearch
    http_method_names = ["get"]
    any_permission_required = ("view",)

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Lead there."""
        saved = the_one(SavedSearch, pk, user=request.user, action="view")
        if policy_of(SavedSearch).user_has_permission_for_instance(request.user, "change", saved):
            return redirect("catalogue_searches:edit", pk)
        return redirect(f"{reverse('catalogue')}{Asked.in_criteria(saved.criteria).address}")


class SearchCopyView(PermissionCheckedMixin, View):
    """Copies a saved search that this person sees into one of their own."""

    model = SavedSearch
    http_method_names = ["post"]
    any_permission_required = ("view",)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Copy, and show the copy."""
        if not policy_of(SavedSearch).user_has_permission(request.user, "add"):
            raise PermissionDenied
        saved = the_one(SavedSearch, pk, user=request.user, action="view")
        copy = copy_search(saved, owner=signed_in(request))
        said = _("“%(name)s” is yours, and private: rename it as you like.")
        messages.success(request, said % {"name": copy.name})
        return redirect("catalogue_searches:edit", copy.pk)


class SearchIndexView(SelectionIndexView):
    """The saved searches; a name leads to the form of those one may change, else to what they find."""

    @cached_property
    def columns(self) -> list[Any]:
        """Begin with a name that always leads somewhere."""
        return super().columns

    def get_inspect_url(self, instance: Any) -> str:
        """Lead to what a search finds, where its form may not be reached."""
        return reverse("catalogue_searches:look", args=[instance.pk])


class SavedSearchViewSet(ModelViewSet):
    """Searches under a name: what they find changes as the catalogue does."""

    model = SavedSearch
    name = "catalogue_searches"
    url_prefix = "catalogue/recherches"
    icon = "search"
    menu_label = gettext_lazy("Saved searches")
    form_fields = ["name"]
    copy_view_enabled = False
    index_view_class = SearchIndexView
    add_view_class = SearchCreateView
    edit_view_class = SearchEditView
    delete_view_class = SelectionDeleteView
    usage_view_class = SelectionUsageView
    history_view_class = SelectionHistoryView
    list_display = [
        "name",
        BooleanColumn("is_public", label=pgettext_lazy("list", "Public")),
        OwnerColumn("owner", label=gettext_lazy("Belongs to")),
        Column("changed_at", label=gettext_lazy("Changed"), sort_key="changed_at"),
    ]
    list_filter = ["is_public"]
    search_fields = ["name"]

    def get_urlpatterns(self) -> list[URLPattern]:
        """Add what is particular to searches."""
        give = GiveView.as_view(model=SavedSearch, screens=self.name)
        return [
            *super().get_urlpatterns(),
            path("preview/", PreviewView.as_view(), name="preview"),
            path("look/<int:pk>/", LookView.as_view(), name="look"),
            path("give/<int:pk>/", give, name="give"),
            path("copy/<int:pk>/", SearchCopyView.as_view(), name="copy"),
        ]


class SavedSearchChooser(SelectionChooser):
    """Chooses a saved search."""

    model = SavedSearch
    icon = "search"
    choose_one_text = gettext_lazy("Choose a saved search")
    choose_another_text = gettext_lazy("Choose another saved search")
