"""CSL-JSON, what citation processors and Zotero exchange. Source: the schema of CSL 1.0.2."""

from collections.abc import Iterator
from typing import Any

from essor.catalogue.exports.types import Published
from essor.catalogue.exports.words import family_and_given, one_line
from essor.catalogue.types import Creator, DocumentType, IdentifierKind

TYPES = {
    DocumentType.BOOK: "book",
    DocumentType.SERIAL: "periodical",
    DocumentType.SCORE: "musical_score",
    DocumentType.MAP: "map",
    DocumentType.FILM: "motion_picture",
    DocumentType.SPEECH: "song",  # CSL has one word for all sound recordings
    DocumentType.MUSIC: "song",
    DocumentType.PICTURE: "graphic",
    DocumentType.DIGITAL: "software",
}
OTHER = "document"
PARTS = {
    "070": "author",
    "230": "composer",
    "300": "director",
    "340": "editor",
    "440": "illustrator",
    "550": "narrator",
    "590": "performer",
    "651": "editor",
    "690": "script-writer",
    "730": "translator",
}
"""What CSL calls the roles of UNIMARC that it knows."""


def csl_of(record: Published) -> dict[str, Any]:
    """Give a record as an item of CSL-JSON."""
    return {name: value for name, value in _variables(record) if value}


def _variables(record: Published) -> Iterator[tuple[str, Any]]:
    yield "id", f"n{record.number}"
    yield "type", TYPES.get(record.document_type, OTHER)
    yield "title", one_line(record.full_title)
    yield from _parts(record).items()
    yield "edition", one_line(record.edition)
    yield "publisher", one_line(record.publisher)
    yield "publisher-place", one_line(record.place)
    yield "issued", {"date-parts": [[record.year]]} if record.year else None
    for series in record.series[:1]:
        yield "collection-title", one_line(series.title)
        yield "collection-number", one_line(series.number)
    yield "ISBN", " ".join(record.numbers(IdentifierKind.ISBN))
    yield "ISSN", " ".join(record.numbers(IdentifierKind.ISSN))
    yield "language", next(iter(record.languages), "")
    yield "abstract", one_line(record.summary)
    yield "keyword", ", ".join(one_line(subject.label) for subject in record.subjects)
    yield "call-number", next((one_line(h.call_number) for h in record.holdings), "")
    yield "source", one_line(record.source)
    yield "URL", record.address


def _parts(record: Published) -> dict[str, list[dict[str, str]]]:
    parts: dict[str, list[dict[str, str]]] = {}
    for hand in record.creators:
        part = next((PARTS[code] for code in hand.roles if code in PARTS), None)
        parts.setdefault(part or ("author" if hand.is_primary else "contributor"), []).append(
            _name(hand)
        )
    return parts


def _name(hand: Creator) -> dict[str, str]:
    family, given = family_and_given(hand)
    return {"family": family, "given": given} if given else {"literal": family}
