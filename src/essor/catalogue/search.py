"""The records that readers may find: their documents, read from the store.

Imports write to the index by themselves, in bulk; every other change of a record or of an item is
noted here, and indexed once committed.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from essor import search
from essor.catalogue.documents import KIND, Holding, document_of
from essor.catalogue.models import Item, Record
from essor.catalogue.queries import current_records
from essor.catalogue.types import (
    Audience,
    Availability,
    Creator,
    DocumentType,
    Identifier,
    IdentifierKind,
    RecordValue,
    Series,
    Subject,
)
from essor.search.services import note_changes

CHUNK = 500


class RecordSource:
    """The records that their sources still have."""

    label = _("Document of the catalogue")
    label_plural = _("Documents of the catalogue")

    def documents(self) -> Iterator[search.Document]:
        """Give every record that anyone may find, some hundreds at a time.

        Each chunk is a query of its own: one long reading would keep SQLite from tidying its journal.
        """
        last = 0
        while chunk := list(_with_holdings(current_records().filter(pk__gt=last))[:CHUNK]):
            yield from map(_document, chunk)
            last = chunk[-1].pk

    def count(self) -> int:
        """Count the records that anyone may find."""
        return current_records().count()

    def documents_for(self, keys: Sequence[str]) -> Iterator[search.Document]:
        """Give those of these records that anyone may find."""
        yield from map(_document, _with_holdings(current_records().filter(pk__in=keys)))

    def visible(self, keys: Sequence[str]) -> set[str]:
        """Say which of these records anyone may find at this instant."""
        found = current_records().filter(pk__in=keys).order_by()
        return {str(pk) for pk in found.values_list("pk", flat=True)}


def _with_holdings(records: QuerySet[Record]) -> QuerySet[Record]:
    standing = Item.objects.filter(withdrawn_at=None).order_by("pk")
    parts = ("identifiers", Prefetch("items", standing.only("record", "branch", "availability")))
    return records.select_related("source").prefetch_related(*parts).order_by("pk")


def _document(record: Record) -> search.Document:
    return document_of(
        _value(record),
        key=record.pk,
        source_code=record.source.code,
        added=timezone.localdate(record.added_at),
        loans=record.loans,
        holdings=(
            Holding(item.branch_id, Availability(item.availability)) for item in record.items.all()
        ),
    )


def _value(record: Record) -> RecordValue:
    return RecordValue(
        control_number=record.control_number,
        title=record.title,
        filing_title=record.filing_title,
        subtitle=record.subtitle,
        statement=record.statement,
        creators=tuple(Creator(one["name"], one["filing_name"]) for one in record.creators),
        publisher=record.publisher,
        year=record.year,
        languages=tuple(record.languages),
        document_type=DocumentType(record.document_type),
        classification=record.classification,
        summary=record.summary,
        identifiers=tuple(
            Identifier(IdentifierKind(one.kind), one.value, one.is_valid)
            for one in record.identifiers.all()
        ),
        series=tuple(Series(one["title"], one["number"]) for one in record.series),
        subjects=tuple(Subject(one["label"]) for one in record.subjects),
        notes=tuple(record.notes),
        audience=Audience(record.audience),
    )


def register_source() -> None:
    """Let the records be found."""
    search.register(KIND, RecordSource())


@receiver([post_save, post_delete], sender=Record)
def note_record(instance: Record, *, raw: bool = False, **kwargs: Any) -> None:
    """Have a record indexed again, or taken out, when it changes one by one."""
    if not raw:
        note_records([instance.pk])


@receiver([post_save, post_delete], sender=Item)
def note_item(instance: Item, *, raw: bool = False, **kwargs: Any) -> None:
    """Have the record of an item indexed again."""
    if not raw:
        note_records([instance.record_id])


def note_records(keys: Iterable[int]) -> None:
    """Have these records indexed again, once the current transaction is committed."""
    note_changes(KIND, keys)
