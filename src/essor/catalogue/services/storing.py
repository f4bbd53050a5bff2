"""One batch of an import into the store: records, items, numbers, works and duplicates in one transaction.

Readers therefore see a record with all its items at every moment, and a run that is killed loses
nothing but the batch it was in. `Storing` keeps what is true for the whole run: nothing in it
changes before a batch is committed.
"""

import logging
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db import DataError, IntegrityError, connection, transaction
from django.db.models import F, Sum
from django.utils import timezone

from essor.catalogue.documents import KIND
from essor.catalogue.importers import gettext_noop as _
from essor.catalogue.importers.iso2709 import bad_record
from essor.catalogue.importers.items import ItemReader
from essor.catalogue.importers.profiles import Profile
from essor.catalogue.models import (
    Branch,
    ImportProblem,
    ImportRun,
    Item,
    Record,
    RecordIdentifier,
    UnknownCode,
)
from essor.catalogue.rows import in_parts, insert_rows, reserved_keys, update_rows
from essor.catalogue.services.entries import Entry, Outcome
from essor.catalogue.services.shelf import Shelf
from essor.catalogue.services.works import (
    Edition,
    release_duplicates_of,
    remove_empty_works,
    root_of_duplicates,
    works_of,
)
from essor.catalogue.types import BadRecord, CodeTable, FileFormat, Received
from essor.catalogue.understanding import (
    ItemRow,
    RecordRow,
    Understood,
    UnderstoodItems,
)
from essor.search.models import PendingChange

logger = logging.getLogger(__name__)

MOST_BRANCHES = 1_000
"""A source with more branches than this has something else in that field: they are not created."""
MOST_CODES = 1_000
OTHER_CODES = "…"
"""Unknown codes counted one by one; those that come after are counted together."""

CANNOT_BE_STORED = (
    _("This record could not be stored."),
    _("Send it to those who look after the portal, with its control number."),
)
BARCODE_TWICE = (
    _("This barcode is on two items: the first keeps it, the second is stored without."),
    _("Correct one of the two in the library system."),
)
NO_SUCH_RECORD = (
    _("No record has this control number or this barcode."),
    _("Import the records first, then their items."),
)
RECEIVED_FIELDS = (
    "encoding",
    "file_format",
    "received",
    "checksum",
    "seen_in",
    "loans",
    "withdrawn_at",
)
CHANGED_FIELDS = (*RecordRow._fields, "work", "duplicate_of", "changed_at", *RECEIVED_FIELDS)
CHOSEN_BY_STAFF = {"work": "is_work_chosen", "duplicate_of": "is_parted"}
"""What staff may choose at any moment, after a batch was told apart too, and the flag that says so."""

NEW_FIELDS = (
    "id",
    "source",
    "control_number",
    "is_work_chosen",
    "is_parted",
    "added_at",
    *CHANGED_FIELDS,
)
IDENTIFIER_FIELDS = ("record", "kind", "value", "is_valid")


