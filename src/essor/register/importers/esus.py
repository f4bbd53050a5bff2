"""The national list of solidarity enterprises of social utility (ESUS), as the Treasury publishes it.

A spreadsheet, or the same as CSV: one row for each approved structure, its SIREN and the dates of its
approval. The heading is found by its words, below titles or empty lines. Source: code du travail, article
L. 3332-17-1: an approval lasts five years, two for a young enterprise; no date is made up here.
"""

import io
import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from enum import StrEnum

import openpyxl
from openpyxl.utils.exceptions import InvalidFileException
from stdnum.fr import siren as siren_number
from stdnum.fr import siret as siret_number

from essor.problems import Problem
from essor.register.importers import gettext_noop as _
from essor.register.importers.tables import LARGEST_TABLE, MOST_COLUMNS, MOST_ROWS, table_of
from essor.register.types import ApprovalKind, ApprovalRow, RegisterError
from essor.search.words import clean, folded

LARGEST_UNPACKED = 64 * 1024**2
"""Bytes of the parts of a spreadsheet, unpacked: the list weighs 300 kB, and some 3 MB unpacked."""
MOST_PARTS = 200
HEADING_WITHIN = 30
"""Rows from the top in which the heading must stand."""
ZIP_MARK = b"PK\x03\x04"
FIRST_APPROVALS = date(1990, 1, 1)
LAST_APPROVALS = date(2100, 1, 1)


class _Meaning(StrEnum):
    SIREN = "siren"
    SIRET = "siret"
    START = "start"
    END = "end"


_HEADINGS: Mapping[_Meaning, re.Pattern[str]] = {
    _Meaning.SIREN: re.compile(r"(?:no|n|numero)? ?siren\b.*"),
    _Meaning.SIRET: re.compile(r"(?:no|n|numero)? ?siret\b.*"),
    _Meaning.END: re.compile(
        r"(?:date )?(?:de )?(?:fin|echeance|expiration|validite)\b.*|valable jusqu.*"
    ),
    _Meaning.START: re.compile(
        r"(?:date )?(?:de |d )?(?:debut|decision|agrement|effet|delivrance|obtention|signature)\b.*"
    ),
}

_BOMB = (
    _("This spreadsheet unfolds into far more than a list does: it is refused."),
    _("Save the list as CSV."),
)
_DAMAGED = (
    _("This spreadsheet cannot be read."),
    _("Open it and save it again, or save it as CSV."),
)
_NO_HEADING = (
    _("No column of this list is called SIREN or SIRET."),
    _("Take the national list of ESUS as the Treasury publishes it."),
)
_TOO_MANY = (
    _("This list has too many rows."),
    _("Take the national list of ESUS as the Treasury publishes it."),
)
_NO_NUMBER = (
    _("The row has no sound SIREN."),
    _("It gives no approval: check it with who publishes the list."),
)
_NO_DATE = (_("A date cannot be read."), _("It is unknown: the approval is kept without it."))
_ENDS_FIRST = (_("The approval ends before it begins."), _("Both dates are unknown."))

_DATES = ("%d/%m/%Y", "%Y-%m-%d", "%d-%m-%Y", "%d.%m.%Y", "%d/%m/%y")
_GAPS = re.compile(r"[\s\u00a0\u202f.-]+")


def read_esus(
    content: bytes, *, source: str, source_date: date | None
) -> Iterator[ApprovalRow | Problem]:
    """Give each approval of a list, and the problem of each row that states none. Raises RegisterError.

    A problem that begins with an approval's line does not keep it out, unless it says so.
    """
    rows = _sheet_rows(content) if content.startswith(ZIP_MARK) else _csv_rows(content)
    columns: dict[_Meaning, int] = {}
    for line, values in rows:
        if not columns:
            columns = _columns(values)
            if not columns and line >= HEADING_WITHIN:
                break
        elif any(str(value or "").strip() for value in values):
            yield from _approval(f"{line}", values, columns, source, source_date)
    if not columns:
        raise RegisterError(Problem("ESUS", *_NO_HEADING))


def _columns(values: Sequence[object]) -> dict[_Meaning, int]:
    """Give the place of each column, when this row is the heading; nothing otherwise."""
    found: dict[_Meaning, int] = {}
    for place, value in enumerate(values):
        heading = folded(clean(str(value or "").replace("_", " ").replace("°", "o ")))[:80]
        meaning = next((one for one, words in _HEADINGS.items() if words.fullmatch(heading)), None)
        if meaning and meaning not in found:
            found[meaning] = place
    return found if found.keys() & {_Meaning.SIREN, _Meaning.SIRET} else {}


