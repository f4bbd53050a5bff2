"""A table as anyone exports it: bytes in, rows out, whatever its encoding, its separator and its faults.

No row is dropped: one that is cut, too long or badly quoted comes out with what could be read of it,
and says so. Blank lines are no rows.
"""

import codecs
import csv
import io
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from essor.problems import Problem
from essor.register.importers import gettext_noop as _
from essor.register.types import RegisterError

LARGEST_TABLE = 64 * 1024**2
"""Bytes: the whole list of SIAE weighs 1, that of FINESS 30."""
MOST_ROWS = 300_000
MOST_COLUMNS = 200
LONGEST_VALUE = 2_000
LONGEST_LINE = 100_000
MOST_LINES_OF_A_ROW = 20
"""A quote that is still open so many lines later was never closed."""

DELIMITERS = (";", ",", "\t", "|")
ENCODINGS = ("utf-8", "cp1252", "utf-16", "mac-roman")
"""Those that one may impose; by default the encoding is recognised."""

_LIMITS = (
    _("This table is too large."),
    _("Keep the rows of your territory, or cut it into several files."),
)
_EMPTY = (
    _("This file is empty, or has no heading."),
    _("Give a table whose first line names its columns."),
)
_BINARY = (
    _("This file is no table of text."),
    _("Save the table as “CSV UTF-8” in your spreadsheet."),
)
_QUOTE = (_("A quote is opened and never closed."), _("The row was read as it stands: check it."))
_SHORT = (_("The row has fewer values than the heading."), _("The missing ones are unknown."))
_LONG = (_("The row has more values than the heading."), _("They are kept without a name."))
_CUT = (_("A value is too long."), _("Its beginning is kept."))
_LETTERS = (_("Letters could not be read."), _("Choose another encoding, or correct the file."))

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_BINARY_MARKS = (b"PK\x03\x04", b"%PDF", b"\xd0\xcf\x11\xe0", b"\x1f\x8b", b"\x89PNG")
REPLACED = "\ufffd"


@dataclass(frozen=True, slots=True)
class RawRow:
    """A row as received: its line in the file (from 1), its values by column, what is wrong with it."""

    line: int
    values: Mapping[str, str]
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """A table that was recognised: how it is written, its columns in order, all its rows."""

    encoding: str
    delimiter: str
    columns: tuple[str, ...]
    rows: tuple[RawRow, ...]


def table_of(content: bytes, *, encoding: str = "") -> Table:
    """Read a table. Raises RegisterError when there is none in these bytes, or too large a one."""
    if len(content) > LARGEST_TABLE:
        raise _refused(*_LIMITS)
    if content.startswith(_BINARY_MARKS):
        raise _refused(*_BINARY)
    encoding = encoding or encoding_of(content)
    lines = _lines(text_in(content, encoding))
    heading = next(((at, line) for at, line in enumerate(lines) if line.strip()), None)
    if heading is None:
        raise _refused(*_EMPTY)
    start, line = heading
    if len(line) > LONGEST_LINE:
        raise _refused(*_BINARY)
    delimiter = delimiter_of(line)
    names = next(csv.reader([line], delimiter=delimiter), [])
    if len(names) > MOST_COLUMNS:
        raise _refused(*_BINARY)
    columns = column_names(names)
    rows = tuple(_rows(lines, start + 1, columns, delimiter))
    return Table(encoding, delimiter, columns, rows)


def _refused(what: str, advice: str) -> RegisterError:
    return RegisterError(Problem("CSV", what, advice))


# Encoding and separator


def encoding_of(content: bytes) -> str:
    """Give the encoding of a text: that of its mark, else UTF-8 when most of it is, else that of Windows."""
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return encoding
    sample = content[:4_000]
    if sample.count(b"\x00") > len(sample) // 4:
        return "utf-16"
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return "cp1252" if _is_mostly_not_utf8(content) else "utf-8"
    return "utf-8"


