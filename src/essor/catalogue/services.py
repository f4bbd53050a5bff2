"""Writes of the catalogue: imports, batch by batch, and baskets.

Each batch is one transaction, so that readers see whole records at every moment and a killed run
loses its last batch only: the same file, sent again, ends with the same content.
"""

import hashlib
import json
import logging
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from itertools import islice
from typing import Any, BinaryIO

from django.contrib.auth.models import AbstractBaseUser
from django.db import connection, transaction
from django.db.models import F, Max
from django.utils import timezone
from django.utils.text import slugify

from essor.catalogue.importers import gettext_noop, iso2709, unimarc
from essor.catalogue.importers.wanted import Wanted, wanted_records
from essor.catalogue.models import (
    Basket,
    BasketItem,
    ImportProblem,
    ImportRun,
    Record,
    RecordIdentifier,
    Source,
)
from essor.catalogue.queries import records_numbered
from essor.catalogue.rows import insert_rows
from essor.catalogue.types import (
    BadRecord,
    BasketImport,
    Creator,
    FileFormat,
    Received,
    RecordValue,
)
from essor.problems import Problem

logger = logging.getLogger(__name__)

BATCH_SIZE = 500
SILENT_RUN = timedelta(hours=1)
"""A run that has not moved for so long was killed."""

SENT_TWICE = (
    gettext_noop("Another record of this file has the same control number: the first was kept."),
    gettext_noop("Give each record its own number in the library system."),
)
UNKNOWN_NUMBER = (
    gettext_noop("No record has this number."),
    gettext_noop("Check it, or import the record first."),
)
SEVERAL_SOURCES = (
    gettext_noop("Records of several sources have this number: the oldest was taken."),
    gettext_noop("Say which source the list comes from."),
)
RECORD_FIELDS = (
    "source",
    "control_number",
    "title",
    "filing_title",
    "subtitle",
    "statement",
    "creators",
    "publisher",
    "year",
    "languages",
    "document_type",
    "classification",
    "summary",
    "edition",
    "place",
    "extent",
    "series",
    "subjects",
    "notes",
    "links",
    "original_languages",
    "audience",
    "is_work_chosen",
    "is_parted",
    "encoding",
    "file_format",
    "received",
    "checksum",
    "seen_in",
    "added_at",
    "changed_at",
)
IDENTIFIER_FIELDS = ("record", "kind", "value", "is_valid")

Reading = Callable[[Received], RecordValue | BadRecord]


@dataclass(slots=True)
class Batch:
    """What is to be done with some records of a file, told apart before anything is written."""

    fresh: list[tuple[RecordValue, bytes, bytes]] = field(default_factory=list)
    new: int = 0
    unchanged: list[int] = field(default_factory=list)
    problems: list[BadRecord] = field(default_factory=list)


def import_file(
    stream: BinaryIO,
    *,
    source_code: str,
    source_name: str = "",
    file_name: str,
    on_progress: Callable[[int], object] = lambda offset: None,
) -> ImportRun:
    """Bring in the UNIMARC records of a file, and give the run with its counts.

    Raises NotMarc, before anything is stored, when the file is of another kind, and ValidationError
    on a source code that is none. `on_progress` is told how far in the file the import is, in bytes,
    after each batch.
    """
    batches = _in_batches(iso2709.received_records(stream))
    first = next(batches)
    run = start_run(source_known_as(source_code, source_name), file_name)
    try:
        for batch in _followed_by(first, batches):
            store_batch(run, batch, reading=unimarc.understood, version=unimarc.VERSION)
            on_progress(stream.tell())
    except BaseException:
        finish_run(run, ImportRun.State.INTERRUPTED)
        raise
    return finish_run(run, ImportRun.State.FINISHED)


def _in_batches(received: Iterator[Received | BadRecord]) -> Iterator[list[Received | BadRecord]]:
    while batch := list(islice(received, BATCH_SIZE)):
        yield batch


def _followed_by(first: Any, others: Iterator[Any]) -> Iterator[Any]:
    yield first
    yield from others


@transaction.atomic
def start_run(source: Source, file_name: str) -> ImportRun:
    """Open a run; those of the same source that were killed are said to be interrupted."""
    silent = timezone.now() - SILENT_RUN
    stopped = source.runs.filter(state=ImportRun.State.RUNNING, updated_at__lt=silent)
    stopped.update(state=ImportRun.State.INTERRUPTED)
    return ImportRun.objects.create(source=source, file_name=file_name[:255])


