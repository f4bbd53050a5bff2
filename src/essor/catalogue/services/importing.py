"""An import at work: batches are read and told apart, understood ahead, then stored.

Records that are stored already, byte for byte, are told apart by their checksum before anything is
understood; the others are understood, in a second process when the file is large, and stored by
`Storing` in one transaction for each batch, which also moves the position of the run: a run that
was killed goes on from there, and ends with the same content.
"""

import hashlib
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from django.utils import timezone

from essor import search
from essor.catalogue.feeding import Feeding
from essor.catalogue.importers import gettext_noop as _
from essor.catalogue.importers.iso2709 import bad_record
from essor.catalogue.importers.opening import OpenedFile
from essor.catalogue.importers.profiles import Profile, shipped_profile
from essor.catalogue.importers.reading import Reading
from essor.catalogue.models import ImportRun, Record
from essor.catalogue.rows import few_checkpoints, in_parts, reserved_keys
from essor.catalogue.second_process import SameProcess, SecondProcess, few_collections
from essor.catalogue.services.entries import Entry, Known, Outcome
from essor.catalogue.services.storing import Storing
from essor.catalogue.services.withdrawals import withdrawn_at_the_end
from essor.catalogue.types import BadRecord, Encoding, FileFormat, Received
from essor.catalogue.understanding import Answer, Asked, Understanding

BATCH_SIZE = 500
MOST_BYTES = 8 * 1024 * 1024
"""Content of records at which a batch is full, however few they are: several are held at once."""

LARGE_FILE = 2 * 1024 * 1024
"""Bytes still to read from which a second process pays for its start."""

SENT_TWICE = (
    _("Another record of this file has the same control number: the first was kept."),
    _("Give each record its own number in the library system."),
)

Progress = Callable[[int], object]


def no_progress(position: int) -> None:
    """Tell nobody how far an import is."""


def reading_of(run: ImportRun) -> Reading:
    """Give how the records of a run are read."""
    definition = run.profile.definition if run.profile else None
    profile = Profile.of(definition) if definition else shipped_profile("unimarc")
    return Reading(profile, Encoding(run.encoding) if run.encoding else None)


@dataclass(slots=True)
class Batch:
    """Some records of a file, told apart; `position` is where the reading goes on after them."""

    entries: list[Entry]
    bad: list[BadRecord] = field(default_factory=list)
    position: int = 0

    @property
    def to_understand(self) -> list[Entry]:
        """Give the entries that are not in the store as they are."""
        return [one for one in self.entries if not one.is_unchanged]

    def asked(self) -> list[Asked]:
        """Give what is to be understood."""
        return _asked(self.to_understand)


def _asked(entries: Iterable[Entry]) -> list[Asked]:
    today = timezone.localdate()
    return [
        Asked(one.received, one.key, timezone.localdate(one.known.added_at) if one.known else today)
        for one in entries
    ]


class Importing:
    """The import of one file."""

    def __init__(self, run: ImportRun, file: OpenedFile) -> None:
        self.run, self.file = run, file
        self.desk = Desk(run)
        is_large = file.total is None or file.total - run.position >= LARGE_FILE
        understanding = Understanding(
            self.desk.reading, run.source.code, search.index().prepare if is_large else None
        )
        self.mind = (SecondProcess if is_large else SameProcess)(understanding)
        self.feeding = Feeding()

    def go(self, confirms_withdrawals: bool, on_progress: Progress) -> tuple[ImportRun.State, str]:
        """Import to the end of the file, or until somebody asks to stop; say which, and what to tell."""
        with self.feeding, few_collections(), few_checkpoints():
            with self.mind:
                if not self._read(on_progress):
                    return ImportRun.State.STOPPED, ""
            if self.file.total is not None:
                ImportRun.objects.filter(pk=self.run.pk).update(position=self.file.total)
            if not self.run.is_full:
                return ImportRun.State.FINISHED, ""
            said = withdrawn_at_the_end(self.run, is_confirmed=confirms_withdrawals)
            return ImportRun.State.FINISHED, said

    def _read(self, on_progress: Progress) -> bool:
        """Read the file; say whether it was read to its end."""
        ahead: deque[Batch] = deque()
        for received in in_batches(self.file.received(self.run.position)):
            if self._is_asked_to_stop():
                return False
            ahead.append(self._begun(received))
            while len(ahead) > self.mind.ahead or (ahead and self.mind.is_ready()):
                on_progress(self._finished(ahead.popleft()))
        while ahead:
            on_progress(self._finished(ahead.popleft()))
        return True

    def _is_asked_to_stop(self) -> bool:
        asked = ImportRun.objects.filter(pk=self.run.pk).order_by()
        return asked.values_list("is_asked_to_stop", flat=True).get()

    def _begun(self, received: list[Received | BadRecord]) -> Batch:
        batch = self.desk.told_apart(received)
        self.desk.refuse_twice(batch)
        self.mind.ask(batch.asked(), self.desk.storing.branches)
        return batch

    def _finished(self, batch: Batch) -> int:
        outcomes = self.desk.store(batch, self.mind.answers())
        for outcome in outcomes:
            # Of several, all are stored before the first is indexed: others may index the last ones meanwhile.
            new = outcome.new if len(outcomes) == 1 else ()
            self.feeding.add(outcome.documents, outcome.pending, new)
        return batch.position


