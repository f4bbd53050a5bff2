"""The map as a still drawing, for paper and for readers without script: outlines, and circles with a number."""

import math
from dataclasses import dataclass

from essor.register.cartography.base_map import BaseMap, Part
from essor.register.cartography.clusters import Seen
from essor.register.cartography.grid import (
    SHRINKING,
    Bounds,
    Point,
    View,
    zoom_to_show,
)
from essor.register.cartography.outlines import Polygons, simplified

WIDTH, HEIGHT = 640, 480
MARGIN = 0.04
SMALLEST_RADIUS, LARGEST_RADIUS = 7, 26


@dataclass(frozen=True, slots=True)
class Shape:
    """An outline as an SVG path."""

    part: Part
    path: str


@dataclass(frozen=True, slots=True)
class Circle:
    """A group of structures: its centre and radius in units of the drawing, how many it stands for."""

    x: float
    y: float
    radius: float
    count: int


@dataclass(frozen=True, slots=True)
class Drawing:
    """A drawing of `width` by `height` units."""

    width: int
    height: int
    shapes: tuple[Shape, ...] = ()
    circles: tuple[Circle, ...] = ()


@dataclass(frozen=True, slots=True)
class Frame:
    """Which part of the world a drawing shows, and at what scale."""

    bounds: Bounds
    width: int
    height: int

    @property
    def scale(self) -> float:
        """Units for a degree of longitude."""
        return self.width / (self.bounds.east - self.bounds.west)

    def place(self, point: Point) -> tuple[float, float]:
        """Give where a point is on the drawing, from its upper left corner."""
        x = (point[0] - self.bounds.west) * self.scale
        y = (self.bounds.north - point[1]) * self.scale / SHRINKING
        return round(x, 1), round(y, 1)


def view_of_whole(base: BaseMap) -> View:
    """Give the view that a drawing of the whole map gathers its circles by."""
    shown = _frame(base.bounds).bounds
    return View.holding(shown, zoom_to_show(shown, width_px=WIDTH, height_px=HEIGHT))


def drawing_of(base: BaseMap, seen: Seen) -> Drawing:
    """Draw the outlines of a base map and what is seen on it."""
    frame = _frame(base.bounds)
    shapes = tuple(
        Shape(outline.part, path)
        for outline in base.outlines
        if (path := _path(outline.polygons, frame))
    )
    return Drawing(frame.width, frame.height, shapes, _circles(seen, frame))


def _frame(bounds: Bounds) -> Frame:
    """Give the frame around these bounds, as wide as a drawing may be and not higher."""
    shown = bounds.widened(MARGIN)
    height = WIDTH * (shown.north - shown.south) / (shown.east - shown.west or 1) / SHRINKING
    if height <= HEIGHT:
        return Frame(shown, WIDTH, math.ceil(height))
    width = (shown.east - shown.west) * (height / HEIGHT - 1) / 2
    wider = Bounds(shown.west - width, shown.south, shown.east + width, shown.north)
    return Frame(wider, WIDTH, HEIGHT)


def _path(polygons: Polygons, frame: Frame) -> str:
    return "".join(
        "M" + "L".join(f"{x:g} {y:g}" for x, y in map(frame.place, ring)) + "Z"
        for polygon in simplified(polygons, 0.7 / frame.scale)
        for ring in polygon
    )


def _circles(seen: Seen, frame: Frame) -> tuple[Circle, ...]:
    """Give the circles, the smallest last so that none is hidden."""
    counted = [(group.at, group.count) for group in seen.clusters]
    counted += [(group.at, group.count) for group in seen.communes]
    counted += [(place.at, 1) for place in seen.places]
    most = max((count for _at, count in counted), default=1)
    return tuple(
        Circle(*frame.place(at), radius_of(count, most), count)
        for at, count in sorted(counted, key=lambda one: -one[1])
    )


def radius_of(count: int, most: int) -> float:
    """Give the radius of a circle: its surface grows with the count, within what can be read."""
    share = math.sqrt(count / most)
    return round(SMALLEST_RADIUS + (LARGEST_RADIUS - SMALLEST_RADIUS) * share, 1)
