"""RIS, read by every reference manager: one tag a line, each record closed by ER.

Source: the RIS specification (Research Information Systems, 2011) as Zotero, EndNote and JabRef read it.
"""

from collections.abc import Iterator

from essor.catalogue.exports.types import TRANSLATOR, Published
from essor.catalogue.exports.words import one_line
from essor.catalogue.types import DocumentType, IdentifierKind

TYPES = {
    DocumentType.BOOK: "BOOK",
    DocumentType.SERIAL: "JFULL",
    DocumentType.SCORE: "MUSIC",
    DocumentType.MAP: "MAP",
    DocumentType.FILM: "VIDEO",
    DocumentType.SPEECH: "SOUND",
    DocumentType.MUSIC: "SOUND",
    DocumentType.PICTURE: "ART",
    DocumentType.DIGITAL: "ELEC",
}
OTHER = "GEN"
TAGS = {TRANSLATOR: "A4", "340": "ED", "651": "ED"}
"""Of the hands that come second, those that RIS has a place for; the statement names them all."""


def ris_of(record: Published) -> str:
    """Give a record in RIS; lines end as the specification has it (CR LF)."""
    told = ((tag, one_line(text)) for tag, text in _lines(record))
    body = "".join(f"{tag}  - {text}\r\n" for tag, text in told if text)
    return f"TY  - {TYPES.get(record.document_type, OTHER)}\r\n{body}ER  - \r\n"


def _lines(record: Published) -> Iterator[tuple[str, str]]:
    yield "ID", f"n{record.number}"
    yield "TI", record.full_title
    for hand in record.authors:
        yield "AU", hand.filing_name or hand.name
    for hand in record.others:
        if tag := next((TAGS[code] for code in hand.roles if code in TAGS), ""):
            yield tag, hand.filing_name or hand.name
    yield "ET", record.edition
    yield "CY", record.place
    yield "PB", record.publisher
    yield "PY", str(record.year or "")
    for series in record.series[:1]:
        yield "T3", series.title
        yield "M1", series.number
    for number in record.numbers(IdentifierKind.ISBN) + record.numbers(IdentifierKind.ISSN):
        yield "SN", number
    for code in record.languages:
        yield "LA", code
    for subject in record.subjects:
        yield "KW", subject.label
    yield "AB", record.summary
    for note in (record.statement if record.others else "", *record.notes):
        yield "N1", note
    yield "CN", next((held.call_number for held in record.holdings if held.call_number), "")
    yield "DP", record.source
    yield "UR", record.address
