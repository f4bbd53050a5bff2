"""The engines behind the one interface, and the one place where one of them is chosen."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Protocol
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import connection

from essor.search.reading import Reading
from essor.search.types import Document, FacetCount, Match, Sort, State

Name = tuple[str, str]
"""What names a document: its kind and its key."""

Sections = Iterable[tuple[str, Iterable[Document]]]
"""Every document, kind after kind."""

FACET_VALUES = 50
"""Values counted of one facet, the most frequent first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """One question to an engine: what was read, how loosely, and where."""

    reading: Reading
    match: Match
    filters: Mapping[str, tuple[str, ...]]
    facets: tuple[str, ...] = ()
    sort: Sort = Sort.RELEVANCE
    offset: int = 0
    limit: int = 10
    in_titles: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """The answer of an engine, best documents first."""

    total: int
    documents: tuple[Document, ...]
    facets: dict[str, tuple[FacetCount, ...]]


class Engine(Protocol):
    """What an engine does. Reads raise IndexUnusableError, writes IndexBusyError."""

    name: str

    def state(self) -> State | None:
        """Say what is indexed; None when there is no index, or none that can be used."""

    def count(self) -> int:
        """Count the documents of the index."""

    def find(self, ask: Ask) -> Found:
        """Answer one question."""

    def change(self, *, written: Iterable[Document], removed: Iterable[Name]) -> None:
        """Write and remove documents at one stroke; readers see all of it or nothing."""

    def replace_all(self, sections: Sections) -> Iterator[Document]:
        """Write a new index and put it in place of the old one; give each document once written.

        Readers keep the old one until then. Where there is none, they see the new one grow.
        """

    def writing(self) -> AbstractContextManager[None]:
        """Be the only writer, or raise IndexBusyError. A killed writer leaves no lock behind."""

    def is_being_written(self) -> bool:
        """Say whether somebody is writing now."""


def facet_counts(counts: Iterable[tuple[str, int]]) -> tuple[FacetCount, ...]:
    """Give the counts in the one order that both engines keep."""
    return tuple(
        FacetCount(value, count) for value, count in sorted(counts, key=lambda c: (-c[1], c[0]))
    )


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