@transaction.atomic
def finish_run(run: ImportRun, state: ImportRun.State) -> ImportRun:
    """Close a run, and give it with its final counts."""
    run.refresh_from_db()
    run.state = state
    run.save(update_fields=["state", "updated_at"])
    logger.info(
        "catalogue.import.%s",
        state.value,
        extra={"run": run.pk, "read": run.read, "rejected": run.rejected},
    )
    return run


@transaction.atomic
def store_batch(
    run: ImportRun,
    received: Sequence[Received | BadRecord],
    *,
    reading: Reading,
    version: int,
) -> None:
    """Store some records of a file: new ones, changed ones, and the reasons of those that stay out.

    What is already stored, byte for byte and as this version reads it, is not read again.
    """
    Source.objects.select_for_update(of=("self",)).get(pk=run.source_id)
    batch = _told_apart(run, received, reading=reading, version=version)
    _write_records(run, batch, now=timezone.now())
    ImportProblem.objects.bulk_create(_problem(run, problem) for problem in batch.problems)
    ImportRun.objects.filter(pk=run.pk).update(
        new=F("new") + batch.new,
        changed=F("changed") + len(batch.fresh) - batch.new,
        unchanged=F("unchanged") + len(batch.unchanged),
        repaired=F("repaired") + sum(value.is_repaired for value, _, _ in batch.fresh),
        rejected=F("rejected") + len(batch.problems),
        updated_at=timezone.now(),
    )


def _told_apart(
    run: ImportRun,
    received: Sequence[Received | BadRecord],
    *,
    reading: Reading,
    version: int,
) -> Batch:
    batch = Batch()
    stored = _stored(run, received)
    seen = {number for number, (_pk, _sum, seen_in) in stored.items() if seen_in == run.pk}
    for one in received:
        if isinstance(one, BadRecord):
            batch.problems.append(one)
        elif one.control_number in seen:
            batch.problems.append(iso2709.bad_record(one.offset, one.control_number, SENT_TWICE))
        else:
            seen.add(one.control_number)
            _sort(batch, one, stored, reading=reading, version=version)
    return batch


def _sort(
    batch: Batch,
    one: Received,
    stored: dict[str, tuple[int, bytes, int | None]],
    *,
    reading: Reading,
    version: int,
) -> None:
    known = stored.get(one.control_number)
    checksum = _checksum(one, version)
    if known and known[1] == checksum:
        batch.unchanged.append(known[0])
        return
    value = reading(one)
    if isinstance(value, BadRecord):
        batch.problems.append(value)
    else:
        batch.fresh.append((value, one.content, checksum))
        batch.new += not known


def _stored(
    run: ImportRun, received: Sequence[Received | BadRecord]
) -> dict[str, tuple[int, bytes, int | None]]:
    numbers = [one.control_number for one in received if isinstance(one, Received)]
    # Asked for an order, SQLite would read all the records of the source to have it.
    rows = Record.objects.filter(source=run.source_id, control_number__in=numbers).order_by()
    known = rows.values_list("control_number", "pk", "checksum", "seen_in")
    return {number: (pk, bytes(checksum), seen_in) for number, pk, checksum, seen_in in known}


def _checksum(one: Received, version: int) -> bytes:
    """Give what changes when the bytes do, or when they come to be read otherwise."""
    return hashlib.blake2b(one.content, digest_size=32, salt=version.to_bytes(16)).digest()


def _write_records(run: ImportRun, batch: Batch, *, now: datetime) -> None:
    moment = connection.ops.adapt_datetimefield_value(now)
    insert_rows(
        Record,
        RECORD_FIELDS,
        [_row(run, *fresh, moment=moment) for fresh in batch.fresh],
        unique=("source", "control_number"),
        kept=("is_work_chosen", "is_parted", "added_at"),
    )
    numbers = [value.control_number for value, _, _ in batch.fresh]
    rows = Record.objects.filter(source=run.source_id, control_number__in=numbers).order_by()
    keys = dict(rows.values_list("control_number", "pk"))
    if len(batch.fresh) > batch.new:
        RecordIdentifier.objects.filter(record__in=keys.values()).delete()
    identified = [
        (keys[value.control_number], one.kind.value, one.value, one.is_valid)
        for value, _, _ in batch.fresh
        for one in value.identifiers
    ]
    insert_rows(RecordIdentifier, IDENTIFIER_FIELDS, identified)
    Record.objects.filter(pk__in=batch.unchanged).update(seen_in=run)


