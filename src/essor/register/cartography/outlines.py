"""Outlines made light enough for a page, and the names written on them. Pure functions.

Distances are in degrees of longitude; a degree of latitude is longer on the ground, which a drawing
of a few hundred pixels does not show.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from essor.register.cartography.grid import SHRINKING, WORLD_PX, Point

LABEL_HEIGHT_PX = 18
LETTER_PX = 7.2
FIRST_LABELS, LAST_LABELS = 6, 14
"""The zooms between which names appear; at the last one all of them are written."""

Ring = Sequence[Point]
Polygons = Sequence[Sequence[Ring]]


@dataclass(frozen=True, slots=True)
class Label:
    """A name, and where it is written."""

    name: str
    at: Point


def simplified(polygons: Polygons, tolerance: float) -> list[list[list[Point]]]:
    """Leave out the points that move no line by more than so many degrees, and the rings smaller than that."""
    kept = [[_simplified_ring(ring, tolerance) for ring in polygon] for polygon in polygons]
    return [rings for polygon in kept if polygon and (rings := _visible(polygon))]


def _visible(rings: list[list[Point]]) -> list[list[Point]]:
    """Give the rings of a polygon that are still surfaces; none when the outer one is not."""
    return [ring for ring in rings if len(ring) > 3] if len(rings[0]) > 3 else []


def _simplified_ring(ring: Ring, tolerance: float) -> list[Point]:
    """Simplify a closed ring (Douglas-Peucker), from its first point and the one furthest from it."""
    if not tolerance or len(ring) < 5:
        return list(ring)
    far = max(range(len(ring)), key=lambda number: math.dist(ring[0], ring[number]))
    return [*_line(ring[: far + 1], tolerance)[:-1], *_line(ring[far:], tolerance)]


def _line(points: Ring, tolerance: float) -> list[Point]:
    keep, spans = {0, len(points) - 1}, [(0, len(points) - 1)]
    while spans:
        first, last = spans.pop()
        furthest, distance = _furthest(points, first, last)
        if distance > tolerance:
            keep.add(furthest)
            spans += [(first, furthest), (furthest, last)]
    return [points[number] for number in sorted(keep)]


def _furthest(points: Ring, first: int, last: int) -> tuple[int, float]:
    """Give the point between two others that is furthest from the line through them, and how far it is."""
    (x, y), (to_x, to_y) = points[first], points[last]
    across, upwards = to_x - x, to_y - y
    length = math.hypot(across, upwards) or 1.0
    furthest, most = first, 0.0
    for number in range(first + 1, last):
        here_x, here_y = points[number]
        distance = abs(across * (here_y - y) - upwards * (here_x - x)) / length
        if distance > most:
            furthest, most = number, distance
    return furthest, most


def middle_of(polygons: Polygons) -> Point:
    """Give where the name of a territory is written: the centre of its largest polygon."""
    return max(
        (_centre(polygon[0]) for polygon in polygons if polygon), key=lambda found: found[0]
    )[1]


def _centre(ring: Ring) -> tuple[float, Point]:
    """Give the surface of a ring, in square degrees, and its centre of gravity."""
    twice = x = y = 0.0
    for (x1, y1), (x2, y2) in zip(ring, [*ring[1:], ring[0]], strict=True):
        cross = x1 * y2 - x2 * y1
        twice += cross
        x += (x1 + x2) * cross
        y += (y1 + y2) * cross
    if abs(twice) < 1e-12:
        return 0.0, ring[0]
    return abs(twice) / 2, (x / (3 * twice), y / (3 * twice))


def zooms_of_labels(labels: Iterable[Label]) -> list[int]:
    """Give the zoom from which each name is written without touching those before it in the list.

    What is written at one zoom is written at all further ones.
    """
    wanted = list(labels)
    zooms = dict.fromkeys(range(len(wanted)), LAST_LABELS)
    written: list[int] = []
    for zoom in range(FIRST_LABELS, LAST_LABELS):
        others = [number for number in zooms if zooms[number] == LAST_LABELS]
        before = len(written)
        written = _without_touching(wanted, [*written, *others], zoom)
        zooms.update(dict.fromkeys(written[before:], zoom))
    return list(zooms.values())


def _without_touching(labels: Sequence[Label], order: Sequence[int], zoom: int) -> list[int]:
    """Give the labels that are written at a zoom, when the first in order take the room."""
    pixels = WORLD_PX * 2**zoom / 360
    taken: list[tuple[float, float, float]] = []
    numbers = []
    for number in order:
        label = labels[number]
        x, y = label.at[0] * pixels, label.at[1] * pixels / SHRINKING
        half = len(label.name) * LETTER_PX / 2
        if all(
            abs(x - other_x) > half + other_half or abs(y - other_y) > LABEL_HEIGHT_PX
            for other_x, other_y, other_half in taken
        ):
            taken.append((x, y, half))
            numbers.append(number)
    return numbers
