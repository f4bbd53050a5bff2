"""Imports of other directories: prepared, run batch after batch, gone on with after a kill.

A batch is one transaction: rows, counts, approvals and how far the import came are stored together. Of
two imports of one list the later wins: the earlier stops at its next batch. Of two processes that run one
import, which was gone on with though its first process lived, the one that comes late to a batch leaves
it to the other. What a person decided of a row is never undone.
"""

import hashlib
import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone
from django.utils.text import get_valid_filename, slugify
from django.utils.translation import gettext as _

from essor.register.importers import gettext_noop
from essor.register.importers.directories import (
    SHARED_SIRET,
    Column,
    EntryRow,
    ListKind,
    checked_columns,
    columns_recognised,
    entries_of_table,
    entry_of,
)
from essor.register.importers.tables import RawRow, Table, table_of
from essor.register.matching import Means, Verdict
from essor.register.models import Approval, DirectoryEntry, DirectoryImport, ImportedDirectory
from essor.register.services.approvals import give_approvals
from essor.register.services.matching import Found, Matcher
from essor.register.types import RegisterError

logger = logging.getLogger(__name__)

BATCH = 500
PREPARED_KEPT = timedelta(days=1)
RECEIVED_KEPT = timedelta(days=30)
LEAST_TO_DOUBT = 10
"""Below so many rows, a list may well lose most of them."""

AT_WORK = (DirectoryImport.State.WAITING, DirectoryImport.State.RUNNING)
UNFINISHED = (DirectoryImport.State.RUNNING, DirectoryImport.State.INTERRUPTED)
STARTED_WITHIN = timedelta(minutes=2)
"""A worker begins a waiting import in seconds; later, its task may be lost."""

OVERTAKEN = gettext_noop("Another import of this list began: this one gave way.")
LOOKS_INCOMPLETE = gettext_noop(
    "More than half of the rows of the list are not in this file: it looks incomplete, and none was marked as left. "
    "If they have left, import it again and say so."
)
NO_FILE = gettext_noop("This import did not keep its file: import the file again.")

Progress = Callable[[int, int], object]
"""Told how many rows are stored, and of how many."""

STATE_OF = {
    Verdict.CERTAIN: DirectoryEntry.State.MATCHED,
    Verdict.DOUBTFUL: DirectoryEntry.State.DOUBTFUL,
    Verdict.NONE: DirectoryEntry.State.UNMATCHED,
}


@dataclass(frozen=True, slots=True)
class ListAsked:
    """What a person says of a list: how it is called, what may be done with it, of what day it is."""

    name: str
    licence: str
    kind: ListKind = ListKind.OTHER
    origin: str = ""
    source_date: date | None = None
    encoding: str = ""
    columns: Mapping[Column, str] | None = None
    confirms_departures: bool = False


# Preparing


def keep_list(
    content: bytes, *, file_name: str, kind: ListKind, by: User | None
) -> DirectoryImport:
    """Keep a list that was dropped, to be looked at; nothing is imported. Raises RegisterError on what is no table."""
    table = table_of(content)
    forget_old_lists(timezone.now())
    run = DirectoryImport(
        kind=kind,
        file_name=Path(file_name).name[-255:],
        checksum=hashlib.sha256(content).hexdigest(),
        encoding="",
        columns=_as_stored(columns_recognised(table)),
        state=DirectoryImport.State.PREPARED,
        started_by=by,
        rows=len(table.rows),
    )
    run.file.save(_file_name(file_name), ContentFile(content), save=False)
    run.save()
    return run


def forget_old_lists(now: datetime) -> int:
    """Forget what was dropped and never started, and free the files of imports that ended long ago; say how many."""
    prepared = DirectoryImport.objects.filter(state=DirectoryImport.State.PREPARED)
    old = list(prepared.filter(updated_at__lt=now - PREPARED_KEPT))
    ended = DirectoryImport.objects.exclude(file="").exclude(state__in=AT_WORK)
    freed = list(ended.filter(updated_at__lt=now - RECEIVED_KEPT))
    for run in (*old, *freed):
        run.file.delete(save=False)
        DirectoryImport.objects.filter(pk=run.pk).update(file="")
    prepared.filter(pk__in=[run.pk for run in old]).delete()
    return len(old) + len(freed)


def _file_name(file_name: str) -> str:
    return get_valid_filename(f"liste-{Path(file_name).name[-80:]}")


def _as_stored(columns: Mapping[Column, str]) -> dict[str, str]:
    return {meaning.value: heading for meaning, heading in columns.items()}


def columns_of(run: DirectoryImport) -> dict[Column, str]:
    """Give what each column of an import means."""
    return {Column(meaning): heading for meaning, heading in run.columns.items()}


