"""Dublin Core, as OAI-PMH carries it (oai_dc): fifteen names, no rule of cataloguing.

Little is certain in it: a creator is a string, a date may be a sentence. What is not recognised stays
out rather than be guessed.
Source: Dublin Core Metadata Element Set 1.1 (ISO 15836-1).
"""

import re
from collections.abc import Iterator, Sequence

from lxml import etree

from essor.catalogue.importers.encodings import decoded
from essor.catalogue.importers.marc_fields import element_of
from essor.catalogue.rules import (
    filing_form,
    folded,
    is_web_address,
    isbn_of,
    issn_of,
    legible,
)
from essor.catalogue.types import (
    Creator,
    DocumentType,
    Encoding,
    Identifier,
    Link,
    RecordValue,
    Subject,
    SubjectKind,
)

MOST_VALUES = 500
TYPES = {
    "text": DocumentType.BOOK,
    "book": DocumentType.BOOK,
    "livre": DocumentType.BOOK,
    "monographie imprimee": DocumentType.BOOK,
    "serial": DocumentType.SERIAL,
    "periodical": DocumentType.SERIAL,
    "publication en serie imprimee": DocumentType.SERIAL,
    "sound": DocumentType.MUSIC,
    "music": DocumentType.MUSIC,
    "document sonore": DocumentType.MUSIC,
    "movingimage": DocumentType.FILM,
    "moving image": DocumentType.FILM,
    "video": DocumentType.FILM,
    "image": DocumentType.PICTURE,
    "still image": DocumentType.PICTURE,
    "stillimage": DocumentType.PICTURE,
    "map": DocumentType.MAP,
    "carte": DocumentType.MAP,
    "cartographic": DocumentType.MAP,
    "score": DocumentType.SCORE,
    "partition": DocumentType.SCORE,
    "dataset": DocumentType.DIGITAL,
    "software": DocumentType.DIGITAL,
    "interactiveresource": DocumentType.DIGITAL,
    "physicalobject": DocumentType.OBJECT,
}
LANGUAGES = {
    "fr": "fre",
    "fra": "fre",
    "en": "eng",
    "es": "spa",
    "de": "ger",
    "deu": "ger",
    "it": "ita",
}
YEAR = re.compile(r"(?<!\d)(1[4-9]\d\d|20\d\d)(?!\d)")
AFTER_NAME = re.compile(r"\s*\(\d{3,4}[^)]*\).*|,\s*\d{4}-(?:\d{4})?\.?\s*$")
"""Dates of life, and the role that the BnF writes after them."""


def value_of(
    content: bytes, *, control_number: str, imposed: Encoding | None = None
) -> RecordValue | None:
    """Give what a record says; None when it has no title. Raises Unreadable when it is no XML."""
    text = decoded(content, imposed=imposed)
    root, is_repaired = element_of(text.text)
    said = _by_name(root)
    title = next(iter(said.get("title", ())), "")
    if not title:
        return None
    languages = tuple(dict.fromkeys(filter(None, map(_language, said.get("language", ())))))
    return RecordValue(
        control_number=control_number,
        title=title,
        filing_title=filing_form(title, languages),
        creators=tuple(_creators(said)),
        publisher=next(iter(said.get("publisher", ())), ""),
        year=_year(said.get("date", ())),
        languages=languages,
        document_type=_document_type(said.get("type", ())),
        summary="\n".join(said.get("description", ())),
        identifiers=tuple(dict.fromkeys(_identifiers(said))),
        extent=next((one for one in said.get("format", ()) if "/" not in one), ""),
        subjects=tuple(
            dict.fromkeys(Subject(one, SubjectKind.FREE) for one in said.get("subject", ()))
        ),
        links=tuple(
            dict.fromkeys(Link(one) for one in said.get("identifier", ()) if is_web_address(one))
        ),
        encoding=text.encoding,
        certainty=text.certainty,
        is_repaired=is_repaired or text.is_mended,
    )


def _by_name(root: etree._Element) -> dict[str, list[str]]:
    said: dict[str, list[str]] = {}
    for element in root.iterchildren(etree.Element):
        name = element.tag.rpartition("}")[2].rpartition(":")[2].lower()
        text = legible("".join(element.itertext(etree.Element)))
        values = said.setdefault(name, [])
        if text and len(values) < MOST_VALUES:
            values.append(text)
    return said


def _creators(said: dict[str, list[str]]) -> Iterator[Creator]:
    for name, is_primary in (("creator", True), ("contributor", False)):
        for text in said.get(name, ()):
            entry = AFTER_NAME.sub("", text).strip(" .,;")
            surname, comma, forename = entry.partition(", ")
            if entry:
                shown = f"{forename} {surname}" if comma and "," not in forename else entry
                yield Creator(shown, entry, (), is_primary)


def _year(dates: Sequence[str]) -> int | None:
    found = next((year for text in dates if (year := YEAR.search(text))), None)
    return int(found[0]) if found else None


def _language(text: str) -> str:
    code = text.lower()[:3].rstrip("-_")
    code = LANGUAGES.get(code, code)
    return code if len(code) == 3 and code.isalpha() and len(text) <= 6 else ""


def _document_type(types: Sequence[str]) -> DocumentType:
    known = (TYPES.get(folded(text)) for text in types)
    return next((one for one in known if one), DocumentType.OTHER)


def _identifiers(said: dict[str, list[str]]) -> Iterator[Identifier]:
    for text in said.get("identifier", ()):
        upper = text.upper()
        number = None
        if "ISSN" in upper:
            number = issn_of(text)
        elif "ISBN" in upper or not is_web_address(text):
            number = isbn_of(text)
        if number and (number.is_valid or "ISBN" in upper or "ISSN" in upper):
            yield number
