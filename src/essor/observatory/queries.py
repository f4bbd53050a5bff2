"""What has been published of a territory."""

from django.db.models import Q, QuerySet

from essor.observatory.captions import captions, figure_caption, share_text
from essor.observatory.models import MEASURE_LABELS, PublishedFigure
from essor.observatory.types import Measure
from essor.territory.models import Territory
from essor.territory.rules import fold

__all__ = ["captions", "figure_caption", "figures_of", "published_figure", "share_text"]


def figures_of(territory: Territory) -> QuerySet[PublishedFigure]:
    """Give what has been published of a territory, the latest first."""
    return PublishedFigure.objects.filter(territory=territory)


def published_figure(
    territory: Territory, measure: Measure, *, year: int, as_stated: bool = False
) -> PublishedFigure | None:
    """Give the figure of all families for one year; of several sources, the first imported."""
    found = figures_of(territory).filter(measure=measure, year=year, as_stated=as_stated, family="")
    return found.order_by("pk").first()


def figures_matching(text: str) -> QuerySet[PublishedFigure]:
    """Give the figures of which each word typed is in the place, the source, the date or the measure."""
    figures = PublishedFigure.objects.all()
    for word in text.split()[:8]:
        figures = figures.filter(_about(word))
    return figures


def _about(word: str) -> Q:
    folded = fold(word)
    measures = [name for name, label in MEASURE_LABELS.items() if folded in fold(str(label))]
    named = Territory.objects.filter(Q(aliases__folded=folded) | Q(folded__contains=folded))
    return (
        Q(territory__in=named.values("pk"))
        | Q(measure__in=measures)
        | Q(source__icontains=word)
        | Q(vintage__icontains=word)
    )
