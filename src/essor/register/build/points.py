"""From the coordinates of SIRENE, metres in the projection of each department, to WGS 84.

Lambert-93 on the mainland; overseas, the legal projection of each department. A point that falls outside
the part of the world where its department is cannot be true, and is left out.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from pyproj import Transformer

Projected = tuple[str, str, float, float]
"""An establishment as SIRENE places it: SIRET, department, easting and northing in metres."""
Located = tuple[str, float, float]
"""An establishment in WGS 84: SIRET, longitude and latitude in degrees."""


@dataclass(frozen=True, slots=True)
class Projection:
    """A projection by its EPSG code, and where its points may be, in degrees."""

    code: int
    west: float
    south: float
    east: float
    north: float


MAINLAND = Projection(2154, -5.6, 41.2, 9.9, 51.3)
_ANTILLES = Projection(5490, -63.5, 14.2, -60.6, 18.3)
OVERSEAS = {
    "971": _ANTILLES,
    "972": _ANTILLES,
    "973": Projection(2972, -54.7, 2.0, -51.5, 6.0),
    "974": Projection(2975, 55.1, -21.5, 55.9, -20.8),
    "976": Projection(4471, 44.9, -13.1, 45.4, -12.5),
    "977": _ANTILLES,
    "978": _ANTILLES,
}
_MAINLAND_LENGTH = len("59")


def projection_of(department: str) -> Projection | None:
    """Give the projection of a department; None for a territory whose projection SIRENE does not state."""
    if len(department) == _MAINLAND_LENGTH:
        return MAINLAND
    return OVERSEAS.get(department)


def located(rows: Iterable[Projected]) -> Iterator[Located]:
    """Give the points of a batch, those that cannot be true left out."""
    by_projection: dict[Projection, list[Projected]] = {}
    for row in rows:
        if projection := projection_of(row[1]):
            by_projection.setdefault(projection, []).append(row)
    for projection, group in by_projection.items():
        yield from _located_by(projection, group)


def _located_by(projection: Projection, group: list[Projected]) -> Iterator[Located]:
    sirets, _departments, eastings, northings = zip(*group, strict=True)
    longitudes, latitudes = _transformer(projection.code).transform(eastings, northings)
    for siret, longitude, latitude in zip(sirets, longitudes, latitudes, strict=True):
        if (
            projection.west <= longitude <= projection.east
            and projection.south <= latitude <= projection.north
        ):
            yield siret, longitude, latitude


@lru_cache
def _transformer(code: int) -> Transformer:
    return Transformer.from_crs(code, 4326, always_xy=True)
