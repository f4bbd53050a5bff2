"""The list of ESUS approvals, as a CSV with a column of SIREN numbers; dates are taken when they are given."""

import csv
import io
import re
from datetime import date, datetime
from pathlib import Path

from essor.problems import Problem
from essor.register.build import gettext_noop as _
from essor.register.build.folding import folded
from essor.register.types import ApprovalKind, ApprovalRow, RegisterError

COLUMNS = ("kind", "detail", "siren", "siret", "starts_on", "ends_on", "source", "source_date")
SOURCE = "Direction générale du Trésor, liste des agréments ESUS"

_SIREN = ("siren", "numero siren", "n siren", "n° siren")
_SIRET = ("siret", "numero siret", "n siret", "n° siret")
_STARTS = ("starts on", "date d agrement", "date agrement", "date de debut", "date debut", "debut")
_ENDS = ("ends on", "date de fin", "date fin", "fin", "date de fin d agrement", "date d echeance")
_DATES = ("%Y-%m-%d", "%d/%m/%Y", "%Y-%m-%d %H:%M:%S")
_NINE_DIGITS = re.compile(r"[0-9]{9}")
_FOURTEEN_DIGITS = re.compile(r"[0-9]{14}")


def read_approvals(path: Path) -> tuple[list[ApprovalRow], list[Problem]]:
    """Give the approvals of a list, each once, and the problem of each line without a SIREN or with a strange date.

    Raises RegisterError when the file cannot be read or has no column of SIREN numbers.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise RegisterError(
            Problem(
                str(path),
                _("The file cannot be read."),
                _("Give a CSV file in UTF-8: a spreadsheet is saved as one."),
            )
        ) from error
    header = text.split("\n", 1)[0]
    reader = csv.DictReader(io.StringIO(text), delimiter=max(",;\t", key=header.count))
    columns = {folded(name or ""): name for name in reader.fieldnames or ()}
    if not any(name in columns for name in (*_SIREN, *_SIRET)):
        raise RegisterError(
            Problem(f"{path} (siren)", _("Columns are missing."), _("Name the column “siren”."))
        )
    rows: dict[ApprovalRow, None] = {}
    problems = []
    for entry in reader:
        where = f"{path.name}:{reader.line_num}"
        one = _approval(
            where, *(_value(entry, columns, names) for names in (_SIREN, _SIRET, _STARTS, _ENDS))
        )
        if isinstance(one, Problem):
            problems.append(one)
        else:
            rows[one] = None
    return list(rows), problems


def approval_values(row: ApprovalRow) -> tuple[str, ...]:
    """Give an approval as the texts of a table."""
    return (
        row.kind,
        row.detail,
        row.siren,
        row.siret,
        str(row.starts_on or ""),
        str(row.ends_on or ""),
        row.source,
        str(row.source_date or ""),
    )


def _value(entry: dict[str, str], columns: dict[str, str], names: tuple[str, ...]) -> str:
    return next((entry[columns[name]] or "" for name in names if name in columns), "").strip()


def _approval(where: str, siren: str, siret: str, starts: str, ends: str) -> ApprovalRow | Problem:
    siret = "".join(siret.split())
    siren = "".join(siren.split()) or siret[:9]
    if not _NINE_DIGITS.fullmatch(siren) or (siret and not _FOURTEEN_DIGITS.fullmatch(siret)):
        return Problem(
            where,
            _("This is no SIREN of nine digits: the line is left out."),
            _("Correct it in the list."),
        )
    try:
        starts_on, ends_on = _day(starts), _day(ends)
    except ValueError:
        return Problem(
            where,
            _("A date cannot be read: the line is left out."),
            _("A date is written 2026-11-01 or 01/11/2026."),
        )
    return ApprovalRow(ApprovalKind.ESUS, "", siren, siret, starts_on, ends_on, SOURCE, None)


def _day(text: str) -> date | None:
    if not text:
        return None
    for form in _DATES:
        try:
            return datetime.strptime(text, form).date()  # noqa: DTZ007
        except ValueError:
            continue
    raise ValueError(text)
