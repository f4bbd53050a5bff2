"""BibTeX in UTF-8: one entry a record, the signs that TeX obeys written as TeX shows them.

Braces are counted even behind a backslash, so those of a title go out as commands that have none.
"""

import re
from collections.abc import Iterator

from essor.catalogue.exports.types import TRANSLATOR, Published
from essor.catalogue.exports.words import family_and_given, one_line
from essor.catalogue.rules import folded
from essor.catalogue.types import Creator, DocumentType, IdentifierKind

SHOWN = str.maketrans(
    {
        "\\": r"{\textbackslash}",
        "{": r"{\textbraceleft}",
        "}": r"{\textbraceright}",
        "~": r"{\textasciitilde}",
        "^": r"{\textasciicircum}",
        **{sign: f"\\{sign}" for sign in "#$%&_"},
    }
)


def bibtex_of(record: Published) -> str:
    """Give a record as a BibTeX entry. Its key is readable, and its own: `forrester1996-n12`."""
    kind = "book" if record.document_type is DocumentType.BOOK else "misc"
    told = ((name, text) for name, text in _fields(record) if text)
    body = "".join(f"  {name} = {{{text}}},\n" for name, text in told)
    return f"@{kind}{{{_key(record)},\n{body}}}\n"


def shown(text: str) -> str:
    """Give a text that TeX prints as it is written here."""
    return one_line(text).translate(SHOWN)


def _key(record: Published) -> str:
    name = family_and_given(record.authors[0])[0] if record.authors else record.title
    word = re.sub("[^a-z]", "", folded(name).partition(" ")[0])
    return f"{word}{record.year or ''}-n{record.number}"


def _fields(record: Published) -> Iterator[tuple[str, str]]:
    translators = [hand for hand in record.others if TRANSLATOR in hand.roles]
    yield "author", _names(record.authors)
    yield "title", shown(record.full_title)
    yield "translator", _names(translators)
    yield "edition", shown(record.edition)
    yield "publisher", shown(record.publisher)
    yield "address", shown(record.place)
    yield "year", str(record.year or "")
    for series in record.series[:1]:
        yield "series", shown(series.title)
        yield "number", shown(series.number)
    yield "isbn", ", ".join(record.numbers(IdentifierKind.ISBN))
    yield "issn", ", ".join(record.numbers(IdentifierKind.ISSN))
    yield "keywords", ", ".join(shown(subject.label) for subject in record.subjects)
    yield "abstract", shown(record.summary)
    yield "note", shown(" ".join(record.notes))
    yield "url", record.address


def _names(hands: tuple[Creator, ...] | list[Creator]) -> str:
    return " and ".join(_name(hand) for hand in hands if one_line(hand.filing_name or hand.name))


def _name(hand: Creator) -> str:
    """Give « Ernaux, Annie » in its two parts; the name of a body in braces, so that it stays whole."""
    family, given = family_and_given(hand)
    if given and not re.search(r"\band\b|,", f"{family} {given}", re.IGNORECASE):
        return f"{shown(family)}, {shown(given)}"
    return f"{{{shown(hand.filing_name or hand.name)}}}"
