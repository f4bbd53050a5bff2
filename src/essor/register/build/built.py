"""A finished build, as its readers see it: rows in constant memory, and look-ups of what is outside.

`read_build` checks every file against the manifest, once, before rows are taken from it.
`open_build` only checks that the files are there and of the right size: for look-ups from a page.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

import duckdb

from essor.problems import Problem
from essor.register.build import gettext_noop as _
from essor.register.build.folding import folded
from essor.register.build.manifest import described, read_manifest
from essor.register.types import (
    ApprovalKind,
    ApprovalRow,
    CountRow,
    EstablishmentRow,
    Family,
    Manifest,
    OutsideRow,
    PointSource,
    RegisterError,
    Sector,
    Status,
    UnitRow,
)

UNITS, ESTABLISHMENTS, OUTSIDE, COUNTS, APPROVALS = (
    "units.parquet",
    "establishments.parquet",
    "outside.parquet",
    "counts.parquet",
    "approvals.parquet",
)
_BATCH = 10_000
_READING_MEMORY = "512MB"
_SHORTEST_NAME = 2
_BUILD_AGAIN = _("Build the register again.")

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Build:
    """A folder that `essor build_register` has made, with its manifest."""

    folder: Path
    manifest: Manifest

    def units(self) -> Iterator[UnitRow]:
        """Give the units of the register, by SIREN."""
        return self._rows(UNITS, _unit)

    def establishments(self) -> Iterator[EstablishmentRow]:
        """Give their active establishments in the area, by SIRET."""
        return self._rows(ESTABLISHMENTS, _establishment)

    def counts(self) -> Iterator[CountRow]:
        """Give the raw counts, by commune, family, status and sector."""
        return self._rows(COUNTS, _count)

    def approvals(self) -> Iterator[ApprovalRow]:
        """Give the approvals of the list that the build was given, in its order; none without a list."""
        if not (self.folder / APPROVALS).exists():
            return iter(())
        return self._rows(APPROVALS, _approval)

    def outside(self, siren: str) -> OutsideRow | None:
        """Give the active legal person that has this SIREN and is not among `units`, if there is one."""
        sql = f"SELECT {_OUTSIDE_COLUMNS} FROM read_parquet(?) WHERE siren = ? LIMIT 1"  # noqa: S608
        with reading() as connection:
            found = connection.execute(sql, [self._path(OUTSIDE), siren]).fetchall()
        return _outside(found[0]) if found else None

    def outside_named(self, text: str, limit: int = 20) -> list[OutsideRow]:
        """Give those whose name or acronym holds all the words of a text, the closest names first.

        Neither case nor accents count. A text of less than two letters finds nothing.
        """
        words = folded(text).split()
        if len("".join(words)) < _SHORTEST_NAME:
            return []
        conditions = " AND ".join("contains(folded_name, ?)" for _word in words)
        sql = (
            f"SELECT {_OUTSIDE_COLUMNS} FROM read_parquet(?) WHERE {conditions}"  # noqa: S608
            " ORDER BY folded_name <> ?, NOT starts_with(folded_name, ?), length(folded_name), siren"
            " LIMIT ?"
        )
        whole = " ".join(words)
        with reading() as connection:
            values = [self._path(OUTSIDE), *words, whole, whole, limit]
            return [_outside(row) for row in connection.execute(sql, values).fetchall()]

    def _rows(self, name: str, made: Callable[[Any], Row]) -> Iterator[Row]:
        """Read in the order of the file, which is sorted: sorting again would take memory."""
        sql = f"SELECT {_COLUMNS[name]} FROM read_parquet(?)"  # noqa: S608
        with reading() as connection:
            result = connection.execute(sql, [self._path(name)])
            while batch := result.fetchmany(_BATCH):
                for row in batch:
                    yield made(row)

    def _path(self, name: str) -> str:
        return str(self.folder / name)


def read_build(folder: Path) -> Build:
    """Give a build after a check of the size and checksum of each of its files.

    Raises RegisterError when the folder is no build, or when a file is missing or damaged.
    """
    build = open_build(folder)
    for file in build.manifest.files:
        if described(folder / file.name, file.rows).sha256 != file.sha256:
            raise _damaged(folder / file.name)
    return build


def open_build(folder: Path) -> Build:
    """Give a build after a quick check: files are there, of the size stated. Raises RegisterError."""
    build = Build(folder, read_manifest(folder))
    for file in build.manifest.files:
        path = folder / file.name
        if not path.is_file() or path.stat().st_size != file.size:
            raise _damaged(path)
    return build


def _damaged(path: Path) -> RegisterError:
    return RegisterError(
        Problem(
            str(path), _("The file is missing, or is not the one that was built."), _BUILD_AGAIN
        )
    )


def reading() -> duckdb.DuckDBPyConnection:
    """Open DuckDB to read a build, with little memory and one thread: it may stand in a web process."""
    return duckdb.connect(
        config={
            "memory_limit": _READING_MEMORY,
            "threads": 1,
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
        }
    )


_COLUMNS = {
    UNITS: (
        "siren, name, acronym, usual_name, rna, category, activity, nomenclature, activity25, created_on,"
        " headcount_band, headcount_year, is_partial, flag, is_listed, family, status, reasons,"
        " head_office, updated_on"
    ),
    ESTABLISHMENTS: (
        "siret, siren, is_head_office, name, complement, street, postcode, commune,"
        " commune_as_published, headcount_band, headcount_year, is_employer, activity, nomenclature,"
        " activity25, created_on, is_partial, longitude, latitude, point_source"
    ),
    COUNTS: (
        "commune, family, status, sector, units, unit_creations, establishments, employers,"
        " establishment_creations, headcount_low, headcount_high, headcount_unbounded,"
        " headcount_unknown"
    ),
    APPROVALS: "kind, detail, siren, siret, starts_on, ends_on, source, source_date",
}
_OUTSIDE_COLUMNS = (
    "siren, name, acronym, category, activity, nomenclature, is_partial, flag, is_listed, family,"
    " status, reasons"
)


def _unit(row: Any) -> UnitRow:
    *first, family, status, reasons, head_office, updated_on = row
    last = (Family(family), Status(status), tuple(reasons.split()), head_office, updated_on)
    return UnitRow(*[*first, *last])


def _establishment(row: Any) -> EstablishmentRow:
    *first, point_source = row
    return EstablishmentRow(*[*first, PointSource(point_source)])


def _outside(row: Any) -> OutsideRow:
    *first, family, status, reasons = row
    last = (Family(family) if family else None, Status(status), tuple(reasons.split()))
    return OutsideRow(*[*first, *last])


def _count(row: Any) -> CountRow:
    commune, family, status, sector, *numbers = row
    return CountRow(commune, Family(family), Status(status), Sector(sector), *numbers)


def _approval(row: Any) -> ApprovalRow:
    kind, detail, siren, siret, starts_on, ends_on, source, source_date = row
    return ApprovalRow(
        ApprovalKind(kind),
        detail,
        siren,
        siret,
        _day(starts_on),
        _day(ends_on),
        source,
        _day(source_date),
    )


def _day(value: date | str | None) -> date | None:
    return date.fromisoformat(value) if isinstance(value, str) else value
