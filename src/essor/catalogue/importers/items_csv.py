"""A table of items: barcodes, loans and dates, as a report of a library system gives them.

Columns are known by their headings, in French or in English, whatever their order; the separator and
the encoding are recognised. A line says which record its item belongs to by its control number, else
by the barcode of an item already known.

Each line travels with the heading of its file, so that it can be understood alone.
"""

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import BinaryIO

from essor.catalogue.importers import gettext_noop as _
from essor.catalogue.importers.encodings import decoded
from essor.catalogue.importers.iso2709 import bad_record
from essor.catalogue.importers.items import ItemReader
from essor.catalogue.importers.marc_fields import sound_number
from essor.catalogue.rules import folded, legible
from essor.catalogue.types import STATUS_OF, BadRecord, FileFormat, HeldItems, Received

CONTROL_NUMBER = "control_number"
STATUSES = {
    "notforloan": "o",
    "not for loan": "o",
    "statut": "o",
    "status": "o",
    "exclu du pret": "o",
    "withdrawn": "0",
    "elimine": "0",
    "itemlost": "2",
    "lost": "2",
    "perdu": "2",
    "restricted": "3",
    "damaged": "1",
    "abime": "1",
}
"""Headings of status codes, and the subfield of Koha that each one stands for in profiles."""
HEADINGS = {
    CONTROL_NUMBER: (
        "001",
        "biblionumber",
        "control number",
        "numero de notice",
        "no de notice",
        "n de notice",
        "id notice",
        "notice",
        "bib id",
        "record number",
        "record id",
    ),
    "barcode": (
        "barcode",
        "code barre",
        "code barres",
        "codebarre",
        "codebarres",
        "cb",
        "no exemplaire",
        "numero d exemplaire",
    ),
    "branch": (
        "holdingbranch",
        "homebranch",
        "branch",
        "library",
        "bibliotheque",
        "site",
        "annexe",
        "localisation",
        "structure",
    ),
    "section": ("location", "section", "emplacement", "ccode", "collection code"),
    "call_number": ("itemcallnumber", "call number", "callnumber", "cote", "shelfmark"),
    "document_type": (
        "itype",
        "item type",
        "type de document",
        "type document",
        "support",
        "type d exemplaire",
    ),
    "audience": ("audience", "public", "public vise"),
    "volume": ("enumchron", "volume", "tome", "numero de volume"),
    "note": ("itemnotes", "note", "notes", "remarque", "observation"),
    "acquired": (
        "dateaccessioned",
        "acquired",
        "acquisition date",
        "date d acquisition",
        "date acquisition",
        "date d entree",
        "date de creation",
    ),
    "last_loan": (
        "datelastborrowed",
        "last loan",
        "last borrowed",
        "last checkout",
        "date de dernier pret",
        "dernier pret",
        "date dernier pret",
    ),
    "due": (
        "onloan",
        "due",
        "due date",
        "date de retour",
        "date de retour prevue",
        "retour prevu",
        "a rendre le",
    ),
    "loans": (
        "issues",
        "loans",
        "checkouts",
        "total checkouts",
        "prets",
        "nombre de prets",
        "nb de prets",
        "nb prets",
        "total des prets",
    ),
    "price": ("price", "prix", "prix d achat", "replacement price"),
}
FEWEST_PARTS = 3

LONGEST_LINE = 64 * 1024
MOST_COLUMNS = 200
DELIMITERS = ";,\t|"

NO_BARCODE = (
    _("This line has neither barcode nor control number."),
    _("Complete it, or leave it out."),
)
ANOTHER_WIDTH = (
    _("This line has not as many columns as the heading."),
    _("A separator stands in a text without quotation marks: export the table again."),
)


@dataclass(frozen=True, slots=True)
class Columns:
    """Where the parts of an item are in a table: the place of each, and that of each status code."""

    delimiter: str
    width: int
    parts: Mapping[str, int]
    statuses: tuple[tuple[str, int], ...]


@lru_cache(maxsize=16)
def columns_of(heading: str) -> Columns | None:
    """Read the heading of a table; None when it is none of items."""
    delimiter = max(DELIMITERS, key=heading.count)
    names = [folded(cell.replace("_", " ")) for cell in _cells(heading, delimiter)]
    if not 2 <= len(names) <= MOST_COLUMNS:
        return None
    parts = {
        part: names.index(found)
        for part, headings in HEADINGS.items()
        if (found := next((known for known in headings if known in names), ""))
    }
    if "barcode" not in parts or len(parts) < FEWEST_PARTS:
        return None
    statuses = tuple((STATUSES[name], at) for at, name in enumerate(names) if name in STATUSES)
    return Columns(delimiter, len(names), parts, statuses)


def held_items(received: Received, reader: ItemReader) -> HeldItems | BadRecord:
    """Give the item of a line, and the record that it belongs to."""
    heading, _newline, line = decoded(received.content).text.partition("\n")
    columns = columns_of(heading.strip("\ufeff\r"))
    cells = [] if columns is None else _cells(line, columns.delimiter)
    if columns is None or len(cells) != columns.width:
        return bad_record(received.offset, received.control_number, ANOTHER_WIDTH)
    text = {part: legible(cells[at]) for part, at in columns.parts.items()}
    number = sound_number(text.pop(CONTROL_NUMBER, ""))
    statuses = [f"{code}:{said}" for code, at in columns.statuses if (said := cells[at].strip())]
    item = reader.item(text, statuses)
    if item is None or not (number or item.barcode):
        return bad_record(received.offset, number, NO_BARCODE)
    return HeldItems(number, (item,), received.offset, _parts_told(columns))


def _parts_told(columns: Columns) -> frozenset[str]:
    """Give the fields of an item that a table tells: a table of loans says nothing of the shelf."""
    parts = set(columns.parts)
    if columns.statuses:
        parts |= {"status", *(f"{STATUS_OF}{code}" for code, _at in columns.statuses)}
    if parts & {"status", "due"}:
        parts.add("availability")
    if "price" in parts:
        parts.add("price_cents")
    return frozenset(parts)


def _cells(line: str, delimiter: str) -> list[str]:
    rows = csv.reader(io.StringIO(line, newline=""), delimiter=delimiter)
    try:
        return next(rows, [])
    except csv.Error:
        return []


def received_lines(stream: BinaryIO, start: int = 0) -> Iterator[Received | BadRecord]:
    """Give each line that begins at or after this place, with the heading of the table."""
    stream.seek(0)
    heading = stream.readline(LONGEST_LINE)
    offset = len(heading)
    while line := _line(stream):
        at, offset = offset, offset + len(line)
        if at < start or not line.strip():
            continue
        if len(line) > LONGEST_LINE:
            yield bad_record(at, "", ANOTHER_WIDTH)
            continue
        content = heading.rstrip(b"\r\n") + b"\n" + line.rstrip(b"\r\n")
        yield Received(at, "", content, FileFormat.ITEMS_CSV)


def _line(stream: BinaryIO) -> bytes:
    """Read a line, and those that go on within its quotation marks."""
    line = stream.readline(LONGEST_LINE + 1)
    while line.count(b'"') % 2 and len(line) <= LONGEST_LINE:
        more = stream.readline(LONGEST_LINE + 1 - len(line))
        if not more:
            break
        line += more
    return line
