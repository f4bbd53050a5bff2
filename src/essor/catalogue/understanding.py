"""What an import makes of each record before it is stored: plain values, ready for the store and the index.

Most of the work of an import is done here, without the store: in the process of the import for a
small file, in a second process for a large one (see `second_process`). Everything that goes in or
comes out is therefore plain and travels.
"""

import hashlib
import logging
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any, NamedTuple

import orjson

from essor.catalogue.documents import Holding, document_of, loans_of
from essor.catalogue.importers import gettext_noop as _
from essor.catalogue.importers.iso2709 import bad_record
from essor.catalogue.importers.items import LARGEST_COUNT
from essor.catalogue.importers.reading import Reading, unknown_codes
from essor.catalogue.rules import work_key
from essor.catalogue.types import (
    Availability,
    BadRecord,
    HeldItems,
    ItemValue,
    Received,
    RecordValue,
)
from essor.search import Document, Prepared

logger = logging.getLogger(__name__)

UNREADABLE = (
    _("This record could not be read."),
    _("Send it to those who look after the portal, with its control number."),
)


class Asked(NamedTuple):
    """A record to understand, with its key in the store and the day it first came in."""

    received: Received
    key: int
    added: date


class ItemRow(NamedTuple):
    """An item, in the order of the columns of the store; `branch` is still the code that was sent."""

    barcode: str
    branch: str
    section: str
    call_number: str
    document_type: str
    status: str
    audience: str
    availability: str
    volume: str
    note: str
    acquired: str | None
    last_loan: str | None
    due: str | None
    loans: int | None
    price_cents: int | None


class RecordRow(NamedTuple):
    """What is understood of a record, in the order of the columns of the store; lists are JSON."""

    title: str
    filing_title: str
    subtitle: str
    statement: str
    creators: str
    publisher: str
    year: int | None
    languages: str
    document_type: str
    classification: str
    summary: str
    edition: str
    place: str
    extent: str
    series: str
    subjects: str
    notes: str
    links: str
    original_languages: str
    audience: str


class Understood(NamedTuple):
    """What is to be stored and indexed of a record.

    `digest` tells whether anything changed but the items. `document` is None when none was asked
    for, for a record that its source declares deleted, and while one of its branches has no key yet.
    """

    row: RecordRow
    identifiers: tuple[tuple[str, str, bool], ...]
    items: tuple[ItemRow, ...]
    loans: int | None
    work_key: str
    digest: bytes
    encoding: str
    is_repaired: bool
    is_deleted: bool
    unknown_codes: tuple[tuple[str, str], ...]
    document: Prepared | None


class UnderstoodItems(NamedTuple):
    """Items that came apart from their record, whose control number may be unknown (empty).

    `parts` are the fields of ItemRow that they tell, empty for all of them.
    """

    control_number: str
    items: tuple[ItemRow, ...]
    unknown_codes: tuple[tuple[str, str], ...]
    parts: frozenset[str] = frozenset()


Answer = Understood | UnderstoodItems | BadRecord


