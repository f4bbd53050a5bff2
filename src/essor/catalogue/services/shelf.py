"""The items of a batch: which of the store they are, and where they are to be put."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from essor.catalogue.importers.items import status_with, statuses_in
from essor.catalogue.models import Item, Record
from essor.catalogue.rows import in_parts, insert_rows, update_rows
from essor.catalogue.services.entries import Entry, Stored
from essor.catalogue.types import STATUS_OF
from essor.catalogue.understanding import ItemRow

if TYPE_CHECKING:
    from essor.catalogue.services.storing import Writing

TO_READ_AGAIN = b""
"""The checksum of a record that is to be read again whenever it comes."""

ITEM_FIELDS = ItemRow._fields


class Shelf:
    """The items that a batch meets in the store, and where those it brings are to be put.

    An item is known by its barcode; without one, by its place among those of its record that have
    none. A barcode that another record of the file has already is not taken from it; one that is on
    a record the file has not come to goes to the newcomer, and that record is to be read again.
    """

    def __init__(self, batch: "Writing", records: Sequence[int], barcodes: Iterable[str]) -> None:
        self.batch = batch
        self.by_barcode: dict[str, Stored] = {}
        self.of_record: dict[int, dict[int, Stored]] = defaultdict(dict)
        self.seen: set[int] = set()
        self.taken: set[str] = set()
        self.new: list[tuple[Any, ...]] = []
        self.changed: list[tuple[Any, ...]] = []
        self.withdrawn: set[int] = set()
        self.robbed: set[int] = set()
        source = batch.run.source_id
        for named in in_parts(sorted(barcodes)):
            # Without its condition, the index of the barcodes would not be used.
            known = Item.objects.filter(source=source, barcode__in=named)
            self._take_in(known.exclude(barcode=""))
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
                stored = self._alike(own, row, parts)
            self._put(stored, row, one.key, parts)
            if stored:
                own.pop(stored.key, None)
        if is_whole:
            self.withdrawn |= {stored.key for stored in own.values() if not stored.is_withdrawn}

    def _alike(self, own: dict[int, Stored], row: ItemRow, parts: frozenset[str]) -> Stored | None:
        """Find the item without barcode of which these parts say nothing new."""
        values = self._values(row)
        for stored in own.values():
            told = self._told_in_part(stored.row, values, parts) if parts else values
            if not stored.row[0] and stored.row == told:
                return stored
        return None

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
            if stored.key in self.withdrawn:  # its record, earlier in this batch, has let it go
                self.withdrawn.remove(stored.key)
            elif not stored.is_withdrawn:
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
        for part in in_parts(sorted(self.withdrawn)):
            Item.objects.filter(pk__in=part).order_by().update(withdrawn_at=batch.now)
        batch.outcome.counts["items_withdrawn"] += len(self.withdrawn)
        if self.robbed:
            # Those of this batch have said what they have.
            to_read_again = self.robbed - batch.fresh
            for part in in_parts(sorted(to_read_again)):
                Record.objects.filter(pk__in=part).order_by().update(checksum=TO_READ_AGAIN)
            batch.outcome.read_again |= to_read_again
            batch.count_loans(self.robbed)
