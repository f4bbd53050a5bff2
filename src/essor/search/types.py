"""The values that travel between those who index, those who search and the engines."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import NamedTuple

from essor.search.words import clean

EVERY_SITE = "*"
"""The site of what is found on all of them."""

FURTHEST_HIT = 10_000
"""Nobody turns pages so far, and an engine would sort everything to answer."""


class SearchError(Exception):
    """The search was badly called, or cannot answer."""


class IndexBusyError(SearchError):
    """Another process is writing the index: try again later."""


class IndexUnusableError(SearchError):
    """The index is missing, damaged or of another version: it must be rebuilt."""


def _clean_facets(facets: Mapping[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    for name in facets:
        if not name.isidentifier():
            raise SearchError(
                f"{name!r} cannot name a facet: use letters, figures and underscores."
            )
    return {
        name: tuple(dict.fromkeys(text for text in map(clean, values) if text))
        for name, values in facets.items()
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """One thing to be found. `kind` and `key` name it; writing the same one again replaces it.

    `facets` holds what it can be filtered and counted by, several values each; kind, site and
    language are facets without being listed there.
    """

    kind: str
    key: str
    title: str
    body: str = ""
    keywords: tuple[str, ...] = ()
    address: str = ""
    site: str = EVERY_SITE
    language: str = ""
    date: datetime.date | None = None
    facets: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not self.kind.isidentifier() or not self.key:
            raise SearchError(f"{self.kind!r}, {self.key!r} cannot name a document.")
        for name in ("kind", "key", "title", "body", "address", "site", "language"):
            object.__setattr__(self, name, clean(getattr(self, name)))
        object.__setattr__(self, "keywords", tuple(clean(word) for word in self.keywords))
        object.__setattr__(self, "facets", _clean_facets(self.facets))

    @property
    def all_facets(self) -> dict[str, tuple[str, ...]]:
        """Everything the document can be filtered by, without what it has not."""
        own = {"kind": (self.kind,), "site": (self.site,), "language": (self.language,)}
        return {name: values for name, values in {**self.facets, **own}.items() if any(values)}


def on_site(identifier: str | int) -> dict[str, tuple[str, ...]]:
    """Give the filter on what is found on this site."""
    return {"site": (str(identifier), EVERY_SITE)}


class Sort(Enum):
    """The order of the hits."""

    RELEVANCE = "relevance"
    NEWEST = "newest"


@dataclass(frozen=True, slots=True)
class Query:
    """What is asked: a text as people type it, and what the hits are limited to.

    Within one filter any of the values will do; all filters must hold. `facets` names what is to
    be counted: each is counted as if it were not filtered, so that its other values can be offered.
    A blank text asks for everything the filters let through.
    """

    text: str = ""
    filters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    facets: tuple[str, ...] = ()
    sort: Sort = Sort.RELEVANCE
    offset: int = 0
    limit: int = 10

    def __post_init__(self) -> None:
        if not (0 <= self.offset <= FURTHEST_HIT and 1 <= self.limit <= FURTHEST_HIT):
            raise SearchError(
                f"Only the first {FURTHEST_HIT} hits can be asked for, at least one at a time."
            )
        object.__setattr__(self, "text", clean(self.text))
        object.__setattr__(self, "filters", _clean_facets(self.filters))


class Match(Enum):
    """How the hits answer: with every word, with words near those typed, or with some of the words."""

    EVERY_WORD = "every word"
    NEAR_WORDS = "near words"
    SOME_WORDS = "some words"


class Part(NamedTuple):
    """A piece of text to be shown, which the reader's words match or not. Never HTML."""

    text: str
    is_match: bool


@dataclass(frozen=True, slots=True)
class FacetCount:
    """How many hits have this value."""

    value: str
    count: int


@dataclass(frozen=True, slots=True)
class Hit:
    """One document found, with what to show of it."""

    document: Document
    title: tuple[Part, ...]
    excerpt: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Results:
    """The answer to a query.

    `corrected` is the text that was understood when the one typed found nothing. `missing` names
    the kinds that cannot be found, or not all of them, while the index is being rebuilt.
    """

    total: int = 0
    hits: tuple[Hit, ...] = ()
    facets: Mapping[str, tuple[FacetCount, ...]] = field(default_factory=dict)
    match: Match = Match.EVERY_WORD
    corrected: str = ""
    missing: tuple[str, ...] = ()
    is_incomplete: bool = False


@dataclass(frozen=True, slots=True)
class State:
    """What an engine knows of its index; `kinds` are those indexed in full."""

    kinds: tuple[str, ...]
    updated: datetime.datetime


@dataclass(frozen=True, slots=True)
class Health:
    """The index in a glance, for staff: `state` is None when there is no usable index."""

    engine: str
    state: State | None
    documents: int
    missing: tuple[str, ...]
    waiting: int
    is_being_written: bool

    @property
    def is_whole(self) -> bool:
        """Everything registered is indexed (changes may still be waiting)."""
        return self.state is not None and not self.missing
