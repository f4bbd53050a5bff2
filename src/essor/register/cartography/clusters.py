"""Where the structures that are found are: gathered by cell, told one by one when there is room.

Every structure that is found is counted once: at its address, or at its commune when its address is
unknown or not published, or among those that have no place at all. What is counted here is what the
list of the directory counts.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.core.cache import cache
from django.db.models import (
    Avg,
    Count,
    ExpressionWrapper,
    F,
    FloatField,
    Func,
    IntegerField,
    Max,
    Min,
    QuerySet,
)

from essor.register.cartography.base_map import base_map_of
from essor.register.cartography.grid import Bounds, Grid, Point, View
from essor.register.models import LegalUnit, StructureProfile, Vintage
from essor.register.types import PointSource
from essor.territory.models import Territory

COMMUNES_APART_ZOOM = 12
"""From this zoom on, structures placed at their commune have a mark of their own."""
MOST_NAMED = 400
"""Structures of one answer that are told by name."""
MOST_LISTED = 50
KEPT_S = 3_600
NOT_LOCATED = (PointSource.COMMUNE, PointSource.NONE)
SAME_PLACE = 1e-6
"""Degrees: a tenth of a metre."""

Units = QuerySet[LegalUnit]


class WholePart(Func):
    """The whole part of a positive number, by what both stores do without calling back to Python."""

    function = "FLOOR"
    template = "(%(function)s(%(expressions)s))::integer"
    output_field = IntegerField()

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        """Cut the decimals off: FLOOR is a function of Python there."""
        return super().as_sql(
            compiler, connection, template="CAST(%(expressions)s AS INTEGER)", **context
        )


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
class AtCommunes:
    """The structures whose own place is not shown: at their commune, or `nowhere` when it is not known where."""

    groups: tuple[CommuneGroup, ...]
    nowhere: int


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


def located(units: Units, vintage: Vintage) -> Units:
    """Keep the structures whose own place may be shown."""
    shown = units.filter(vintage=vintage, point_source=PointSource.ADDRESS)
    hidden = _withheld(units, vintage)
    return shown.exclude(pk__in=hidden) if hidden else shown


def placed_at_commune(units: Units, vintage: Vintage) -> Counter[int | None]:
    """Count the structures whose own place is not shown, by commune (its key in the store); None without one."""
    counts = _count_by_commune(units.filter(vintage=vintage, point_source__in=NOT_LOCATED))
    if hidden := _withheld(units, vintage):
        known = units.filter(pk__in=hidden, point_source=PointSource.ADDRESS)
        counts.update(_count_by_commune(known))
    return counts


def seen_in(view: View, units: Units, vintage: Vintage, *, most_named: int = MOST_NAMED) -> Seen:
    """Say what of these structures a view shows; past the number that may be named, one alone is a group too."""
    return seen_with(
        view, units, vintage, at_communes(units, vintage).groups, most_named=most_named
    )


def seen_with(
    view: View,
    units: Units,
    vintage: Vintage,
    at_commune: Iterable[CommuneGroup],
    *,
    most_named: int,
) -> Seen:
    """Say the same, when it is known which structures are placed at their commune."""
    cells = _cells(view, located(units, vintage))
    groups = [group for group in at_commune if view.bounds.holds(group.at)]
    communes: tuple[CommuneGroup, ...] = ()
    if view.grid.zoom >= COMMUNES_APART_ZOOM:
        communes = tuple(groups)
    else:
        _add_communes(cells, groups, view.grid)
    alone = [cell.first for cell in cells.values() if cell.first and cell.count == 1]
    places = _places(alone[:most_named])
    gathered = [cell for cell in cells.values() if cell.count > 1 or cell.first not in places]
    clusters = tuple(cell.cluster(view.grid) for cell in gathered)
    return Seen(clusters, tuple(places.values()), communes)


def structures_in(bounds: Bounds, units: Units, vintage: Vintage) -> tuple[int, tuple[Place, ...]]:
    """Count the structures whose place is in these bounds, sides included, and give the first by name."""
    found = located(units, vintage).filter(
        latitude__range=(bounds.south - SAME_PLACE, bounds.north + SAME_PLACE),
        longitude__range=(bounds.west - SAME_PLACE, bounds.east + SAME_PLACE),
    )
    first = found.order_by("filing_name", "siren").values_list("pk", flat=True)[:MOST_LISTED]
    return found.count(), tuple(_places(list(first)).values())


def at_communes(units: Units, vintage: Vintage) -> AtCommunes:
    """Tell which structures are placed at their commune, since their own place is not shown."""
    counts = placed_at_commune(units, vintage)
    communes = Territory.objects.in_bulk([pk for pk in counts if pk])
    places = _places_of_communes(vintage)
    groups = tuple(
        CommuneGroup(places[commune.pk], counts[commune.pk], commune.code, commune.name)
        for commune in sorted(communes.values(), key=lambda one: one.code)
        if commune.pk in places
    )
    return AtCommunes(groups, sum(counts.values()) - sum(group.count for group in groups))


@dataclass(slots=True)
class _Cell:
    """A cell while its structures are being counted; `first` is the key of one at its address."""

    cell: tuple[int, int]
    at: Point
    bounds: Bounds
    count: int
    first: int | None = None
    at_commune: int = 0

    def add(self, group: CommuneGroup) -> None:
        """Add structures placed at their commune; where the others are stays where the group is drawn."""
        longitude, latitude = group.at
        self.count += group.count
        self.at_commune += group.count
        self.bounds = Bounds(
            min(self.bounds.west, longitude),
            min(self.bounds.south, latitude),
            max(self.bounds.east, longitude),
            max(self.bounds.north, latitude),
        )

    def cluster(self, grid: Grid) -> Cluster:
        at = self.at if self.count == 1 else grid.inside(self.cell, self.at)
        return Cluster(at, self.count, self.at_commune, self.bounds)


def _cells(view: View, units: Units) -> dict[tuple[int, int], _Cell]:
    grid, bounds = view.grid, view.bounds
    rows = (
        units.filter(
            longitude__gte=bounds.west,
            longitude__lt=bounds.east,
            latitude__gte=bounds.south,
            latitude__lt=bounds.north,
        )
        .annotate(
            column=WholePart(_shifted("longitude", 180) / grid.width),
            row=WholePart(_shifted("latitude", 90) / grid.height),
        )
        .values("column", "row")
        .annotate(
            count=Count("pk"),
            first=Min("pk"),
            middle=Avg("longitude"),
            centre=Avg("latitude"),
            west=Min("longitude"),
            east=Max("longitude"),
            south=Min("latitude"),
            north=Max("latitude"),
        )
        .order_by("column", "row")
    )
    return {
        (row["column"], row["row"]): _Cell(
            cell=(row["column"], row["row"]),
            at=(row["middle"], row["centre"]),
            bounds=Bounds(row["west"], row["south"], row["east"], row["north"]),
            count=row["count"],
            first=row["first"],
        )
        for row in rows
    }


def _shifted(field: str, degrees: int) -> ExpressionWrapper:
    return ExpressionWrapper(F(field) + float(degrees), output_field=FloatField())


def _add_communes(
    cells: dict[tuple[int, int], _Cell], groups: Iterable[CommuneGroup], grid: Grid
) -> None:
    for group in groups:
        cell = grid.cell_of(group.at)
        if cell not in cells:
            cells[cell] = _Cell(cell, group.at, Bounds(*group.at, *group.at), 0)
        cells[cell].add(group)


def _places(keys: list[int]) -> dict[int, Place]:
    """Give structures by key, in the order of the keys."""
    units = LegalUnit.objects.select_related("commune").in_bulk(keys)
    return {key: _place(units[key]) for key in keys if key in units}


def _place(unit: LegalUnit) -> Place:
    return Place(
        at=(unit.longitude or 0.0, unit.latitude or 0.0),
        siren=unit.siren,
        name=unit.usual_name or unit.name,
        family=unit.family,
        commune=unit.commune.name if unit.commune else "",
    )


def _withheld(units: Units, vintage: Vintage) -> list[int]:
    """Give the structures that someone asked not to be named: a handful."""
    sirens = StructureProfile.objects.filter(is_withheld=True).values_list("siren", flat=True)
    withheld = units.filter(vintage=vintage, siren__in=list(sirens))
    return list(withheld.values_list("pk", flat=True)) if sirens else []


def _count_by_commune(units: Units) -> Counter[int | None]:
    rows = units.order_by().values("commune").annotate(count=Count("pk"))
    return Counter({row["commune"]: row["count"] for row in rows})


def _places_of_communes(vintage: Vintage) -> Mapping[int, Point]:
    """Give where communes are: the middle of their outline or, failing that, of the structures there."""
    key = f"register-communes-{vintage.pk}"
    kept: dict[int, Point] | None = cache.get(key)
    if kept is None:
        kept = {**_middles_of_structures(vintage), **_middles_of_outlines(vintage)}
        cache.set(key, kept, KEPT_S)
    return kept


def _middles_of_structures(vintage: Vintage) -> dict[int, Point]:
    rows = (
        LegalUnit.objects.filter(vintage=vintage, latitude__isnull=False, commune__isnull=False)
        .exclude(point_source=PointSource.NONE)
        .order_by()
        .values_list("commune")
        .annotate(middle=Avg("longitude"), centre=Avg("latitude"))
    )
    return {commune: (middle, centre) for commune, middle, centre in rows if commune}


def _middles_of_outlines(vintage: Vintage) -> dict[int, Point]:
    places = base_map_of(vintage.area).places
    communes = Territory.objects.filter(kind="commune", code__in=places).values_list("pk", "code")
    return {pk: places[code] for pk, code in communes}