class Understanding:
    """Understands the records of one source; without `prepare`, no document is made for the index.

    It travels to other processes, with the function that prepares documents.
    """

    def __init__(
        self,
        reading: Reading,
        source_code: str,
        prepare: Callable[[Document], Prepared] | None = None,
    ) -> None:
        self.reading = reading
        self.source_code = source_code
        self.prepare = prepare

    def answers(self, asked: Iterable[Asked], branches: Mapping[str, int]) -> list[Answer]:
        """Understand records; one that cannot be, whatever the reason, is a BadRecord.

        `branches` gives the keys of the branches known so far.
        """
        return [self._answer(one, branches) for one in asked]

    def _answer(self, asked: Asked, branches: Mapping[str, int]) -> Answer:
        try:
            return self._understood(asked, branches)
        except Exception:  # a fault of ours must not stop the import of the other records
            number, offset = asked.received.control_number, asked.received.offset
            logger.exception("catalogue.record.unreadable", extra={"number": number})
            return bad_record(offset, number, UNREADABLE)

    def _understood(self, asked: Asked, branches: Mapping[str, int]) -> Answer:
        value = self.reading.understood(asked.received)
        if isinstance(value, BadRecord):
            return value
        items = tuple(map(item_row, value.items))
        codes = tuple(
            (table.value, _short(code, 100))
            for table, code in unknown_codes(value, self.reading.profile)
        )
        if isinstance(value, HeldItems):
            return UnderstoodItems(value.control_number, items, codes, value.parts)
        row = _record_row(value)
        identifiers = tuple((one.kind.value, one.value, one.is_valid) for one in value.identifiers)
        return Understood(
            row=row,
            identifiers=identifiers,
            items=items,
            loans=loans_of(item.loans for item in items),
            work_key=work_key(value),
            digest=_digest(row, identifiers, value.is_deleted),
            encoding=value.encoding,
            is_repaired=value.is_repaired,
            is_deleted=value.is_deleted,
            unknown_codes=codes,
            document=self._document(asked, value, items, branches),
        )

    def _document(
        self,
        asked: Asked,
        value: RecordValue,
        items: tuple[ItemRow, ...],
        branches: Mapping[str, int],
    ) -> Prepared | None:
        if self.prepare is None or value.is_deleted:
            return None
        if any(item.branch and item.branch not in branches for item in items):
            return None
        holdings = (
            Holding(branches.get(item.branch), Availability(item.availability)) for item in items
        )
        document = document_of(
            value,
            key=asked.key,
            source_code=self.source_code,
            added=asked.added,
            loans=loans_of(item.loans for item in items),
            holdings=holdings,
        )
        return self.prepare(document)


def item_row(item: ItemValue) -> ItemRow:
    """Give an item as the store takes it."""
    return ItemRow(
        barcode=_short(item.barcode, 100),
        branch=_short(item.branch, 100),
        section=_short(item.section, 200),
        call_number=_short(item.call_number, 200),
        document_type=_short(item.document_type, 100),
        status=_short(item.status, 200),
        audience=_short(item.audience, 100),
        availability=item.availability.value,
        volume=_short(item.volume, 200),
        note=_short(item.note, 10_000),
        acquired=item.acquired.isoformat() if item.acquired else None,
        last_loan=item.last_loan.isoformat() if item.last_loan else None,
        due=item.due.isoformat() if item.due else None,
        loans=_count(item.loans),
        price_cents=_count(item.price_cents),
    )


def _short(text: str, longest: int) -> str:
    return text.replace("\x00", "")[:longest] if text else ""


def _count(number: int | None) -> int | None:
    return number if number is not None and 0 <= number <= LARGEST_COUNT else None


def _record_row(value: RecordValue) -> RecordRow:
    return RecordRow(
        title=value.title,
        filing_title=value.filing_title[:200],
        subtitle=value.subtitle,
        statement=value.statement,
        creators=_json_list(
            {
                "name": one.name,
                "filing_name": one.filing_name,
                "roles": one.roles,
                "is_primary": one.is_primary,
            }
            for one in value.creators
        ),
        publisher=value.publisher,
        year=value.year,
        languages=_json_list(value.languages),
        document_type=value.document_type.value,
        classification=value.classification[:100],
        summary=value.summary,
        edition=value.edition,
        place=value.place,
        extent=value.extent,
        series=_json_list({"title": one.title, "number": one.number} for one in value.series),
        subjects=_json_list({"label": one.label, "kind": one.kind.value} for one in value.subjects),
        notes=_json_list(value.notes),
        links=_json_list({"address": one.address, "label": one.label} for one in value.links),
        original_languages=_json_list(value.original_languages),
        audience=value.audience.value,
    )


def _json_list(values: Iterable[Any]) -> str:
    held = list(values)
    return orjson.dumps(held).decode() if held else "[]"


def _digest(
    row: RecordRow, identifiers: tuple[tuple[str, str, bool], ...], is_deleted: bool
) -> bytes:
    said = orjson.dumps([list(row), identifiers, is_deleted])
    return hashlib.blake2b(said, digest_size=16).digest()
