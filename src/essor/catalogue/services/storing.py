"""One batch of an import into the store: records, items, numbers, works and duplicates in one transaction.

Readers therefore see a record with all its items at every moment, and a run that is killed loses
nothing but the batch it was in. `Storing` keeps what is true for the whole run: nothing in it
changes before a batch is committed.
"""

import logging
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, cast

from django.db import DataError, IntegrityError, connection, transaction
from django.db.models import F, Sum
from django.utils import timezone

from essor.catalogue.documents import KIND
from essor.catalogue.importers import gettext_noop as _
from essor.catalogue.importers.iso2709 import bad_record
from essor.catalogue.importers.items import ItemReader, status_with, statuses_in
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
from essor.catalogue.services.works import (
    Edition,
    release_duplicates_of,
    remove_empty_works,
    root_of_duplicates,
    works_of,
)
from essor.catalogue.types import STATUS_OF, BadRecord, CodeTable, FileFormat, Received
from essor.catalogue.understanding import (
    Answer,
    ItemRow,
    RecordRow,
    Understood,
    UnderstoodItems,
)
from essor.search import Prepared
from essor.search.models import PendingChange

logger = logging.getLogger(__name__)

MOST_BRANCHES = 1_000
"""A source with more branches than this has something else in that field: they are not created."""
MOST_CODES = 1_000
OTHER_CODES = "…"
"""Unknown codes counted one by one; those that come after are counted together."""

TO_READ_AGAIN = b""
"""The checksum of a record that is to be read again whenever it comes."""

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
ITEM_FIELDS = ItemRow._fields


@dataclass(frozen=True, slots=True)
class Known:
    """What the store has of a record that an import brings again."""

    checksum: bytes
    is_seen: bool
    withdrawn_at: datetime | None
    is_parted: bool
    is_work_chosen: bool
    work: int | None
    added_at: datetime


@dataclass(slots=True)
class Entry:
    """One record of a batch; `answer` is None when it is the one that is stored, byte for byte."""

    received: Received
    key: int
    checksum: bytes
    known: Known | None = None
    answer: Answer | None = None

    @property
    def understood(self) -> Understood:
        """Give the answer of an entry that was understood."""
        return cast("Understood", self.answer)

    @property
    def items(self) -> UnderstoodItems:
        """Give the answer of an entry that is items apart from their record."""
        return cast("UnderstoodItems", self.answer)

    @property
    def is_unchanged(self) -> bool:
        """The store has these bytes already, as they are read now, and shows them."""
        known = self.known
        is_same = known is not None and known.checksum[:16] == self.checksum
        return is_same and known is not None and known.withdrawn_at is None


@dataclass(slots=True)
class Stored:
    """An item of the store."""

    key: int
    record: int
    is_withdrawn: bool
    row: tuple[Any, ...]


@dataclass(slots=True)
class Outcome:
    """What a batch did: counts by name of a field of the run, and what the index must hear of."""

    counts: Counter[str] = field(default_factory=Counter)
    decoded: Counter[str] = field(default_factory=Counter)
    unknown_codes: Counter[tuple[str, str]] = field(default_factory=Counter)
    problems: list[ImportProblem] = field(default_factory=list)
    documents: list[Prepared] = field(default_factory=list)
    unprepared: set[int] = field(default_factory=set)
    new: set[int] = field(default_factory=set)
    read_again: set[int] = field(default_factory=set)
    pending: list[int] = field(default_factory=list)


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
            batch = _Batch(self, timezone.now())
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


class _Batch:
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
        shelf = _Shelf(self, known, barcodes)
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
        shelf = _Shelf(self, list(keys.values()), barcodes)
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


