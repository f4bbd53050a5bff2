"""A table of the baskets of the founding portal: their numbers, their titles, what they hold.

Either one line for each basket, its records in one cell, or one line for each record. Columns are known
by their headings, in French or in English, whatever their order; the separator and the encoding are
recognised. Lines of one number make one basket, in their order.
"""

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from essor.catalogue.importers.wanted import LONGEST_NUMBER, Wanted
from essor.catalogue.rules import folded, isbn_of, legible
from essor.kiosk.importers import gettext_noop as _
from essor.kiosk.importers.old_addresses import LARGEST_NUMBER
from essor.problems import Problem

LARGEST_FILE = 10 * 1024 * 1024
LONGEST_TITLE = 200
NUMBER_HEADINGS = frozenset(
    {
        "numero",
        "number",
        "no",
        "n",
        "id",
        "panier",
        "id panier",
        "numero de panier",
        "numero du panier",
        "ancien numero",
        "basket",
        "basket number",
        "old number",
    }
)
TITLE_HEADINGS = frozenset({"titre", "title", "libelle", "nom", "name", "intitule"})
RECORD_HEADINGS = frozenset(
    {
        "notices",
        "notice",
        "records",
        "record",
        "isbn",
        "isbns",
        "ean",
        "001",
        "identifiants",
        "numero de notice",
        "numeros de notice",
        "numeros de notices",
        "control number",
        "control numbers",
    }
)
BETWEEN_NUMBERS = re.compile(r"[\s;|,]+")
SPACED_ISBN = re.compile(r"97[89][\d\s-]+")

_NO_TABLE = _("The file is not a table of baskets in text form: save it as “CSV UTF-8”.")
_TOO_LARGE = _("The file is larger than ten megabytes: cut it in two.")
_NO_COLUMNS = _(
    "The first line must name three columns: number, title, records (or numero, titre, notices)."
)
_OTHER_ENCODING = (
    _("The file is not in UTF-8; it has been read as Windows-1252."),
    _("Check the accents of the titles, and save it as “CSV UTF-8” next time."),
)
_NO_NUMBER = (
    _("The number of the basket is missing, or is no number."),
    _("Put the number that id_panier has in the snippets."),
)
_OPEN_QUOTES = (
    _("A quotation mark is not closed: the lines that follow were taken for one cell."),
    _("Close it, and import the file again."),
)
_WRONG_CELLS = (
    _("This line has not as many columns as the heading."),
    _("Put the cells that hold a separator between quotation marks."),
)
_NO_RECORD = (
    _("This is no control number and no ISBN."),
    _("Correct it; the other records were taken."),
)
_OTHER_TITLE = (
    _("The title is not that of the lines above for this number."),
    _("The first title was kept; change the name of the basket in the staff screens if need be."),
)


class UnreadableTable(Exception):
    """This file is no table of baskets; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class OldBasket:
    """A basket of the founding portal: the line of the file that names it first, and what it holds in its order."""

    line: int
    number: int
    title: str
    wanted: tuple[Wanted, ...]


@dataclass(frozen=True, slots=True)
class _Columns:
    number: int
    title: int
    records: int
    width: int


@dataclass(slots=True)
class _Gathered:
    """A basket while its lines are read."""

    line: int
    title: str
    wanted: list[Wanted]


def old_baskets(content: bytes) -> Iterator[OldBasket | Problem]:
    """Give the baskets of a table, and what is wrong in it; a line that is wrong keeps no other out.

    The whole table is read before the first basket. Raises UnreadableTable when it is none.
    """
    text, is_utf8 = _text(content)
    if not is_utf8:
        yield Problem("1", *_OTHER_ENCODING)
    delimiter = max(";\t,", key=text.partition("\n")[0].count)
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    gathered: dict[int, _Gathered] = {}
    try:
        columns = _columns(next(rows, []))
        for cells in rows:
            if any(cell.strip() for cell in cells):
                line = rows.line_num
                yield from _gather(gathered, columns, cells, line=line, delimiter=delimiter)
    except csv.Error as error:
        raise UnreadableTable(_NO_TABLE) from error
    for number, one in gathered.items():
        yield OldBasket(one.line, number, one.title, tuple(one.wanted))


def _text(content: bytes) -> tuple[str, bool]:
    """Give the text, and whether it was in UTF-8."""
    if len(content) > LARGEST_FILE:
        raise UnreadableTable(_TOO_LARGE)
    if b"\x00" in content:
        raise UnreadableTable(_NO_TABLE)
    try:
        return content.decode("utf-8-sig"), True
    except UnicodeDecodeError:
        pass
    try:
        return content.decode("cp1252"), False
    except UnicodeDecodeError as error:
        raise UnreadableTable(_NO_TABLE) from error


def _columns(heading: Sequence[str]) -> _Columns:
    names = [folded(cell.replace("_", " ")) for cell in heading]
    places = [
        next((at for at, name in enumerate(names) if name in known), None)
        for known in (NUMBER_HEADINGS, TITLE_HEADINGS, RECORD_HEADINGS)
    ]
    number, title, records = places
    if number is None or title is None or records is None:
        raise UnreadableTable(_NO_COLUMNS)
    return _Columns(number, title, records, len(names))


def _gather(
    gathered: dict[int, _Gathered],
    columns: _Columns,
    cells: Sequence[str],
    *,
    line: int,
    delimiter: str,
) -> Iterator[Problem]:
    """Add a line to its basket; give what is wrong with it."""
    if any("\n" in cell and delimiter in cell for cell in cells):
        yield Problem(str(line), *_OPEN_QUOTES)
        return
    if len(cells) > columns.width and columns.records == columns.width - 1:
        # The numbers of the last column stand apart from one another as the columns do.
        cells = [*cells[: columns.records], " ".join(cells[columns.records :])]
    if len(cells) != columns.width:
        yield Problem(str(line), *_WRONG_CELLS)
        return
    number = _number(cells[columns.number])
    if number is None:
        yield Problem(str(line), *_NO_NUMBER)
        return
    title = legible(cells[columns.title])[:LONGEST_TITLE].strip()
    basket = gathered.setdefault(number, _Gathered(line, title, []))
    basket.title = basket.title or title
    if title not in ("", basket.title):
        yield Problem(str(line), *_OTHER_TITLE)
    for wanted in _wanted(cells[columns.records], line):
        if isinstance(wanted, Problem):
            yield wanted
        else:
            basket.wanted.append(wanted)


def _number(cell: str) -> int | None:
    text = cell.strip()
    if not (text.isascii() and text.isdecimal()) or len(text) > len(str(LARGEST_NUMBER)):
        return None
    return int(text) if 0 < int(text) <= LARGEST_NUMBER else None


def _wanted(cell: str, line: int) -> Iterator[Wanted | Problem]:
    for number in _numbers(cell.strip()):
        if len(number) > LONGEST_NUMBER or not number.isprintable():
            yield Problem(str(line), *_NO_RECORD)
        else:
            yield Wanted(line, number)


def _numbers(cell: str) -> list[str]:
    isbn = isbn_of(cell) if SPACED_ISBN.fullmatch(cell) else None
    if isbn and isbn.is_valid and len(re.sub(r"\D", "", cell)) == len(isbn.value):
        return [isbn.value]
    return [number for number in BETWEEN_NUMBERS.split(cell) if number]
