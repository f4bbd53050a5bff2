"""What tantivy holds of a document: the fields of the index, and a document in the text that it reads.

Everything here is pure, and may be called in other processes.
"""

from base64 import b64encode
from functools import lru_cache
from hashlib import blake2b
from typing import NamedTuple

import orjson
import tantivy

from essor.search.engines.stored import GAP, prepared
from essor.search.types import Document

WEIGHTS = {"title": 6.0, "authors": 4.5, "keywords": 3.0, "body": 1.0}
"""The fields of words, and what a word found in each weighs."""
EVERY_WORD = "every_word"
"""The field of all words of all these fields: one list to read where it does not matter which has it."""
NUMBER_BYTES = 6
"""Of a number drawn from a text: two texts among a million share one once in five hundred such indexes."""
VALUES_KEPT = 50_000
"""Values whose text each process remembers."""


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("name", tokenizer_name="raw", index_option="basic")
    for field in WEIGHTS:
        builder.add_text_field(field, tokenizer_name="whitespace")
    builder.add_text_field(EVERY_WORD, tokenizer_name="whitespace", index_option="basic")
    builder.add_text_field("numbers", tokenizer_name="whitespace", index_option="basic")
    builder.add_text_field("beginnings", tokenizer_name="raw", index_option="basic")
    builder.add_text_field("values", tokenizer_name="raw", index_option="basic")
    builder.add_json_field("facets", fast=True, tokenizer_name="raw", index_option="basic")
    builder.add_text_field("filing", tokenizer_name="raw", index_option="basic", fast=True)
    for field in ("newest", "latest", "borrowed", "year"):
        builder.add_integer_field(field, fast=True)
    builder.add_bytes_field("shown", stored=True)
    return builder.build()


SCHEMA = _schema()


class ReadyDocument(NamedTuple):
    """What is written of a document: `text` is JSON by the fields of the index."""

    kind: str
    key: str
    text: str


def ready(document: Document) -> ReadyDocument:
    """Make what is written of a document, in the form that costs the writer least."""
    made = prepared(document)
    facets: dict[str, list[int]] = {}
    named: list[str] = []
    for name, values in made.facets.items():
        drawn = [numbered(value) for value in values]
        facets[name] = [number for number, _ in drawn]
        named += [text for _, text in drawn]
    fields: dict[str, object] = {
        "name": f"{made.kind}:{made.key}",
        **{field: terms for field, terms in zip(WEIGHTS, made.terms, strict=True) if terms},
        EVERY_WORD: " ".join(made.terms),
        "beginnings": made.beginnings,
        "values": named,
        "facets": facets,
        "filing": made.filing,
        "newest": made.newest,
        "latest": made.latest,
        "borrowed": made.borrowed,
        "shown": b64encode(made.shown.encode()).decode(),
    }
    if made.numbers:
        fields["numbers"] = made.numbers
    if made.year is not None:
        fields["year"] = made.year
    return ReadyDocument(made.kind, made.key, orjson.dumps(fields).decode())


def number_of(value: str) -> int:
    """Give the number drawn from a text."""
    return numbered(value)[0]


@lru_cache(maxsize=VALUES_KEPT)
def numbered(value: str) -> tuple[int, str]:
    """Draw a number from a text, the same in every index; give it, and the text that comes after it."""
    number = int.from_bytes(blake2b(value.encode(), digest_size=NUMBER_BYTES).digest())
    return number, f"{number:x}{GAP}{value}"
