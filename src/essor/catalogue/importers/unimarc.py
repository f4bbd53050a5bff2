"""UNIMARC bibliographic records: which field says what.

Text is taken as UTF-8 whatever the record declares (field 100), since most declarations are wrong.
Sources: UNIMARC manual (IFLA); practice of Koha, PMB, BnF and Sudoc files.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import BinaryIO

from pymarc import Field, Record

from essor.catalogue.importers import gettext_noop as _
from essor.catalogue.importers.iso2709 import NO_DIRECTORY, bad_record, parsed, received_records
from essor.catalogue.rules import (
    ean_of,
    filing_form,
    isbn_of,
    issn_of,
    legible,
    without_punctuation,
)
from essor.catalogue.types import (
    BadRecord,
    Creator,
    DocumentType,
    Identifier,
    Received,
    RecordValue,
)

VERSION = 1
"""To be raised when the reading below changes: records already stored are then understood anew."""

NOT_UTF_8 = (
    _("This record is not in UTF-8."),
    _("Export the file again, choosing UTF-8 (also called Unicode, ISO 10646 or “50”)."),
)
NO_TITLE = (
    _("This record has no title (field 200 $a)."),
    _("Give it one in the library system, then export it again."),
)
IS_MARC21 = (
    _("This record is in MARC21 (its title is in field 245): only UNIMARC is read."),
    _("Choose UNIMARC when you export it."),
)

TYPES = {
    "a": DocumentType.BOOK,
    "b": DocumentType.BOOK,
    "c": DocumentType.SCORE,
    "d": DocumentType.SCORE,
    "e": DocumentType.MAP,
    "f": DocumentType.MAP,
    "g": DocumentType.FILM,
    "i": DocumentType.SPEECH,
    "j": DocumentType.MUSIC,
    "k": DocumentType.PICTURE,
    "l": DocumentType.DIGITAL,
    "m": DocumentType.OTHER,
    "r": DocumentType.OBJECT,
}
"""Leader position 6; a text whose position 7 is `s` or `i` is a serial."""

PRIMARY_PERSONS, SECONDARY_PERSONS = ("700", "701"), ("702",)
PRIMARY_BODIES, SECONDARY_BODIES = ("710", "711"), ("712",)
PUBLISHED_BY = "0"
JOINED_TO_TITLE = {"a": " ; ", "c": ". ", "h": ". ", "i": ", "}
YEAR = re.compile(r"(?<!\d)(1[4-9]\d\d|20\d\d)(?!\d)")
ROLE = re.compile(r"\d{3}")

Fields = dict[str, list[Field]]


def records_in(stream: BinaryIO) -> Iterator[RecordValue | BadRecord]:
    """Give what is understood of each record of a file, or why it is not; see `received_records`."""
    for received in received_records(stream):
        yield received if isinstance(received, BadRecord) else understood(received)


def understood(received: Received) -> RecordValue | BadRecord:
    """Give what is understood of one record, or why it is not."""
    try:
        record, is_repaired = parsed(received.content)
    except UnicodeDecodeError:
        return bad_record(received.offset, received.control_number, NOT_UTF_8)
    except ValueError:
        return bad_record(received.offset, received.control_number, NO_DIRECTORY)
    fields = _by_tag(record)
    said = IS_MARC21 if "245" in fields and "200" not in fields else NO_TITLE
    value = _value(
        received.control_number,
        fields,
        document_type=_document_type(str(record.leader)),
        is_repaired=is_repaired,
    )
    return value or bad_record(received.offset, received.control_number, said)


def _value(
    control_number: str, fields: Fields, *, document_type: DocumentType, is_repaired: bool
) -> RecordValue | None:
    title, subtitle, statement = _title_and_responsibility(fields)
    if not title:
        return None
    languages = _languages(fields)
    return RecordValue(
        control_number=control_number,
        title=title,
        filing_title=filing_form(title, languages),
        subtitle=subtitle,
        statement=statement,
        creators=tuple(_creators(fields)),
        publisher=_publisher(fields),
        year=_year(fields),
        languages=languages,
        document_type=document_type,
        classification=next(_texts(fields, "676", "a"), ""),
        summary="\n".join(_texts(fields, "330", "a")),
        identifiers=_identifiers(fields),
        is_repaired=is_repaired,
    )


def _by_tag(record: Record) -> Fields:
    fields: Fields = {}
    for field in record.fields:
        fields.setdefault(field.tag, []).append(field)
    return fields


def _texts(fields: Fields, tag: str, *codes: str) -> Iterator[str]:
    """Give the legible, non-empty subfields of these codes, in the order of the record."""
    for field in fields.get(tag, ()):
        for subfield in field.subfields:
            if subfield.code in codes and (text := legible(subfield.value)):
                yield text


def _title_and_responsibility(fields: Fields) -> tuple[str, str, str]:
    """Read the first field 200: title proper (with number and name of the part), the rest of it, by whom."""
    title, rest, hands = "", [], []
    for subfield in fields["200"][0].subfields if "200" in fields else ():
        text = without_punctuation(legible(subfield.value))
        if not text:
            continue
        if subfield.code in JOINED_TO_TITLE:
            title = f"{title}{JOINED_TO_TITLE[subfield.code]}{text}" if title else text
        elif subfield.code == "e":
            rest.append(text)
        elif subfield.code in "fg":
            hands.append(text)
    return title, " : ".join(rest), " ; ".join(hands)


def _creators(fields: Fields) -> Iterator[Creator]:
    for tag in (*PRIMARY_PERSONS, *PRIMARY_BODIES, *SECONDARY_PERSONS, *SECONDARY_BODIES):
        named = _person if tag in PRIMARY_PERSONS + SECONDARY_PERSONS else _body
        is_primary = tag in PRIMARY_PERSONS + PRIMARY_BODIES
        for field in fields.get(tag, ()):
            name, filing_name = named(field)
            if name:
                yield Creator(name, filing_name, _roles(field), is_primary)


def _part(field: Field, code: str) -> str:
    return without_punctuation(legible(field.get(code) or ""))


def _person(field: Field) -> tuple[str, str]:
    """Read a name as it is said and as it is filed: « Annie Ernaux », « Ernaux, Annie »."""
    entry = " ".join(part for part in (_part(field, "a"), _part(field, "d")) if part)
    rest = _part(field, "b")
    return (f"{rest} {entry}", f"{entry}, {rest}") if entry and rest else (entry, entry)


def _body(field: Field) -> tuple[str, str]:
    parts = [without_punctuation(legible(part)) for part in field.get_subfields("a", "b")]
    name = ". ".join(part for part in parts if part)
    return name, name


def _roles(field: Field) -> tuple[str, ...]:
    codes = (ROLE.match(text.strip()) for text in field.get_subfields("4"))
    return tuple(found[0] for found in codes if found)


def _publications(fields: Fields) -> list[Field]:
    """Give the statements of publication: 214 has replaced 210, and its indicator 3 or 4 says another thing."""
    current = [f for f in fields.get("214", ()) if f.indicator2 == PUBLISHED_BY]
    return [*current, *fields.get("210", ())]


def _publisher(fields: Fields) -> str:
    for field in _publications(fields):
        for text in field.get_subfields("c"):
            name = without_punctuation(legible(text))
            if name:
                return name[1:-1] if name[0] == "[" and name.find("]") == len(name) - 1 else name
    return ""


def _year(fields: Fields) -> int | None:
    """Read the year of publication, else the first of field 100; None for « s. d. » and typing errors."""
    dates = [text for field in _publications(fields) for text in field.get_subfields("d")]
    dates += [text[9:13] for text in _texts(fields, "100", "a")]
    found = next((year for text in dates if (year := YEAR.search(text))), None)
    return int(found[0]) if found else None


def _languages(fields: Fields) -> tuple[str, ...]:
    codes = (text.lower() for text in _texts(fields, "101", "a"))
    return tuple(dict.fromkeys(code for code in codes if len(code) == 3 and code.isalpha()))


def _document_type(leader: str) -> DocumentType:
    if leader[6] == "a" and leader[7] in "si":
        return DocumentType.SERIAL
    return TYPES.get(leader[6], DocumentType.OTHER)


def _identifiers(fields: Fields) -> tuple[Identifier, ...]:
    """Read fields 010, 011 and 073; a number declared wrong ($z) is kept as wrong whatever its check digit."""
    found: Iterable[Identifier | None] = (
        *(isbn_of(text) for text in _texts(fields, "010", "a")),
        *(_declared_wrong(isbn_of(text)) for text in _texts(fields, "010", "z")),
        *(issn_of(text) for text in _texts(fields, "011", "a")),
        *(ean_of(text) for text in _texts(fields, "073", "a")),
    )
    return tuple(dict.fromkeys(number for number in found if number))


def _declared_wrong(number: Identifier | None) -> Identifier | None:
    return replace(number, is_valid=False) if number else None
