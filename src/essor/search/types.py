"""The values that travel between those who index, those who search and the engines."""

import datetime
import re
from collections.abc import Mapping
from dataclasses import MISSING, dataclass, field, fields, replace
from enum import Enum
from functools import lru_cache
from hashlib import blake2b
from typing import Any, NamedTuple, Protocol

from essor.search.words import clean

Name = tuple[str, str]
"""What names a document: its kind and its key."""

EVERY_SITE = "*"
"""The site of what is found on all of them."""

FURTHEST_HIT = 10_000
"""Nobody turns pages so far, and an engine would sort everything to answer."""


Years = tuple[int | None, int | None]
"""The first and the last year of a range, both included; None is an open end."""

MOST_FACET_VALUES = 1_000
"""Values of one facet that can be asked for."""

MOST_KEYS = 50_000
"""Keys that the hits can be limited to: an engine looks each of them up."""

FIRST_YEAR, LAST_YEAR = -9_999, 9_999

_RANGE = re.compile(r"(\d{1,4})?\.\.(\d{1,4})?")


class SearchError(Exception):
    """The search was badly called, or cannot answer."""


class IndexBusyError(SearchError):
    """Another process is writing the index: try again later."""


class IndexUnusableError(SearchError):
    """The index is missing, damaged or of another version: it must be rebuilt."""


class CannotTellNow(Exception):
    """What a search finds is not known: the index is missing, or being made."""


LONGEST_FACET_VALUE = 1_000
"""Characters kept of a value: an engine forgets a term of more than 64 kB, and could not count it."""