def table_read(run: DirectoryImport, content: bytes | None = None, *, encoding: str = "") -> Table:
    """Read the table of an import, from the file it kept unless its content is given. Raises RegisterError."""
    if content is None:
        if not run.file:
            raise ValidationError(_(NO_FILE))
        with run.file.open("rb") as stream:
            content = stream.read()
    return table_of(content, encoding=encoding or run.encoding)


@transaction.atomic
def start_import(run: DirectoryImport, asked: ListAsked) -> DirectoryImport:
    """Say what a list is and have it imported by `run_import`. Raises RegisterError, ValidationError.

    A list is known again by its name: its licence and its origin are those said last.
    """
    table = table_read(run, encoding=asked.encoding)
    _say_what_it_is(run, table, asked)
    run.save()
    return run


def _say_what_it_is(run: DirectoryImport, table: Table, asked: ListAsked) -> None:
    recognised = columns_recognised(table)
    columns = checked_columns(asked.columns if asked.columns is not None else recognised, table)
    run.directory = directory_called(asked)
    run.kind = asked.kind
    run.source_date = asked.source_date
    run.encoding, run.delimiter = table.encoding, table.delimiter
    run.columns = _as_stored(columns)
    run.rows = len(table.rows)
    run.confirms_departures = asked.confirms_departures
    run.state = DirectoryImport.State.WAITING


def directory_called(asked: ListAsked) -> ImportedDirectory:
    """Give the directory of this name, made if need be. Raises ValidationError when it is of another kind."""
    name = " ".join(asked.name.split())
    directory = ImportedDirectory.objects.select_for_update(of=("self",)).filter(name=name).first()
    if directory is None:
        directory = ImportedDirectory(name=name, slug=_free_slug(name), kind=asked.kind)
    if directory.kind != asked.kind:
        raise ValidationError(_("A list of another kind has this name: choose another name."))
    directory.licence, directory.origin = asked.licence, asked.origin or directory.origin
    directory.full_clean()
    directory.save()
    return directory


def _free_slug(name: str) -> str:
    slug = free = slugify(name)[:70] or "liste"
    rank = 1
    while ImportedDirectory.objects.filter(slug=free).exists():
        rank += 1
        free = f"{slug}-{rank}"
    return free


# Running


class _LeftToAnother(Exception):
    """Another process has gone on with this import."""


def no_progress(_stored: int, _rows: int) -> None:
    """Tell nobody."""


def import_list(
    content: bytes,
    *,
    file_name: str,
    asked: ListAsked,
    on_progress: Progress = no_progress,
) -> DirectoryImport:
    """Bring in a list at one stroke, and give the import with its counts; twice is once.

    The same file, sent again after its import was killed, goes on from there. Raises RegisterError when
    it is no table or nothing tells its rows, ValidationError when what is said of it makes no sense.
    """
    with transaction.atomic():
        run = DirectoryImport(
            file_name=Path(file_name).name[-255:], checksum=hashlib.sha256(content).hexdigest()
        )
        _say_what_it_is(run, table_of(content, encoding=asked.encoding), asked)
        run = _unfinished_like(run) or run
        run.save()
    return run_import(run, content=content, on_progress=on_progress)


def _unfinished_like(run: DirectoryImport) -> DirectoryImport | None:
    """Give the last import of this list if it read this very file, as asked now, and not to its end."""
    last = DirectoryImport.objects.filter(directory=run.directory).order_by("-pk").first()
    if last is None or last.state not in UNFINISHED:
        return None
    compared = ("checksum", "columns", "encoding", "source_date", "confirms_departures")
    is_same = all(getattr(last, field) == getattr(run, field) for field in compared)
    return last if is_same else None


def run_import(
    run: DirectoryImport, *, content: bytes | None = None, on_progress: Progress = no_progress
) -> DirectoryImport:
    """Import, from where the run stands, and give it with its counts. Raises what stops it, once it is closed."""
    try:
        entries = entries_of_table(table_read(run, content), columns_of(run))
        _update(run, state=DirectoryImport.State.RUNNING, message="", rows=len(entries))
        matcher = Matcher()
        while run.position < len(entries):
            if not _store_batch(run, entries[run.position : run.position + BATCH], matcher):
                return _closed(run, DirectoryImport.State.FAILED, OVERTAKEN)
            on_progress(run.position, len(entries))
        state, message = _finish(run)
    except _LeftToAnother:
        run.refresh_from_db()
        return run
    except (RegisterError, ValidationError) as error:
        _closed(run, DirectoryImport.State.FAILED, str(error))
        raise
    except BaseException as error:
        _closed(run, DirectoryImport.State.INTERRUPTED, str(error))
        raise
    return _closed(run, state, message)


