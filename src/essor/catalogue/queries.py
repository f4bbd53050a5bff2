"""Reads of the catalogue, named after the question."""

from collections import defaultdict
from collections.abc import Iterable

from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest

from essor.catalogue.importers.reading import marc_of
from essor.catalogue.models import Basket, ImportRun, Record, RecordIdentifier, Source
from essor.catalogue.rules import folded, isbn_of
from essor.catalogue.types import FieldLine, IdentifierKind
from essor.presentation.permalinks import Destination, Permalink


def current_records() -> QuerySet[Record]:
    """Give the records that their sources still have."""
    return Record.objects.filter(withdrawn_at=None)


def records_to_show() -> QuerySet[Record]:
    """Give the records with what their pages show."""
    return Record.objects.select_related("source").prefetch_related("identifiers")


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
        Record.objects.select_related("source")
        .filter(basket_items__basket=basket, withdrawn_at=None)
        .order_by("basket_items__sort_order", "basket_items__pk")
    )


def baskets_with_size() -> QuerySet[Basket]:
    """Give the baskets with `size`, how many records each holds."""
    return Basket.objects.select_related("owner").annotate(size=Count("items")).order_by("name")


def records_found_by_staff(records: QuerySet[Record], query: str) -> QuerySet[Record]:
    """Give the records with these words in their title or author, or with this number (001, ISBN)."""
    by_number = Q(control_number=query.strip())
    isbn = isbn_of(query)
    if isbn and isbn.is_valid:
        by_number |= Q(identifiers__value=isbn.value)
    by_words = Q()
    for word in query.split():
        in_title = Q(filing_title__contains=folded(word)) if folded(word) else Q()
        by_words &= in_title | Q(statement__icontains=word) | Q(title__icontains=word)
    return records.filter(by_number | by_words).distinct()


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