def _clean_facets(facets: Mapping[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    for name in facets:
        if not name.isidentifier():
            raise SearchError(
                f"{name!r} cannot name a facet: use letters, figures and underscores."
            )
    return {name: _clean_values(tuple(values)) for name, values in facets.items()}


@lru_cache(maxsize=50_000)
def _clean_values(values: tuple[str, ...]) -> tuple[str, ...]:
    """Clean the values of a facet; most documents have the same ones in most of their facets."""
    cleaned = (clean(text[:LONGEST_FACET_VALUE]) for text in values)
    return tuple(dict.fromkeys(text for text in cleaned if text))


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """One thing to be found. `kind` and `key` name it; writing the same one again replaces it.

    `numbers` are identifiers (ISBN, EAN, control number), found whole, however they are typed.
    `rank` is a count of loans or the like, None when unknown; `filing` is the form it is sorted
    by, when that is not its title. `facets` holds what it can be filtered and counted by, several
    values each; kind, site, language and year are facets without being listed there.
    """

    kind: str
    key: str
    title: str
    authors: tuple[str, ...] = ()
    body: str = ""
    keywords: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()
    address: str = ""
    site: str = EVERY_SITE
    language: str = ""
    date: datetime.date | None = None
    year: int | None = None
    rank: int | None = None
    filing: str = ""
    facets: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not self.kind.isidentifier() or not self.key:
            raise SearchError(f"{self.kind!r}, {self.key!r} cannot name a document.")
        if self.year is not None and not FIRST_YEAR <= self.year <= LAST_YEAR:
            raise SearchError(f"{self.year} is no year: {self.kind!r}, {self.key!r}.")
        for name in ("kind", "key", "title", "body", "address", "site", "language", "filing"):
            object.__setattr__(self, name, clean(getattr(self, name)))
        for name in ("authors", "keywords", "numbers"):
            object.__setattr__(self, name, tuple(map(clean, getattr(self, name))))
        object.__setattr__(self, "facets", _clean_facets(self.facets))

    @classmethod
    def unchecked(cls, values: Mapping[str, Any]) -> "Document":
        """Give a document of values that one held before: checking them took most of the time of reading."""
        document = object.__new__(cls)
        for name, value in {**_ABSENT, **values}.items():
            object.__setattr__(document, name, value)
        return document

    @property
    def all_facets(self) -> dict[str, tuple[str, ...]]:
        """Everything the document can be filtered by, without what it has not."""
        own = {"kind": (self.kind,), "site": (self.site,), "language": (self.language,)}
        if self.year is not None:
            own["year"] = (str(self.year),)
        return {name: values for name, values in {**own, **self.facets}.items() if any(values)}


_ABSENT = {"title": ""} | {
    each.name: each.default for each in fields(Document) if each.default is not MISSING
}


def on_site(identifier: str | int) -> dict[str, tuple[str, ...]]:
    """Give the filter on what is found on this site."""
    return {"site": (str(identifier), EVERY_SITE)}


class Sort(Enum):
    """The order of the hits: what is not known comes last, and ties are by title.

    NEWEST is by the day they came in, YEAR by the latest year of publication, BORROWED by rank.
    """

    RELEVANCE = "relevance"
    NEWEST = "newest"
    TITLE = "title"
    YEAR = "year"
    BORROWED = "borrowed"


@dataclass(frozen=True, slots=True)
class Query:
    """What is asked: a text as people type it, and what the hits are limited to.

    Within one filter any of the values will do; all filters must hold. `facets` names what is to
    be counted: each is counted as if it were not filtered, so that its other values can be offered.
    A blank text asks for everything the filters let through. `since` leaves out what came in before
    that day, or on an unknown one. `keys` keeps only the documents of these keys, as a store that
    knows more than the index gives them; the filters must then say of what kind. Facets are counted
    within them. Without any hit (`limit` is 0), what is found is only counted.
    """

    text: str = ""
    filters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    facets: tuple[str, ...] = ()
    sort: Sort = Sort.RELEVANCE
    offset: int = 0
    limit: int = 10
    years: Years | None = None
    facet_sizes: Mapping[str, int] = field(default_factory=dict)
    since: datetime.date | None = None
    keys: tuple[str, ...] | None = None

    def __post_init__(self) -> None:
        if self.keys is not None and not ("kind" in self.filters and len(self.keys) <= MOST_KEYS):
            raise SearchError(
                f"Hits can be limited to {MOST_KEYS} keys at most, of kinds filtered."
            )
        if not (0 <= self.offset <= FURTHEST_HIT and 0 <= self.limit <= FURTHEST_HIT):
            raise SearchError(f"Only the first {FURTHEST_HIT} hits can be asked for.")
        if not all(1 <= size <= MOST_FACET_VALUES for size in self.facet_sizes.values()):
            raise SearchError(f"From 1 to {MOST_FACET_VALUES} values of a facet can be counted.")
        object.__setattr__(self, "text", clean(self.text))
        object.__setattr__(self, "filters", _clean_facets(self.filters))

    @property
    def conditions(self) -> "Conditions":
        """Give what the hits are limited to, with the ranges of years understood."""
        values = dict(self.filters)
        ranges = [] if self.years is None else [_bounded(*self.years)]
        if "year" in values:
            read = [(value, _RANGE.fullmatch(value)) for value in values["year"]]
            values["year"] = tuple(value for value, is_range in read if not is_range)
            ranges += [_ends(is_range) for _, is_range in read if is_range]
            if ranges and not values["year"]:
                del values["year"]
        return Conditions(values, tuple(ranges), self.since, self.keys)


@dataclass(frozen=True, slots=True)
class Conditions:
    """Filters as the engines take them: values by facet, ranges of years, the day they came in at the earliest.

    Any of the ranges, or of the values of `year`, will do. `keys` are the only ones let through, if given.
    """

    values: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    years: tuple[Years, ...] = ()
    since: datetime.date | None = None
    keys: tuple[str, ...] | None = None

    def without(self, facet: str) -> "Conditions":
        """Give the conditions that do not bear on this facet."""
        values = {name: chosen for name, chosen in self.values.items() if name != facet}
        return replace(self, values=values, years=() if facet == "year" else self.years)

    @property
    def kinds(self) -> tuple[str, ...]:
        """Name the kinds that are let through."""
        return self.values.get("kind", ())

    @property
    def drawn_keys(self) -> bytes:
        """Give a number drawn from the keys: what remembers an answer need not keep them all."""
        said = None if self.keys is None else "\0".join(self.keys)
        return b"" if said is None else blake2b(said.encode(), digest_size=16).digest()

    def bears_on(self, facet: str) -> bool:
        """Say whether this facet is filtered."""
        return facet in self.values or (facet == "year" and bool(self.years))


def _bounded(*ends: int | None) -> Years:
    """Give the same range of years within what an engine can hold."""
    first, last = (
        None if end is None else min(max(end, FIRST_YEAR - 1), LAST_YEAR + 1) for end in ends
    )
    return first, last


def _ends(written: re.Match[str]) -> Years:
    first, last = written.groups()
    return (int(first) if first else None, int(last) if last else None)


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


class Marking(Protocol):
    """Knows the words that a reader typed, and shows them in a text."""

    def highlight(self, text: str) -> tuple[Part, ...]:
        """Cut the text into parts that match and parts that do not."""

    def excerpt(self, text: str) -> tuple[Part, ...]:
        """Give the stretch of the text that answers best."""


@dataclass(frozen=True, slots=True)
class Hit:
    """One document found; what to show of it is made when it is asked for: many only need its name."""

    document: Document
    marking: Marking

    @property
    def title(self) -> tuple[Part, ...]:
        """Give the title, with the words that match."""
        return self.marking.highlight(self.document.title)

    @property
    def excerpt(self) -> tuple[Part, ...]:
        """Give the place of the text that answers best."""
        return self.marking.excerpt(self.document.body)


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A value of a facet that has a word beginning as what is typed, and how many documents have it.

    `kind` is the facet, a creator or a subject most often: filtering by it gives these documents.
    """

    kind: str
    text: str
    count: int


@dataclass(frozen=True, slots=True)
class Results:
    """The answer to a query.

    `corrected` is the text that was understood when the one typed found nothing. `suggestion` is
    another text, near the one typed, which finds much more when this one finds little: the hits
    are still those of the text typed. `missing` names
    the kinds that cannot be found, or not all of them, while the index is being rebuilt.
    """

    total: int = 0
    hits: tuple[Hit, ...] = ()
    facets: Mapping[str, tuple[FacetCount, ...]] = field(default_factory=dict)
    match: Match = Match.EVERY_WORD
    corrected: str = ""
    suggestion: str = ""
    missing: tuple[str, ...] = ()
    is_incomplete: bool = False


@dataclass(frozen=True, slots=True)
class Names:
    """What a query finds, by name alone, in its order; the rest is as in `Results`."""

    total: int = 0
    names: tuple[Name, ...] = ()
    match: Match = Match.EVERY_WORD
    missing: tuple[str, ...] = ()
    is_incomplete: bool = False

    @property
    def keys(self) -> tuple[str, ...]:
        """Give the keys of what is found; they name it when one kind only was asked for."""
        return tuple(key for _kind, key in self.names)


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
