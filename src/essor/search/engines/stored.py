"""A document as an engine keeps it: its terms field by field, and what is shown of it."""

import json
from dataclasses import fields
from datetime import date
from typing import NamedTuple

from essor.search import words
from essor.search.types import Document

SCHEMA = 1
"""Grows with any change in what an engine stores; with the analysis, it tells an old index."""
VERSION = f"{SCHEMA}.{words.VERSION}"

FIELDS = tuple(field.name for field in fields(Document))

MOST_TITLE_TERMS = 500
MOST_KEYWORD_TERMS = 2_000


class Terms(NamedTuple):
    """The terms of a document, from the field that weighs most to the one that weighs least."""

    title: list[str]
    keywords: list[str]
    body: list[str]


def terms_of(document: Document) -> Terms:
    """Give what the document is found by."""
    return Terms(
        words.terms(document.title, MOST_TITLE_TERMS),
        words.terms(" ".join(document.keywords), MOST_KEYWORD_TERMS),
        words.terms(document.body),
    )


def to_text(document: Document) -> str:
    """Write the document so that `from_text` gives it back."""
    held = {name: getattr(document, name) for name in FIELDS}
    return json.dumps(held, ensure_ascii=False, default=str, separators=(",", ":"))


def from_text(text: str | bytes) -> Document:
    """Read a stored document."""
    stored = json.loads(text)
    stored["keywords"] = tuple(stored["keywords"])
    stored["facets"] = {name: tuple(values) for name, values in stored["facets"].items()}
    stored["date"] = stored["date"] and date.fromisoformat(stored["date"])
    return Document(**stored)
