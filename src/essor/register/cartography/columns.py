"""Counting on the map in the chart of a large vintage: what `rows.py` counts, in the same words."""

# ruff: noqa: S608 - what is put in statements is written in this file; all else is a value

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from essor.register.cartography.chart import Chart
from essor.register.cartography.clusters import Cell, CommuneCount, CommuneGroup, Sums
from essor.register.cartography.grid import Bounds, View
from essor.register.cartography.rows import withheld
from essor.register.found import Found, limited
from essor.register.models import LegalUnit
from essor.register.types import Status
from essor.territory.models import Territory

IN_CHART = ("status", "family", "sector", "headcount", "created")
"""The facets that are columns of the chart."""

_CELLS = """
SELECT is_there, floor((x + 180.0) / ?)::INT AS col, floor((y + 90.0) / ?)::INT AS line, count(*),
    min(pk), avg(x), avg(y), min(x), min(y), max(x), max(y)
FROM ({drawn})
WHERE x >= ? AND x < ? AND y >= ? AND y < ? GROUP BY ALL ORDER BY is_there DESC, col, line"""
_GROUPS = """
SELECT commune, min(x), min(y), count(*) FROM ({drawn})
WHERE x >= ? AND x < ? AND y >= ? AND y < ? GROUP BY commune"""
_BY_COMMUNE = """
WITH found AS (SELECT pk, commune, works_there FROM {units} WHERE {where}),
everywhere AS (
    SELECT commune, count(*) AS number FROM found WHERE works_there GROUP BY commune
    UNION ALL
    SELECT elsewhere.commune, count(*) FROM found JOIN {elsewhere} AS elsewhere USING (pk) GROUP BY ALL),
counted AS (SELECT commune, sum(number)::BIGINT AS number FROM everywhere GROUP BY commune)
SELECT commune, number FROM counted
WHERE number >= (SELECT min(number) FROM (SELECT number FROM counted ORDER BY number DESC LIMIT ?))"""
"""Those of the same count as the last one are all read, to be put in the order of their names."""


@dataclass(frozen=True, slots=True)
class _Limits:
    """Conditions on the structures, and their values; `hidden` are the keys of those that are withheld."""

    where: str
    values: tuple[Any, ...]
    hidden: list[int]


