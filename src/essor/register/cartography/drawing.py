"""The map as a still drawing, for paper and for readers without script: outlines, and circles with a number."""

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

from django.core.cache import cache

from essor.register.cartography.base_map import KEPT_S, BaseMap, Part
from essor.register.cartography.clusters import Seen
from essor.register.cartography.grid import (
    SHRINKING,
    Bounds,
    Point,
    View,
    bounds_around,
    zoom_to_show,
)
from essor.register.cartography.outlines import Polygons, simplified

WIDTH, HEIGHT = 480, 400
MARGIN = 0.04
SMALLEST_RADIUS, LARGEST_RADIUS = 6, 24
FIGURE = 4
"""What a figure of the number adds to the radius of its circle, at least."""
LETTER = 8
"""Of a name: its width, and half the height of its line."""
EDGE = 2
"""Between a circle and the edge: what its line takes."""
FINENESS = {Part.AROUND: 1.5, Part.INSIDE: 0.5, Part.AREA: 0.5}
"""Units by which the lines of a part may move."""


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
class Name:
    """The name of a commune, written around a point."""

    x: float
    y: float
    text: str

    @property
    def box(self) -> tuple[float, float, float, float]:
        """What it covers, roughly: left, top, right, bottom."""
        half = LETTER * len(self.text) / 2
        return self.x - half, self.y - LETTER, self.x + half, self.y + LETTER


@dataclass(frozen=True, slots=True)
class Drawing:
    """A drawing of `width` by `height` units."""

    width: int
    height: int
    shapes: tuple[Shape, ...] = ()
    circles: tuple[Circle, ...] = ()
    names: tuple[Name, ...] = ()


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
    shapes = tuple(_shapes(base, frame))
    return Drawing(frame.width, frame.height, shapes, _circles(seen, frame))


def drawing_of_area(area: str, base: BaseMap, seen: Seen) -> Drawing:
    """Draw the same of the base map of an area, whose outlines are kept as they are drawn."""
    frame = _frame(base.bounds)
    key = f"register-shapes-{area.replace(':', '-')}"
    shapes: tuple[Shape, ...] | None = cache.get(key)
    if shapes is None:
        shapes = tuple(_shapes(base, frame))
        cache.set(key, shapes, KEPT_S)
    return Drawing(frame.width, frame.height, shapes, _circles(seen, frame))


def with_names(drawing: Drawing, base: BaseMap) -> Drawing:
    """Write the names of the communes on their drawing, those that are whole and cover nothing."""
    frame = _frame(base.bounds)
    taken = [
        (one.x - one.radius, one.y - one.radius, one.x + one.radius, one.y + one.radius)
        for one in drawing.circles
    ]
    names = []
    for outline in base.outlines:
        name = Name(*frame.place(outline.at), outline.name)
        left, top, right, bottom = name.box
        is_whole = left >= 0 and top >= 0 and right <= frame.width and bottom <= frame.height
        if (
            outline.part is Part.INSIDE
            and is_whole
            and not any(_touch(name.box, one) for one in taken)
        ):
            names.append(name)
            taken.append(name.box)
    return replace(drawing, names=tuple(names))


def _touch(
    one: tuple[float, float, float, float], other: tuple[float, float, float, float]
) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _frame(bounds: Bounds) -> Frame:
    """Give the frame around these bounds, as wide as a drawing may be and not higher."""
    shown = bounds.widened(MARGIN)
    height = WIDTH * (shown.north - shown.south) / (shown.east - shown.west or 1) / SHRINKING
    if height <= HEIGHT:
        return Frame(shown, WIDTH, math.ceil(height))
    width = (shown.east - shown.west) * (height / HEIGHT - 1) / 2
    wider = Bounds(shown.west - width, shown.south, shown.east + width, shown.north)
    return Frame(wider, WIDTH, HEIGHT)


def _shapes(base: BaseMap, frame: Frame) -> Iterator[Shape]:
    for outline in base.outlines:
        around = bounds_around(outline.points)
        if around and frame.bounds.touches(around):
            shown = simplified(outline.polygons, FINENESS[outline.part] / frame.scale)
            yield Shape(outline.part, _path(shown, frame))


def _path(polygons: Polygons, frame: Frame) -> str:
    """Give the rings as one path, each point as a step from the one before: half the length."""
    return "".join(
        _ring([frame.place(point) for point in ring]) for polygon in polygons for ring in polygon
    )


def _ring(points: list[tuple[float, float]]) -> str:
    whole = [(round(x), round(y)) for x, y in points]
    steps = [(x - from_x, y - from_y) for (from_x, from_y), (x, y) in pairwise(whole)]
    lines = " ".join(f"{across} {down}" for across, down in steps if across or down)
    return f"M{whole[0][0]} {whole[0][1]}l{lines}z"


def _circles(seen: Seen, frame: Frame) -> tuple[Circle, ...]:
    """Give the circles, the smallest last so that none is hidden."""
    counted = [(group.at, group.count) for group in seen.clusters]
    counted += [(group.at, group.count) for group in seen.communes]
    counted += [(place.at, 1) for place in seen.places]
    most = max((count for _at, count in counted), default=1)
    return tuple(
        _circle(frame, at, radius_of(count, most), count)
        for at, count in sorted(counted, key=lambda one: -one[1])
    )


def _circle(frame: Frame, at: Point, radius: float, count: int) -> Circle:
    """Give a circle that is whole on the drawing: one at its edge is moved by its radius at most."""
    x, y = frame.place(at)
    room = radius + EDGE
    return Circle(
        min(max(x, room), frame.width - room),
        min(max(y, room), frame.height - room),
        radius,
        count,
    )


def radius_of(count: int, most: int) -> float:
    """Give the radius of a circle: its surface grows with the count, and its number has room in it."""
    if count == 1:
        return SMALLEST_RADIUS
    grown = SMALLEST_RADIUS + (LARGEST_RADIUS - SMALLEST_RADIUS) * math.sqrt(count / most)
    return round(max(grown, SMALLEST_RADIUS + FIGURE * len(str(count))), 1)
