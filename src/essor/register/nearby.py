"""What is near a place: exact distances between points, measured on the sphere.

The place is a commune, whose middle is taken, or a position that the reader shares. Nobody else is
asked where an address is. Of a structure, its nearest establishment counts.
"""

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db import connection
from django.db.models import Avg, Q, QuerySet
from django.utils.translation import gettext as _

from essor.register.asked import RADII_KM, Asked, Point
from essor.register.models import Establishment, StructureProfile, Vintage
from essor.register.types import PointSource
from essor.search import MOST_KEYS
from essor.search.engines.remembered import Remembered
from essor.territory.models import Territory
from essor.territory.queries import contours_of, find_territory
from essor.territory.types import Kind

EARTH_RADIUS_KM = 6_371.0088
"""Mean radius of the Earth (IUGG): the sphere is within 0.5 % of the ellipsoid, 250 m at 50 km."""
KM_PER_DEGREE = math.pi * EARTH_RADIUS_KM / 180

MOST_NEAR = 12_000
"""Establishments within the square around a circle, beyond which a smaller circle is taken: nobody reads so many,
and each is measured."""

CIRCLES_KEPT = 16
MIDDLES_KEPT = 1_000

_AFTER_POSTCODE = re.compile(r"\b\d{5}\b\s*(.*)")


@dataclass(frozen=True, slots=True)
class Centre:
    """Where to be near of, and what to call it."""

    point: Point
    label: str
    is_shared: bool = False


@dataclass(frozen=True, slots=True)
class Nearest:
    """The establishment of a structure that is the nearest, and how far it is."""

    siret: str
    distance_km: float


@dataclass(frozen=True, slots=True)
class Circle:
    """The structures around a place, the nearest first; `radius_km` is smaller than asked when they were too many."""

    centre: Centre
    radius_km: int
    nearest: Mapping[str, Nearest]

    @property
    def sirens(self) -> tuple[str, ...]:
        """Give the structures, the nearest first."""
        return tuple(self.nearest)


_MIDDLES: Remembered[tuple[float | None, float | None]] = Remembered(MIDDLES_KEPT)
_CIRCLES: Remembered[tuple[int, Mapping[str, Nearest]]] = Remembered(CIRCLES_KEPT)


def centre_of(asked: Asked, vintage: Vintage) -> Centre | None:
    """Find the place that a search is near of; None when there is none, or none that is known."""
    if asked.point:
        return Centre(asked.point, _("your position"), is_shared=True)
    commune = commune_in(asked.near)
    point = middle_of(commune) or middle_of_places(commune, vintage) if commune else None
    return Centre(point, commune.name) if commune and point else None


def commune_in(text: str) -> Territory | None:
    """Give the commune that a text names: by itself, or at the end of an address."""
    after_postcode = _AFTER_POSTCODE.search(text)
    candidates = (after_postcode[1] if after_postcode else "", text.rpartition(",")[2], text)
    for candidate in dict.fromkeys(one.strip(" ,") for one in candidates):
        if candidate and (found := find_territory(candidate, kind=Kind.COMMUNE)):
            return found
    return None


def middle_of(commune: Territory) -> Point | None:
    """Give the middle of a commune: the centroid of the largest part of its outline; None without an outline."""
    outline = contours_of([commune]).get(commune.pk)
    if outline is None:
        return None
    rings = [polygon[0] for polygon in outline["coordinates"] if polygon and len(polygon[0]) > 2]
    parts = [_area_and_centroid(ring) for ring in rings]
    area, longitude, latitude = max(parts, default=(0.0, 0.0, 0.0))
    return Point(round(latitude, 5), round(longitude, 5)) if area else None


def middle_of_places(commune: Territory, vintage: Vintage) -> Point | None:
    """Give the mean place of the structures of a commune whose outline we do not have; None without any.

    A structure whose identity is withheld is not among them: it may be alone there.
    """
    profiles = StructureProfile.objects.filter(is_withheld=True).order_by("siren")
    withheld = tuple(profiles.values_list("siren", flat=True))

    def measured() -> tuple[float | None, float | None]:
        parts = Q(commune=commune, kind=Kind.MUNICIPAL_ARRONDISSEMENT)
        # By their keys: joined to their territories, a store would read all establishments.
        here = Territory.objects.filter(Q(pk=commune.pk) | parts).order_by().values("pk")
        places = Establishment.objects.filter(
            vintage=vintage, commune__in=here, point_source=PointSource.ADDRESS
        )
        if withheld:
            places = places.exclude(unit__siren__in=withheld)
        middle = places.aggregate(latitude=Avg("latitude"), longitude=Avg("longitude"))
        return middle["latitude"], middle["longitude"]

    key = (vintage.pk, vintage.loaded_at, commune.pk, withheld)
    latitude, longitude = _MIDDLES.get(key, measured)
    if latitude is None or longitude is None:
        return None
    return Point(round(latitude, 5), round(longitude, 5))


