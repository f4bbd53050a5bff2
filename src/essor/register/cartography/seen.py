"""Views of the whole directory, kept for all who look: most readers begin with the same ones."""

from django.core.cache import cache
from django.db.models import Count, Max

from essor.register.cartography.clusters import Seen, seen_in
from essor.register.cartography.grid import View
from essor.register.found import Found
from essor.register.models import StructureProfile

KEPT_S = 3_600
FURTHEST_KEPT_ZOOM = 11
"""Beyond it there are more views than a cache holds, of fewer structures each."""


def seen_by_all(view: View, found: Found) -> Seen:
    """Say what a view shows of what is found."""
    if not found.is_everything or view.grid.zoom > FURTHEST_KEPT_ZOOM:
        return seen_in(view, found.units, found.vintage)
    sides = view.bounds
    key = (
        f"register-view-{found.vintage.pk}-{_withheld()}-{view.grid.zoom}"
        f"-{sides.west:.4f}-{sides.south:.4f}-{sides.east:.4f}-{sides.north:.4f}"
    )
    kept: Seen | None = cache.get(key)
    if kept is None:
        kept = seen_in(view, found.units, found.vintage)
        cache.set(key, kept, KEPT_S)
    return kept


def _withheld() -> str:
    """Tell apart the times between which another structure asked not to be named."""
    state = StructureProfile.objects.filter(is_withheld=True).aggregate(
        count=Count("pk"), latest=Max("updated_at")
    )
    latest = state["latest"]
    return f"{state['count']}-{latest.timestamp() if latest else 0:.0f}"
