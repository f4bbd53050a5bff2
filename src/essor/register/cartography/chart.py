"""The structures of a large vintage in columns, beside the store, for the map to count them.

A store that keeps rows takes seconds to count a million of them by place; read by columns, it is a
twentieth of a second. What is in these files never changes, since the rows of a vintage do not: what
is said of structures since (approvals, tags, identities withheld) is asked of the store each time.
They may be lost: maps then count in the rows (`rows.py`) until they are there again.

    <home>/charts/<vintage>/units.parquet       a line for each structure: where the map draws it, its facets,
                                                and whether it has an establishment in its commune
    <home>/charts/<vintage>/elsewhere.parquet   the other communes where structures have establishments

A structure without an address of its own is drawn at its commune, whose place is what it was when the
files were made.
"""

import csv
import os
import shutil
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import duckdb
from django.conf import settings
from django.core.cache import cache

from essor.register.cartography.rows import places_of_communes
from essor.register.documents import SIZE_OF_BAND, UNKNOWN, created_in
from essor.register.models import Establishment, LegalUnit, Vintage
from essor.register.types import PointSource

LARGE = 50_000
"""Structures from which a vintage has a chart: fewer are counted as quickly in the rows."""
READING_MEMORY, WRITING_MEMORY = "256MB", "512MB"
GROUP = 8_192
"""Lines that the files keep together: those of a small part of the map are in few such groups."""
CHUNK = 10_000
ASKED_ONCE_IN_S = 600

_UNITS = {
    "pk": "BIGINT",
    "siren": "INTEGER",
    "is_located": "BOOLEAN",
    "longitude": "DOUBLE",
    "latitude": "DOUBLE",
    "commune": "BIGINT",
    "commune_longitude": "DOUBLE",
    "commune_latitude": "DOUBLE",
    "family": "VARCHAR",
    "status": "VARCHAR",
    "sector": "VARCHAR",
    "headcount": "VARCHAR",
    "created": "VARCHAR",
    "is_partial": "BOOLEAN",
}
_PLACES = {"pk": "BIGINT", "commune": "BIGINT"}
_WITH_PLACES = """
SELECT units.*, places.pk IS NOT NULL AS works_there
FROM {units} AS units LEFT JOIN (SELECT DISTINCT * FROM {places}) AS places
    ON places.pk = units.pk AND places.commune = units.commune"""
_ELSEWHERE = """
SELECT DISTINCT places.* FROM {places} AS places JOIN {units} AS units USING (pk)
WHERE places.commune IS DISTINCT FROM units.commune"""


@dataclass(frozen=True, slots=True)
class Chart:
    """The two files of a vintage."""

    folder: Path

    @property
    def units(self) -> str:
        """The structures, as a table that a statement reads from."""
        return f"read_parquet('{self.folder}/units.parquet')"

    @property
    def elsewhere(self) -> str:
        """The other communes where structures have establishments, as a table."""
        return f"read_parquet('{self.folder}/elsewhere.parquet')"

    def ask(self, statement: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """Give the rows that answer a statement."""
        return _reading(os.getpid()).cursor().execute(statement, values).fetchall()


def chart_of(vintage: Vintage) -> Chart | None:
    """Give the chart of a vintage; None when it needs none, or has none yet: it is then made in the background."""
    if vintage.units < LARGE:
        return None
    folder = _folder(vintage)
    if folder.exists():
        return Chart(folder)
    if cache.add("register-chart-asked", True, ASKED_ONCE_IN_S):
        from essor.register.tasks import draw_charts  # it draws through this module

        draw_charts.enqueue()
    return None


def draw_chart(vintage: Vintage) -> None:
    """Make the chart of a vintage that needs one and has none."""
    folder = _folder(vintage)
    if vintage.units < LARGE or folder.exists():
        return
    making = folder.with_name(f"{folder.name}.{os.getpid()}")
    shutil.rmtree(making, ignore_errors=True)
    making.mkdir(parents=True)
    try:
        units = _written(making / "units.csv", _UNITS, _unit_rows(vintage))
        places = _written(making / "places.csv", _PLACES, _place_rows(vintage))
        _convert(making, units, places)
        making.rename(folder)
    finally:
        shutil.rmtree(making, ignore_errors=True)


def remove_charts(*, but: Iterable[Vintage]) -> None:
    """Remove the charts of all vintages but these."""
    kept = {_folder(vintage).name for vintage in but}
    for folder in _root().glob("*"):
        if folder.name not in kept:
            shutil.rmtree(folder, ignore_errors=True)


def _root() -> Path:
    return Path(settings.HOME) / "charts"


def _folder(vintage: Vintage) -> Path:
    """Name the folder so that another vintage never has it, even of a store that was made anew."""
    return _root() / f"{vintage.pk}-{vintage.loaded_at.timestamp():.0f}"


def _unit_rows(vintage: Vintage) -> Iterator[tuple[Any, ...]]:
    communes = places_of_communes(vintage)
    rows = LegalUnit.objects.filter(vintage=vintage).order_by().values_list(
        "pk", "siren", "longitude", "latitude", "point_source", "commune", "family", "status",
        "sector", "headcount_band", "created_on", "is_partial",
    )  # fmt: skip
    for row in rows.iterator(CHUNK):
        (
            pk, siren, longitude, latitude, source, commune, family, status, sector, band, created_on,
            is_partial,
        ) = row  # fmt: skip
        at = communes.get(commune, (None, None)) if commune else (None, None)
        is_located = source == PointSource.ADDRESS
        drawn = (longitude, latitude) if is_located else at
        size, decade = SIZE_OF_BAND.get(band, UNKNOWN), created_in(created_on)
        yield (
            pk, int(siren), is_located, *drawn, commune, *at, family, status, sector, size, decade,
            is_partial,
        )  # fmt: skip


def _place_rows(vintage: Vintage) -> Iterator[tuple[Any, ...]]:
    places = Establishment.objects.filter(vintage=vintage, commune__isnull=False)
    yield from places.order_by().values_list("unit", "commune").iterator(CHUNK)


def _written(path: Path, columns: dict[str, str], rows: Iterable[tuple[Any, ...]]) -> str:
    """Write rows as text, and give the table that reads them."""
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows(rows)
    described = ", ".join(f"'{name}': '{kind}'" for name, kind in columns.items())
    return f"read_csv('{path}', auto_detect = false, header = false, columns = {{{described}}})"


def _convert(folder: Path, units: str, places: str) -> None:
    """Make the columns of these texts, which are removed. Structures that lie close are kept together."""
    with duckdb.connect(
        config={"memory_limit": WRITING_MEMORY, "threads": 1, "temp_directory": str(folder)}
    ) as connection:
        connection.execute("SET enable_progress_bar = false")
        for name, rows, order in (
            (
                "units",
                _WITH_PLACES.format(units=units, places=places),
                "floor(latitude * 2), longitude",
            ),
            ("elsewhere", _ELSEWHERE.format(units=units, places=places), "pk, commune"),
        ):
            connection.execute(
                f"COPY ({rows} ORDER BY {order})"
                f" TO '{folder}/{name}.parquet' (FORMAT parquet, ROW_GROUP_SIZE {GROUP})"
            )
    for text in folder.glob("*.csv"):
        text.unlink()


@lru_cache(maxsize=1)
def _reading(process: int) -> duckdb.DuckDBPyConnection:
    """Open DuckDB once in each process (a fork must not use that of its parent), for one thread at a time."""
    return duckdb.connect(
        config={
            "memory_limit": READING_MEMORY,
            "threads": 1,
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
        }
    )
