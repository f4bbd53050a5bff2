"""The perimeter: two tables that a person can read and correct, one line for each decision.

A perimeter is named after its file: `perimeter-2026-11.csv` is the perimeter 2026-11. Own files may be
given in place of those of the package; a line that cannot be understood refuses the whole file, since
it would change who belongs to the ESS without a word.
"""

import csv
import io
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from essor.problems import Problem
from essor.register.build import gettext_noop as _
from essor.register.types import CategoryLine, ExcludedActivity, Family, Perimeter, RegisterError

REFERENCE = Path(__file__).resolve().parent.parent / "reference"
CURRENT = REFERENCE / "perimeter-2026-11.csv"
EXCLUSIONS = REFERENCE / "excluded-activities-2026-11.csv"

CATEGORY_COLUMNS = ("code", "label", "family", "status", "proof", "observed", "source")
EXCLUSION_COLUMNS = ("code", "nomenclature", "label", "from", "until", "source", "proof")

_CATEGORY = re.compile(r"[0-9]{4}")
_ACTIVITY = re.compile(r"[0-9]{2}\.[0-9]{2}[A-Z]")
_VERSION = re.compile(r"[^\w.-]+")
_FAMILIES = frozenset(Family) - {Family.COMMERCIAL}
_CORRECT = _("Correct this line: nothing has been changed.")


def read_perimeter(categories: Path = CURRENT, exclusions: Path = EXCLUSIONS) -> Perimeter:
    """Give the perimeter of two files. Raises RegisterError at the first line that cannot be understood."""
    lines = {}
    for where, entry in _entries(categories, CATEGORY_COLUMNS):
        line = _category(entry, where)
        if line.code in lines:
            raise RegisterError(Problem(where, _("This legal category has two lines."), _CORRECT))
        lines[line.code] = line
    if not any(line.family for line in lines.values()):
        raise RegisterError(
            Problem(str(categories), _("No legal category is retained."), _("Check the file."))
        )
    excluded = [
        _exclusion(entry, where) for where, entry in _entries(exclusions, EXCLUSION_COLUMNS)
    ]
    return Perimeter(version_of(categories), lines, tuple(excluded))


def version_of(categories: Path) -> str:
    """Give the version that a file of legal categories is, after its name."""
    return _VERSION.sub("-", categories.stem.removeprefix("perimeter-")).strip("-") or "own"


def known_categories() -> frozenset[str]:
    """Give the legal categories of the official nomenclature."""
    text = (REFERENCE / "legal-categories.csv").read_text(encoding="utf-8")
    return frozenset(entry["code"] for entry in csv.DictReader(io.StringIO(text)))


def _entries(path: Path, columns: tuple[str, ...]) -> Iterator[tuple[str, dict[str, str]]]:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise RegisterError(
            Problem(str(path), _("The file cannot be read."), _("Give a CSV file in UTF-8."))
        ) from error
    reader = csv.DictReader(io.StringIO(text))
    missing = [name for name in columns if name not in (reader.fieldnames or ())]
    if missing:
        raise RegisterError(
            Problem(
                f"{path} ({', '.join(missing)})",
                _("Columns are missing."),
                _("Start from the file of the package, in src/essor/register/reference."),
            )
        )
    for entry in reader:
        yield (
            f"{path.name}:{reader.line_num}",
            {name: (entry[name] or "").strip() for name in columns},
        )


def _category(entry: dict[str, str], where: str) -> CategoryLine:
    if not _CATEGORY.fullmatch(entry["code"]):
        raise RegisterError(
            Problem(where, _("A legal category is a code of four digits."), _CORRECT)
        )
    if entry["status"] not in ("retained", "out"):
        raise RegisterError(
            Problem(where, _("The status of a line is “retained” or “out”."), _CORRECT)
        )
    is_retained = entry["status"] == "retained"
    if is_retained != (entry["family"] in _FAMILIES):
        raise RegisterError(
            Problem(
                where,
                _("A retained category has a family of the ESS; one that is left out has none."),
                _CORRECT,
            )
        )
    return CategoryLine(
        entry["code"],
        entry["label"],
        Family(entry["family"]) if is_retained else None,
        entry["proof"],
        entry["observed"],
        entry["source"],
    )


def _exclusion(entry: dict[str, str], where: str) -> ExcludedActivity:
    if not _ACTIVITY.fullmatch(entry["code"]):
        raise RegisterError(Problem(where, _("An activity is a code such as 94.11Z."), _CORRECT))
    if entry["code"].startswith("85."):
        raise RegisterError(
            Problem(
                where,
                _("Education is a sector of the ESS: it cannot be excluded."),
                _CORRECT,
            )
        )
    return ExcludedActivity(
        entry["code"],
        entry["nomenclature"],
        entry["label"],
        _day(entry["from"], where),
        _day(entry["until"], where),
        entry["source"],
        entry["proof"],
    )


def _day(text: str, where: str) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise RegisterError(Problem(where, _("A date is written 2026-11-01."), _CORRECT)) from error