def _update(run: DirectoryImport, **values: object) -> None:
    DirectoryImport.objects.filter(pk=run.pk).update(updated_at=timezone.now(), **values)
    run.refresh_from_db()


def _closed(run: DirectoryImport, state: DirectoryImport.State, message: str) -> DirectoryImport:
    _update(run, state=state, message=message[:500])
    logger.info("register.directory.%s", state.value, extra={"run": run.pk, "rows": run.read})
    return run


@transaction.atomic
def _store_batch(run: DirectoryImport, rows: Sequence[EntryRow], matcher: Matcher) -> bool:
    """Store a batch, unless a later import of the list has begun; say whether it was stored."""
    directory = _locked(run)
    if _is_overtaken(run, directory):
        return False
    held = {
        entry.key: entry for entry in directory.entries.filter(key__in=[row.key for row in rows])
    }
    batch = _Batch(run, directory)
    for row, found in zip(rows, matcher.matched(rows), strict=True):
        batch.take(held.get(row.key), row, found)
    batch.store()
    _update(run, position=run.position + len(rows), **batch.counted())
    return True


def _locked(run: DirectoryImport) -> ImportedDirectory:
    """Give the directory of an import, which no other may change until the end of the transaction."""
    directory = ImportedDirectory.objects.select_for_update(of=("self",)).get(imports=run)
    as_it_stands = DirectoryImport.objects.get(pk=run.pk)
    is_ours = as_it_stands.state == DirectoryImport.State.RUNNING
    if not is_ours or as_it_stands.position != run.position:
        raise _LeftToAnother
    return directory


def _is_overtaken(run: DirectoryImport, directory: ImportedDirectory) -> bool:
    later = directory.imports.filter(pk__gt=run.pk)
    return later.exclude(state=DirectoryImport.State.PREPARED).exists()


class _Batch:
    """Rows being stored: which are made, which are written again, and the structures whose approvals may change."""

    def __init__(self, run: DirectoryImport, directory: ImportedDirectory) -> None:
        self.run, self.directory = run, directory
        self.made: list[DirectoryEntry] = []
        self.written: list[DirectoryEntry] = []
        self.changed = self.unchanged = self.faulty = 0
        self.sirens: set[str] = set()

    def take(self, entry: DirectoryEntry | None, row: EntryRow, found: Found) -> None:
        """Take a row in: as a new entry, or into the one that has its key."""
        is_new = entry is None
        entry = entry or DirectoryEntry(directory=self.directory, key=row.key)
        is_same = entry.digest == row.digest and entry.left_on is None
        self.sirens.add(entry.chosen_siren)
        _understand(entry, row, found)
        settle_by_rule(entry, found)
        self.sirens.add(entry.chosen_siren)
        entry.last_import, entry.left_on = self.run, None
        (self.made if is_new else self.written).append(entry)
        self.changed += not is_new and not is_same
        self.unchanged += not is_new and is_same
        self.faulty += bool(entry.problems)

    def store(self) -> None:
        """Write it all."""
        DirectoryEntry.objects.bulk_create(self.made)
        DirectoryEntry.objects.bulk_update(self.written, WRITTEN_FIELDS, batch_size=100)
        if self.run.kind == ListKind.SIAE:
            give_approvals(self.directory, self.sirens - {""}, source_date=self.run.source_date)

    def counted(self) -> dict[str, int]:
        """Give the counts of the run with those of this batch."""
        run, taken = self.run, (*self.made, *self.written)
        by_state = {
            state.value: getattr(run, state.value) + sum(one.state == state for one in taken)
            for state in DirectoryEntry.State
        }
        return {
            "new": run.new + len(self.made),
            "changed": run.changed + self.changed,
            "unchanged": run.unchanged + self.unchanged,
            "faulty": run.faulty + self.faulty,
            **by_state,
        }


WRITTEN_FIELDS = (
    "digest",
    "line",
    "received",
    "name",
    "usual_name",
    "detail",
    "siret",
    "siren",
    "address",
    "postcode",
    "commune_text",
    "commune",
    "longitude",
    "latitude",
    "problems",
    "state",
    "means",
    "chosen_siren",
    "candidates",
    "last_import",
    "left_on",
)


def _understand(entry: DirectoryEntry, row: EntryRow, found: Found) -> None:
    same = ("digest", "line", "received", "name", "usual_name", "detail", "siret", "siren")
    for field in (*same, "address", "postcode", "longitude", "latitude"):
        setattr(entry, field, getattr(row, field))
    entry.commune_text, entry.commune = row.commune, found.commune
    faults = [(problem.what, problem.advice) for problem in row.problems]
    entry.problems = [list(fault) for fault in dict.fromkeys((*faults, *found.faults))]


