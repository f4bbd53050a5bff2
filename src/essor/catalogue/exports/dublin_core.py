"""Unqualified Dublin Core, as OAI-PMH carries it (oai_dc).

Sources: the oai_dc schema 2.0; DCMI type vocabulary; RFC 3187 and 3044 for the URNs of ISBN and ISSN.
"""

import xml.etree.ElementTree as ET
from collections.abc import Iterable, Iterator

from essor.catalogue.exports.types import Published
from essor.catalogue.exports.words import one_line
from essor.catalogue.types import DocumentType, IdentifierKind

OAI_DC = "http://www.openarchives.org/OAI/2.0/oai_dc/"
DC = "http://purl.org/dc/elements/1.1/"
XSI = "http://www.w3.org/2001/XMLSchema-instance"
SCHEMA = f"{OAI_DC} http://www.openarchives.org/OAI/2.0/oai_dc.xsd"
for _prefix, _namespace in (("oai_dc", OAI_DC), ("dc", DC), ("xsi", XSI)):
    ET.register_namespace(_prefix, _namespace)

TYPES = {
    DocumentType.BOOK: "Text",
    DocumentType.SERIAL: "Text",
    DocumentType.SCORE: "Image",
    DocumentType.MAP: "StillImage",
    DocumentType.FILM: "MovingImage",
    DocumentType.SPEECH: "Sound",
    DocumentType.MUSIC: "Sound",
    DocumentType.PICTURE: "StillImage",
    DocumentType.DIGITAL: "Software",
    DocumentType.OBJECT: "PhysicalObject",
}
OPENING = b'<?xml version="1.0" encoding="UTF-8"?>\n<records>\n'
CLOSING = b"</records>\n"


def dublin_core_of(record: Published) -> ET.Element:
    """Give the element `oai_dc:dc` of a record."""
    root = ET.Element(f"{{{OAI_DC}}}dc", {f"{{{XSI}}}schemaLocation": SCHEMA})
    for name, text in _elements(record):
        if shown := one_line(text):
            ET.SubElement(root, f"{{{DC}}}{name}").text = shown
    return root


def described(words: str) -> ET.Element:
    """Give the element `oai_dc:dc` of something of which no more is said than these words."""
    root = ET.Element(f"{{{OAI_DC}}}dc", {f"{{{XSI}}}schemaLocation": SCHEMA})
    ET.SubElement(root, f"{{{DC}}}description").text = words
    return root


def written(record: Published) -> bytes:
    """Give a record as a document of its own."""
    whole: bytes = ET.tostring(dublin_core_of(record), encoding="UTF-8", xml_declaration=True)
    return whole + b"\n"


def collection(records: Iterable[Published]) -> Iterator[bytes]:
    """Give the pieces of one document that holds all these records."""
    yield OPENING
    for record in records:
        yield ET.tostring(dublin_core_of(record), encoding="unicode").encode() + b"\n"
    yield CLOSING


def _elements(record: Published) -> Iterator[tuple[str, str]]:
    yield "title", record.full_title
    for hand in record.authors:
        yield "creator", hand.filing_name or hand.name
    for hand in record.others:
        yield "contributor", hand.filing_name or hand.name
    for subject in record.subjects:
        yield "subject", subject.label
    yield "subject", record.classification
    yield "description", record.summary
    for note in record.notes:
        yield "description", note
    yield "publisher", record.publisher
    yield "date", str(record.year or "")
    yield "type", TYPES.get(record.document_type, "")
    yield "format", record.extent
    for code in record.languages:
        yield "language", code
    yield from _identifiers(record)
    for series in record.series:
        yield "relation", f"{series.title} ; {series.number}" if series.number else series.title


def _identifiers(record: Published) -> Iterator[tuple[str, str]]:
    yield "identifier", record.address
    for kind, name in ((IdentifierKind.ISBN, "ISBN"), (IdentifierKind.ISSN, "ISSN")):
        for number in record.numbers(kind):
            yield "identifier", f"URN:{name}:{number}"
    for number in record.numbers(IdentifierKind.EAN):
        yield "identifier", f"EAN {number}"
