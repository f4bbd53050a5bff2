"""Where the structures that are found are: gathered by cell, told one by one when there is room.

Every structure that is found is counted once: at its address, or at its commune when its address is
unknown or not published, or among those that have no place at all. What is counted here is what the
list of the directory counts.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from essor.register.cartography.grid import Bounds, Grid, Point, View
from essor.register.models import LegalUnit

COMMUNES_APART_ZOOM = 12
"""From this zoom on, structures placed at their commune have a mark of their own."""
MOST_NAMED = 400
"""Structures of one answer that are told by name."""


@dataclass(frozen=True, slots=True)
class Cluster:
    """Structures that stand close: where they are drawn, how many, and what to show to see them apart.

    `at_commune` of them are only placed at their commune. They stand at one point when `bounds` is one.
    """

    at: Point
    count: int
    at_commune: int
    bounds: Bounds


@dataclass(frozen=True, slots=True)
class Place:
    """One structure where it is, with what is said of it."""

    at: Point
    siren: str
    name: str
    family: str
    commune: str


@dataclass(frozen=True, slots=True)
class CommuneGroup:
    """Structures without a published address, placed at their commune."""

    at: Point
    count: int
    code: str
    name: str


@dataclass(frozen=True, slots=True)
class Sums:
    """How many structures are found; `at_commune` are only placed there, `nowhere` are on no map."""

    total: int
    recognised: int
    at_commune: int
    nowhere: int


@dataclass(frozen=True, slots=True)
class CommuneCount:
    """How many of the structures that are found have an establishment in a commune."""

    name: str
    code: str
    count: int


@dataclass(frozen=True, slots=True)
class Seen:
    """What a view of the map shows; each structure is in one of its parts."""

    clusters: tuple[Cluster, ...] = ()
    places: tuple[Place, ...] = ()
    communes: tuple[CommuneGroup, ...] = ()

    @property
    def count(self) -> int:
        """How many structures there are."""
        gathered = sum(cluster.count for cluster in self.clusters)
        return gathered + sum(group.count for group in self.communes) + len(self.places)


@dataclass(slots=True)
class Cell:
    """What a cell of the grid holds: so many structures, drawn `at`; `first` is the key of one at its address."""

    cell: tuple[int, int]
    at: Point
    bounds: Bounds
    count: int
    first: int | None = None
    at_commune: int = 0

    def add(self, other: "Cell") -> None:
        """Add structures placed at their commune; where others stand at their address, the group stays there."""
        if self.first is None:
            share = other.count / (self.count + other.count)
            self.at = (
                self.at[0] + (other.at[0] - self.at[0]) * share,
                self.at[1] + (other.at[1] - self.at[1]) * share,
            )
        self.count += other.count
        self.at_commune += other.at_commune
        self.bounds = Bounds(
            min(self.bounds.west, other.bounds.west),
            min(self.bounds.south, other.bounds.south),
            max(self.bounds.east, other.bounds.east),
            max(self.bounds.north, other.bounds.north),
        )

    def cluster(self, grid: Grid) -> Cluster:
        """Give the group that is drawn in this cell."""
        at = self.at if self.count == 1 else grid.inside(self.cell, self.at)
        return Cluster(at, self.count, self.at_commune, self.bounds)


class Counting(Protocol):
    """What counts the structures that a search finds: in the rows of the store, or in columns beside it."""

    def cells(self, view: View, *, with_communes: bool) -> Iterable[Cell]:
        """Give the cells of a view that hold structures at their address, each once.

        Then, if they are wanted, the structures placed at their commune: a cell may come again.
        """

    def communes(self, bounds: Bounds) -> tuple[CommuneGroup, ...]:
        """Give the structures placed at their commune, by commune."""

    def sums(self) -> Sums:
        """Count all of them."""

    def by_commune(self, most: int) -> tuple[CommuneCount, ...]:
        """Give the communes where there are most, each with those that have an establishment there."""


def seen_in(view: View, counting: Counting, *, most_named: int = MOST_NAMED) -> Seen:
    """Say what a view shows; past the number that may be named, one alone is a group too."""
    are_apart = view.grid.zoom >= COMMUNES_APART_ZOOM
    cells = _merged(counting.cells(view, with_communes=not are_apart))
    communes = counting.communes(view.bounds) if are_apart else ()
    alone = [cell.first for cell in cells.values() if cell.first and cell.count == 1]
    places = _places(alone[:most_named])
    gathered = [cell for cell in cells.values() if cell.count > 1 or cell.first not in places]
    clusters = tuple(cell.cluster(view.grid) for cell in gathered)
    return Seen(clusters, tuple(places.values()), communes)


def _merged(parts: Iterable[Cell]) -> dict[tuple[int, int], Cell]:
    cells: dict[tuple[int, int], Cell] = {}
    for part in parts:
        if part.cell in cells:
            cells[part.cell].add(part)
        else:
            cells[part.cell] = part
    return cells


def _places(keys: list[int]) -> dict[int, Place]:
    """Give structures by key, in the order of the keys."""
    units = LegalUnit.objects.select_related("commune").in_bulk(keys)
    return {key: place_of(units[key]) for key in keys if key in units}


def place_of(unit: LegalUnit) -> Place:
    """Say of a structure what the map tells of one that stands alone."""
    return Place(
        at=(unit.longitude or 0.0, unit.latitude or 0.0),
        siren=unit.siren,
        name=unit.usual_name or unit.name,
        family=unit.family,
        commune=unit.commune.name if unit.commune else "",
    )
