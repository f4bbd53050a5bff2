"""Numbers that name a thing, whatever way they are typed: ISBN in 10 or 13 figures, EAN, control numbers.

One form is indexed and looked for: letters and figures only, folded; an ISBN in its 13 figures.
"""

import re
from operator import mul
from typing import NamedTuple

from stdnum import ean, isbn

from essor.search.words import LONGEST_TERM, fold, terms

LENGTH_OF_ISBN_10 = 10
LENGTH_OF_ISBN_13 = 13

_GAP = r"[\s\u2010-\u2015\u2212-]"
_TYPED = re.compile(
    rf"(?<![\w-])(?:isbn(?:{_GAP}?1[03])?\s*:?\s*|ean\s*:?\s*)?"
    rf"(?P<number>97[89]{_GAP}?(?:\d{_GAP}?){{9}}\d"  # an ISBN in 13 figures
    rf"|\d{{1,5}}{_GAP}\d{{1,7}}{_GAP}\d{{1,7}}{_GAP}[\dX]"  # in 10, with its three gaps
    r"|\d{9}[\dX]"  # without them
    r"|\d{13})"  # an EAN
    r"(?!\w)",
    re.IGNORECASE,
)


class Number(NamedTuple):
    """A number that was typed: its one form, and the terms that a text which has it holds in a row."""

    whole: str
    terms: tuple[str, ...]


def normal_form(written: str) -> str:
    """Give the one form of a number; empty when it has neither letter nor figure."""
    compact = written if written.isascii() and written.isdigit() else fold(written)
    if len(compact) == LENGTH_OF_ISBN_10 and _may_be_isbn_10(compact) and isbn.is_valid(compact):
        return str(isbn.to_isbn13(compact))
    return compact[:LONGEST_TERM]


def _may_be_isbn_10(compact: str) -> bool:
    """Say whether the check digit is right: nearly all other numbers stop here, at no cost.

    Source: ISO 2108:1992, weights from 10 to 1, modulo 11.
    """
    figures, check = compact[:-1], compact[-1]
    if not figures.isascii() or not figures.isdigit():
        return False
    total = sum(map(mul, range(LENGTH_OF_ISBN_10, 1, -1), map(int, figures)))
    return (total + (10 if check == "x" else int(check) if check.isdigit() else 0)) % 11 == 0


def take_numbers(text: str) -> tuple[str, tuple[Number, ...]]:
    """Give the text without the ISBN and EAN that stand in it, and these."""
    found: list[Number] = []

    def taken(match: re.Match[str]) -> str:
        typed = match["number"]
        compact = fold(typed)
        if not (_is_written_as_isbn_13(compact) or isbn.is_valid(compact) or ean.is_valid(compact)):
            return match[0]
        found.append(Number(normal_form(typed), tuple(terms(typed))))
        return " "

    return _TYPED.sub(taken, text), tuple(dict.fromkeys(found))


def _is_written_as_isbn_13(compact: str) -> bool:
    """Say whether it can be nothing else: with a wrong figure it is in no document, and its parts are no words."""
    return len(compact) == LENGTH_OF_ISBN_13 and compact.startswith(("978", "979"))


def as_one_number(text: str) -> str:
    """Give the form of a text that may be one number as a whole; empty when it has no figure."""
    compact = "".join(map(fold, text.split()))
    is_one = any(c.isdigit() for c in compact) and len(compact) <= LONGEST_TERM
    return normal_form(text) if is_one else ""