class Storing:
    """Stores the batches of one run."""

    def __init__(self, run: ImportRun, profile: Profile) -> None:
        self.run = run
        self.profile = profile
        self.reader = ItemReader(profile)
        self.branches: dict[str, int] = {}
        self.read_again: set[int] = set()
        self.decoded: Counter[str] = Counter(run.decoded)
        codes = UnknownCode.objects.filter(run=run).values_list("table", "code", "count")
        self.unknown_codes = Counter({(table, code): count for table, code, count in codes})
        others = Record.objects.exclude(source=run.source_id).order_by()
        self.has_other_sources = others.exists()
        self._read_branches()

    def _read_branches(self) -> None:
        known = Branch.objects.filter(source=self.run.source_id).order_by()
        self.branches = dict(known.values_list("code", "pk"))

    def store(
        self,
        entries: Sequence[Entry],
        bad: Sequence[BadRecord],
        *,
        position: int | None = None,
        elapsed_s: float | None = None,
    ) -> list[Outcome]:
        """Store a batch, and the problems of what stays out; give what was done.

        When the store refuses a value that nobody foresaw, the records are stored one by one, so
        that only that one stays out.
        """
        try:
            return [self._store(entries, bad, position=position, elapsed_s=elapsed_s)]
        except (DataError, IntegrityError):
            self._read_branches()
            if len(entries) == 1:
                number, offset = entries[0].received.control_number, entries[0].received.offset
                logger.exception("catalogue.record.refused", extra={"number": number})
                refused = bad_record(offset, number, CANNOT_BE_STORED)
                return [self._store([], [*bad, refused], position=position, elapsed_s=elapsed_s)]
        with transaction.atomic():
            outcomes = [outcome for entry in entries for outcome in self.store([entry], [])]
            return [*outcomes, self._store([], bad, position=position, elapsed_s=elapsed_s)]

    def _store(
        self,
        entries: Sequence[Entry],
        bad: Sequence[BadRecord],
        *,
        position: int | None,
        elapsed_s: float | None,
    ) -> Outcome:
        with transaction.atomic():
            batch = Writing(self, timezone.now())
            batch.write(entries, bad)
            outcome = batch.outcome
            self._write_counts(outcome, position=position, elapsed_s=elapsed_s)
        self.decoded += outcome.decoded
        self.unknown_codes += outcome.unknown_codes
        self.read_again |= outcome.read_again
        return outcome

    def _write_counts(
        self, outcome: Outcome, *, position: int | None, elapsed_s: float | None
    ) -> None:
        changes: dict[str, Any] = {
            name: F(name) + count for name, count in outcome.counts.items() if count
        }
        if outcome.decoded:
            changes["decoded"] = dict(self.decoded + outcome.decoded)
        if position is not None:
            changes["position"] = position
        if elapsed_s is not None:
            changes["elapsed_s"] = elapsed_s
        runs = ImportRun.objects.filter(pk=self.run.pk)
        runs.update(updated_at=timezone.now(), **changes)


