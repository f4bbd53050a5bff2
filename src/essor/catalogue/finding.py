"""What the index finds, read back from the store: the index is never the truth.

Withdrawn records are never among what is found, even before the index has heard of it.
"""

from collections.abc import Sequence

from essor import search
from essor.catalogue.asked import Asked
from essor.catalogue.models import Record
from essor.catalogue.queries import current_records


def numbers_found(asked: Asked, limit: int) -> tuple[int, ...]:
    """Give the numbers (pk) of the first records of a search, in its order; without any criterion, none."""
    if asked.is_blank:
        return ()
    question = asked.on_page(1).query(limit=min(limit, search.FURTHEST_HIT))
    return numbers_of_hits(search.index().search(question))


def records_found(asked: Asked, limit: int) -> tuple[Record, ...]:
    """Give the first records of a search, in its order, with what a list shows; without any criterion, none."""
    return records_in_order(numbers_found(asked, limit))


def count_found(asked: Asked) -> int:
    """Count the records that a search finds; without any criterion, none."""
    if asked.is_blank:
        return 0
    return search.index().search(asked.on_page(1).query(limit=1)).total


def latest_found(asked: Asked, limit: int) -> tuple[Record, ...]:
    """Give the records of a search that came in last; without any criterion, those of the whole catalogue."""
    question = asked.sorted_by(search.Sort.NEWEST).query(limit=limit)
    return records_in_order(numbers_of_hits(search.index().search(question)))


def numbers_of_hits(results: search.Results) -> tuple[int, ...]:
    """Give the numbers of the records among the hits, in their order."""
    return tuple(int(hit.document.key) for hit in results.hits)


def records_in_order(numbers: Sequence[int]) -> tuple[Record, ...]:
    """Give these records in this order, with what a list shows; the withdrawn and unknown ones are left out."""
    found = current_records().select_related("source", "cover").in_bulk(numbers)
    return tuple(found[number] for number in numbers if number in found)


def has_records() -> bool:
    """Say whether there is anything to find in the catalogue."""
    return current_records().exists()
