"""What a view shows of a search, and who counts it; views of the whole directory are kept for all who look."""

from django.core.cache import cache
from django.db.models import Count, Max

from essor.register.cartography.chart import chart_of
from essor.register.cartography.clusters import Counting, Seen, seen_in
from essor.register.cartography.columns import InColumns
from essor.register.cartography.grid import View
from essor.register.cartography.rows import InRows
from essor.register.found import Found
from essor.register.models import StructureProfile

KEPT_S = 3_600
FURTHEST_KEPT_ZOOM = 11
"""Beyond it there are more views than a cache holds, of fewer structures each."""


def counting_of(found: Found) -> Counting:
    """Give what counts the structures of a search the quickest."""
    chart = None if found.is_nameless else chart_of(found.vintage)
    if chart:
        return InColumns(chart, found)
    return InRows(found.units, found.vintage, is_everything=found.is_everything)


def seen_by_all(view: View, found: Found) -> Seen:
    """Say what a view shows of what is found."""
    if not found.is_everything or view.grid.zoom > FURTHEST_KEPT_ZOOM:
        return seen_in(view, counting_of(found))
    sides = view.bounds
    key = (
        f"register-view-{found.vintage.pk}-{_withheld()}-{view.grid.zoom}"
        f"-{sides.west:.4f}-{sides.south:.4f}-{sides.east:.4f}-{sides.north:.4f}"
    )
    kept: Seen | None = cache.get(key)
    if kept is None:
        kept = seen_in(view, counting_of(found))
        cache.set(key, kept, KEPT_S)
    return kept


def _withheld() -> str:
    """Tell apart the times between which another structure asked not to be named."""
    state = StructureProfile.objects.filter(is_withheld=True).aggregate(
        count=Count("pk"), latest=Max("updated_at")
    )
    latest = state["latest"]
    return f"{state['count']}-{latest.timestamp() if latest else 0:.0f}"
