"""The staff screens of the observatory: figures listed, filtered, written and corrected."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.forms.choosers import BaseFilterForm
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel, ObjectList
from wagtail.admin.ui.tables import Column
from wagtail.snippets.views.chooser import ChooseResultsView, ChooseView, SnippetChooserViewSet
from wagtail.snippets.views.snippets import IndexView, SnippetViewSet

from essor.observatory.importers.published_figures import NO_VALUE
from essor.observatory.models import PublishedFigure
from essor.observatory.queries import figures_matching
from essor.observatory.rules import stated_value, written_value
from essor.observatory.types import Measure, Qualifier, StatedValue


class FigureForm(WagtailAdminModelForm):
    """A figure whose value is typed as the source writes it: "15 827", "11,2 %", "près de 4 000"."""

    stated = forms.CharField(
        label=_("Value, as the source writes it"),
        max_length=80,
        help_text=_(
            "“15 827”, “11,2 %”, “environ 10 %”, “près de 4 000”, “plus de 10 %”, “arrondi à 15 900”,"
            " “entre 3 800 et 4 200”. Nearly 4,000 is not 4,000: keep the words of the source."
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        figure = self.instance
        if figure.measure:
            stated = StatedValue(figure.value, Qualifier(figure.qualifier), figure.low, figure.high)
            self.initial["stated"] = written_value(stated, Measure(figure.measure))

    def clean(self) -> dict[str, Any]:
        """Read the value, which the measure decides how to read."""
        cleaned = super().clean()
        measure, text = cleaned.get("measure"), cleaned.get("stated")
        if measure and text:
            self._state(text, Measure(measure))
        return cleaned

    def _state(self, text: str, measure: Measure) -> None:
        try:
            stated = stated_value(text, measure)
        except ValueError:
            self.add_error("stated", gettext(NO_VALUE))
            return
        figure = self.instance
        figure.value, figure.qualifier = stated.value, stated.qualifier
        figure.low, figure.high = stated.low, stated.high


class FigureFilterForm(BaseFilterForm):
    """What the chooser asks."""

    q = forms.CharField(
        label=_("Place, source, date or measure"),
        required=False,
        help_text=_("As in “mel 2026” or “insee salariés”."),
    )

    def filter(self, objects: QuerySet[PublishedFigure]) -> QuerySet[PublishedFigure]:
        """Keep the figures meant."""
        self.search_query = self.cleaned_data["q"]
        self.is_searching = bool(self.search_query)
        return figures_matching(self.search_query) if self.is_searching else objects


class FigureChooseView(ChooseView):
    """The window in which a figure is chosen."""

    filter_form_class = FigureFilterForm


class FigureChooseResultsView(ChooseResultsView):
    """The list of that window, renewed at each letter typed."""

    filter_form_class = FigureFilterForm


class FigureChooserViewSet(SnippetChooserViewSet):
    """Choose a figure in a box."""

    choose_view_class = FigureChooseView
    choose_results_view_class = FigureChooseResultsView


class FigureIndexView(IndexView):
    """The list of figures."""

    def search_queryset(self, queryset: QuerySet[PublishedFigure]) -> QuerySet[PublishedFigure]:
        """Keep the figures meant, among those of the filters."""
        if not self.is_searching:
            return queryset
        return queryset.filter(pk__in=figures_matching(self.search_query).order_by().values("pk"))


class PublishedFigureViewSet(SnippetViewSet):
    """List, search, write and correct published figures; “usage” tells which pages show one."""

    model = PublishedFigure
    icon = "order"
    menu_label = _("Published figures")
    menu_order = 300
    add_to_admin_menu = True
    index_view_class = FigureIndexView
    chooser_viewset_class = FigureChooserViewSet
    chooser_per_page = 15
    list_display = [
        Column("shown_value", label=_("Value"), accessor="shown_value", width="14%"),
        "measure",
        "family",
        Column("territory", label=_("Territory"), accessor="territory.name"),
        Column("vintage", label=_("Date"), sort_key="year"),
        Column("source", label=_("Source"), sort_key="source"),
    ]
    list_filter = ["measure", "family", "year", "as_stated"]
    search_fields = ["source"]
    copy_view_enabled = True
    edit_handler = ObjectList(
        [
            MultiFieldPanel(
                [
                    FieldPanel("territory"),
                    FieldPanel("territory_as_published"),
                    FieldRowPanel([FieldPanel("measure"), FieldPanel("unit")]),
                    FieldPanel("family"),
                ],
                heading=_("What is counted"),
            ),
            FieldPanel("stated"),
            MultiFieldPanel(
                [
                    FieldPanel("vintage"),
                    FieldPanel("source"),
                    FieldPanel("address"),
                    FieldPanel("perimeter"),
                ],
                heading=_("Where it comes from"),
                help_text=_("Always shown with the figure."),
            ),
            MultiFieldPanel(
                [FieldPanel("as_stated"), FieldPanel("provenance"), FieldPanel("note")],
                heading=_("For the staff, and for figures taken over"),
            ),
        ],
        base_form_class=FigureForm,
    )

    def get_queryset(self, request: Any) -> QuerySet[PublishedFigure]:
        """Bring the territories in the same query."""
        return PublishedFigure.objects.all()