def circle_around(centre: Centre, radius_km: int, *, vintage: Vintage) -> Circle:
    """Give the structures within a radius of a place.

    When there are too many, the radius is the largest of those offered that has few enough. What
    was withheld since the vintage was loaded is among them: the search leaves it out.
    """
    key = (vintage.pk, vintage.loaded_at, centre.point, radius_km)
    radius, nearest = _CIRCLES.get(key, lambda: _measured(centre.point, radius_km, vintage))
    return Circle(centre, radius, nearest)


def distance_km(one: Point, other: Point) -> float:
    """Measure the distance between two points on the sphere (haversine)."""
    return _kilometres(_haversines(one, [(other.latitude, other.longitude)])[0])


def _haversines(one: Point, others: Iterable[tuple[float, float]]) -> list[float]:
    """Give a number that grows with the distance of each other point: many are measured, few are told."""
    sin, cos, radians = math.sin, math.cos, math.pi / 180
    north, east = one.latitude * radians, one.longitude * radians
    narrowing = cos(north)
    return [
        sin((latitude * radians - north) / 2) ** 2
        + narrowing * cos(latitude * radians) * sin((longitude * radians - east) / 2) ** 2
        for latitude, longitude in others
    ]


def _kilometres(haversine: float) -> float:
    return 2 * EARTH_RADIUS_KM * math.asin(min(1.0, math.sqrt(haversine)))


def _measured(point: Point, radius_km: int, vintage: Vintage) -> tuple[int, Mapping[str, Nearest]]:
    """Find them in the store, in a smaller radius if need be. The rows of a vintage never change."""
    radius = _radius_in_use(point, radius_km, vintage)
    square = _in_square(point, radius, vintage)
    rows = list(square.values_list("siret", "latitude", "longitude"))
    sirets = [siret for siret, _latitude, _longitude in rows]
    measured = _haversines(point, [(row[1] or 0.0, row[2] or 0.0) for row in rows])
    furthest = math.sin(radius / EARTH_RADIUS_KM / 2) ** 2
    nearest: dict[str, Nearest] = {}
    for haversine, siret in sorted(zip(measured, sirets, strict=True)):
        if haversine > furthest or len(nearest) == MOST_KEYS:
            break
        if siret[:9] not in nearest:
            nearest[siret[:9]] = Nearest(siret, _kilometres(haversine))
    return radius, nearest


def _radius_in_use(point: Point, radius_km: int, vintage: Vintage) -> int:
    """Give the largest radius that holds few enough, in one question to the store; the smallest, if none does."""
    radii = [one for one in RADII_KM if one <= radius_km]
    if 0 < vintage.establishments <= MOST_NEAR:
        return radii[-1]
    counts, values = [], []
    for radius in radii:
        square = _in_square(point, radius, vintage).values("pk")[: MOST_NEAR + 1]
        statement, its_values = square.query.get_compiler(connection=connection).as_sql()
        counts.append(f"(SELECT count(*) FROM ({statement}) AS held)")  # noqa: S608 - of Django
        values += its_values
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(counts)}", values)
        held = cursor.fetchone()
    fitting = [radius for radius, count in zip(radii, held, strict=True) if count <= MOST_NEAR]
    return max(fitting, default=radii[0])


def _in_square(point: Point, radius_km: int, vintage: Vintage) -> QuerySet[Establishment]:
    """Give the establishments in the square around a circle, from an index that holds all that is read."""
    high = radius_km / KM_PER_DEGREE
    wide = high / max(math.cos(math.radians(min(abs(point.latitude) + high, 89.0))), 0.01)
    return Establishment.objects.filter(
        vintage=vintage,
        latitude__range=(point.latitude - high, point.latitude + high),
        longitude__range=(point.longitude - wide, point.longitude + wide),
    ).order_by()


def _area_and_centroid(ring: Iterable[Iterable[float]]) -> tuple[float, float, float]:
    """Give the area of a ring, in square degrees, and its centroid: longitude, latitude."""
    points = [tuple(point) for point in ring]
    doubled = east = north = 0.0
    for (x, y), (next_x, next_y) in zip(points, [*points[1:], points[0]], strict=True):
        cross = x * next_y - next_x * y
        doubled += cross
        east += (x + next_x) * cross
        north += (y + next_y) * cross
    if not doubled:
        return 0.0, 0.0, 0.0
    return abs(doubled) / 2, east / (3 * doubled), north / (3 * doubled)
