"""A document as an engine keeps it: its terms field by field, and what is shown of it."""

from dataclasses import fields
from datetime import date
from functools import lru_cache
from typing import NamedTuple, Protocol

import orjson

from essor.search import words
from essor.search.identifiers import normal_form
from essor.search.types import FIRST_YEAR, Document, Name

SCHEMA = 6
"""Grows with any change in what an engine stores; with the analysis, it tells an old index."""
VERSION = f"{SCHEMA}.{words.VERSION}"

FIELDS = tuple(field.name for field in fields(Document))

MOST_TITLE_TERMS = 500
MOST_KEYWORD_TERMS = 2_000
MOST_NUMBERS = 100
LONGEST_FILING = 120
LONGEST_VALUE = 200
MOST_BEGINNINGS = 5
"""A value of a facet is suggested from each of its first words, if it is no longer than a heading is."""

GAP = "\x1f"
"""Between the form something is looked up or sorted by and what names it: no clean text has it."""

_TIE_LETTERS = 7
_TIE_BITS = 37  # 36 ** 7 < 2 ** 37
_LARGEST_RANK = 2**25 - 1


class Terms(NamedTuple):
    """The terms of a document, from the field that weighs most to the one that weighs least."""

    title: str
    authors: str
    keywords: str
    body: str


class PreparedDocument(NamedTuple):
    """What any engine writes of a document, in plain texts and whole numbers.

    `terms`, `numbers`: what it is found by, with a space between two. `beginnings`: the values
    of its facets, after the forms they may be typed in. `filing`, `newest`, `latest`, `borrowed`: what it is
    sorted by, the highest first but for `filing`.
    """

    kind: str
    key: str
    terms: Terms
    numbers: str
    beginnings: tuple[str, ...]
    filing: str
    newest: int
    latest: int
    borrowed: int
    year: int | None
    facets: dict[str, tuple[str, ...]]
    shown: str


class Prepared(Protocol):
    """What an engine makes of a document before it writes it: plain values, that go from process to process."""

    @property
    def kind(self) -> str:
        """Give the kind of the document."""

    @property
    def key(self) -> str:
        """Give its key."""


Written = Document | Prepared
"""What can be written: a document, or what the engine has made of it, in another process perhaps."""


def prepared(document: Document) -> PreparedDocument:
    """Do all that can be done before writing, which is most of the work; pure, for any process."""
    filing = words.folded(document.filing or document.title) or document.title.casefold()
    filing = filing[:LONGEST_FILING]
    tie = _tie(filing)
    return PreparedDocument(
        kind=document.kind,
        key=document.key,
        terms=_terms_of(document),
        numbers=" ".join(filter(None, map(normal_form, document.numbers[:MOST_NUMBERS]))),
        beginnings=tuple(_beginnings_of(document)),
        filing=f"{filing}{GAP}{document.kind}:{document.key}",
        newest=_descending(document.date.toordinal() if document.date else None, tie),
        latest=_descending(None if document.year is None else document.year - FIRST_YEAR, tie),
        borrowed=_descending(document.rank, tie),
        year=document.year,
        facets=document.all_facets,
        shown=to_text(document),
    )


def _terms_of(document: Document) -> Terms:
    return Terms(
        " ".join(words.terms(document.title, MOST_TITLE_TERMS)),
        " ".join(words.terms(" ".join(document.authors), MOST_KEYWORD_TERMS)),
        " ".join(words.terms(" ".join(document.keywords), MOST_KEYWORD_TERMS)),
        " ".join(words.terms(document.body)) if document.body else "",
    )


def _beginnings_of(document: Document) -> list[str]:
    found: list[str] = []
    for facet, values in document.facets.items():
        for value in values:
            found += beginnings(facet, value)
    return found


@lru_cache(maxsize=100_000)
def beginnings(facet: str, value: str) -> tuple[str, ...]:
    """Give the value after each form it may be typed in: « hugo victor », « victor hugo »."""
    if len(value) > LONGEST_VALUE:
        return ()
    parts = words.folded(value).split()
    return tuple(
        GAP.join((facet, " ".join(parts[i:] + parts[:i]), value))
        for i in range(min(len(parts), MOST_BEGINNINGS))
    )


def _tie(filing: str) -> int:
    """Give the beginning of the filing form as a number; as large as can be when it is not Latin."""
    letters = filing[: 2 * _TIE_LETTERS].replace(" ", "")[:_TIE_LETTERS].ljust(_TIE_LETTERS, "0")
    try:
        return int(letters, 36)
    except ValueError:
        return (1 << _TIE_BITS) - 1


def _descending(value: int | None, tie: int) -> int:
    """Give a number that sorts the highest value first, the unknown last, and ties by their title."""
    high = 0 if value is None else min(max(value, 0), _LARGEST_RANK) + 1
    return (high << _TIE_BITS) + (1 << _TIE_BITS) - 1 - tie


def newest_from(day: date) -> int:
    """Give the least `newest` of the documents of this day."""
    return _descending(day.toordinal(), (1 << _TIE_BITS) - 1)


def to_text(document: Document) -> str:
    """Write the document so that `from_text` gives it back."""
    held = {name: held for name in FIELDS if (held := getattr(document, name)) or held == 0}
    return orjson.dumps(held).decode()


def name_in(text: str | bytes) -> Name:
    """Read the name of a stored document, at a tenth of the cost of reading it."""
    stored = orjson.loads(text)
    return stored["kind"], stored["key"]


def from_text(text: str | bytes) -> Document:
    """Read a stored document, as it was when it was written: checked, and clean."""
    stored = orjson.loads(text)
    for name in ("authors", "keywords", "numbers"):
        if name in stored:
            stored[name] = tuple(stored[name])
    stored["facets"] = {name: tuple(values) for name, values in stored.get("facets", {}).items()}
    if day := stored.get("date"):
        stored["date"] = date.fromisoformat(day)
    return Document.unchecked(stored)
