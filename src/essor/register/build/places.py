"""The places that a build knows: each code of commune, of today or of before, with the commune of today.

Read from the territories that the package carries, so that a build needs no store.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from essor.problems import Problem
from essor.register.build import gettext_noop as _
from essor.register.types import Area, RegisterError
from essor.territory.importers.packed import read_contours, read_territories
from essor.territory.rules import decode_ring
from essor.territory.types import ContourRow, Kind, Polygons, TerritoryRow

Point = tuple[float, float]
"""Longitude and latitude, in degrees."""

_OF_A_COMMUNE = (Kind.MUNICIPAL_ARRONDISSEMENT, Kind.FORMER_COMMUNE)


@dataclass(frozen=True, slots=True)
class Place:
    """A code of commune as SIRENE may write it; the centre is None where no outline is known."""

    code: str
    commune: str
    department: str
    is_in_area: bool
    centre: Point | None


def places(area: Area) -> Iterator[Place]:
    """Give each code of commune once, saying whether it is in the area. Raises RegisterError for an unknown area."""
    known, codes, centres = _packaged()
    if (area.kind, area.code) not in known:
        raise RegisterError(
            Problem(
                f"--area {area}",
                _("No territory has this code."),
                _("Look for it on the site of INSEE: the COG of this year counts."),
            )
        )
    for code, today in codes.items():
        yield Place(
            code, today.code, today.department, _is_in(today, area), centres.get(today.code)
        )


@cache
def _packaged() -> tuple[frozenset[tuple[Kind, str]], dict[str, TerritoryRow], dict[str, Point]]:
    """Give the territories that exist, the commune of today of each code, and the centres that are known."""
    territories = [row for row in read_territories() if isinstance(row, TerritoryRow)]
    communes = {row.code: row for row in territories if row.kind is Kind.COMMUNE}
    codes = dict(communes)
    # A code of today comes first: a former commune may have had the code of its successor.
    for row in territories:
        if row.kind in _OF_A_COMMUNE and row.commune in communes:
            codes.setdefault(row.code, communes[row.commune])
    return frozenset((row.kind, row.code) for row in territories), codes, _centres()


def _is_in(commune: TerritoryRow, area: Area) -> bool:
    match area.kind:
        case Kind.COMMUNE:
            return commune.code == area.code
        case Kind.EPCI:
            return commune.epci == area.code
        case Kind.DEPARTMENT:
            return commune.department == area.code
        case Kind.REGION:
            return commune.region == area.code
    return True


def _centres() -> dict[str, Point]:
    return {
        row.code: centre_of(row.polygons)
        for row in read_contours()
        if isinstance(row, ContourRow) and row.kind is Kind.COMMUNE
    }


def centre_of(polygons: Polygons) -> Point:
    """Give the centre of gravity of the largest polygon; enough for the size of a commune."""
    measured = [_measured(decode_ring(polygon[0])) for polygon in polygons]
    _area, centre = max(measured)
    return centre


def _measured(ring: list[Point]) -> tuple[float, Point]:
    """Give the area of a ring, in square degrees, and its centre of gravity."""
    x0, y0 = ring[0]
    twice_area = x = y = 0.0
    for (xa, ya), (xb, yb) in zip(ring, [*ring[1:], ring[0]], strict=True):
        cross = (xa - x0) * (yb - y0) - (xb - x0) * (ya - y0)
        twice_area += cross
        x += (xa + xb - 2 * x0) * cross
        y += (ya + yb - 2 * y0) * cross
    if not twice_area:
        return 0.0, ring[0]
    return abs(twice_area) / 2, (x0 + x / (3 * twice_area), y0 + y / (3 * twice_area))
