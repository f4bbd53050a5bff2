"""Counting on the map in the rows of the store: right for any directory, quick for one of some ten thousands."""

from collections import Counter
from collections.abc import Iterator, Mapping
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
from essor.register.cartography.clusters import (
    Cell,
    CommuneCount,
    CommuneGroup,
    Place,
    Sums,
    place_of,
)
from essor.register.cartography.grid import Bounds, Point, View
from essor.register.models import Establishment, LegalUnit, StructureProfile, Vintage
from essor.register.types import PointSource, Status
from essor.territory.models import Territory

MOST_LISTED = 50
KEPT_S = 3_600
NOT_LOCATED = (PointSource.COMMUNE, PointSource.NONE)
LEAST_FOR_A_MIDDLE = 3
MIDDLE_DECIMALS = 2
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
class InRows:
    """Counts some structures of a vintage; all of it, when no search limits them (`is_everything`)."""

    units: Units
    vintage: Vintage
    is_everything: bool = False

    def cells(self, view: View, *, with_communes: bool) -> Iterator[Cell]:
        """Give the cells that hold structures at their address, then a cell for each commune."""
        yield from self._located(view)
        if with_communes:
            yield from self._masked(view)

    def _located(self, view: View) -> Iterator[Cell]:
        grid, bounds = view.grid, view.bounds
        rows = (
            located(self.units, self.vintage)
            .filter(
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
        for row in rows:
            yield Cell(
                cell=(row["column"], row["row"]),
                at=(row["middle"], row["centre"]),
                bounds=Bounds(row["west"], row["south"], row["east"], row["north"]),
                count=row["count"],
                first=row["first"],
            )

    def _masked(self, view: View) -> Iterator[Cell]:
        places = places_of_communes(self.vintage)
        for pk, count in self._at_communes().items():
            at = places.get(pk) if pk else None
            if at and view.bounds.holds(at):
                yield Cell(view.grid.cell_of(at), at, Bounds(*at, *at), count, at_commune=count)

    def communes(self, bounds: Bounds) -> tuple[CommuneGroup, ...]:
        """Give the structures placed at their commune."""
        counts = self._at_communes()
        places = places_of_communes(self.vintage)
        here = [pk for pk in counts if pk and pk in places and bounds.holds(places[pk])]
        return tuple(
            CommuneGroup(places[one.pk], counts[one.pk], one.code, one.name)
            for one in Territory.objects.filter(pk__in=here).order_by("code", "pk")
        )

    def sums(self) -> Sums:
        """Count all of them."""
        counts, places = self._at_communes(), places_of_communes(self.vintage)
        at_commune = sum(count for pk, count in counts.items() if pk in places)
        return Sums(
            total=self.units.count(),
            recognised=self.units.filter(status=Status.RECOGNISED).count(),
            at_commune=at_commune,
            nowhere=sum(counts.values()) - at_commune,
        )

    def by_commune(self, most: int) -> tuple[CommuneCount, ...]:
        """Count the structures of each commune."""
        places = Establishment.objects.filter(vintage=self.vintage, commune__isnull=False)
        if not self.is_everything:
            places = places.filter(unit__in=self.units.order_by().values("pk"))
        rows = (
            places.order_by()
            .values_list("commune__name", "commune__code")
            .annotate(count=Count("unit", distinct=True))
            .order_by("-count", "commune__name", "commune__code")
        )
        return tuple(CommuneCount(*row) for row in rows[:most])

    def _at_communes(self) -> Counter[int | None]:
        """Count the structures whose own place is not shown, by commune (its key in the store); None without one."""
        shown = self.units.filter(vintage=self.vintage)
        counts = _count_by_commune(shown.filter(point_source__in=NOT_LOCATED))
        if hidden := withheld(self.units, self.vintage):
            known = shown.filter(pk__in=hidden, point_source=PointSource.ADDRESS)
            counts.update(_count_by_commune(known))
        return counts


def located(units: Units, vintage: Vintage) -> Units:
    """Keep the structures whose own place may be shown."""
    shown = units.filter(vintage=vintage, point_source=PointSource.ADDRESS)
    hidden = withheld(units, vintage)
    return shown.exclude(pk__in=hidden) if hidden else shown


def structures_in(bounds: Bounds, units: Units, vintage: Vintage) -> tuple[int, tuple[Place, ...]]:
    """Count the structures whose place is in these bounds, sides included, and give the first by name."""
    found = located(units, vintage).filter(
        latitude__range=(bounds.south - SAME_PLACE, bounds.north + SAME_PLACE),
        longitude__range=(bounds.west - SAME_PLACE, bounds.east + SAME_PLACE),
    )
    first = found.select_related("commune").order_by("filing_name", "siren")[:MOST_LISTED]
    return found.count(), tuple(map(place_of, first))


def withheld(units: Units, vintage: Vintage) -> list[int]:
    """Give the structures that someone asked not to be named: a handful."""
    sirens = StructureProfile.objects.filter(is_withheld=True).values_list("siren", flat=True)
    hidden = units.filter(vintage=vintage, siren__in=list(sirens))
    return list(hidden.values_list("pk", flat=True)) if sirens else []


def places_of_communes(vintage: Vintage) -> Mapping[int, Point]:
    """Give where communes are: the middle of their outline or, failing that, of the structures there."""
    key = f"register-communes-{vintage.pk}"
    kept: dict[int, Point] | None = cache.get(key)
    if kept is None:
        kept = {**_middles_of_structures(vintage), **_middles_of_outlines(vintage)}
        cache.set(key, kept, KEPT_S)
    return kept


def _shifted(field: str, degrees: int) -> ExpressionWrapper:
    return ExpressionWrapper(F(field) + float(degrees), output_field=FloatField())


def _count_by_commune(units: Units) -> Counter[int | None]:
    rows = units.order_by().values("commune").annotate(count=Count("pk"))
    return Counter({row["commune"]: row["count"] for row in rows})


def _middles_of_structures(vintage: Vintage) -> dict[int, Point]:
    """Give the middles of the structures of communes, where there are enough, to about a kilometre.

    One who asks to be withheld is drawn there: from a finer one, or of fewer, its own address would be told.
    """
    withheld = StructureProfile.objects.filter(is_withheld=True).order_by().values("siren")
    rows = (
        LegalUnit.objects.filter(vintage=vintage, latitude__isnull=False, commune__isnull=False)
        .exclude(point_source=PointSource.NONE)
        .exclude(siren__in=withheld)
        .order_by()
        .values_list("commune")
        .annotate(middle=Avg("longitude"), centre=Avg("latitude"), count=Count("pk"))
        .filter(count__gte=LEAST_FOR_A_MIDDLE)
    )
    return {
        commune: (round(middle, MIDDLE_DECIMALS), round(centre, MIDDLE_DECIMALS))
        for commune, middle, centre, _count in rows
        if commune
    }


def _middles_of_outlines(vintage: Vintage) -> dict[int, Point]:
    places = base_map_of(vintage.area).places
    communes = Territory.objects.filter(kind="commune", code__in=places).values_list("pk", "code")
    return {pk: places[code] for pk, code in communes}
