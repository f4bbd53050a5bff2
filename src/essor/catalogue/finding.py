"""What the index finds, read back from the store: the index is never the truth.

Withdrawn records are never among what is found, even before the index has heard of it. While the
index is missing or being made, what a search finds is not known: nobody is told that it is nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import overload

from django.db.models import QuerySet

from essor import search
from essor.catalogue.asked import Asked
from essor.catalogue.models import Record
from essor.catalogue.queries import current_records, keys_with_number
from essor.search.addresses import PER_PAGE

MOST_FOR_STAFF = 2_000
"""Records that a search in the staff screens lists, those that answer best."""


@dataclass(frozen=True, slots=True)
class Finding:
    """The numbers (pk) of records that a search finds, in its order, among `total` in all.

    When it `is_incomplete`, the index is missing or being made: there may be others.
    """

    numbers: tuple[int, ...] = ()
    total: int = 0
    is_incomplete: bool = False

    @property
    def known_total(self) -> int | None:
        """Give how many records there are; None when that cannot be told now."""
        return None if self.is_incomplete else self.total


def find(asked: Asked, limit: int = PER_PAGE) -> Finding:
    """Find so many records from the page that is asked for; without any criterion, none."""
    if asked.is_blank:
        return Finding()
    return _find(asked.query(limit=min(limit, search.FURTHEST_HIT)))


def numbers_found(asked: Asked, limit: int) -> tuple[int, ...]:
    """Give the numbers of the first records of a search; without any criterion, none. Raises CannotTellNow."""
    return _whole(find(asked.on_page(1), limit)).numbers


def count_found(asked: Asked) -> int | None:
    """Count the records that a search finds; None when that cannot be told now. Without any criterion, none."""
    return find(asked.on_page(1), 1).known_total


def latest_found(asked: Asked, limit: int) -> tuple[Record, ...]:
    """Give the records of a search that came in last; without any criterion, those of the whole catalogue.

    Raises CannotTellNow.
    """
    question = asked.sorted_by(search.Sort.NEWEST).query(limit=limit)
    return records_in_order(_whole(_find(question)).numbers)


def _find(question: search.Query) -> Finding:
    named = search.index().names(question)
    return Finding(tuple(map(int, named.keys)), named.total, named.is_incomplete)


def _whole(finding: Finding) -> Finding:
    if finding.is_incomplete:
        raise search.CannotTellNow
    return finding


def numbers_of_hits(results: search.Results) -> tuple[int, ...]:
    """Give the numbers of the records among the hits, in their order."""
    return tuple(int(hit.document.key) for hit in results.hits)


def records_in_order(numbers: Sequence[int]) -> tuple[Record, ...]:
    """Give these records in this order, with what a list shows; the withdrawn and unknown ones are left out."""
    found = current_records().select_related("source", "cover").in_bulk(numbers)
    return tuple(found[number] for number in numbers if number in found)


class Ranked(Sequence[Record]):
    """Records in the order in which they were found, read from the store a page at a time.

    `records` are the same in an order of their own. `total` is how many there would be without the
    limit of `MOST_FOR_STAFF`.
    """

    model = Record
    """By which a paginator names what it counts."""

    def __init__(self, among: QuerySet[Record], numbers: Sequence[int], *, total: int) -> None:
        self.records = among.filter(pk__in=numbers)
        self.total = total
        self._among = among
        kept = set(self.records.order_by().values_list("pk", flat=True))
        self._numbers = [number for number in numbers if number in kept]

    @property
    def is_cut(self) -> bool:
        """Say whether there are more than are listed."""
        return self.total > MOST_FOR_STAFF

    def __len__(self) -> int:
        return len(self._numbers)

    @overload
    def __getitem__(self, place: int) -> Record: ...

    @overload
    def __getitem__(self, place: slice) -> list[Record]: ...

    def __getitem__(self, place: int | slice) -> Record | list[Record]:
        if isinstance(place, int):
            return self._among.get(pk=self._numbers[place])
        found = self._among.in_bulk(self._numbers[place])
        return [found[number] for number in self._numbers[place] if number in found]


def found_by_staff(among: QuerySet[Record], asked: Asked) -> Ranked | None:
    """Give what staff finds among records; None when the index cannot tell.

    Those whose number was typed come first, withdrawn or not, then those that have every word.
    """
    named = search.index().names(asked.query(limit=MOST_FOR_STAFF))
    if named.is_incomplete:
        return None
    has_every_word = named.match is search.Match.EVERY_WORD
    numbers = (*keys_with_number(asked.text), *map(int, named.keys if has_every_word else ()))
    return Ranked(among, tuple(dict.fromkeys(numbers)), total=named.total if has_every_word else 0)


def has_records() -> bool:
    """Say whether there is anything to find in the catalogue."""
    return current_records().exists()