def store_received(run: ImportRun, received: Iterable[Received | BadRecord]) -> set[str]:
    """Store records that come one by one, a page of a harvest for instance; the caller opens and ends the run.

    Gives the control numbers of those that stayed out.

    Of two records with one control number the last is kept: a server gives one again when it has
    changed meanwhile. The index follows in the background.
    """
    desk = Desk(run)
    stayed_out: set[str] = set()
    with SameProcess(Understanding(desk.reading, run.source.code)) as mind:
        for batch in in_batches(iter(received)):
            told_apart = desk.told_apart(_latest_of(batch))
            mind.ask(told_apart.asked(), {})
            for outcome in desk.store(told_apart, mind.answers()):
                stayed_out |= {one.control_number for one in outcome.problems if one.is_rejection}
    run.refresh_from_db()
    return stayed_out


def _latest_of(batch: list[Received | BadRecord]) -> list[Received | BadRecord]:
    latest = {one.control_number: one for one in batch if isinstance(one, Received)}
    bad = [one for one in batch if isinstance(one, BadRecord)]
    return [*latest.values(), *bad]


def in_batches(
    received: Iterator[Received | BadRecord],
) -> Iterator[list[Received | BadRecord]]:
    """Cut what is received in batches of so many records, fewer when they are long."""
    batch: list[Received | BadRecord] = []
    size = 0
    for one in received:
        batch.append(one)
        size += len(one.content) if isinstance(one, Received) else 0
        if len(batch) >= BATCH_SIZE or size >= MOST_BYTES:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


class Desk:
    """Tells the records of a batch apart, and stores them once they are understood."""

    def __init__(self, run: ImportRun) -> None:
        self.run = run
        self.reading = reading_of(run)
        self.storing = Storing(run, self.reading.profile)
        self._fingerprint = self.reading.fingerprint
        self._in_flight: set[str] = set()
        self._elapsed_before_s = run.elapsed_s
        self._started = time.monotonic()

    def told_apart(self, received: Sequence[Received | BadRecord]) -> Batch:
        """Say of each record whether the store has it, under which key, and whether it is the same."""
        records = [one for one in received if isinstance(one, Received)]
        stored = self._stored([one.control_number for one in records if not _is_items(one)])
        entries = [self._entry(one, stored) for one in records]
        new = [one for one in entries if not one.key and not _is_items(one.received)]
        for one, key in zip(new, reserved_keys(Record, len(new)), strict=True):
            one.key = key
        bad = [one for one in received if isinstance(one, BadRecord)]
        return Batch(entries, bad, _after(received[-1]) if received else 0)

    def _entry(self, one: Received, stored: dict[str, tuple[int, Known]]) -> Entry:
        key, known = stored.get(one.control_number, (0, None))
        if _is_items(one):
            key, known = 0, None
        # What changes when the bytes do, or when they come to be read otherwise.
        checksum = hashlib.blake2b(one.content, digest_size=16, key=self._fingerprint).digest()
        return Entry(one, key, checksum, known)

    def _stored(self, numbers: Sequence[str]) -> dict[str, tuple[int, Known]]:
        columns = (
            "control_number",
            "pk",
            "checksum",
            "seen_in",
            "withdrawn_at",
            "is_parted",
            "is_work_chosen",
            "work",
            "added_at",
        )
        found: dict[str, tuple[int, Known]] = {}
        for part in in_parts(numbers):
            rows = Record.objects.filter(source=self.run.source_id, control_number__in=part)
            # Asked for an order, SQLite would read all the records of the source to have it.
            for number, pk, checksum, seen_in, *rest in rows.order_by().values_list(*columns):
                found[number] = pk, Known(bytes(checksum), seen_in == self.run.pk, *rest)
        return found

    def refuse_twice(self, batch: Batch) -> None:
        """Keep out the records whose control number the file has had already."""
        kept = []
        for one in batch.entries:
            number = one.received.control_number
            if _is_items(one.received):
                kept.append(one)
            elif number in self._in_flight or (one.known and one.known.is_seen):
                batch.bad.append(bad_record(one.received.offset, number, SENT_TWICE))
            else:
                self._in_flight.add(number)
                kept.append(one)
        batch.entries = kept

    def store(self, batch: Batch, answers: Sequence[Answer]) -> list[Outcome]:
        """Store a batch with what was understood of it."""
        for one, answer in zip(batch.to_understand, answers, strict=True):
            one.answer = answer
        self._read_again([one for one in batch.entries if one.answer is None])
        elapsed_s = self._elapsed_before_s + time.monotonic() - self._started
        outcomes = self.storing.store(
            batch.entries, batch.bad, position=batch.position, elapsed_s=elapsed_s
        )
        self._in_flight -= {one.received.control_number for one in batch.entries}
        return outcomes

    def _read_again(self, unchanged: list[Entry]) -> None:
        """Understand those that lost an item to another record since they were told apart."""
        lost = [one for one in unchanged if one.key in self.storing.read_again]
        if lost:
            understanding = Understanding(self.reading, self.run.source.code)
            for one, answer in zip(lost, understanding.answers(_asked(lost), {}), strict=True):
                one.answer = answer


def _after(one: Received | BadRecord) -> int:
    """Give a place that comes after this record, and before the next one."""
    if isinstance(one, Received) and one.file_format is FileFormat.ISO2709:
        return one.offset + len(one.content)
    return one.offset + 1


def _is_items(one: Received) -> bool:
    """Say whether this is a line of a table of items, which many may have for one record."""
    return one.file_format is FileFormat.ITEMS_CSV
