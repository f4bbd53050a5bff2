"""What the map is drawn on: our own outlines of the area, of its parts and of what lies around it.

No tile of a third party. The parts are the finest ones whose outlines we have: the communes of a
metropolis, the EPCIs of a region, the departments of France.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import orjson
from django.core.cache import cache

from essor.register.cartography.grid import WORLD, Bounds, Point, bounds_around
from essor.register.cartography.outlines import (
    Label,
    Polygons,
    middle_of,
    simplified,
    zooms_of_labels,
)
from essor.register.rules import area_of
from essor.territory.models import Contour, Territory
from essor.territory.queries import contours_of, members_of, territory_at
from essor.territory.types import Kind

KEPT_S = 3_600
MOST_BYTES = 180_000
"""Of the whole base map as GeoJSON."""
DECIMALS = 4
"""Of its degrees: eleven metres."""
TOLERANCES = (0, 0.0005, 0.001, 0.002, 0.004, 0.008, 0.016, 0.032)
"""Degrees by which lines may move until the base map is light enough."""
FINEST_FIRST = (Kind.COMMUNE, Kind.EPCI, Kind.DEPARTMENT, Kind.REGION)
MOST_PARTS = 400
AROUND = 0.4
"""How much of the neighbours is shown, as a share of the area's own size."""


class Part(StrEnum):
    """What an outline is on the map."""

    AROUND = "around"
    INSIDE = "inside"
    AREA = "area"


@dataclass(frozen=True, slots=True)
class Outline:
    """One territory on the base map; its name is written at `at`, from a zoom on."""

    part: Part
    code: str
    name: str
    polygons: Polygons
    at: Point
    label_zoom: int

    @property
    def points(self) -> Iterator[Point]:
        """All the points of its outer rings."""
        return (point for polygon in self.polygons for point in polygon[0])


@dataclass(frozen=True, slots=True)
class BaseMap:
    """The outlines of a map, what they come from, and the part of the world that they are about."""

    name: str
    bounds: Bounds
    outlines: tuple[Outline, ...] = ()
    source: str = ""

    @property
    def places(self) -> dict[str, Point]:
        """Give where the parts of the area are, by code."""
        return {one.code: one.at for one in self.outlines if one.part is Part.INSIDE}


def base_map_of(area: str) -> BaseMap:
    """Give the base map of an area (`epci:200093201`); one without outlines is the whole world."""
    key = f"register-base-map-{area.replace(':', '-')}"
    kept: BaseMap | None = cache.get(key)
    if kept is None:
        kept = _drawn(area)
        cache.set(key, kept, KEPT_S)
    return kept


def geojson_of(base: BaseMap) -> bytes:
    """Give a base map as GeoJSON, its lines simplified until it is light enough for a phone."""
    text = b""
    for tolerance in TOLERANCES:
        text = orjson.dumps(_collection(base, tolerance))
        if len(text) <= MOST_BYTES:
            break
    return text


def _collection(base: BaseMap, tolerance: float) -> dict[str, Any]:
    features = [_feature(outline, tolerance) for outline in base.outlines]
    return {"type": "FeatureCollection", "features": features}


def _feature(outline: Outline, tolerance: float) -> dict[str, Any]:
    rounded = [
        [[(round(x, DECIMALS), round(y, DECIMALS)) for x, y in ring] for ring in polygon]
        for polygon in simplified(outline.polygons, tolerance)
    ]
    return {
        "type": "Feature",
        "properties": {
            "part": outline.part,
            "name": outline.name,
            "at": [round(degrees, DECIMALS) for degrees in outline.at],
            "zoom": outline.label_zoom,
        },
        "geometry": {"type": "MultiPolygon", "coordinates": rounded},
    }


def _drawn(area: str) -> BaseMap:
    found = area_of(area)
    territory = territory_at(found.kind, found.code)
    if territory is None:
        return BaseMap("", WORLD)
    if territory.kind == Kind.COMMUNE and territory.epci:
        territory = territory.epci
    inside = _parts(territory)
    own = _outlines([territory], Part.AREA)
    bounds = bounds_around(point for outline in own or inside for point in outline.points)
    if bounds is None:
        return BaseMap(territory.name, WORLD)
    around = _neighbours(territory, bounds)
    return BaseMap(territory.name, bounds, (*around, *inside, *own), _source(territory))


def _parts(territory: Territory) -> tuple[Outline, ...]:
    """Give the finest parts of which at least half have an outline."""
    for kind in FINEST_FIRST:
        members = list(
            members_of(territory, kind=kind).order_by("-population", "code")[: MOST_PARTS + 1]
        )
        outlines = _outlines(members, Part.INSIDE) if 0 < len(members) <= MOST_PARTS else ()
        if outlines and 2 * len(outlines) >= len(members):
            return outlines
    return ()


def _neighbours(territory: Territory, bounds: Bounds) -> tuple[Outline, ...]:
    """Give the territories of the same kind, of the same region if it has one, that lie close."""
    if territory.kind == Kind.COUNTRY:
        return ()
    others = Territory.objects.in_force().filter(kind=territory.kind).exclude(pk=territory.pk)
    if territory.kind != Kind.REGION:
        others = others.filter(region=territory.region_id)
    close = bounds.widened(AROUND)
    outlines = _outlines(others.order_by("-population", "code"), Part.AROUND)
    return tuple(one for one in outlines if close.touches(bounds_around(one.points) or WORLD))


def _outlines(territories: Iterable[Territory], part: Part) -> tuple[Outline, ...]:
    """Give the outlines of territories that have one, in the same order: the first is named first."""
    wanted = list(territories)
    shapes = {pk: shape["coordinates"] for pk, shape in contours_of(wanted).items()}
    drawn = [(one, shapes[one.pk], middle_of(shapes[one.pk])) for one in wanted if one.pk in shapes]
    zooms = zooms_of_labels(Label(one.name, at) for one, _shape, at in drawn)
    return tuple(
        Outline(part, one.code, one.name, shape, at, zoom)
        for (one, shape, at), zoom in zip(drawn, zooms, strict=True)
    )


def _source(territory: Territory) -> str:
    contour = Contour.objects.filter(territory=territory).first()
    return contour.source if contour else ""
