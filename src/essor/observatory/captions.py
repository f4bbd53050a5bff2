"""A published figure in words: never without its year, its source and its perimeter.

The form and the language are the reader's; the dates, sources and perimeters are those of the source.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.dates import MONTHS
from django.utils.translation import gettext, pgettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from essor.observatory.models import PublishedFigure
from essor.observatory.types import FigureCaption, Measure, Qualifier, Unit
from essor.presentation.templatetags.typography import NO_BREAK, nbsp
from essor.presentation.types import Figure

NO_BREAK_HYPHEN = "\u2011"
_SPAN = re.compile(r"(?<=\d)-(?=\d)")

FAMILIES: Mapping[str, Any] = {
    "": pgettext_lazy("of", "the social and solidarity economy"),
    "association": pgettext_lazy("of", "associations"),
    "cooperative": pgettext_lazy("of", "cooperatives"),
    "mutual": pgettext_lazy("of", "mutuals"),
    "foundation": pgettext_lazy("of", "foundations"),
    "commercial": pgettext_lazy("of", "commercial enterprises of the ESS"),
}
COUNTED: Mapping[str, Any] = {
    Unit.EMPLOYEES: _("employees of %(family)s"),
    Unit.JOBS: _("jobs of %(family)s"),
    Unit.FULL_TIME_EQUIVALENTS: _("full-time equivalents of %(family)s"),
    Unit.ESTABLISHMENTS: _("establishments of %(family)s"),
    Unit.EMPLOYER_ESTABLISHMENTS: _("establishments of %(family)s that have employees"),
    Unit.ENTERPRISES: _("enterprises of %(family)s"),
    Unit.EMPLOYER_ENTERPRISES: _("enterprises of %(family)s that have employees"),
    Measure.LEGAL_UNITS_FLAGGED: _("legal units of %(family)s, by their flag in SIRENE"),
    Measure.LEGAL_UNITS_LISTED: _("legal units of %(family)s, on the list of ESS France"),
    Measure.SHARE_OF_EMPLOYMENT: _("of jobs are those of %(family)s"),
    Measure.SHARE_OF_SALARIED_EMPLOYMENT: _("of salaried jobs are those of %(family)s"),
}


def figure_caption(figure: PublishedFigure, *, label: str = "") -> FigureCaption:
    """Give a figure in words; `label` replaces what it counts.

    No query when the figure comes with its territory, as its manager gives it.
    """
    return FigureCaption(
        value=figure.shown_value,
        label=nbsp(label or _counted(figure)),
        place=figure.territory.name,
        vintage=nbsp(_date(figure.vintage)),
        source=nbsp(figure.source),
        address=figure.address,
        perimeter=nbsp(_perimeter(figure)),
        provenance=nbsp(figure.provenance),
    )


def captions(chosen: Iterable[tuple[PublishedFigure | None, str]]) -> tuple[FigureCaption, ...]:
    """Give the captions of chosen figures with their own labels, without those deleted since."""
    return tuple(figure_caption(figure, label=label) for figure, label in chosen if figure)


def share_text(caption: FigureCaption) -> str:
    """Give a figure in one sentence, for a message or a picture that travels without its page."""
    sentence = gettext("%(value)s %(label)s – %(place)s (%(vintage)s). Source: %(source)s.")
    return sentence % {
        "value": str(caption.value),
        "label": caption.label,
        "place": caption.place,
        "vintage": caption.vintage,
        "source": caption.source.rstrip("."),
    }


def figure_to_share(caption: FigureCaption) -> Figure:
    """Give a figure for the picture of a shared link: the number, what it counts, where, when, by whom."""
    stated = gettext("%(place)s, %(vintage)s. Source: %(source)s")
    source = {"place": caption.place, "vintage": caption.vintage, "source": caption.source}
    return Figure(value=str(caption.value), label=caption.label, source=stated % source)


def _counted(figure: PublishedFigure) -> str:
    by_measure = figure.unit in (Unit.SHARE, Unit.LEGAL_UNITS)
    words = COUNTED[figure.measure if by_measure else figure.unit]
    return str(words) % {"family": FAMILIES[figure.family]}


def _date(vintage: str) -> str:
    """Say a month in words: "11/2022" is "novembre 2022"; other dates stay as the source says them.

    A span of years does not break at the end of a line.
    """
    month, slash, year = vintage.partition("/")
    if slash and month.isdecimal() and year.isdecimal() and 1 <= int(month) <= 12:
        return f"{MONTHS[int(month)]}{NO_BREAK}{year}"
    return _SPAN.sub(NO_BREAK_HYPHEN, vintage)


def _perimeter(figure: PublishedFigure) -> str:
    """Say what is counted, and where when the source names another territory."""
    named = figure.territory_as_published
    parts = [
        figure.perimeter or pgettext("perimeter", "not stated by the source"),
        gettext("territory named by the source: %(name)s") % {"name": named} if named else "",
        gettext("rounded figure") if figure.qualifier == Qualifier.ROUNDED else "",
    ]
    return " ; ".join(part for part in parts if part)
