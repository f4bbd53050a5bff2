"""The staff screens of the territories: looked up, never typed in. They come from the COG."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.contrib.auth.models import AbstractBaseUser
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms.choosers import BaseFilterForm
from wagtail.admin.ui.tables import Column
from wagtail.permission_policies import ModelPermissionPolicy
from wagtail.snippets.views.chooser import ChooseResultsView, ChooseView, SnippetChooserViewSet
from wagtail.snippets.views.snippets import IndexView, SnippetViewSet
from wagtail.snippets.widgets import AdminSnippetChooser

from essor.presentation.templatetags.typography import number
from essor.territory.models import KIND_LABELS, Territory, TerritoryQuerySet
from essor.territory.queries import territories_named, territories_spelt
from essor.territory.types import Kind

KIND_CHOICES = [
    (kind.value, label) for kind, label in KIND_LABELS.items() if kind is not Kind.FORMER_COMMUNE
]
PLACE_COLUMNS = (
    Column("nature_label", label=_("Kind")),
    Column("department", label=_("Department"), accessor="department.name"),
    Column("population", label=_("Population"), accessor=lambda place: number(place.population)),
)


class ReadOnlyPermissionPolicy(ModelPermissionPolicy):
    """Let those who may view do so, and nobody, even a superuser, add, change or delete."""

    def user_has_permission(self, user: Any, action: str) -> bool:
        """Say whether this user may do this: only viewing may be allowed."""
        return action == "view" and super().user_has_permission(user, action)

    def users_with_any_permission(self, actions: Iterable[str]) -> QuerySet[AbstractBaseUser]:
        """Give the users who may do any of these actions."""
        return super().users_with_any_permission({"view"} & set(actions))


class TerritoryFilterForm(BaseFilterForm):
    """What the chooser asks: a name or a code, and a kind."""

    q = forms.CharField(
        label=_("Name or code"),
        required=False,
        help_text=_("“st andre”, “mel”, “59350”: capitals, accents and hyphens do not matter."),
    )
    kind = forms.ChoiceField(
        label=_("Kind"), required=False, choices=[("", _("All kinds")), *KIND_CHOICES]
    )

    def filter(self, objects: TerritoryQuerySet) -> TerritoryQuerySet:
        """Keep the territories meant, the likeliest first."""
        self.search_query = self.cleaned_data["q"]
        self.is_searching = bool(self.search_query)
        if self.is_searching:
            objects = territories_named(self.search_query)
        kind = self.cleaned_data["kind"]
        return objects.filter(kind=kind) if kind else objects


class _TerritoryChoice:
    filter_form_class = TerritoryFilterForm
    results_template_name = "territory/chooser_results.html"

    def get_object_list(self) -> TerritoryQuerySet:
        """Give the territories that may be chosen: those of today."""
        return Territory.objects.current().with_parents().ranked()

    @property
    def columns(self) -> list[Any]:
        """Tell places of the same name apart."""
        return [*super().columns, *PLACE_COLUMNS]  # type: ignore[misc]


class TerritoryChooseView(_TerritoryChoice, ChooseView):
    """The window in which a territory is chosen."""


class TerritoryChooseResultsView(_TerritoryChoice, ChooseResultsView):
    """The list of that window, renewed at each letter typed."""


class TerritoryChooser(AdminSnippetChooser):
    """The button that opens the list, in words that a librarian would use."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.choose_one_text = _("Choose a territory")
        self.choose_another_text = _("Choose another territory")


class TerritoryChooserViewSet(SnippetChooserViewSet):
    """Choose a territory in a form or in a box."""

    choose_view_class = TerritoryChooseView
    choose_results_view_class = TerritoryChooseResultsView
    base_widget_class = TerritoryChooser


class TerritoryIndexView(IndexView):
    """The list, searched as people type names."""

    def search_queryset(self, queryset: TerritoryQuerySet) -> TerritoryQuerySet:
        """Give the territories called so, former communes among them, within the filters."""
        if not self.is_searching:
            return queryset
        return territories_spelt(self.search_query).filter(pk__in=queryset.order_by().values("pk"))


class TerritoryViewSet(SnippetViewSet):
    """List, search and inspect; there is nothing to change by hand."""

    model = Territory
    icon = "site"
    menu_label = _("Territories")
    menu_order = 900
    add_to_settings_menu = True
    add_to_reference_index = False
    copy_view_enabled = False
    inspect_view_enabled = True
    inspect_view_fields = [
        "name",
        "code",
        "kind",
        "nature_label",
        "population_with_source",
        "commune",
        "ept",
        "epci",
        "department",
        "region",
        "in_force",
        "edition",
    ]
    index_view_class = TerritoryIndexView
    chooser_viewset_class = TerritoryChooserViewSet
    list_display = ["name", "code", *PLACE_COLUMNS]
    list_filter = ["kind", "in_force"]
    search_fields = ["folded"]
    chooser_per_page = 15

    def get_queryset(self, request: Any) -> TerritoryQuerySet:
        """Bring the parents in the same query, the likeliest first."""
        return Territory.objects.with_parents().ranked()
