"""How a text becomes the terms of the index: one analysis, whatever the engine.

Case, accents and ligatures are folded, French elision is taken off (« l'économie »), plurals are
brought to the singular. A text that is indexed and a text that is typed go through the same
functions, so that both engines find the same things. `VERSION` must grow with any change here: an
index written by another version is rebuilt.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator
from functools import lru_cache
from itertools import chain, islice
from typing import NamedTuple

VERSION = 2

LONGEST_TERM = 64
MOST_TERMS = 10_000
"""Terms kept of one field: beyond, PostgreSQL forgets positions and phrases would differ."""

_LIGATURES = str.maketrans(
    {"œ": "oe", "æ": "ae", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i"}
)
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
_MARKS = "\u0300-\u036f\u0591-\u05bd\u064b-\u065f"
_WORD = re.compile(
    # an elided article before the word, which is left out...
    r"(?:(?<![^\W_])(?:[cdjlmnst]|qu|jusqu|lorsqu|puisqu|quoiqu)['’ʼ](?=[^\W_]))?"
    # ... and the word: letters and figures, with their combining marks
    rf"([^\W_][^\W_{_MARKS}]*(?:[{_MARKS}]+[^\W_]*)*)",
    re.IGNORECASE,
)
_IRREGULAR = {"travaux": "travail", "vitraux": "vitrail", "coraux": "corail"}

# fmt: off
STOP_WORDS = frozenset({
    "a", "au", "aux", "avec", "ce", "ces", "d", "dans", "de", "des", "du", "en", "et", "l", "la",
    "le", "les", "ou", "par", "pour", "que", "qui", "sur", "un", "une",
    "an", "and", "for", "in", "of", "on", "or", "the", "to", "with",
})
# fmt: on
"""Words that ask for nothing by themselves. They are indexed, for phrases and for titles made of them."""


class Token(NamedTuple):
    """One word of a text: the term it is indexed under and where it stands."""

    term: str
    start: int
    end: int


def clean(text: str) -> str:
    """Give the text composed (NFC), without control characters nor halves of surrogate pairs."""
    if text.isascii() and text.isprintable():
        return text  # most of what is indexed
    return unicodedata.normalize("NFC", _UNPRINTABLE.sub(" ", text))


@lru_cache(maxsize=100_000)
def fold(word: str) -> str:
    """Give the word without case, accent, ligature nor anything but letters and figures."""
    if word.isascii() and word.isalnum():
        return word.lower()[:LONGEST_TERM]
    plain = unicodedata.normalize("NFKD", word.casefold().translate(_LIGATURES))
    return "".join(c for c in plain.casefold() if c.isalnum())[:LONGEST_TERM]


def singular(word: str) -> str:
    """Give the singular of a folded French word, by its ending: light on purpose.

    A word ending in s or x in the singular (« prix », « bus », « taux ») is left alone or cut the
    same way everywhere, which does no harm. Words of three letters are acronyms more often than plurals.
    """
    if len(word) < 4 or word[-1] not in "sx" or word.endswith("ss"):
        return word
    if word in _IRREGULAR:
        return _IRREGULAR[word]
    if word.endswith(("eaux", "yaux", "oux", "eux", "s")):
        return word[:-1]
    if word.endswith("aux") and len(word) > 4:
        return f"{word[:-2]}l"
    return word


def tokens(text: str) -> Iterator[Token]:
    """Give the words of a clean text, in order."""
    for match in _WORD.finditer(text):
        if term := term_of(match[1]):
            yield Token(term, match.start(1), match.end(1))


def tokens_where(text: str, is_wanted: Callable[[str], bool]) -> list[Token]:
    """Give those words of a clean text whose term is wanted, in order."""
    return [
        Token(term, match.start(1), match.end(1))
        for match in _WORD.finditer(text)
        if (term := term_of(match[1])) and is_wanted(term)
    ]


@lru_cache(maxsize=100_000)
def term_of(word: str) -> str:
    """Give the term under which a word is indexed, which is empty when it has no letter nor figure."""
    return singular(fold(word))


def terms(text: str, most: int = MOST_TERMS) -> list[str]:
    """Give the terms under which a clean text is indexed, in order, `most` at most."""
    return list(islice(chain.from_iterable(map(_terms_of_chunk, text.split())), most))


def folded(text: str) -> str:
    """Give the words of a clean text folded, with one space between: what names are sorted by."""
    return " ".join(chain.from_iterable(map(_folded_chunk, text.split())))


# The same chunks, what stands between two spaces, come again and again: no word spans two of them.


@lru_cache(maxsize=100_000)
def _terms_of_chunk(chunk: str) -> tuple[str, ...]:
    return tuple([singular(word) for word in _folded_chunk(chunk)])


@lru_cache(maxsize=100_000)
def _folded_chunk(chunk: str) -> tuple[str, ...]:
    return tuple(filter(None, map(fold, _WORD.findall(chunk))))
