"""Works and duplicates: what brings the records of one text, or of one edition, together.

Imports group by a cautious key (`rules.work_key`) and link by ISBN; staff may part what was brought
together, or join what was not, and imports respect it.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q

from essor.catalogue.models import Record, RecordIdentifier, Work
from essor.catalogue.rows import in_parts, insert_rows
from essor.catalogue.rules import are_near
from essor.catalogue.types import IdentifierKind


@dataclass(frozen=True, slots=True)
class Edition:
    """What tells whether two records describe one edition."""

    record: int
    filing_title: str
    isbns: frozenset[str]


def works_of(keys: Iterable[str]) -> dict[str, int]:
    """Give the work of each key, made if need be."""
    wanted = sorted(key for key in keys if key)
    works = _known_works(wanted)
    missing = [key for key in wanted if key not in works]
    insert_rows(Work, ("key",), [(key,) for key in missing], unique=("key",))
    return works | _known_works(missing)


def _known_works(keys: Sequence[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for part in in_parts(keys):
        found |= dict(Work.objects.filter(key__in=part).order_by().values_list("key", "pk"))
    return found


def remove_empty_works(keys: Iterable[int | None]) -> None:
    """Remove those of these works that have no edition left."""
    for part in in_parts(sorted(key for key in keys if key)):
        Work.objects.filter(pk__in=part, editions=None).delete()


@transaction.atomic
def part_from_work(record: Record) -> Work:
    """Give a record a work of its own, which imports leave as it is."""
    record = _locked(record)[record.pk]
    left = record.work_id
    work, _is_new = Work.objects.get_or_create(key=_own_key(record))
    _choose_work(record, work)
    remove_empty_works({left} - {work.pk})
    return work


@transaction.atomic
def join_work(record: Record, other: Record) -> Work:
    """Make a record an edition of the work of another one; imports leave both as they are."""
    locked = _locked(record, other)
    record, other = locked[record.pk], locked[other.pk]
    left = record.work_id
    work = other.work or Work.objects.get_or_create(key=_own_key(other))[0]
    for one in (record, other):
        _choose_work(one, work)
    remove_empty_works({left} - {work.pk})
    return work


def _locked(*records: Record) -> dict[int, Record]:
    """Read records again, and keep imports from changing them until the end of the transaction."""
    locked = Record.objects.select_for_update(of=("self",)).order_by("pk")
    return {one.pk: one for one in locked.filter(pk__in=[record.pk for record in records])}


def _own_key(record: Record) -> str:
    return f"record {record.pk}"


def _choose_work(record: Record, work: Work) -> None:
    record.work, record.is_work_chosen = work, True
    record.save(update_fields=["work", "is_work_chosen"])


def root_of_duplicates(source: int, editions: Sequence[Edition]) -> dict[int, int]:
    """Give, for each of these records of a source, the oldest record of the others that is the same edition.

    Two records are one edition when they share a right ISBN and their titles are near. Those that
    staff has parted are left out, and so are the withdrawn. A record that turns out to be the oldest
    becomes the one that the others are linked to.
    """
    by_isbn = _records_by_isbn(source, {isbn for one in editions for isbn in one.isbns})
    parted = _parted_among([one.record for one in editions]) if by_isbn else set()
    roots: dict[int, int] = {}
    for edition in editions:
        if edition.record in parted:
            continue
        near = {
            root or record
            for isbn in edition.isbns
            for record, title, root in by_isbn.get(isbn, ())
            if are_near(edition.filing_title, title)
        }
        if not near - {edition.record}:
            continue
        oldest = min({*near, edition.record})
        if oldest != edition.record:
            roots[edition.record] = oldest
        _link_all({*near, edition.record} - {oldest}, oldest)
    return roots


def _records_by_isbn(
    source: int, isbns: Iterable[str]
) -> dict[str, list[tuple[int, str, int | None]]]:
    found: dict[str, list[tuple[int, str, int | None]]] = defaultdict(list)
    others = RecordIdentifier.objects.filter(
        kind=IdentifierKind.ISBN.value, is_valid=True, record__withdrawn_at=None
    )
    others = others.exclude(record__source=source).exclude(record__is_parted=True)
    columns = ("value", "record_id", "record__filing_title", "record__duplicate_of")
    for part in in_parts(sorted(isbns)):
        for value, record, title, root in others.filter(value__in=part).values_list(*columns):
            found[value].append((record, title, root))
    return found


def _parted_among(records: Sequence[int]) -> set[int]:
    """Give those that staff has parted, maybe since the import has read them."""
    found: set[int] = set()
    for part in in_parts(records):
        parted = Record.objects.filter(pk__in=part, is_parted=True).order_by()
        found |= set(parted.values_list("pk", flat=True))
    return found


def _link_all(records: set[int], oldest: int) -> None:
    """Link stored records, and what is linked to them, to the oldest of all."""
    linked = Record.objects.filter(Q(pk__in=records) | Q(duplicate_of__in=records))
    linked.filter(is_parted=False).exclude(pk=oldest).order_by().update(duplicate_of=oldest)


@transaction.atomic
def part_duplicate(record: Record) -> None:
    """Say that a record is the duplicate of no other: no import links it again."""
    record.duplicate_of, record.is_parted = None, True
    record.save(update_fields=["duplicate_of", "is_parted"])
    record.duplicates.order_by().update(duplicate_of=None)


def release_duplicates_of(records: Sequence[int]) -> None:
    """Link the duplicates of records that are withdrawn to the oldest of themselves."""
    if not records:
        return
    linked = Record.objects.filter(duplicate_of__in=records, withdrawn_at=None).order_by("pk")
    groups: dict[int | None, list[int]] = defaultdict(list)
    for record, root in linked.values_list("pk", "duplicate_of"):
        groups[root].append(record)
    for oldest, *others in groups.values():
        Record.objects.filter(pk=oldest).order_by().update(duplicate_of=None)
        Record.objects.filter(pk__in=others).order_by().update(duplicate_of=oldest)