class InColumns:
    """Counts what a search finds."""

    def __init__(self, chart: Chart, found: Found) -> None:
        self._chart = chart
        self._limits = _limits_of(found)

    def cells(self, view: View, *, with_communes: bool) -> Iterator[Cell]:
        """Give the cells that hold structures at their address, then those placed at their commune."""
        drawn, values = self._drawn() if with_communes else self._at_address()
        sizes = (view.grid.width, view.grid.height)
        statement = _CELLS.format(drawn=drawn)
        for row in self._chart.ask(statement, [*sizes, *values, *_sides(view.bounds)]):
            is_there, column, line, count, first, middle, centre, *sides = row
            cell = Cell((column, line), (middle, centre), Bounds(*sides), count, first=first)
            if not is_there:
                cell.first, cell.at_commune = None, count
            yield cell

    def communes(self, bounds: Bounds) -> tuple[CommuneGroup, ...]:
        """Give the structures placed at their commune."""
        drawn, values = self._at_commune()
        rows = self._chart.ask(_GROUPS.format(drawn=drawn), [*values, *_sides(bounds)])
        groups = {pk: ((longitude, latitude), count) for pk, longitude, latitude, count in rows}
        return tuple(
            CommuneGroup(*groups[one.pk], one.code, one.name)
            for one in Territory.objects.filter(pk__in=groups).order_by("code", "pk")
        )

    def sums(self) -> Sums:
        """Count all of them."""
        masked = "(NOT is_located OR pk IN (SELECT unnest(?::BIGINT[])))"
        statement = f"""
            SELECT count(*), count(*) FILTER (status = ?),
                count(*) FILTER ({masked} AND commune_longitude IS NOT NULL),
                count(*) FILTER ({masked} AND commune_longitude IS NULL)
            FROM {self._chart.units} WHERE {self._limits.where}"""
        hidden = self._limits.hidden
        values = [str(Status.RECOGNISED), hidden, hidden, *self._limits.values]
        return Sums(*self._chart.ask(statement, values)[0])

    def by_commune(self, most: int) -> tuple[CommuneCount, ...]:
        """Count the structures of each commune."""
        statement = _BY_COMMUNE.format(
            units=self._chart.units, elsewhere=self._chart.elsewhere, where=self._limits.where
        )
        counts = dict(self._chart.ask(statement, [*self._limits.values, most]))
        communes = Territory.objects.in_bulk(list(counts)).values()
        named = [CommuneCount(one.name, one.code, counts[one.pk]) for one in communes]
        return tuple(sorted(named, key=lambda one: (-one.count, one.name, one.code))[:most])

    def _drawn(self) -> tuple[str, tuple[Any, ...]]:
        """Give all that is drawn, as a statement and its values."""
        limits = self._limits
        everyone = f"""SELECT pk, is_located AS is_there, longitude AS x, latitude AS y
            FROM {self._chart.units} WHERE {limits.where}"""
        if not limits.hidden:
            return everyone, limits.values
        withheld, values = self._withheld()
        named = f"{everyone} AND (NOT is_located OR pk NOT IN (SELECT unnest(?::BIGINT[])))"
        columns = "SELECT pk, FALSE AS is_there, x, y FROM"
        both = f"{named} UNION ALL {columns} ({withheld})"
        return both, (*limits.values, limits.hidden, *values)

    def _at_address(self) -> tuple[str, tuple[Any, ...]]:
        """Give the structures drawn at their address."""
        limits = self._limits
        drawn = f"""SELECT pk, TRUE AS is_there, longitude AS x, latitude AS y
            FROM {self._chart.units} WHERE is_located AND {limits.where}"""
        if not limits.hidden:
            return drawn, limits.values
        return f"{drawn} AND pk NOT IN (SELECT unnest(?::BIGINT[]))", (
            *limits.values,
            limits.hidden,
        )

    def _at_commune(self) -> tuple[str, tuple[Any, ...]]:
        """Give the structures drawn at their commune: those without an address, and those that are withheld."""
        limits = self._limits
        masked = f"""SELECT pk, commune, longitude AS x, latitude AS y
            FROM {self._chart.units} WHERE NOT is_located AND {limits.where}"""
        if not limits.hidden:
            return masked, limits.values
        withheld, values = self._withheld()
        return f"{masked} UNION ALL {withheld}", (*limits.values, *values)

    def _withheld(self) -> tuple[str, tuple[Any, ...]]:
        """Give those that have an address which may not be told."""
        limits = self._limits
        drawn = f"""SELECT pk, commune, commune_longitude AS x, commune_latitude AS y
            FROM {self._chart.units}
            WHERE is_located AND pk IN (SELECT unnest(?::BIGINT[])) AND {limits.where}"""
        return drawn, (limits.hidden, *limits.values)


def _sides(bounds: Bounds) -> tuple[float, float, float, float]:
    return bounds.west, bounds.east, bounds.south, bounds.north


def _limits_of(found: Found) -> _Limits:
    """Put what a search asks into conditions on the columns."""
    hidden = withheld(LegalUnit.objects.all(), found.vintage)
    where, values = ["TRUE"], []

    def among(column: str, kind: str, held: Any) -> None:
        where.append(f"{column} IN (SELECT unnest(?::{kind}[]))")
        values.append(list(held))

    if found.keys is not None:
        among("siren", "INTEGER", map(int, found.keys))
    if found.sirens:
        among("siren", "INTEGER", map(int, found.sirens))
    if found.asked.text:  # its limits were asked of the index with it
        return _Limits(" AND ".join(where), tuple(values), hidden)
    if found.asked.is_near:
        where.append("NOT is_partial AND pk NOT IN (SELECT unnest(?::BIGINT[]))")
        values.append(hidden)
    for facet, chosen in found.asked.chosen.items():
        if facet in IN_CHART:
            among(facet, "VARCHAR", chosen)
        else:
            here = limited(LegalUnit.objects.filter(vintage=found.vintage), facet, chosen)
            among("pk", "BIGINT", here.order_by().values_list("pk", flat=True))
    return _Limits(" AND ".join(where), tuple(values), hidden)
