"""The perimeter: two tables that a person can read and correct, one line for each decision.

A perimeter is named after its file: `perimeter-2026-11.csv` is the perimeter 2026-11. Own files may be
given in place of those of the package; a line that cannot be understood refuses the whole file, since
it would change who belongs to the ESS without a word.
"""

import csv
import hashlib
import io
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from essor.problems import Problem
from essor.register.build import gettext_noop as _
from essor.register.types import (
    CategoryLine,
    ExcludedActivity,
    Family,
    Perimeter,
    PerimeterOrigin,
    RegisterError,
)

Entry = dict[str, str]
Located = tuple[str, Entry]
"""A line of a table, and where it stands."""

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
    is_own = (categories, exclusions) != (CURRENT, EXCLUSIONS)
    return perimeter_of(
        version_of(categories),
        _entries(categories, CATEGORY_COLUMNS),
        _entries(exclusions, EXCLUSION_COLUMNS),
        origin=PerimeterOrigin.FILE if is_own else PerimeterOrigin.PACKAGE,
    )


def perimeter_of(
    version: str,
    categories: Iterable[Located],
    exclusions: Iterable[Located],
    *,
    origin: PerimeterOrigin,
) -> Perimeter:
    """Give the perimeter of two tables, each line with where it stands. Raises RegisterError as `read_perimeter`."""
    lines: dict[str, CategoryLine] = {}
    for where, entry in categories:
        line = _category(entry, where)
        if line.code in lines:
            raise RegisterError(Problem(where, _("This legal category has two lines."), _CORRECT))
        lines[line.code] = line
    if not any(line.family for line in lines.values()):
        raise RegisterError(
            Problem(version, _("No legal category is retained."), _("Check the file."))
        )
    excluded = tuple(_exclusion(entry, where) for where, entry in exclusions)
    return Perimeter(version, lines, excluded, origin)


def category_entries(perimeter: Perimeter) -> list[Entry]:
    """Give the lines of the legal categories, as their table writes them."""
    return [
        {
            "code": line.code,
            "label": line.label,
            "family": str(line.family or ""),
            "status": "retained" if line.family else "out",
            "proof": line.proof,
            "observed": line.observed,
            "source": line.source,
        }
        for line in perimeter.categories.values()
    ]


def exclusion_entries(perimeter: Perimeter) -> list[Entry]:
    """Give the lines of the excluded activities, as their table writes them."""
    return [
        {
            "code": one.code,
            "nomenclature": one.nomenclature,
            "label": one.label,
            "from": one.starts_on.isoformat() if one.starts_on else "",
            "until": one.ends_on.isoformat() if one.ends_on else "",
            "source": one.source,
            "proof": one.proof,
        }
        for one in perimeter.exclusions
    ]


def written(perimeter: Perimeter) -> dict[str, Any]:
    """Give a perimeter as a manifest keeps it: its tables, where they come from, their fingerprint."""
    return {
        "origin": str(perimeter.origin),
        "fingerprint": fingerprint_of(perimeter),
        "categories": category_entries(perimeter),
        "exclusions": exclusion_entries(perimeter),
    }


def read_written(version: str, kept: Mapping[str, Any]) -> Perimeter:
    """Give the perimeter that `written` has kept. Raises RegisterError when it cannot be understood."""
    return perimeter_of(
        version,
        numbered(kept["categories"]),
        numbered(kept["exclusions"]),
        origin=PerimeterOrigin(kept["origin"]),
    )


def numbered(entries: Iterable[Entry]) -> Iterator[Located]:
    """Give each line with its code and number, which is where it stands in a table without a file."""
    for number, entry in enumerate(entries, start=1):
        yield f"{entry.get('code', '')} ({number})", entry


def fingerprint_of(perimeter: Perimeter) -> str:
    """Give the SHA-256 of the two tables: the same for the same lines in the same order, whatever their name."""
    tables = [category_entries(perimeter), exclusion_entries(perimeter)]
    text = json.dumps(tables, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def version_of(categories: Path) -> str:
    """Give the version that a file of legal categories is, after its name."""
    return _VERSION.sub("-", categories.stem.removeprefix("perimeter-")).strip("-") or "own"


def known_categories() -> frozenset[str]:
    """Give the legal categories of the official nomenclature."""
    text = (REFERENCE / "legal-categories.csv").read_text(encoding="utf-8")
    return frozenset(entry["code"] for entry in csv.DictReader(io.StringIO(text)))


def _entries(path: Path, columns: tuple[str, ...]) -> Iterator[Located]:
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


def _category(entry: Entry, where: str) -> CategoryLine:
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


def _exclusion(entry: Entry, where: str) -> ExcludedActivity:
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
    begins, ends = _day(entry["from"], where), _day(entry["until"], where)
    if begins and ends and ends < begins:
        raise RegisterError(Problem(where, _("This exclusion ends before it begins."), _CORRECT))
    return ExcludedActivity(
        entry["code"],
        entry["nomenclature"],
        entry["label"],
        begins,
        ends,
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