def _is_mostly_not_utf8(content: bytes) -> bool:
    """Count the letters beyond ASCII that UTF-8 can read, and the bytes that it cannot."""
    text = content.decode("utf-8", "replace")
    read = sum(char > "\x7f" and char != REPLACED for char in text)
    return read <= text.count(REPLACED)


def text_in(content: bytes, encoding: str) -> str:
    """Give a text in this encoding; what it cannot read becomes U+FFFD."""
    if encoding == "utf-8":
        encoding = "utf-8-sig"
    return content.decode(encoding, "replace").lstrip("\ufeff")


def delimiter_of(heading: str) -> str:
    """Give the separator that the heading holds most of."""
    return max(DELIMITERS, key=heading.count)


def column_names(names: Sequence[str]) -> tuple[str, ...]:
    """Name each column once: an empty name gets its place, a second one of the same name its rank."""
    seen: Counter[str] = Counter()
    columns = []
    for place, given in enumerate(names, 1):
        name = " ".join(given.split())[:100] or f"#{place}"
        seen[name] += 1
        while name in columns:
            name = f"{name[:90]} ({seen[name] + 1})"
            seen[name] += 1
        columns.append(name)
    return tuple(columns)


# Rows


def _lines(text: str) -> list[str]:
    """Cut a text into lines at CR and LF only: other separators of Unicode stand within values."""
    return text.replace("\x00", "").replace("\r\n", "\n").replace("\r", "\n").split("\n")


def _rows(
    lines: Sequence[str], start: int, columns: tuple[str, ...], delimiter: str
) -> Iterator[RawRow]:
    at, count = start, 0
    while at < len(lines):
        if not lines[at].strip(f"{delimiter} \t"):
            at += 1
            continue
        size = _length_of_row(lines, at)
        whole = "\n".join(lines[at : at + size])
        is_closed = whole.count('"') % 2 == 0
        for values in _values(whole, delimiter, is_closed=is_closed):
            count += 1
            if count > MOST_ROWS:
                raise _refused(*_LIMITS)
            yield _row(at + 1, values, columns, () if is_closed else (_QUOTE,))
        at += size


def _length_of_row(lines: Sequence[str], at: int) -> int:
    """Say over how many lines a row goes: until its quotes are closed, one when they never are."""
    quotes = 0
    for size, line in enumerate(lines[at : at + MOST_LINES_OF_A_ROW], 1):
        quotes += line.count('"')
        if quotes % 2 == 0:
            return size
    return 1


def _values(text: str, delimiter: str, *, is_closed: bool) -> list[list[str]]:
    """Give the values of a row; of several when a quote within a value had joined them."""
    if len(text) > LONGEST_LINE:  # longer than the reader of CSV takes: cut where it can be
        text, is_closed = text[:LONGEST_LINE].replace("\n", " "), False
    if not is_closed:
        return [text.replace("\n", " ").split(delimiter)]
    lines = io.StringIO(text, newline="\n")
    return [row for row in csv.reader(lines, delimiter=delimiter) if row]


def _row(
    line: int, values: list[str], columns: tuple[str, ...], found: Sequence[tuple[str, str]]
) -> RawRow:
    faults = list(found)
    if len(values) < len(columns):
        faults.append(_SHORT)
    if len(values) > len(columns):
        faults.append(_LONG)
    if any(len(value) > LONGEST_VALUE for value in values):
        faults.append(_CUT)
    if any(REPLACED in value for value in values):
        faults.append(_LETTERS)
    extra = (f"+{rank}" for rank in range(1, len(values) - len(columns) + 1))
    named = zip((*columns, *extra), values, strict=False)
    kept = {name: value[:LONGEST_VALUE] for name, value in list(named)[:MOST_COLUMNS]}
    where = f"{line}"
    return RawRow(line, kept, tuple(Problem(where, *fault) for fault in faults))
