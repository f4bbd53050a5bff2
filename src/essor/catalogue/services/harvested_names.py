"""The names that an OAI-PMH server has for its records: given, given to another record, deleted.

A deletion says a name and no more, and a record may have several: it is withdrawn when the last one
goes. Names that a whole harvest did not give again are forgotten at its end, with the withdrawals.
"""

from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet

from essor.catalogue.importers import gettext_noop as _
from essor.catalogue.importers.oai import Page
from essor.catalogue.models import HarvestedRecord, ImportProblem, ImportRun, Record
from essor.catalogue.rows import in_parts, insert_rows
from essor.catalogue.services.withdrawals import withdraw_records

UNUSABLE_UNDER_ANOTHER_NUMBER = (
    _(
        "The server gives this record another number now, but it cannot be used: it is kept as it was, "
        "under its former number."
    ),
    _("Correct the record of the new number, whose own problem is told beside this one."),
)


def numbers_named(source: int, names: Iterable[str]) -> dict[str, str]:
    """Give the control numbers of the records that these OAI identifiers name, where we know it."""
    numbers: dict[str, str] = {}
    for part in in_parts(list(names)):
        rows = HarvestedRecord.objects.filter(source=source, identifier__in=part).order_by()
        numbers |= dict(rows.values_list("identifier", "record__control_number"))
    return numbers


def remember_names(run: ImportRun, page: Page, *, unusable: AbstractSet[str]) -> None:
    """Keep which record each name of a page stands for, and that this run was given it.

    `unusable` are the control numbers of what stayed out. The record that a name stood for is
    withdrawn when the name goes to another one, unless that one cannot be used.
    """
    given = {one.identifier: one.control_number for one in page.records}
    unread = {one.identifier for one in page.problems if one.identifier}
    known = numbers_named(run.source_id, given.keys() | unread)
    kept = {
        name: number
        for name, number in known.items()
        if given.get(name, number) != number and given[name] in unusable
    }
    _tell_kept(run, kept, given)
    named = {name: known[name] for name in unread if name in known} | given | kept
    keys = _keys_of(run.source_id, set(named.values()))
    insert_rows(
        HarvestedRecord,
        ("source", "identifier", "record", "seen_in"),
        [
            (run.source_id, name, keys[number], run.pk)
            for name, number in named.items()
            if number in keys  # a record that stayed out has no name to remember
        ],
        unique=("source", "identifier"),
        changing=("record", "seen_in"),
    )
    _withdraw_unnamed(
        run,
        {known[name] for name in known if named[name] != known[name] and named[name] in keys},
    )


def _keys_of(source: int, numbers: AbstractSet[str]) -> dict[str, int]:
    keys: dict[str, int] = {}
    for part in in_parts(sorted(numbers)):
        records = Record.objects.filter(source=source, control_number__in=part).order_by()
        keys |= dict(records.values_list("control_number", "pk"))
    return keys


def _tell_kept(run: ImportRun, kept: dict[str, str], given: dict[str, str]) -> None:
    """Keep records from being withdrawn at the end of a whole harvest, and report them."""
    if not kept:
        return
    for part in in_parts(sorted(kept.values())):
        records = Record.objects.filter(source=run.source_id, control_number__in=part)
        records.order_by().update(seen_in=run.pk)
    what, advice = UNUSABLE_UNDER_ANOTHER_NUMBER
    ImportProblem.objects.bulk_create(
        ImportProblem(
            run=run,
            is_rejection=False,
            offset=run.position,
            control_number=number,
            detail=given[name],
            what=what,
            advice=advice,
        )
        for name, number in kept.items()
    )


def forget_deleted(run: ImportRun, names: Sequence[str]) -> None:
    """Forget the names that the server deleted, and withdraw the records that have no other."""
    numbers = set(numbers_named(run.source_id, names).values())
    for part in in_parts(names):
        HarvestedRecord.objects.filter(source=run.source_id, identifier__in=part).delete()
    _withdraw_unnamed(run, numbers)


def _withdraw_unnamed(run: ImportRun, numbers: AbstractSet[str]) -> None:
    """Withdraw those of these records that the server names no more.

    A record deleted and entered again has another identifier and, often, the same number.
    """
    named: set[str] = set()
    for part in in_parts(sorted(numbers)):
        rows = HarvestedRecord.objects.filter(source=run.source_id, record__control_number__in=part)
        named |= set(rows.order_by().values_list("record__control_number", flat=True))
    withdraw_records(run, sorted(numbers - named))
