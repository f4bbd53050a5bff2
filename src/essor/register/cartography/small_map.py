"""The map of a few places: those of one structure, on the outlines around them."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from django.utils.translation import ngettext

from essor.presentation.templatetags.typography import number
from essor.register.cartography.base_map import base_map_of
from essor.register.cartography.clusters import Cluster, Seen
from essor.register.cartography.drawing import Drawing, drawing_of, with_names
from essor.register.cartography.dressing import Dressed
from essor.register.cartography.grid import Bounds, Point, bounds_around
from essor.register.models import Establishment
from essor.register.types import PointSource

NARROWEST_DEGREES = 0.08
"""Some six kilometres: around one place, enough to see in which commune it is."""


@dataclass(frozen=True, slots=True)
class PlaceShown:
    """One establishment: where it is, as `longitude,latitude`, and its address in a line."""

    at: str
    label: str


@dataclass(frozen=True, slots=True)
class SmallMap(Dressed):
    """A map of a few places."""

    drawing: Drawing
    places: tuple[PlaceShown, ...]
    bounds: str
    family: str
    source: str
    area: str

    @property
    def alternative(self) -> str:
        """What the drawing shows, for those who do not see it."""
        count = len(self.places)
        text = ngettext("Map with one establishment.", "Map with %(count)s establishments.", count)
        return text % {"count": number(count)}


def small_map(places: Iterable[Establishment], *, family: str, area: str) -> SmallMap | None:
    """Give the map of the establishments whose own place is known; None when there are none."""
    shown = [place for place in places if _is_located(place)]
    around = bounds_around(_point(place) for place in shown)
    if around is None:
        return None
    bounds = _wide_enough(around)
    base = replace(base_map_of(area), bounds=bounds)
    marks = tuple(Cluster(_point(place), 1, 0, bounds) for place in shown)
    return SmallMap(
        with_names(drawing_of(base, Seen(marks)), base),
        tuple(PlaceShown(",".join(map(str, _point(one))), _address(one)) for one in shown),
        ",".join(str(side) for side in (bounds.west, bounds.south, bounds.east, bounds.north)),
        family,
        base.source,
        area,
    )


def _is_located(place: Establishment) -> bool:
    return place.point_source == PointSource.ADDRESS and not place.is_partial


def _point(place: Establishment) -> Point:
    return place.longitude or 0.0, place.latitude or 0.0


def _address(place: Establishment) -> str:
    commune = place.commune.name if place.commune else ""
    town = " ".join(filter(None, (place.postcode, commune)))
    return ", ".join(filter(None, (place.name, place.street, town)))


def _wide_enough(bounds: Bounds) -> Bounds:
    """Give the same bounds, grown around their middle where they are narrower than what shows a commune."""
    across = max(0.0, NARROWEST_DEGREES - (bounds.east - bounds.west)) / 2
    upwards = max(0.0, NARROWEST_DEGREES * 0.5 - (bounds.north - bounds.south)) / 2
    return Bounds(
        bounds.west - across, bounds.south - upwards, bounds.east + across, bounds.north + upwards
    )