class Writing:
    """The writing of one batch, in its order: works, records, numbers, items, then what is told of it."""

    def __init__(self, storing: Storing, now: datetime) -> None:
        self.storing = storing
        self.run = storing.run
        self.now = now
        self.moment = connection.ops.adapt_datetimefield_value(now)
        self.outcome = Outcome()
        self.present: set[int] = set()
        self.fresh: set[int] = set()
        self.withdrawn: list[int] = []

    def write(self, entries: Sequence[Entry], bad: Sequence[BadRecord]) -> None:
        """Write all of it."""
        fresh = [one for one in entries if isinstance(one.answer, Understood)]
        refused = [one.answer for one in entries if isinstance(one.answer, BadRecord)]
        self.present = {one.key for one in entries if one.answer is None}
        self.fresh = {one.key for one in fresh}
        self._write_records(fresh)
        self._write_items([(one, _rows_of(one)) for one in fresh if self._brings_items(one)])
        self._write_held([one for one in entries if isinstance(one.answer, UnderstoodItems)])
        self.count_loans([one.key for one in fresh if one.known and not self._brings_items(one)])
        self._keep_unchanged(entries, bad)
        self._tell_codes(fresh)
        for problem in (*bad, *refused):
            self._tell(problem)
        self.outcome.counts["rejected"] += len(bad) + len(refused)
        ImportProblem.objects.bulk_create(self.outcome.problems)
        self._note_pending(fresh)

    # Records

    def _write_records(self, fresh: list[Entry]) -> None:
        if not fresh:
            return
        grouped = (one for one in fresh if not (one.known and one.known.is_work_chosen))
        works = works_of({one.understood.work_key for one in grouped})
        roots = self._roots(fresh)
        new, changed, same, left = [], [], [], set()
        for one in fresh:
            understood, known = one.understood, one.known
            tail = self._received(one, understood)
            work = works.get(understood.work_key)
            if known is None:
                described = (*understood.row, work, roots.get(one.key), self.moment, *tail)
                head = (one.key, self.run.source_id, one.received.control_number, False, False)
                new.append((*head, self.moment, *described))
                continue
            if known.is_work_chosen:
                work = known.work
            if known.work and known.work != work:
                left.add(known.work)
            if self._is_described_alike(one):
                same.append((work, roots.get(one.key), *tail, one.key))
            else:
                changed.append(
                    (*understood.row, work, roots.get(one.key), self.moment, *tail, one.key)
                )
        insert_rows(Record, NEW_FIELDS, new)
        self.outcome.new = {one.key for one in fresh if one.known is None}
        update_rows(Record, CHANGED_FIELDS, changed, unless=CHOSEN_BY_STAFF)
        update_rows(
            Record, ("work", "duplicate_of", *RECEIVED_FIELDS), same, unless=CHOSEN_BY_STAFF
        )
        remove_empty_works(left)
        release_duplicates_of(self.withdrawn)
        self.outcome.counts["new"] += len(new)
        self.outcome.counts["changed"] += len(changed)
        self.outcome.counts["unchanged"] += len(same)
        self._write_identifiers(fresh)
        for one in fresh:
            self.outcome.decoded[one.understood.encoding] += 1
            self.outcome.counts["repaired"] += one.understood.is_repaired

    def _is_described_alike(self, one: Entry) -> bool:
        """Say whether nothing changed but the items, and the record is not back from a withdrawal."""
        known, understood = one.known, one.understood
        if known is None:
            return False
        is_back = known.withdrawn_at is not None and not understood.is_deleted
        return known.checksum[16:] == understood.digest and not is_back

    def _received(self, one: Entry, understood: Understood) -> tuple[Any, ...]:
        """Give the values of RECEIVED_FIELDS."""
        since = one.known.withdrawn_at if one.known else None
        if understood.is_deleted and not since:
            self.outcome.counts["withdrawn"] += 1
            self.withdrawn.append(one.key)
        return (
            understood.encoding,
            one.received.file_format.value,
            one.received.content,
            one.checksum + understood.digest,
            self.run.pk,
            understood.loans,
            connection.ops.adapt_datetimefield_value(since or self.now)
            if understood.is_deleted
            else None,
        )

    def _write_identifiers(self, fresh: list[Entry]) -> None:
        changed = [one for one in fresh if one.known]
        for part in in_parts([one.key for one in changed]):
            RecordIdentifier.objects.filter(record__in=part).delete()
        rows = [(one.key, *number) for one in fresh for number in one.understood.identifiers]
        insert_rows(RecordIdentifier, IDENTIFIER_FIELDS, rows)

    def _roots(self, fresh: list[Entry]) -> dict[int, int]:
        """Give the older record of another source that each of these is the duplicate of."""
        if not self.storing.has_other_sources:
            return {}
        editions = [
            Edition(
                one.key,
                one.understood.row.filing_title,
                frozenset(
                    value
                    for kind, value, valid in one.understood.identifiers
                    if valid and kind == "isbn"
                ),
            )
            for one in fresh
            if not one.understood.is_deleted and not (one.known and one.known.is_parted)
        ]
        return root_of_duplicates(self.run.source_id, editions)

    # Items

    def _write_items(self, held: list[tuple[Entry, Sequence[ItemRow]]]) -> None:
        """Write the items of records: all those a record has come with it, the others left it."""
        known = [one.key for one, _rows in held if one.known]
        barcodes = {row.barcode for _one, rows in held for row in rows if row.barcode}
        shelf = Shelf(self, known, barcodes)
        for one, rows in held:
            shelf.place(one, rows, is_whole=True)
        shelf.write()

    def _brings_items(self, one: Entry) -> bool:
        """Say whether a record tells all its items; where none has any, they come by a table."""
        is_marc = one.received.file_format is not FileFormat.DUBLIN_CORE
        return one.understood.is_deleted or (is_marc and bool(self.storing.profile.item_tag))

    def _write_held(self, entries: list[Entry]) -> None:
        """Write items that came apart from their records, next to those that the records have."""
        if not entries:
            return
        barcodes = {row.barcode for one in entries for row in one.items.items if row.barcode}
        numbers = [one.items.control_number for one in entries if one.items.control_number]
        keys: dict[str, int] = {}
        for part in in_parts(numbers):
            found = Record.objects.filter(source=self.run.source_id, control_number__in=part)
            keys |= dict(found.order_by().values_list("control_number", "pk"))
        shelf = Shelf(self, list(keys.values()), barcodes)
        touched = set()
        for one in entries:
            number = one.items.control_number
            key = keys.get(number) if number else shelf.record_of(one.items.items)
            if key is None:
                offset, its_number = one.received.offset, number or one.received.control_number
                self._tell(bad_record(offset, its_number, NO_SUCH_RECORD))
                self.outcome.counts["rejected"] += 1
                continue
            touched.add(key)
            held = Entry(one.received, key, b"")
            shelf.place(held, one.items.items, is_whole=False, parts=one.items.parts)
            self.outcome.unknown_codes.update(one.items.unknown_codes)
        shelf.write()
        self.count_loans(touched)

    def count_loans(self, keys: Iterable[int]) -> None:
        """Add up the loans of these records again, and have them indexed anew."""
        wanted = list(keys)
        loans: dict[int, int | None] = dict.fromkeys(wanted)
        for part in in_parts(wanted):
            items = Item.objects.filter(record__in=part, withdrawn_at=None).order_by()
            loans |= dict(items.values_list("record").annotate(Sum("loans")))
        update_rows(Record, ("loans",), [(count, key) for key, count in loans.items()])
        self.outcome.unprepared |= loans.keys()

    def branch_of(self, code: str) -> int | None:
        """Give the key of a branch, made if need be under the name that the profile has for it."""
        if not code:
            return None
        key = self.storing.branches.get(code)
        if key is None and len(self.storing.branches) < MOST_BRANCHES:
            name = self.storing.profile.meaning(CodeTable.BRANCH, code) or code
            branch = Branch.objects.create(source=self.run.source, code=code, name=name[:200])
            key = self.storing.branches[code] = branch.pk
        return key

    # What is told

    def _keep_unchanged(self, entries: Sequence[Entry], bad: Sequence[BadRecord]) -> None:
        """Mark as seen what is there as it is, and what is in the file but could not be read."""
        same = [one.key for one in entries if one.answer is None]
        seen = same + [
            one.key for one in entries if one.known and isinstance(one.answer, BadRecord)
        ]
        for part in in_parts(seen):
            Record.objects.filter(pk__in=part).order_by().update(seen_in=self.run.pk)
        numbers = [one.control_number for one in bad if one.control_number]
        for named in in_parts(numbers):
            records = Record.objects.filter(source=self.run.source_id, control_number__in=named)
            records.order_by().update(seen_in=self.run.pk)
        self.outcome.counts["unchanged"] += len(same)
        for part in in_parts(same):
            items = Item.objects.filter(record__in=part, withdrawn_at=None).order_by()
            self.outcome.counts["items_unchanged"] += items.count()

    def _tell_codes(self, fresh: list[Entry]) -> None:
        codes = self.outcome.unknown_codes
        for one in fresh:
            codes.update(one.understood.unknown_codes)
        known = self.storing.unknown_codes
        for code in [code for code in codes if code not in known and len(known) >= MOST_CODES]:
            codes[code[0], OTHER_CODES] += codes.pop(code)
        rows = [
            (self.run.pk, table, code[:100], known[table, code] + count)
            for (table, code), count in codes.items()
        ]
        key = ("run", "table", "code")
        insert_rows(UnknownCode, (*key, "count"), rows, unique=key, changing=("count",))

    def _tell(self, problem: BadRecord, *, is_rejection: bool = True, detail: str = "") -> None:
        self.outcome.problems.append(
            ImportProblem(
                run=self.run,
                is_rejection=is_rejection,
                offset=problem.offset,
                control_number=problem.control_number,
                detail=detail,
                what=problem.what[:300],
                advice=problem.advice[:300],
            )
        )

    def tell_conflict(self, received: Received, barcode: str) -> None:
        """Report a barcode that is on two items."""
        said = bad_record(received.offset, received.control_number, BARCODE_TWICE)
        self._tell(said, is_rejection=False, detail=barcode)

    def _note_pending(self, fresh: list[Entry]) -> None:
        """Note what the index must hear of, so that nothing is lost if we are killed before it does."""
        outcome = self.outcome
        for one in fresh:
            if one.understood.document is None:
                outcome.unprepared.add(one.key)
            elif one.key not in outcome.unprepared:
                outcome.documents.append(one.understood.document)
        prepared = [int(document.key) for document in outcome.documents]
        keys = [*prepared, *sorted(outcome.unprepared)]
        outcome.pending = reserved_keys(PendingChange, len(keys))
        insert_rows(
            PendingChange,
            ("id", "kind", "key", "noted"),
            [
                (pk, KIND, str(key), self.moment)
                for pk, key in zip(outcome.pending, keys, strict=True)
            ],
        )
        outcome.pending = outcome.pending[: len(prepared)]


def _rows_of(one: Entry) -> Sequence[ItemRow]:
    """Give the items of a record; one that is declared deleted has none any more."""
    return () if one.understood.is_deleted else one.understood.items
