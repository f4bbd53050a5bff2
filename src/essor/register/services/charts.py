"""The charts that maps are counted in follow the vintages that are kept."""

from essor.register.cartography.chart import draw_chart, remove_charts
from essor.register.models import Vintage


def keep_charts() -> None:
    """Make the chart of the vintage that is shown, and remove those of the vintages that are gone."""
    remove_charts(but=Vintage.objects.all())
    for vintage in Vintage.objects.filter(is_current=True):
        draw_chart(vintage)
