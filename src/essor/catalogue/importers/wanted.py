"""A list of records that somebody wants: control numbers or ISBNs, one a line, as a spreadsheet saves it."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass

from essor.catalogue.importers import gettext_noop as _
from essor.problems import Problem

LARGEST_LIST = 1024 * 1024
LONGEST_NUMBER = 100
HEADINGS = frozenset(
    {
        "001",
        "isbn",
        "ean",
        "id",
        "number",
        "control_number",
        "control number",
        "numero",
        "numéro",
        "notice",
    }
)

NO_NUMBER = (
    _("The first column of this line is no number."),
    _("Put a control number or an ISBN there."),
)


class UnreadableList(Exception):
    """This file is no list; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A number, as written, and its line in the file."""

    line: int
    number: str


def wanted_records(content: bytes) -> Iterator[Wanted | Problem]:
    """Give the first column of each line that has one, without its heading; a text that is no number is a problem.

    Raises UnreadableList when the content is too large, is no text in UTF-8, or is empty.
    """
    for line, number in _first_column(_text(content)):
        if not number or (line == 1 and number.lower() in HEADINGS):
            continue
        if len(number) > LONGEST_NUMBER or not number.isprintable():
            yield Problem(str(line), *NO_NUMBER)
        else:
            yield Wanted(line, number)


def _first_column(text: str) -> Iterator[tuple[int, str]]:
    start = text.split("\n", 1)[0]
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=max(";\t,", key=start.count))
    try:
        for row in rows:
            yield rows.line_num, row[0].strip() if row else ""
    except csv.Error as error:
        raise UnreadableList(_("This list is no table: save it again as “CSV UTF-8”.")) from error


def _text(content: bytes) -> str:
    if len(content) > LARGEST_LIST:
        raise UnreadableList(_("This list is larger than one megabyte."))
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UnreadableList(
            _("This list is not in UTF-8: save it again as “CSV UTF-8”.")
        ) from error
    if "\x00" in text:
        raise UnreadableList(_("This list is no text: save it as “CSV UTF-8”."))
    if not text.strip():
        raise UnreadableList(_("This list is empty."))
    return text