def _approval(
    where: str,
    values: Sequence[object],
    columns: Mapping[_Meaning, int],
    source: str,
    source_date: date | None,
) -> Iterator[ApprovalRow | Problem]:
    def cell(meaning: _Meaning) -> object:
        place = columns.get(meaning, len(values))
        return values[place] if place < len(values) else None

    siret = _figures(cell(_Meaning.SIRET), 14)
    siret = siret if siret_number.is_valid(siret) else ""
    siren = siret[:9] or _figures(cell(_Meaning.SIREN), 9)[:9]
    if not siren_number.is_valid(siren):
        yield Problem(where, *_NO_NUMBER)
        return
    try:
        starts_on, ends_on = _day(cell(_Meaning.START)), _day(cell(_Meaning.END))
    except ValueError:
        yield Problem(where, *_NO_DATE)
        starts_on = ends_on = None
    if starts_on and ends_on and ends_on < starts_on:
        yield Problem(where, *_ENDS_FIRST)
        starts_on = ends_on = None
    yield ApprovalRow(ApprovalKind.ESUS, "", siren, siret, starts_on, ends_on, source, source_date)


def _figures(value: object, size: int) -> str:
    """Give a number as its figures: spreadsheets keep it as a number, and lose the zeros it begins with."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    figures = _GAPS.sub("", str(value or ""))
    return figures.zfill(size) if figures.isascii() and figures.isdigit() else ""


def _day(value: object) -> date | None:
    """Give a day, None where the cell is empty. Raises ValueError on what is none."""
    if isinstance(value, datetime):
        value = value.date()
    if isinstance(value, str):
        value = _written_day(value.strip()) if value.strip() else None
    if value is None or value == "":
        return None
    if not isinstance(value, date) or not FIRST_APPROVALS <= value < LAST_APPROVALS:
        raise ValueError(value)
    return value


def _written_day(text: str) -> date:
    for form in _DATES:
        try:
            return datetime.strptime(text[:10], form).date()  # noqa: DTZ007
        except ValueError:
            continue
    raise ValueError(text)


def _csv_rows(content: bytes) -> Iterator[tuple[int, Sequence[object]]]:
    table = table_of(content)
    yield 1, table.columns
    for row in table.rows:
        yield row.line, tuple(row.values.values())


def _sheet_rows(content: bytes) -> Iterator[tuple[int, Sequence[object]]]:
    """Give the rows of the first sheet that has any."""
    _check_archive(content)
    try:
        book = openpyxl.load_workbook(
            io.BytesIO(content), read_only=True, data_only=True, keep_links=False
        )
        for sheet in book.worksheets:
            # The size that a file states may be a lie, or a million empty columns.
            sheet.reset_dimensions()
            rows = sheet.iter_rows(max_col=MOST_COLUMNS, values_only=True)
            found = _bounded(rows)
            if found:
                yield from found
                return
    except RegisterError:
        raise
    except (
        InvalidFileException,
        zipfile.BadZipFile,
        zlib.error,
        RuntimeError,
        OSError,
        ValueError,
        KeyError,
        TypeError,
        SyntaxError,
    ) as error:
        raise RegisterError(Problem("XLSX", *_DAMAGED)) from error


def _bounded(rows: Iterable[Sequence[object]]) -> list[tuple[int, Sequence[object]]]:
    kept: list[tuple[int, Sequence[object]]] = []
    for line, values in enumerate(rows, 1):
        if line > MOST_ROWS:
            raise RegisterError(Problem("XLSX", *_TOO_MANY))
        if any(value is not None for value in values):
            kept.append((line, values))
    return kept


def _check_archive(content: bytes) -> None:
    """Refuse what would unfold without end, before anything is unfolded. Raises RegisterError.

    The sizes of an archive are those its directory states; reading stops there, whatever more follows.
    """
    if len(content) > LARGEST_TABLE:
        raise RegisterError(Problem("XLSX", *_BOMB))
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
        parts = archive.infolist()
        declares = any(_declares_entities(archive, part) for part in parts[:MOST_PARTS])
    except (zipfile.BadZipFile, zlib.error, OSError, ValueError, RuntimeError) as error:
        raise RegisterError(Problem("XLSX", *_DAMAGED)) from error
    if (
        declares
        or len(parts) > MOST_PARTS
        or sum(part.file_size for part in parts) > LARGEST_UNPACKED
    ):
        raise RegisterError(Problem("XLSX", *_BOMB))


def _declares_entities(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> bool:
    """Say whether a part begins by declaring what would grow when it is read: no spreadsheet does."""
    with archive.open(part) as stream:
        return b"<!DOCTYPE" in stream.read(4_000)
