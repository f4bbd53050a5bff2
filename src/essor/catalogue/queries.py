"""Reads of the catalogue, named after the question."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import translation

from essor.catalogue.exports.types import Holding, Marc, Published
from essor.catalogue.importers.profiles import Profile, shipped_profile
from essor.catalogue.importers.reading import marc_of
from essor.catalogue.models import (
    Basket,
    Cover,
    ImportRun,
    Item,
    MappingProfile,
    Record,
    RecordIdentifier,
    Source,
)
from essor.catalogue.rules import folded, is_web_address, isbn_of
from essor.catalogue.types import (
    Audience,
    Availability,
    Creator,
    DocumentType,
    FieldLine,
    FileFormat,
    Identifier,
    IdentifierKind,
    Link,
    Series,
    Subject,
    SubjectKind,
)
from essor.presentation.permalinks import Destination, Permalink


def current_records() -> QuerySet[Record]:
    """Give the records that their sources still have."""
    return Record.objects.filter(withdrawn_at=None)


def records_to_show() -> QuerySet[Record]:
    """Give the records with what their pages show."""
    return Record.objects.select_related("source", "cover").prefetch_related("identifiers")


PUBLISHED_AT_ONCE = 500
MOST_BESIDE = 50
"""Other editions and doubles of a record that its staff screen shows."""


def published(
    records: QuerySet[Record], *, root: str, with_marc: bool = False
) -> Iterator[Published]:
    """Give these records as they go out, some hundreds at a time, in their order.

    `root` is what all addresses begin with, as in `https://ess.example.org`. What was received comes
    only when asked for. Four queries for each 500 records.
    """
    asked = records.select_related("source").prefetch_related("identifiers", items_on_shelves())
    asked = asked.defer(None).defer("checksum") if with_marc else asked
    for record in asked.iterator(chunk_size=PUBLISHED_AT_ONCE):
        yield as_published(record, root=root, with_marc=with_marc)


def items_on_shelves() -> "Prefetch[str]":
    """Ask for the items that are still there, with their branches."""
    standing = Item.objects.filter(withdrawn_at=None).exclude(availability=Availability.GONE)
    return Prefetch("items", standing.select_related("branch"))


def as_published(record: Record, *, root: str, with_marc: bool = False) -> Published:
    """Give a record as it goes out; its source, identifiers and items are best read beforehand."""
    return Published(
        number=record.pk,
        address=f"{root}{canonical_path(record)}",
        identity=record.identity,
        source=record.source.name,
        title=record.title,
        subtitle=record.subtitle,
        statement=record.statement,
        creators=tuple(_creator(entry) for entry in record.creators),
        edition=record.edition,
        place=record.place,
        publisher=record.publisher,
        year=record.year,
        extent=record.extent,
        series=tuple(Series(**entry) for entry in record.series),
        languages=tuple(record.languages),
        original_languages=tuple(record.original_languages),
        document_type=DocumentType(record.document_type),
        audience=Audience(record.audience),
        classification=record.classification,
        subjects=tuple(
            Subject(entry["label"], SubjectKind(entry["kind"])) for entry in record.subjects
        ),
        summary=record.summary,
        notes=tuple(record.notes),
        links=tuple(Link(**entry) for entry in record.links if is_web_address(entry["address"])),
        identifiers=tuple(
            Identifier(IdentifierKind(one.kind), one.value, one.is_valid)
            for one in record.identifiers.all()
        ),
        holdings=() if record.withdrawn_at else tuple(_holding(i) for i in record.items.all()),
        added_at=record.added_at,
        changed_at=record.changed_at,
        withdrawn_at=record.withdrawn_at,
        marc=_marc(record) if with_marc else None,
    )


def canonical_path(record: Record) -> str:
    """Give the address of a record in the first language: the one that is cited."""
    with translation.override(settings.LANGUAGE_CODE):
        return reverse("record", args=[record.pk])


def _creator(entry: dict[str, Any]) -> Creator:
    return Creator(
        entry["name"], entry["filing_name"], tuple(entry["roles"]), bool(entry["is_primary"])
    )


def _holding(item: Item) -> Holding:
    return Holding(
        branch=item.branch.name if item.branch else "",
        section=item.section,
        call_number=item.call_number,
        volume=item.volume,
        availability=Availability(item.availability),
        due=item.due,
    )


def _marc(record: Record) -> Marc:
    return Marc(bytes(record.received), FileFormat(record.file_format), record.encoding)


def destination_of_record(link: Permalink, request: HttpRequest) -> Destination | None:
    """Say where the permanent link of a record leads, and what a share of it shows."""
    record = Record.objects.filter(pk=link.number).first()
    if record is None:
        return None
    return Destination(
        address=record.get_absolute_url(),
        title=record.full_title,
        kind=str(record.get_document_type_display()),
    )


def records_in_basket(basket: Basket) -> QuerySet[Record]:
    """Give the records of a basket with what their covers show, in its order, but for the withdrawn."""
    return (
        Record.objects.select_related("source", "cover")
        .filter(basket_items__basket=basket, withdrawn_at=None)
        .order_by("basket_items__sort_order", "basket_items__pk")
    )


def records_placed_in(basket: Basket) -> QuerySet[Record]:
    """Give all that stands in a basket, in its order, withdrawn records among them, for who looks after it."""
    return (
        Record.objects.select_related("source")
        .filter(basket_items__basket=basket)
        .order_by("basket_items__sort_order", "basket_items__pk")
    )


def baskets_with_size(baskets: QuerySet[Basket]) -> QuerySet[Basket]:
    """Give these baskets with `size`, how many records each holds, and their owners."""
    return baskets.select_related("owner").annotate(size=Count("items")).order_by("name", "pk")


def records_found_by_staff(records: QuerySet[Record], query: str) -> QuerySet[Record]:
    """Give the records with these words in their title or author, or with this number, without any index.

    The whole table is read: see `finding.found_by_staff`.
    """
    by_words = Q()
    for word in query.split():
        in_title = Q(filing_title__contains=folded(word)) if folded(word) else Q()
        by_words &= in_title | Q(statement__icontains=word) | Q(title__icontains=word)
    return records.filter(Q(pk__in=keys_with_number(query)) | by_words)


def keys_with_number(number: str) -> list[int]:
    """Give the records (pk) with this control number, ISBN or barcode, withdrawn ones among them.

    The sources are named, and empty barcodes left out, for an index to lead to each.
    """
    number = number.strip()
    sources = list(Source.objects.order_by().values_list("pk", flat=True))
    records = Record.objects.filter(source__in=sources, control_number=number)
    items = Item.objects.filter(source__in=sources, barcode=number).exclude(barcode="")
    isbn = isbn_of(number)
    value = isbn.value if isbn and isbn.is_valid else number
    named = RecordIdentifier.objects.filter(value=value)
    keys = set(records.order_by().values_list("pk", flat=True))
    keys.update(items.order_by().values_list("record", flat=True))
    keys.update(named.order_by().values_list("record", flat=True))
    return sorted(keys)


def records_numbered(numbers: Iterable[str], *, source_code: str = "") -> dict[str, list[Record]]:
    """Give the records that each number means: a control number first, else an ISBN in any form.

    Two sources may use one control number, and two records one ISBN: hence lists, the oldest first.
    Withdrawn records are left out.
    """
    records = current_records().order_by("pk")
    if source_code:
        records = records.filter(source__code=source_code)
    wanted = set(numbers)
    found: dict[str, list[Record]] = defaultdict(list)
    for record in records.filter(control_number__in=wanted):
        found[record.control_number].append(record)
    isbns = defaultdict(list)
    for number in wanted - found.keys():
        isbn = isbn_of(number)
        if isbn and isbn.is_valid:
            isbns[isbn.value].append(number)
    for value, record in _records_by_isbn(records, isbns):
        for number in isbns[value]:
            found[number].append(record)
    return dict(found)


def _records_by_isbn(
    records: QuerySet[Record], isbns: Iterable[str]
) -> Iterable[tuple[str, Record]]:
    named = RecordIdentifier.objects.filter(
        kind=IdentifierKind.ISBN.value, value__in=list(isbns), is_valid=True, record__in=records
    )
    for identifier in named.select_related("record").order_by("record_id"):
        yield identifier.value, identifier.record


def fields_of(record: Record) -> tuple[FieldLine, ...]:
    """Give the fields of a record as its source sent them, before any interpretation."""
    original = marc_of(bytes(record.received), record.file_format, record.encoding)
    return tuple(
        FieldLine(field.tag, "", (("", field.data or ""),))
        if field.control_field
        else FieldLine(
            field.tag,
            "".join(field.indicators).replace(" ", "#"),
            tuple((subfield.code, subfield.value) for subfield in field.subfields),
        )
        for field in original.fields
    )


def identifiers_in_doubt(source: Source) -> int:
    """Count the standard numbers of a source whose check digit is wrong."""
    return RecordIdentifier.objects.filter(record__source=source, is_valid=False).count()


def problems_by_reason(run: ImportRun) -> list[tuple[str, str, int]]:
    """Give what was wrong, what to do, and how many records it kept out, the most frequent first."""
    reasons = run.problems.order_by().values("what", "advice").annotate(count=Count("pk"))
    rows = reasons.values_list("what", "advice", "count").order_by("-count", "what")
    return [(what, advice, count) for what, advice, count in rows]


def latest_profiles() -> list[MappingProfile]:
    """Give the latest version of each mapping profile that is kept, by name."""
    latest: dict[str, MappingProfile] = {}
    for one in MappingProfile.objects.defer("definition").order_by("name", "-version"):
        latest.setdefault(one.code, one)
    return list(latest.values())


def profile_named(code: str) -> Profile:
    """Give the latest version of the mapping profile of this code: the one kept, else the one shipped.

    Raises UnusableProfile when there is none.
    """
    kept = MappingProfile.objects.filter(code=code).order_by("-version").first()
    return Profile.of(kept.definition) if kept else shipped_profile(code)


def profile_of_source(code: str) -> Profile | None:
    """Give the mapping profile that the source of this code is read by; None when it has none yet."""
    source = Source.objects.select_related("profile").filter(code=code).first()
    return Profile.of(source.profile.definition) if source and source.profile else None


def versions_of_profile(code: str) -> QuerySet[MappingProfile]:
    """Give the versions of a mapping profile, the latest first."""
    return MappingProfile.objects.filter(code=code).defer("definition").order_by("-version")


def sources_read_by(code: str) -> QuerySet[Source]:
    """Give the sources that are read by a version of this mapping profile."""
    return Source.objects.filter(profile__code=code)


def unknown_codes_met(code: str) -> dict[tuple[str, str], int]:
    """Give the codes, by table, that the last import of each source met and this profile does not know.

    The number is how many items have the code, over all those sources.
    """
    met: dict[tuple[str, str], int] = {}
    for source in sources_read_by(code):
        run = source.runs.filter(profile__code=code).order_by("-started_at", "-pk").first()
        if run:
            for one in run.unknown_codes.all():
                met[one.table, one.code] = met.get((one.table, one.code), 0) + one.count
    return met


def unknown_codes_of(run: ImportRun) -> list[tuple[str, str, int]]:
    """Give the codes that the profile of an import does not know: table, code, how many items have it."""
    return list(run.unknown_codes.values_list("table", "code", "count"))


def runs_to_list() -> QuerySet[ImportRun]:
    """Give the imports with their sources, profiles and who started them, the latest first."""
    return (
        ImportRun.objects.select_related("source", "profile", "started_by")
        .defer("profile__definition")
        .order_by("-started_at", "-pk")
    )


def run_at_work_on(source: Source) -> ImportRun | None:
    """Give the import or the harvest of a source that is at work."""
    return source.runs.filter(state=ImportRun.State.RUNNING).order_by("pk").first()


# Covers

ABSENT_FOR = timedelta(days=90)
"""A record that has no picture anywhere is asked for again after so long."""

MOST_FAILURES = 6
"""A record that could not be asked for is tried again after 1, 2, 4... days, then as an absent one."""


def isbns_of(record: Record) -> list[str]:
    """Give the right ISBNs of a record, in 13 digits."""
    known = record.identifiers.all()
    return [one.value for one in known if one.kind == IdentifierKind.ISBN and one.is_valid]


def without_cover(now: datetime, limit: int) -> list[int]:
    """Give the numbers of records whose cover is to be looked for: half the newest, half the most borrowed."""
    wanted = current_records().filter(_is_to_be_looked_for(now), _has_isbn()).order_by()
    newest = wanted.order_by("-added_at", "-pk").values_list("pk", flat=True)[: limit // 2]
    borrowed = wanted.exclude(loans=None).order_by("-loans", "-pk").values_list("pk", flat=True)
    return list(dict.fromkeys([*newest, *borrowed[: limit - limit // 2]]))


def _has_isbn() -> Exists:
    isbns = RecordIdentifier.objects.filter(kind=IdentifierKind.ISBN.value, is_valid=True)
    return Exists(isbns.filter(record=OuterRef("pk")))


def _is_to_be_looked_for(now: datetime) -> Q:
    """Ask for no cover at all, or a memory of absence that has grown old; never for what staff decided."""
    old = Q(cover__failures=0, cover__looked_for_at__lt=now - ABSENT_FOR)
    for failures in range(1, MOST_FAILURES):
        since = now - timedelta(days=2 ** (failures - 1))
        old |= Q(cover__failures=failures, cover__looked_for_at__lt=since)
    old |= Q(cover__failures__gte=MOST_FAILURES, cover__looked_for_at__lt=now - ABSENT_FOR)
    return Q(cover=None) | (Q(cover__picture="") & ~Q(cover__origin=Cover.UPLOAD) & old)


def editions_beside(record: Record) -> list[Record]:
    """Give the other records of the work of this one, for who looks after them, the latest first."""
    if record.work_id is None:
        return []
    others = current_records().filter(work=record.work_id).exclude(pk=record.pk)
    return list(others.select_related("source").order_by("-year", "pk")[:MOST_BESIDE])


def same_editions_as(record: Record) -> QuerySet[Record]:
    """Give the current records of the same edition in other sources, whichever of them leads the others."""
    first = record.duplicate_of_id or record.pk
    same = records_to_show().filter(Q(pk=first) | Q(duplicate_of=first), withdrawn_at=None)
    return same.exclude(pk=record.pk).order_by("source__name", "pk")


def doubles_of(record: Record) -> list[tuple[Record, tuple[str, ...]]]:
    """Give the same editions as this one with the ISBNs they share, for who looks after them."""
    own = set(_right_isbns(record))
    return [
        (one, tuple(isbn for isbn in _right_isbns(one) if isbn in own))
        for one in same_editions_as(record)[:MOST_BESIDE]
    ]


def _right_isbns(record: Record) -> list[str]:
    isbns = (one for one in record.identifiers.all() if one.kind == IdentifierKind.ISBN.value)
    return [one.value for one in isbns if one.is_valid]
