"""The formats: rows written one after the other, so that a file is never whole in memory (but Parquet's, on disk)."""

import json
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import duckdb

from essor.presentation.spreadsheets import csv_lines
from essor.register.downloads.columns import NAMES
from essor.register.downloads.provenance import Provenance
from essor.register.downloads.rows import Row

HEADING = tuple(name for name, _meaning in NAMES.values())
_PARQUET_TYPES = {
    "headcount_year": "SMALLINT",
    "longitude": "DOUBLE",
    "latitude": "DOUBLE",
    "is_hidden": "BOOLEAN",
    "created_on": "DATE",
}
PARQUET_MEMORY = "256MB"

Rows = Iterable[Row]


@dataclass(frozen=True, slots=True)
class Format:
    """A format: the end of its files' names, its type, and what writes it line by line."""

    extension: str
    label: str
    content_type: str
    lines: Callable[[Rows, Provenance], Iterator[str]] | None


def csv_file(rows: Rows, provenance: Provenance) -> Iterator[str]:
    """Write a table for spreadsheets; where it comes from stands in its last column."""
    return csv_lines(HEADING, (_cells(row) for row in rows))


def json_file(rows: Rows, provenance: Provenance) -> Iterator[str]:
    """Write one JSON object: where it comes from, what columns mean, the structures."""
    told = {**_about(provenance), "colonnes": {n: str(meaning) for n, meaning in NAMES.values()}}
    yield json.dumps(told, ensure_ascii=False)[:-1] + ', "structures": ['
    yield from _parted(json.dumps(_record(row), ensure_ascii=False) for row in rows)
    yield "]}\n"


def geojson_file(rows: Rows, provenance: Provenance) -> Iterator[str]:
    """Write a GeoJSON collection (RFC 7946); a structure without a point has no geometry."""
    told = {"type": "FeatureCollection", **_about(provenance)}
    yield json.dumps(told, ensure_ascii=False)[:-1] + ', "features": ['
    yield from _parted(json.dumps(_feature(row), ensure_ascii=False) for row in rows)
    yield "]}\n"


FORMATS: Mapping[str, Format] = {
    one.extension: one
    for one in (
        Format("csv", "CSV", "text/csv; charset=utf-8", csv_file),
        Format("json", "JSON", "application/json", json_file),
        Format("geojson", "GeoJSON", "application/geo+json", geojson_file),
        Format("parquet", "Parquet", "application/vnd.apache.parquet", None),
    )
}


def parquet_file(rows: Rows, provenance: Provenance) -> IO[bytes]:
    """Write a Parquet file, where it comes from in its metadata; give it open, and gone once closed."""
    with tempfile.TemporaryDirectory() as folder:
        lines, file = Path(folder) / "rows.json", Path(folder) / "rows.parquet"
        with lines.open("w", encoding="utf-8") as written:
            for row in rows:
                written.write(json.dumps(_record(row), ensure_ascii=False) + "\n")
        _to_parquet(lines, file, provenance)
        return file.open("rb")


def _to_parquet(lines: Path, file: Path, provenance: Provenance) -> None:
    columns = ", ".join(
        f"{_quoted(name)}: '{_PARQUET_TYPES.get(column, 'VARCHAR')}'"
        for column, (name, _meaning) in NAMES.items()
    )
    metadata = ", ".join(
        f"{name}: {_quoted(str(value))}" for name, value in _about(provenance).items()
    )
    with duckdb.connect(config={"threads": 1, "memory_limit": PARQUET_MEMORY}) as connection:
        connection.execute("SET autoinstall_known_extensions = false")
        connection.execute(
            # Names are ours, paths are those of a temporary folder, values are quoted.
            f"COPY (SELECT * FROM read_json({_quoted(str(lines))}, format = 'newline_delimited', "  # noqa: S608
            f"columns = {{{columns}}})) TO {_quoted(str(file))} "
            f"(FORMAT parquet, COMPRESSION zstd, KV_METADATA {{{metadata}}})"
        )


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _about(provenance: Provenance) -> dict[str, Any]:
    return {
        "source": provenance.source,
        "licence": provenance.licence,
        "adresse_licence": provenance.licence_address,
        "millesime": provenance.vintage,
        "perimetre": provenance.perimeter,
        "territoire": provenance.area,
        "portail": provenance.portal,
        "donnees_synthetiques": provenance.is_synthetic,
    }


def _record(row: Row) -> dict[str, Any]:
    """Give a row under the names of its columns; unknown is null, never an empty text."""
    held = zip(HEADING, _values(row), strict=True)
    return {name: None if value == "" else value for name, value in held}


def _values(row: Row) -> Iterator[Any]:
    return (getattr(row, column) for column in NAMES)


def _feature(row: Row) -> dict[str, Any]:
    properties = _record(row)
    place = [properties.pop("longitude"), properties.pop("latitude")]
    geometry = {"type": "Point", "coordinates": place} if None not in place else None
    return {"type": "Feature", "geometry": geometry, "properties": properties}


def _cells(row: Row) -> tuple[object, ...]:
    """Give a row as spreadsheets of France read it: a comma in degrees, “oui” and “non”."""
    return tuple(_cell(value) for value in _values(row))


def _cell(value: object) -> object:
    if isinstance(value, bool):
        return "oui" if value else "non"
    return str(value).replace(".", ",") if isinstance(value, float) else value


def _parted(items: Iterable[str]) -> Iterator[str]:
    comma = ""
    for item in items:
        yield f"{comma}\n{item}"
        comma = ","
