"""The set of territories that the package carries: compressed tables that a person can read.

`edition.json` says where it comes from, `territories.csv.xz` and `contours.jsonl.xz` hold the rows,
`aliases.csv` the names people type. Packed again from the same rows, the files are the same.
"""

import csv
import io
import json
import lzma
from collections.abc import Iterable, Iterator
from dataclasses import asdict, astuple, fields
from pathlib import Path
from typing import Any

from essor.problems import Problem
from essor.territory.importers import gettext_noop as _
from essor.territory.rules import decode_ring, fold
from essor.territory.types import (
    AliasRow,
    ContourRow,
    EditionRow,
    Kind,
    TerritoryFileError,
    TerritoryRow,
)

REFERENCE = Path(__file__).resolve().parent.parent / "reference"
"""The folder that the package carries."""

COLUMNS = tuple(field.name for field in fields(TerritoryRow))
_EDITION, _TERRITORIES, _ALIASES, _CONTOURS = (
    "edition.json",
    "territories.csv.xz",
    "aliases.csv",
    "contours.jsonl.xz",
)
_PACK_AGAIN = _("Make the folder with “essor pack_territories”: nothing has been changed.")
_UNREADABLE = (_("The file cannot be read."), _PACK_AGAIN)
_NOT_A_TERRITORY = (
    _("The line lacks a known kind, a code or a name, or its population is no number."),
    _("It is left out. Correct it."),
)
_TOO_LONG = (_("A value is too long."), _("The line is left out. Shorten it."))
_NO_ALIAS = (
    _("This is no name of a territory."),
    _("Give the kind, the code and the name."),
)
_NO_OUTLINE = (_("This is no outline of a territory."), _("It is left out. Make the file again."))
_LONGEST = {"code": 9, "name": 120, "nature": 24}


def write_territories(folder: Path, rows: Iterable[TerritoryRow]) -> None:
    """Pack the rows of territories."""
    table = io.StringIO()
    writer = csv.writer(table, lineterminator="\n")
    writer.writerow(COLUMNS)
    for row in rows:
        writer.writerow("" if value is None else value for value in astuple(row))
    _write_compressed(folder / _TERRITORIES, table.getvalue())


def write_contours(folder: Path, rows: Iterable[ContourRow]) -> None:
    """Pack the outlines, one JSON object a line."""
    lines = (json.dumps(asdict(row), ensure_ascii=False, separators=(",", ":")) for row in rows)
    _write_compressed(folder / _CONTOURS, "".join(f"{line}\n" for line in lines))


def write_edition(folder: Path, edition: EditionRow) -> None:
    """Say where the packed rows come from."""
    text = json.dumps(asdict(edition), ensure_ascii=False, indent=2)
    (folder / _EDITION).write_text(f"{text}\n", encoding="utf-8")


def read_edition(folder: Path = REFERENCE) -> EditionRow:
    """Give where a folder of packed rows comes from. Raises TerritoryFileError when it does not say."""
    path = folder / _EDITION
    try:
        return EditionRow(**json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError) as error:
        raise TerritoryFileError(Problem(f"{path} ({error})", *_UNREADABLE)) from error


def read_territories(folder: Path = REFERENCE) -> Iterator[TerritoryRow | Problem]:
    """Give every packed territory, and the problem of each line that is not one."""
    path = folder / _TERRITORIES
    reader = csv.DictReader(io.StringIO(_read_compressed(path)))
    _check_columns(path, reader.fieldnames, COLUMNS)
    for entry in reader:
        yield _territory(entry, where=f"{path.name}:{reader.line_num}")


def read_aliases(folder: Path = REFERENCE) -> Iterator[AliasRow | Problem]:
    """Give the names people type for territories; a folder without them has none."""
    path = folder / _ALIASES
    if not path.exists():
        return
    reader = csv.DictReader(io.StringIO(path.read_text(encoding="utf-8")))
    _check_columns(path, reader.fieldnames, ("kind", "code", "alias"))
    for entry in reader:
        try:
            row = AliasRow(Kind(entry["kind"]), entry["code"], entry["alias"])
        except ValueError:
            row = None
        if row and row.code and fold(row.alias or ""):
            yield row
        else:
            yield Problem(f"{path.name}:{reader.line_num}", *_NO_ALIAS)


def read_contours(folder: Path = REFERENCE) -> Iterator[ContourRow | Problem]:
    """Give every packed outline; a folder without them has none."""
    path = folder / _CONTOURS
    if not path.exists():
        return
    for rank, line in enumerate(_read_compressed(path).splitlines(), start=1):
        try:
            yield _contour(json.loads(line))
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            yield Problem(f"{path.name}:{rank}", *_NO_OUTLINE)


def _territory(entry: dict[str, Any], *, where: str) -> TerritoryRow | Problem:
    try:
        kind, population = Kind(entry["kind"]), entry["population"]
        values = {name: entry[name] for name in COLUMNS if name not in ("kind", "population")}
        row = TerritoryRow(kind, population=int(population) if population else None, **values)
    except (ValueError, TypeError):
        return Problem(where, *_NOT_A_TERRITORY)
    if None in values.values() or not row.code or not fold(row.name):
        return Problem(where, *_NOT_A_TERRITORY)
    if any(len(getattr(row, name)) > longest for name, longest in _LONGEST.items()):
        return Problem(where, *_TOO_LONG)
    if row.population is not None and not 0 <= row.population < 2**31:
        return Problem(where, *_NOT_A_TERRITORY)
    return row


def _contour(entry: dict[str, Any]) -> ContourRow:
    polygons = tuple(tuple(str(ring) for ring in polygon) for polygon in entry["polygons"])
    for polygon in polygons:
        for ring in polygon:
            decode_ring(ring)
    if not polygons:
        raise ValueError("no polygon")
    return ContourRow(
        Kind(entry["kind"]),
        str(entry["code"]),
        str(entry["source"])[:200],
        is_complete=bool(entry["is_complete"]),
        polygons=polygons,
    )


def _check_columns(path: Path, found: Iterable[str] | None, expected: Iterable[str]) -> None:
    missing = [name for name in expected if name not in (found or ())]
    if missing:
        raise TerritoryFileError(
            Problem(f"{path} ({', '.join(missing)})", _("Columns are missing."), _PACK_AGAIN)
        )


def _write_compressed(path: Path, text: str) -> None:
    path.write_bytes(lzma.compress(text.encode(), preset=9 | lzma.PRESET_EXTREME))


def _read_compressed(path: Path) -> str:
    try:
        return lzma.decompress(path.read_bytes()).decode()
    except (OSError, EOFError, ValueError, lzma.LZMAError) as error:
        raise TerritoryFileError(Problem(f"{path} ({error})", *_UNREADABLE)) from error
