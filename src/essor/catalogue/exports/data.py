"""Records as data: JSON with all that is published, CSV with what a spreadsheet can hold.

The shape of both is a promise, described in docs/formats.md; tests hold the two together.
"""

import csv
import datetime
import io
import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from typing import Any

from essor.catalogue.exports.csl import csl_of
from essor.catalogue.exports.types import Published
from essor.catalogue.exports.words import cell
from essor.catalogue.types import IdentifierKind

BYTE_ORDER_MARK = "\ufeff"
"""Without it a spreadsheet reads accents wrong."""

COLUMNS = (
    "number",
    "source",
    "document_type",
    "title",
    "subtitle",
    "creators",
    "edition",
    "place",
    "publisher",
    "year",
    "extent",
    "series",
    "languages",
    "classification",
    "subjects",
    "isbn",
    "issn",
    "ean",
    "branches",
    "call_numbers",
    "address",
)


def as_json(record: Published) -> dict[str, Any]:
    """Give all that is published of a record; unknown is null or empty."""
    told = asdict(record)
    del told["marc"]
    told["items"] = told.pop("holdings")
    return told


def written(record: Published) -> bytes:
    """Give a record as a JSON object."""
    return _dumped(as_json(record)) + b"\n"


def collection(records: Iterable[Published]) -> Iterator[bytes]:
    """Give the pieces of a JSON array of records."""
    return _array(as_json(record) for record in records)


def csl_collection(records: Iterable[Published]) -> Iterator[bytes]:
    """Give the pieces of a CSL-JSON file, which is always an array."""
    return _array(csl_of(record) for record in records)


def _array(objects: Iterable[dict[str, Any]]) -> Iterator[bytes]:
    mark = b"[\n"
    for one in objects:
        yield mark + _dumped(one)
        mark = b",\n"
    yield b"\n]\n" if mark == b",\n" else b"[]\n"


def _dumped(told: dict[str, Any]) -> bytes:
    return json.dumps(told, ensure_ascii=False, default=_moment).encode()


def _moment(value: datetime.date) -> str:
    return value.isoformat()


def table(records: Iterable[Published]) -> Iterator[bytes]:
    """Give the pieces of a CSV file in UTF-8, commas between the cells, its header first."""
    yield (BYTE_ORDER_MARK + _row(COLUMNS)).encode()
    for record in records:
        yield _row([cell(text) for text in _cells(record)]).encode()


def _row(cells: Iterable[str]) -> str:
    line = io.StringIO()
    csv.writer(line).writerow(cells)
    return line.getvalue()


def _cells(record: Published) -> Iterator[str]:
    yield str(record.number)
    yield record.source
    yield record.document_type.value
    yield record.title
    yield record.subtitle
    yield " ; ".join(hand.name for hand in record.creators)
    yield record.edition
    yield record.place
    yield record.publisher
    yield str(record.year or "")
    yield record.extent
    yield " ; ".join(series.title for series in record.series)
    yield " ".join(record.languages)
    yield record.classification
    yield " ; ".join(subject.label for subject in record.subjects)
    for kind in (IdentifierKind.ISBN, IdentifierKind.ISSN, IdentifierKind.EAN):
        yield " ".join(record.numbers(kind))
    yield " ; ".join(dict.fromkeys(held.branch for held in record.holdings if held.branch))
    yield " ; ".join(
        dict.fromkeys(held.call_number for held in record.holdings if held.call_number)
    )
    yield record.address
