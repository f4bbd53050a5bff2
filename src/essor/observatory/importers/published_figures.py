"""Read a table of published figures, as a spreadsheet saves it, into rows and problems.

Columns, in any order: territoire, date, mesure, famille, valeur, precision, source, adresse; and, when
there is more to say, perimetre and provenance. The separator may be a comma, a semicolon or a tab.
"""

import csv
import io
import re
from collections.abc import Iterator
from pathlib import Path

from essor.observatory.importers import gettext_noop as _
from essor.observatory.rules import (
    is_rounded,
    stated_value,
    unit_of,
    web_address,
    year_of,
)
from essor.observatory.types import (
    FigureFileError,
    FigureRow,
    FormerName,
    Measure,
    PlacedRow,
    Qualifier,
    StatedValue,
)
from essor.problems import Problem
from essor.register.types import Family
from essor.territory.rules import fold

REFERENCE = Path(__file__).resolve().parent.parent / "reference"
PACKAGED = (REFERENCE / "chiffres-publies.csv", REFERENCE / "chiffres-page-fondatrice.csv")
"""The figures that the package carries: those found in publications, those of the founding page."""

LARGEST_FILE = 5 * 1024 * 1024
COLUMNS = ("territoire", "date", "mesure", "famille", "valeur", "precision", "source", "adresse")
MORE_COLUMNS = ("perimetre", "provenance")
LONGEST = {"territoire": 120, "date": 60, "adresse": 500}
LONGEST_TEXT = 250
_ONE_BLANK = re.compile(r"[ \t\r\n\v\f]+")

MEASURES = {
    "etablissements": Measure.ESTABLISHMENTS,
    "salaries": Measure.EMPLOYEES,
    "entreprises": Measure.ENTERPRISES,
    "unites legales marquees o": Measure.LEGAL_UNITS_FLAGGED,
    "unites legales liste ess france": Measure.LEGAL_UNITS_LISTED,
    "part pct": Measure.SHARE_OF_EMPLOYMENT,
    "part emploi pct": Measure.SHARE_OF_EMPLOYMENT,
    "part salaries pct": Measure.SHARE_OF_SALARIED_EMPLOYMENT,
}
FAMILIES = {
    "association": Family.ASSOCIATION,
    "cooperative": Family.COOPERATIVE,
    "mutuelle": Family.MUTUAL,
    "fondation": Family.FOUNDATION,
    "entreprise commerciale": Family.COMMERCIAL,
}

_NOT_A_TABLE = (
    _("The file is not a table of figures in text form."),
    _("Save it as CSV (UTF-8) from the spreadsheet and start over: nothing has been changed."),
)
_BAD_QUOTES = (
    _("A quotation mark is not closed, or stands in the middle of a cell."),
    _("Correct the file and start over: nothing has been changed."),
)
_COLUMNS_MISSING = (
    _(
        "Columns are missing: territoire, date, mesure, famille, valeur, precision, source, adresse."
    ),
    _("Name them on the first line and start over: nothing has been changed."),
)
_OTHER_ENCODING = (
    _("The file is not in UTF-8; it has been read as Windows-1252."),
    _("Check the accents, and save it as CSV UTF-8 next time."),
)
_WRONG_CELLS = (
    _("The line has not as many cells as there are columns."),
    _("It is left out. Put texts that hold a separator between quotation marks."),
)
_NOT_STATED = (
    _("The territory, the date or the source is missing."),
    _("The line is left out: a figure is not shown without them."),
)
_TOO_LONG = (
    _("A text is too long."),
    _("The line is left out. Keep to 250 characters, 120 for a territory and 60 for a date."),
)
_UNKNOWN_MEASURE = (
    _("This measure is not known."),
    _(
        "The line is left out. Use etablissements, salaries, entreprises, part_emploi_pct or"
        " part_salaries_pct."
    ),
)
_UNKNOWN_FAMILY = (
    _("This family is not known."),
    _(
        "The line is left out. Use association, cooperative, mutuelle or fondation, or leave it empty."
    ),
)
_NO_YEAR = (
    _("The date holds no year."),
    _("The line is left out. Write the year in four digits, as “fin 2021”."),
)
NO_VALUE = _(
    "This is no value of that measure: a count is a whole number, a share is 100 at most. Write “15 827”,"
    " “9,6 %”, “près de 4 000” or “entre 3 800 et 4 200”."
)


