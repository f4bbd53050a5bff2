"""The engines behind the one interface, and the one place where one of them is chosen."""

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Generic, Protocol, TypeVar
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import connection

from essor.search.engines.stored import Prepared, Written
from essor.search.reading import Reading
from essor.search.types import (
    Conditions,
    Document,
    FacetCount,
    Match,
    Name,
    Sort,
    State,
)

T = TypeVar("T")

Sections = Iterable[tuple[str, Iterable[Written]]]
"""Every document, kind after kind."""

FACET_VALUES = 50
"""Values counted of one facet, the most frequent first, unless asked otherwise."""

COMMIT_EVERY = 20_000
"""Documents written in bulk, or into a growing index, after which readers see them."""

COUNTS_KEPT = 300
"""Answers whose total and facets each process remembers: some 20 kB each with all facets."""

COSTLY_COUNTS_KEPT = 600
"""Answers remembered apart because they took more than `COSTLY_S` of a processor to count."""

COSTLY_S = 0.005

SHORTEST_NUMBER = 6
"""Letters and figures from which a number comes before titles: « 1984 » is a title first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """One question to an engine: what was read, how loosely, and where."""

    reading: Reading
    match: Match
    conditions: Conditions = field(default_factory=Conditions)
    facets: tuple[str, ...] = ()
    facet_sizes: Mapping[str, int] = field(default_factory=dict)
    sort: Sort = Sort.RELEVANCE
    offset: int = 0
    limit: int = 10
    in_titles: bool = False

    @property
    def order(self) -> Sort:
        """Give the order that makes sense: what nothing was asked of has no relevance."""
        is_relevant = self.reading.asks_for_something or self.sort is not Sort.RELEVANCE
        return self.sort if is_relevant else Sort.NEWEST

    def size_of(self, facet: str) -> int:
        """Say how many values of this facet are wanted."""
        return self.facet_sizes.get(facet, FACET_VALUES)

    @property
    def counted(self) -> Hashable:
        """Give what the total and the facets depend on: neither the order nor the page."""
        sizes = tuple((name, self.size_of(name)) for name in self.facets)
        return (self.under(self.conditions), sizes)

    def under(self, conditions: Conditions) -> Hashable:
        """Give what the documents that answer depend on, under these conditions in place of its own."""
        return (
            self.reading,
            self.match,
            tuple(sorted(conditions.values.items())),
            conditions.years,
            conditions.since,
            conditions.drawn_keys,
            self.in_titles,
        )


@dataclass(frozen=True, slots=True)
class Counts:
    """How many documents answer, and the values of their facets."""

    total: int
    facets: dict[str, tuple[FacetCount, ...]]


@dataclass(frozen=True, slots=True)
class Found(Generic[T]):
    """The answer of an engine, the best hits first: documents, or their names."""

    total: int
    hits: tuple[T, ...]
    facets: dict[str, tuple[FacetCount, ...]]


class Engine(Protocol):
    """What an engine does. Reads raise IndexUnusableError, writes IndexBusyError."""

    name: str

    @property
    def prepare(self) -> Callable[[Document], Prepared]:
        """Give what does all that can be done before writing, which is most of the work.

        It is a function that needs no engine, and may be called in other processes.
        """

    def state(self) -> State | None:
        """Say what is indexed; None when there is no index, or none that can be used."""

    def count(self) -> int:
        """Count the documents of the index."""

    def find(self, ask: Ask) -> Found[Document]:
        """Answer one question."""

    def find_names(self, ask: Ask) -> Found[Name]:
        """Answer one question with names: what is stored of the documents is not unfolded."""

    def facet_values(self, ask: Ask, facet: str, beginning: str) -> tuple[FacetCount, ...]:
        """Give the values of a facet, without its own filter, that have a word with this beginning.

        The beginning is folded, and may be several words; `ask.limit` is how many values are given.
        """

    def suggested(self, facet: str, beginning: str, limit: int) -> tuple[FacetCount, ...]:
        """Give the values of a facet in the whole index that have a word with this beginning."""

    def frequency(self, term: str) -> int:
        """Say, roughly, how many documents have this term."""

    def near(self, term: str) -> tuple[Document, ...]:
        """Give some documents with words near this term, but not with this one."""

    def change(self, *, written: Iterable[Written], removed: Iterable[Name]) -> None:
        """Write and remove documents at one stroke; readers see all of it or nothing."""

    def bulk(self, commit_every: int) -> AbstractContextManager["Bulk"]:
        """Write much: readers see it each time so many documents are written, and at the end."""

    def replace_all(self, sections: Sections, *, expected: int = 0) -> Iterator[Written]:
        """Write a new index and put it in place of the old one; give each document once written.

        Readers keep the old one until then. Where there is none, they see the new one grow.
        `expected` says roughly how many documents there are, if it is known.
        """

    def writing(self) -> AbstractContextManager[None]:
        """Be the only writer, or raise IndexBusyError. A killed writer leaves no lock behind."""

    def is_being_written(self) -> bool:
        """Say whether somebody is writing now."""


class Bulk(Protocol):
    """What writes much, one document after the other."""

    def write(self, document: Written, *, is_new: bool = False) -> None:
        """Write this document in place of the one of the same name; there is none when it `is_new`."""

    def remove(self, name: Name) -> None:
        """Take this document out; one that is not there is no error."""

    def commit(self) -> None:
        """Let the readers see what was written so far, for good."""


def facet_counts(
    counts: Iterable[tuple[str, int]], most: int | None = None
) -> tuple[FacetCount, ...]:
    """Give the counts in the one order that both engines keep, `most` of them if it is said."""
    in_order = sorted(counts, key=lambda c: (-c[1], c[0]))
    return tuple([FacetCount(value, count) for value, count in in_order[:most]])


@cache
def engine_at(url: str) -> Engine:
    """Give the engine at this address. Raises ImproperlyConfigured when it names none."""
    parts = urlsplit(url)
    if parts.scheme == "tantivy" and parts.path and not parts.netloc:
        from essor.search.engines.tantivy import TantivyEngine

        return TantivyEngine(Path(parts.path))
    if url in ("postgresql:", "postgresql://"):
        from essor.search.engines.postgresql import PostgreSQLEngine

        if connection.vendor != "postgresql":
            raise ImproperlyConfigured(f"SEARCH_URL={url!r} needs a DATABASE_URL on PostgreSQL.")
        return PostgreSQLEngine()
    raise ImproperlyConfigured(
        f"SEARCH_URL={url!r}: expected tantivy:///a/folder, or postgresql: for the portal's own database."
    )


def engine() -> Engine:
    """Give the engine of this portal."""
    return engine_at(settings.SEARCH_URL)
