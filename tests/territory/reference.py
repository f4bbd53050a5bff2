"""Real territories of the package, a few at a time: whole communes, whatever they belong to."""

from functools import cache

from essor.territory.importers import packed
from essor.territory.services import store_territories
from essor.territory.types import ContourRow, ImportReport, Kind, TerritoryRow

LARGER = (Kind.COUNTRY, Kind.REGION, Kind.DEPARTMENT)


@cache
def all_rows() -> tuple[TerritoryRow, ...]:
    return tuple(packed.read_territories())


@cache
def all_contours() -> tuple[ContourRow, ...]:
    return tuple(packed.read_contours())


def store_some(*codes: str) -> ImportReport:
    """Store France, its regions and departments, and the territories of these codes."""
    rows = [row for row in all_rows() if row.kind in LARGER or row.code in codes]
    kept = {(row.kind, row.code) for row in rows}
    aliases = [alias for alias in packed.read_aliases() if (alias.kind, alias.code) in kept]
    contours = [contour for contour in all_contours() if (contour.kind, contour.code) in kept]
    return store_territories(packed.read_edition(), rows, aliases=aliases, contours=contours)