def settle_by_rule(entry: DirectoryEntry, found: Found) -> None:
    """Give a row the state that the rules say, unless a person has said it."""
    if entry.reviewed_at is not None:
        return
    match = found.match
    entry.state = STATE_OF[match.verdict]
    entry.chosen_siren = match.siren
    entry.means = match.means if match.verdict is Verdict.CERTAIN else Means.NOTHING
    entry.candidates = [[one.siren, round(one.score, 3)] for one in match.candidates]


@transaction.atomic
def _finish(run: DirectoryImport) -> tuple[DirectoryImport.State, str]:
    """Mark the rows that have left the list, date it, and give how it ended and what is to be said."""
    directory = _locked(run)
    if _is_overtaken(run, directory):  # the rows of the later one would be marked
        return DirectoryImport.State.FAILED, OVERTAKEN
    present = directory.entries.present()
    missing = present.exclude(last_import=run)
    directory.source_date, directory.columns = run.source_date, run.columns
    directory.save(update_fields=["source_date", "columns"])
    _date_approvals(directory)
    count = missing.count()
    if _looks_incomplete(present.count(), count) and not run.confirms_departures:
        return DirectoryImport.State.FINISHED, LOOKS_INCOMPLETE
    sirens = set(missing.order_by().values_list("chosen_siren", flat=True)) - {""}
    missing.update(left_on=run.source_date or timezone.localdate())
    give_approvals(directory, sirens, source_date=run.source_date)
    _update(run, left=count)
    return DirectoryImport.State.FINISHED, ""


def _looks_incomplete(present: int, missing: int) -> bool:
    return present >= LEAST_TO_DOUBT and missing > present / 2


def _date_approvals(directory: ImportedDirectory) -> None:
    Approval.objects.filter(source=directory.name).update(source_date=directory.source_date)


def is_to_be_resumed(run: DirectoryImport, *, now: datetime) -> bool:
    """Say whether an import stands still: stopped on its way, or waiting for longer than a worker takes to begin."""
    is_lost = run.state == DirectoryImport.State.WAITING and run.updated_at < now - STARTED_WITHIN
    return run.state in UNFINISHED or is_lost


def resume(run: DirectoryImport) -> DirectoryImport:
    """Have an import that was killed or lost wait for its next turn. Raises ValidationError when it cannot go on."""
    if not is_to_be_resumed(run, now=timezone.now()):
        raise ValidationError(_("Only an import that was interrupted can go on."))
    if not run.file:
        raise ValidationError(_(NO_FILE))
    _update(run, state=DirectoryImport.State.WAITING)
    return run


# Matching again, when the register has changed


def match_again(directories: Iterable[ImportedDirectory] | None = None) -> int:
    """Match again all rows that no person has decided, with the vintage that is shown; say how many changed."""
    wanted = ImportedDirectory.objects.order_by("pk") if directories is None else directories
    return sum(_match_list_again(directory) for directory in wanted)


def _match_list_again(directory: ImportedDirectory) -> int:
    matcher, changed, last = Matcher(), 0, 0
    while True:
        with transaction.atomic():
            undecided = directory.entries.present().filter(reviewed_at=None, pk__gt=last)
            undecided = undecided.select_related("last_import", "directory").order_by("pk")
            batch = list(undecided.select_for_update(of=("self",))[:BATCH])
            if not batch:
                return changed
            last = batch[-1].pk
            changed += _match_batch_again(directory, batch, matcher)


def _match_batch_again(
    directory: ImportedDirectory, batch: list[DirectoryEntry], matcher: Matcher
) -> int:
    moved, sirens = [], set()
    for entry, found in zip(batch, matcher.matched([_row_of(one) for one in batch]), strict=True):
        before = (entry.state, entry.chosen_siren, entry.means, entry.candidates)
        settle_by_rule(entry, found)
        if before != (entry.state, entry.chosen_siren, entry.means, entry.candidates):
            moved.append(entry)
            sirens |= {before[1], entry.chosen_siren}
    DirectoryEntry.objects.bulk_update(
        moved, ("state", "chosen_siren", "means", "candidates"), batch_size=100
    )
    give_approvals(directory, sirens - {""}, source_date=directory.source_date)
    return len(moved)


def _row_of(entry: DirectoryEntry) -> EntryRow:
    """Give a stored row back as its import understood it."""
    stated = entry.last_import.columns if entry.last_import else entry.directory.columns
    columns = {Column(meaning): heading for meaning, heading in stated.items()}
    row = entry_of(RawRow(entry.line, entry.received), columns)
    is_shared = list(SHARED_SIRET) in entry.problems
    return replace(row, is_siret_shared=is_shared)
