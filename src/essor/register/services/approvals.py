"""Approvals that come from lists: of SIAE by the rows that are matched, of ESUS by the official list.

An approval says what an authority has said; it never makes a structure one of the ESS, and nothing here
touches the register itself. What is found of the structures follows. Source: law n° 2014-856, articles 1 and 11; code du travail, article L. 5132-4.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db import transaction

from essor.problems import Problem
from essor.register.documents import KIND
from essor.register.importers import gettext_noop as _
from essor.register.models import Approval, DirectoryEntry, ImportedDirectory
from essor.register.types import ApprovalKind, ApprovalRow, RegisterError
from essor.search.services import note_changes

LEAST_TO_DOUBT = 10
LONGEST_DETAIL = 60
LOOKS_INCOMPLETE = (
    _("More than half of the approvals in force are not in this list: it looks incomplete."),
    _("Nothing was changed. If the list is whole, say so with --confirm-departures."),
)


@dataclass(frozen=True, slots=True)
class ApprovalReport:
    """What an import of approvals did, and what it could not take."""

    new: int
    changed: int
    unchanged: int
    left: int
    problems: tuple[Problem, ...]


def give_approvals(
    directory: ImportedDirectory, sirens: Iterable[str], *, source_date: date | None
) -> None:
    """Have each of these structures hold the approvals that the matched rows of a list of SIAE state, no more."""
    wanted = set(sirens)
    if directory.kind != ApprovalKind.SIAE or not wanted:
        return
    rows = directory.entries.present().filter(
        state=DirectoryEntry.State.MATCHED, chosen_siren__in=wanted
    )
    stated = {
        (
            row.detail[:LONGEST_DETAIL],
            row.chosen_siren,
            row.siret if row.siret[:9] == row.chosen_siren else "",
        )
        for row in rows.order_by("pk")
    }
    held = Approval.objects.filter(
        kind=ApprovalKind.SIAE, source=directory.name, siren__in=wanted
    ).order_by("pk")
    kept = {(one.detail, one.siren, one.siret): one for one in held}
    gone = [one.pk for key, one in kept.items() if key not in stated]
    Approval.objects.filter(pk__in=gone).delete()
    made = Approval.objects.bulk_create(
        Approval(
            kind=ApprovalKind.SIAE,
            detail=detail,
            siren=siren,
            siret=siret,
            source=directory.name,
            source_date=source_date,
        )
        for detail, siren, siret in sorted(stated - kept.keys())
    )
    _find_anew(made)


def _find_anew(approvals: Iterable[Approval]) -> None:
    """Have the structures of approvals written in bulk found by them: no signal tells of those."""
    note_changes(KIND, sorted({one.siren for one in approvals}))


@transaction.atomic
def store_approvals(
    read: Iterable[ApprovalRow | Problem], *, kind: ApprovalKind, confirms_departures: bool = False
) -> ApprovalReport:
    """Store the whole official list of one kind: new ones, changed ones, and those that have left it are removed.

    Twice is once. An approval that had ended when the list was made is kept, as what was. Raises
    RegisterError when more than half of those in force are not in the list, unless it is confirmed.
    """
    rows, problems = _sorted_out(read)
    held = {_key(one): one for one in Approval.objects.filter(kind=kind).order_by("pk")}
    stated = {_key(row): row for row in rows}
    day = max((row.source_date for row in rows if row.source_date), default=None)
    left = [one for key, one in held.items() if key not in stated and not _has_ended(one, day)]
    if len(left) >= LEAST_TO_DOUBT and len(left) > len(held) / 2 and not confirms_departures:
        raise RegisterError(Problem(kind, *LOOKS_INCOMPLETE))
    made = [_approval(row) for key, row in stated.items() if key not in held]
    changed = [
        held[key] for key, row in stated.items() if key in held and _is_changed(held[key], row)
    ]
    Approval.objects.filter(pk__in=[one.pk for one in left]).delete()
    Approval.objects.bulk_create(made)
    for key, row in stated.items():
        if key in held:
            _bring_up_to_date(held[key], row)
    Approval.objects.bulk_update(
        [held[key] for key in stated if key in held],
        ("ends_on", "source", "source_date"),
        batch_size=500,
    )
    _find_anew((*made, *changed))
    return ApprovalReport(
        new=len(made),
        changed=len(changed),
        unchanged=len(stated) - len(made) - len(changed),
        left=len(left),
        problems=tuple(problems),
    )


def _sorted_out(read: Iterable[ApprovalRow | Problem]) -> tuple[list[ApprovalRow], list[Problem]]:
    rows: list[ApprovalRow] = []
    problems: list[Problem] = []
    for one in read:
        if isinstance(one, Problem):
            problems.append(one)
        else:
            rows.append(one)
    return rows, problems


def _key(one: ApprovalRow | Approval) -> tuple[str, str, str, date | None]:
    """Give what tells an approval from the others of its kind."""
    return one.detail, one.siren, one.siret, one.starts_on


def _has_ended(one: Approval, day: date | None) -> bool:
    return one.ends_on is not None and day is not None and one.ends_on < day


def _approval(row: ApprovalRow) -> Approval:
    return Approval(
        kind=row.kind,
        detail=row.detail,
        siren=row.siren,
        siret=row.siret,
        starts_on=row.starts_on,
        ends_on=row.ends_on,
        source=row.source,
        source_date=row.source_date,
    )


def _is_changed(held: Approval, row: ApprovalRow) -> bool:
    return held.ends_on != row.ends_on


def _bring_up_to_date(held: Approval, row: ApprovalRow) -> None:
    held.ends_on, held.source, held.source_date = row.ends_on, row.source, row.source_date
