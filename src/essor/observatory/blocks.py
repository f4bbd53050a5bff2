"""The boxes of the observatory."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.snippets.blocks import SnippetChooserBlock

from essor.observatory.captions import captions, figure_to_share
from essor.observatory.models import PublishedFigure
from essor.observatory.types import FigureCaption, Measure, Unit
from essor.presentation.types import Figure
from essor.territory.models import Territory

MOST_FIGURES = 12


class FigureChooserBlock(SnippetChooserBlock):
    """Chooses a published figure, in words that a librarian would use."""

    @cached_property
    def widget(self) -> Any:
        """Give the button that opens the list of figures."""
        widget = super().widget
        widget.choose_one_text = _("Choose a figure")
        widget.choose_another_text = _("Choose another figure")
        widget.link_to_chosen_text = _("Correct this figure")
        return widget


class KeyFigureBlock(blocks.StructBlock):
    """One published figure, and other words for what it counts."""

    figure = FigureChooserBlock(PublishedFigure, label=_("Published figure"))
    label = blocks.CharBlock(
        label=_("In your words"),
        required=False,
        max_length=120,
        help_text=_(
            "What the number counts, as “jobs in the ESS of the metropolis”. Leave empty to use the"
            " usual words. The year, the source and the perimeter are always added."
        ),
    )

    class Meta:
        icon = "order"
        label = _("Key figure")


class KeyFiguresBlock(blocks.StructBlock):
    """Published figures, shown large with their year, source and perimeter. One query, however many."""

    title = blocks.CharBlock(label=_("Title"), required=False, max_length=120)
    figures = blocks.ListBlock(
        KeyFigureBlock(),
        label=_("Figures"),
        min_num=1,
        max_num=MOST_FIGURES,
        help_text=_("In the order of reading. Three or four are read; twelve are only seen."),
    )

    class Meta:
        icon = "order"
        label = _("Key figures")
        template = "observatory/blocks/key_figures.html"
        description = _("Published figures in large, each with its year, source and perimeter.")

    def get_context(
        self, value: Any, parent_context: dict[str, Any] | None = None
    ) -> dict[str, Any]:
        """Add the captions of the figures, in order, without those deleted since."""
        context = super().get_context(value, parent_context)
        context["captions"] = self._captions(value)
        return context

    def share_figure(self, value: Any) -> Figure | None:
        """Give the first figure, for the picture of a link to this box."""
        shown = self._captions(value)
        return figure_to_share(shown[0]) if shown else None

    def _captions(self, value: Any) -> tuple[FigureCaption, ...]:
        return captions((chosen["figure"], chosen["label"]) for chosen in value["figures"])

    def get_preview_value(self) -> Any:
        """Give two real figures, which need not be in the store."""
        return self.normalize(
            {
                "title": _("The ESS in the metropolis"),
                "figures": [{"figure": figure, "label": ""} for figure in _examples()],
            }
        )


def _examples() -> tuple[PublishedFigure, ...]:
    stated: Mapping[str, Any] = {
        "territory": Territory(name="Métropole Européenne de Lille"),
        "vintage": "Panorama 2026",
        "source": "MEL",
        "address": "https://entreprises.lillemetropole.fr/",
    }
    return (
        PublishedFigure(
            measure=Measure.EMPLOYEES, unit=Unit.EMPLOYEES, value=Decimal(60878), **stated
        ),
        PublishedFigure(
            measure=Measure.SHARE_OF_EMPLOYMENT, unit=Unit.SHARE, value=Decimal("0.105"), **stated
        ),
    )
