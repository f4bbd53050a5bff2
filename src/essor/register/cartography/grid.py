"""The grid by which points that stand close on a screen are gathered, and the part of it that a screen shows.

A cell is as wide as so many pixels of the screen at its zoom (that of Leaflet: the world is 256 pixels
wide at 0, twice as many at 1). What is shown is made of whole cells, so that a group stays the same
while the map is moved. Pure functions.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass

WORLD_PX = 256
CELL_PX = 80
FURTHEST_ZOOM = 18
MOST_CELLS = 2_000
"""Of one answer: what a screen of four thousand pixels shows."""
SHRINKING = 0.69
"""Degrees of latitude for one of longitude on the screen, in the middle of France."""
INNER = 0.45
"""How far inside of its cell a group is drawn, as a share of the cell: two groups never overlap."""

Point = tuple[float, float]
"""Longitude and latitude in degrees, the order of GeoJSON."""


class RefusedView(Exception):
    """The part of the map that was asked for cannot be given."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """A part of the world in degrees; points on its west and south sides are in it, on the others not."""

    west: float
    south: float
    east: float
    north: float

    def holds(self, point: Point) -> bool:
        """Say whether a point is in it."""
        longitude, latitude = point
        return self.west <= longitude < self.east and self.south <= latitude < self.north

    def touches(self, other: "Bounds") -> bool:
        """Say whether the two have something in common."""
        across = self.west <= other.east and other.west <= self.east
        return across and self.south <= other.north and other.south <= self.north

    def widened(self, share: float) -> "Bounds":
        """Give the same with so much of its own size added on each side."""
        width, height = (self.east - self.west) * share, (self.north - self.south) * share
        return Bounds(
            self.west - width, self.south - height, self.east + width, self.north + height
        )


WORLD = Bounds(-180, -90, 180, 90)


def bounds_around(points: Iterable[Point]) -> Bounds | None:
    """Give the least bounds that hold these points, on their sides too; None without any point."""
    kept = list(points)
    if not kept:
        return None
    longitudes, latitudes = [point[0] for point in kept], [point[1] for point in kept]
    return Bounds(min(longitudes), min(latitudes), max(longitudes), max(latitudes))


@dataclass(frozen=True, slots=True)
class Grid:
    """The cells of one zoom: their size in degrees."""

    zoom: int

    @property
    def width(self) -> float:
        """Degrees of longitude of a cell."""
        return 360 * CELL_PX / (WORLD_PX * 2**self.zoom)

    @property
    def height(self) -> float:
        """Degrees of latitude of a cell."""
        return self.width * SHRINKING

    def cell_of(self, point: Point) -> tuple[int, int]:
        """Give the column and the row of a point, counted from the south-west of the world."""
        longitude, latitude = point
        return math.floor((longitude + 180) / self.width), math.floor((latitude + 90) / self.height)

    def inside(self, cell: tuple[int, int], point: Point) -> Point:
        """Give the place where the group of a cell is drawn: its own, moved away from the sides of the cell."""
        column, row = cell
        longitude = _between(point[0] + 180, column * self.width, self.width) - 180
        latitude = _between(point[1] + 90, row * self.height, self.height) - 90
        return longitude, latitude


def _between(value: float, start: float, length: float) -> float:
    return min(max(value, start + length * INNER), start + length * (1 - INNER))


@dataclass(frozen=True, slots=True)
class View:
    """What a screen shows: whole cells of a grid."""

    grid: Grid
    bounds: Bounds

    @classmethod
    def holding(cls, bounds: Bounds, zoom: int) -> "View":
        """Give the view of all the cells that these bounds touch. Raises RefusedView when they are too many."""
        grid = Grid(zoom)
        west, south = grid.cell_of((bounds.west, bounds.south))
        east, north = grid.cell_of((bounds.east, bounds.north))
        if (east - west + 1) * (north - south + 1) > MOST_CELLS:
            raise RefusedView(
                "bbox is too large for this zoom: ask for a smaller part, or zoom out"
            )
        return cls(
            grid,
            Bounds(
                west * grid.width - 180,
                south * grid.height - 90,
                (east + 1) * grid.width - 180,
                (north + 1) * grid.height - 90,
            ),
        )


def view_asked(bbox: str, zoom: str) -> View:
    """Read what an address asks: `2.8,50.5,3.3,50.8` (west, south, east, north) and a zoom. Raises RefusedView."""
    return View.holding(bounds_asked(bbox), _zoom(zoom))


def bounds_asked(bbox: str) -> Bounds:
    """Read west, south, east and north in degrees, cut at the edges of the world. Raises RefusedView."""
    try:
        west, south, east, north = (_degrees(text) for text in bbox[:100].split(","))
    except ValueError:
        raise RefusedView("bbox must be west,south,east,north in degrees") from None
    if not (west <= east and south <= north):
        raise RefusedView("bbox must have its west before its east, and its south before its north")
    return Bounds(
        max(west, WORLD.west),
        max(south, WORLD.south),
        min(east, WORLD.east),
        min(north, WORLD.north),
    )


def _degrees(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(text)
    return number


def _zoom(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 3 and int(text) <= FURTHEST_ZOOM):
        raise RefusedView(f"z must be a whole number from 0 to {FURTHEST_ZOOM}")
    return int(text)


def zoom_to_show(bounds: Bounds, *, width_px: int, height_px: int) -> int:
    """Give the largest zoom at which these bounds are wholly on a screen of so many pixels."""
    across = max(bounds.east - bounds.west, 1e-6) * WORLD_PX / 360
    upwards = max(bounds.north - bounds.south, 1e-6) * WORLD_PX / 360 / SHRINKING
    most = min(width_px / across, height_px / upwards)
    return max(0, min(FURTHEST_ZOOM, math.floor(math.log2(most))))