def read_figures(content: bytes, name: str) -> Iterator[PlacedRow | Problem]:
    """Give the figure of each line, or its problem, in order; `name` is that of the file.

    Raises FigureFileError on a file that is too large, is no table, or lacks columns.
    """
    text, problem = _text(content, name)
    if problem:
        yield problem
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    try:
        columns = [fold(cell) for cell in next(lines, [])]
        if set(COLUMNS) - set(columns):
            raise FigureFileError(Problem(f"{name}:1", *_COLUMNS_MISSING))
        for cells in lines:
            if any(cell.strip() for cell in cells):
                yield _placed(columns, cells, where=f"{name}:{lines.line_num}")
    except csv.Error as error:
        raise FigureFileError(Problem(f"{name}:{lines.line_num}", *_BAD_QUOTES)) from error


def read_former_names(path: Path = REFERENCE / "noms-de-territoires.csv") -> list[FormerName]:
    """Give the names that sources use for territories."""
    with path.open(encoding="utf-8", newline="") as file:
        return [FormerName(row["nom"], row["type"], row["code"]) for row in csv.DictReader(file)]


def _text(content: bytes, name: str) -> tuple[str, Problem | None]:
    if len(content) > LARGEST_FILE or b"\x00" in content:
        raise FigureFileError(Problem(name, *_NOT_A_TABLE))
    try:
        return content.decode("utf-8-sig"), None
    except UnicodeDecodeError:
        pass
    try:
        return content.decode("cp1252"), Problem(name, *_OTHER_ENCODING)
    except UnicodeDecodeError as error:
        raise FigureFileError(Problem(name, *_NOT_A_TABLE)) from error


def _delimiter(text: str) -> str:
    """Give the separator that the first line has most of."""
    heading = text.partition("\n")[0]
    return max(",;\t", key=heading.count)


def _placed(columns: list[str], cells: list[str], *, where: str) -> PlacedRow | Problem:
    if len(cells) != len(columns):
        return Problem(where, *_WRONG_CELLS)
    entry = {
        column: _ONE_BLANK.sub(" ", cell).strip()
        for column, cell in zip(columns, cells, strict=True)
        if column in COLUMNS + MORE_COLUMNS
    }
    if any(len(text) > LONGEST.get(column, LONGEST_TEXT) for column, text in entry.items()):
        return Problem(where, *_TOO_LONG)
    row = _row(entry)
    return PlacedRow(where, row) if isinstance(row, FigureRow) else Problem(where, *row)


def _row(entry: dict[str, str]) -> FigureRow | tuple[str, str]:
    """Give the row, or what is wrong with it and what to do."""
    if not (entry["territoire"] and entry["date"] and entry["source"]):
        return _NOT_STATED
    measure = MEASURES.get(fold(entry["mesure"]))
    if measure is None:
        return _UNKNOWN_MEASURE
    if entry["famille"] and fold(entry["famille"]) not in FAMILIES:
        return _UNKNOWN_FAMILY
    year = year_of(entry["date"])
    if year is None:
        return _NO_YEAR
    try:
        stated = _stated(entry, measure)
    except ValueError:
        return NO_VALUE, _("It is left out. Correct the line.")
    address = web_address(entry["adresse"])
    return FigureRow(
        territory=entry["territoire"],
        vintage=entry["date"],
        year=year,
        measure=measure,
        family=FAMILIES.get(fold(entry["famille"])),
        unit=unit_of(measure, entry["precision"]),
        stated=stated,
        note=entry["precision"],
        source=_source(entry, address),
        address=address,
        perimeter=entry.get("perimetre", ""),
        provenance=entry.get("provenance", ""),
    )


def _stated(entry: dict[str, str], measure: Measure) -> StatedValue:
    stated = stated_value(entry["valeur"], measure)
    is_plain = stated.qualifier is Qualifier.EXACT and stated.value is not None
    if is_plain and is_rounded(entry["precision"]):
        return StatedValue(stated.value, Qualifier.ROUNDED)
    return stated


def _source(entry: dict[str, str], address: str) -> str:
    """Give the source, with where it was found when that is no address of the web."""
    found_at = "" if address else entry["adresse"]
    return f"{entry['source']} ({found_at})"[:LONGEST_TEXT] if found_at else entry["source"]
