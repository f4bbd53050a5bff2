"""What a record is found by: its document for the search index, made of what is understood of it.

Pure, and the same for an import (which makes it in its second process, before anything is stored)
and for a rebuilding of the index (which makes it from the store).
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from essor.catalogue.types import Audience, Availability, RecordValue
from essor.search import Document

KIND = "record"
"""The kind of documents that records are found under."""

AVAILABLE_AT = "available_at"
"""The facet of the branches where a record can be had now: having it there, and there, is not the same."""

LONGEST_BODY = 20_000
"""Characters indexed of subtitle, summary, notes and the like: some records hold whole chapters."""

HUNDREDS = re.compile(r"(\d)\d\d(?!\d)")


@dataclass(frozen=True, slots=True)
class Holding:
    """What the index keeps of an item: the branch (its key in the store) and whether it can be had."""

    branch: int | None
    availability: Availability


def document_of(
    value: RecordValue,
    *,
    key: int,
    source_code: str,
    added: date,
    loans: int | None,
    holdings: Iterable[Holding],
) -> Document:
    """Give what a record is found by; `key` is its own in the store, `added` the day it came in."""
    held = [one for one in holdings if one.availability is not Availability.GONE]
    here = [one for one in held if one.availability is Availability.AVAILABLE]
    return Document(
        kind=KIND,
        key=str(key),
        title=value.title,
        authors=tuple(creator.name for creator in value.creators),
        keywords=tuple(subject.label for subject in value.subjects),
        body=_body(value),
        numbers=_numbers(value),
        address=f"/catalogue/{key}/",
        date=added,
        year=value.year,
        rank=loans,
        filing=value.filing_title,
        facets={
            "document_type": (value.document_type.value,),
            "branch": _branches(held),
            AVAILABLE_AT: _branches(here),
            "availability": tuple(dict.fromkeys(one.availability.value for one in held)),
            "creator": tuple(creator.filing_name for creator in value.creators),
            "subject": tuple(subject.label for subject in value.subjects),
            "language": value.languages,
            "class": _classes(value.classification),
            "publisher": (value.publisher,),
            "audience": () if value.audience is Audience.UNKNOWN else (value.audience.value,),
            "source": (source_code,),
        },
    )


def loans_of(counts: Iterable[int | None]) -> int | None:
    """Add up the loans of the items of a record; None when nothing is known of any."""
    known = [count for count in counts if count is not None]
    return sum(known) if known else None


def _body(value: RecordValue) -> str:
    series = (f"{one.title} {one.number}" for one in value.series)
    parts = (value.subtitle, value.statement, value.publisher, *series, value.summary, *value.notes)
    return "\n".join(part for part in parts if part)[:LONGEST_BODY]


def _numbers(value: RecordValue) -> tuple[str, ...]:
    """Give the control number and the standard numbers that are right: a wrong one finds nothing."""
    right = (one.value for one in value.identifiers if one.is_valid)
    return (*right, value.control_number)


def _branches(held: Iterable[Holding]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(str(one.branch) for one in held if one.branch is not None))


def _classes(classification: str) -> tuple[str, ...]:
    """Give the hundreds of a Dewey number (« 334.7 » is in 300); nothing for other classifications."""
    found = HUNDREDS.match(classification)
    return (f"{found[1]}00",) if found else ()