class _Shelf:
    """The items that a batch meets in the store, and where those it brings are to be put.

    An item is known by its barcode; without one, by its place among those of its record that have
    none. A barcode that another record of the file has already is not taken from it; one that is on
    a record the file has not come to goes to the newcomer, and that record is to be read again.
    """

    def __init__(self, batch: _Batch, records: Sequence[int], barcodes: Iterable[str]) -> None:
        self.batch = batch
        self.by_barcode: dict[str, Stored] = {}
        self.of_record: dict[int, dict[int, Stored]] = defaultdict(dict)
        self.seen: set[int] = set()
        self.taken: set[str] = set()
        self.new: list[tuple[Any, ...]] = []
        self.changed: list[tuple[Any, ...]] = []
        self.withdrawn: list[int] = []
        self.robbed: set[int] = set()
        source = batch.run.source_id
        for named in in_parts(sorted(barcodes)):
            self._take_in(Item.objects.filter(source=source, barcode__in=named))
        for part in in_parts(records):
            self._take_in(Item.objects.filter(record__in=part))

    def _take_in(self, items: Any) -> None:
        columns = ("pk", "record_id", "withdrawn_at", "record__seen_in", *ITEM_FIELDS)
        for key, record, withdrawn_at, seen_in, *row in items.order_by("pk").values_list(*columns):
            values = tuple(v.isoformat() if hasattr(v, "isoformat") else v for v in row)
            stored = Stored(key, record, withdrawn_at is not None, values)
            self.of_record[record][key] = stored
            if stored.row[0]:
                self.by_barcode[stored.row[0]] = stored
            # Those of this batch say themselves what they have, in their turn.
            if seen_in == self.batch.run.pk and record not in self.batch.fresh:
                self.seen.add(record)

    def record_of(self, rows: Sequence[ItemRow]) -> int | None:
        """Give the record that has one of these items already."""
        known = (self.by_barcode.get(row.barcode) for row in rows if row.barcode)
        return next((stored.record for stored in known if stored), None)

    def place(
        self,
        one: Entry,
        rows: Sequence[ItemRow],
        *,
        is_whole: bool,
        parts: frozenset[str] = frozenset(),
    ) -> None:
        """Put items on a record; with all of them (`is_whole`), those it had before and has no more leave.

        When the rows tell only some `parts`, an item that is there already keeps its others.
        """
        own = dict(self.of_record.get(one.key, {}))
        bare = [stored for stored in own.values() if not stored.row[0]] if is_whole else []
        for row in rows:
            stored = None
            if row.barcode and self._is_held_elsewhere(row.barcode, one.key):
                self.batch.tell_conflict(one.received, row.barcode)
                row = row._replace(barcode="")
            if row.barcode:
                self.taken.add(row.barcode)
                stored = self.by_barcode.get(row.barcode)
            elif bare:
                stored = bare.pop(0)
            elif not is_whole:
                stored = self._alike(own, row)
            self._put(stored, row, one.key, parts)
            if stored:
                own.pop(stored.key, None)
        if is_whole:
            self.withdrawn += [stored.key for stored in own.values() if not stored.is_withdrawn]

    def _alike(self, own: dict[int, Stored], row: ItemRow) -> Stored | None:
        values = self._values(row)
        return next((stored for stored in own.values() if stored.row == values), None)

    def _is_held_elsewhere(self, barcode: str, record: int) -> bool:
        if barcode in self.taken:
            return True
        stored = self.by_barcode.get(barcode)
        if stored is None or stored.record == record or stored.is_withdrawn:
            return False
        return stored.record in self.seen or stored.record in self.batch.present

    def _put(self, stored: Stored | None, row: ItemRow, record: int, parts: frozenset[str]) -> None:
        counts = self.batch.outcome.counts
        values = self._values(row)
        if stored is None:
            self.new.append((self.batch.run.source_id, record, *values, None))
            counts["items_new"] += 1
            return
        if parts:
            values = self._told_in_part(stored.row, values, parts)
        if stored.record == record and stored.row == values and not stored.is_withdrawn:
            counts["items_unchanged"] += 1
            return
        if stored.record != record:
            del self.of_record[stored.record][stored.key]
            if not stored.is_withdrawn:
                self.robbed.add(stored.record)
        self.changed.append((record, *values, None, stored.key))
        counts["items_changed"] += 1

    def _told_in_part(
        self, known: tuple[Any, ...], told: tuple[Any, ...], parts: frozenset[str]
    ) -> tuple[Any, ...]:
        """Take what is told and keep the rest; the availability follows from what both say."""
        each = zip(ITEM_FIELDS, told, known, strict=True)
        row = ItemRow(*(new if name in parts else old for name, new, old in each))
        if "availability" not in parts:
            return row
        subfields = {part.removeprefix(STATUS_OF) for part in parts if part.startswith(STATUS_OF)}
        row = row._replace(status=status_with(ItemRow(*known).status, row.status, subfields))
        reader, is_lent = self.batch.storing.reader, row.due is not None
        availability = reader.availability(statuses_in(row.status), is_lent=is_lent)
        return row._replace(availability=availability.value)

    def _values(self, row: ItemRow) -> tuple[Any, ...]:
        return (row.barcode, self.batch.branch_of(row.branch), *row[2:])

    def write(self) -> None:
        """Write what was decided."""
        batch = self.batch
        insert_rows(Item, ("source", "record", *ITEM_FIELDS, "withdrawn_at"), self.new)
        update_rows(Item, ("record", *ITEM_FIELDS, "withdrawn_at"), self.changed)
        for part in in_parts(self.withdrawn):
            Item.objects.filter(pk__in=part).order_by().update(withdrawn_at=batch.now)
        batch.outcome.counts["items_withdrawn"] += len(self.withdrawn)
        if self.robbed:
            for part in in_parts(sorted(self.robbed)):
                Record.objects.filter(pk__in=part).order_by().update(checksum=TO_READ_AGAIN)
            batch.outcome.read_again |= self.robbed
            batch.count_loans(self.robbed)