def _row(
    run: ImportRun, value: RecordValue, content: bytes, checksum: bytes, *, moment: Any
) -> tuple[Any, ...]:
    """Give what is stored of a record, in the order of RECORD_FIELDS."""
    return (
        run.source_id,
        value.control_number,
        value.title,
        value.filing_title[:200],
        value.subtitle,
        value.statement,
        json.dumps([_creator(creator) for creator in value.creators]),
        value.publisher,
        value.year,
        json.dumps(value.languages),
        value.document_type.value,
        value.classification[:100],
        value.summary,
        value.edition,
        value.place,
        value.extent,
        json.dumps([asdict(series) for series in value.series]),
        json.dumps([asdict(subject) for subject in value.subjects]),
        json.dumps(value.notes),
        json.dumps([asdict(link) for link in value.links]),
        json.dumps(value.original_languages),
        value.audience.value,
        False,
        False,
        value.encoding,
        FileFormat.ISO2709.value,
        content,
        checksum,
        run.pk,
        moment,
        moment,
    )


def _creator(creator: Creator) -> dict[str, object]:
    return {
        "name": creator.name,
        "filing_name": creator.filing_name,
        "roles": creator.roles,
        "is_primary": creator.is_primary,
    }


def _problem(run: ImportRun, problem: BadRecord) -> ImportProblem:
    return ImportProblem(
        run=run,
        offset=problem.offset,
        control_number=problem.control_number,
        what=problem.what,
        advice=problem.advice,
    )


@transaction.atomic
def create_basket(
    name: str,
    *,
    slug: str = "",
    owner: AbstractBaseUser | None = None,
    is_public: bool = False,
) -> Basket:
    """Make an empty basket; its short name comes from its name when none is given.

    Raises ValidationError when a name is empty or too long, or when the short one is taken.
    """
    slug = slug or slugify(name)[:100]
    basket = Basket(name=name.strip(), slug=slug, owner=owner, is_public=is_public)
    basket.full_clean()
    basket.save()
    return basket


@transaction.atomic
def add_to_basket(basket: Basket, records: Iterable[Record]) -> int:
    """Add records at the end of a basket, in this order; those it holds stay where they are.

    Gives how many were added.
    """
    Basket.objects.select_for_update(of=("self",)).get(pk=basket.pk)
    held = set(BasketItem.objects.filter(basket=basket).values_list("record_id", flat=True))
    last = BasketItem.objects.filter(basket=basket).aggregate(last=Max("sort_order"))["last"]
    new = [record for record in dict.fromkeys(records) if record.pk not in held]
    BasketItem.objects.bulk_create(
        BasketItem(basket=basket, record=record, sort_order=place)
        for place, record in enumerate(new, start=(last if last is not None else -1) + 1)
    )
    basket.save(update_fields=["changed_at"])
    return len(new)


@transaction.atomic
def import_basket(
    content: bytes, *, name: str, slug: str = "", is_public: bool = False, source_code: str = ""
) -> BasketImport:
    """Make a basket of this name from a list of numbers, or complete the one that has its short name.

    Raises UnreadableList when the list is none, ValidationError when the name is not one.
    """
    lines = tuple(wanted_records(content))
    wanted = [line for line in lines if isinstance(line, Wanted)]
    basket = Basket.objects.filter(slug=slug or slugify(name)[:100]).first()
    basket = basket or create_basket(name, slug=slug, is_public=is_public)
    found = records_numbered((line.number for line in wanted), source_code=source_code)
    problems = [line for line in lines if isinstance(line, Problem)]
    problems += _not_found(wanted, found)
    records = [found[line.number][0] for line in wanted if line.number in found]
    added = add_to_basket(basket, records)
    held = len({record.pk for record in records}) - added
    return BasketImport(basket.name, added, held, tuple(problems))


def _not_found(wanted: Sequence[Wanted], found: Mapping[str, list[Record]]) -> Iterator[Problem]:
    for line in wanted:
        records = found.get(line.number, [])
        if not records:
            yield Problem(str(line.line), *UNKNOWN_NUMBER)
        elif len({record.source_id for record in records}) > 1:
            yield Problem(str(line.line), *SEVERAL_SOURCES)


@transaction.atomic
def source_known_as(code: str, name: str = "") -> Source:
    """Give the source of this code, made if need be; its name changes only when one is given.

    Raises ValidationError on a code or a name that is none.
    """
    source = Source.objects.filter(code=code).first() or Source(code=code, name=code)
    if source.pk and not name:
        return source
    source.name = name or source.name
    source.full_clean()
    source.save()
    return source
