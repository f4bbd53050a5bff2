"""MARC: the record as its source sent it, without its items, in UTF-8; as ISO 2709 or MARCXML.

What a source sent in UNIMARC goes out in UNIMARC, what it sent in MARC21 in MARC21. A record that
came another way (a list, Dublin Core) goes out as the UNIMARC record that says what is known of it.
Items stay here: they are told in JSON, without what is the business of the library only.
Sources: ISO 2709; UNIMARC manual (field 100, positions 26 to 29); the MARC21/slim schema.
"""

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterable, Iterator

from pymarc import Field, Indicators, Leader, Record, Subfield

from essor.catalogue.exports.types import Marc, Published
from essor.catalogue.exports.words import family_and_given
from essor.catalogue.importers.reading import marc_of
from essor.catalogue.types import Creator, DocumentType, FileFormat, IdentifierKind

NAMESPACE = "http://www.loc.gov/MARC21/slim"
OPENING = f'<?xml version="1.0" encoding="UTF-8"?>\n<collection xmlns="{NAMESPACE}">\n'.encode()
CLOSING = b"</collection>\n"
ITEM_FIELDS = re.compile("9..|852|252")
"""Where library systems put items, and what they keep for themselves."""

TITLES = ("200", "245")
WITHOUT_MARC = (FileFormat.DUBLIN_CORE, FileFormat.ITEMS_CSV)
TAG = re.compile("[0-9A-Z]{3}")
UTF_8_IN_UNIMARC = "50  "
LONGEST_FIELD, LONGEST_RECORD = 9_999, 99_999
_UNFIT = re.compile("[\x00-\x1f\ud800-\udfff\ufffe\uffff]+")
NUMBERS = {IdentifierKind.ISBN: "010", IdentifierKind.ISSN: "011", IdentifierKind.EAN: "073"}
_LEADERS = {
    DocumentType.BOOK: "am",
    DocumentType.SERIAL: "as",
    DocumentType.SCORE: "cm",
    DocumentType.MAP: "em",
    DocumentType.FILM: "gm",
    DocumentType.SPEECH: "im",
    DocumentType.MUSIC: "jm",
    DocumentType.PICTURE: "km",
    DocumentType.DIGITAL: "lm",
    DocumentType.OBJECT: "rm",
    DocumentType.OTHER: "mm",
}


def marc_record(record: Published) -> Record:
    """Give the MARC record that goes out."""
    received = _received(record.marc) if record.marc else None
    return _cleaned(received or _unimarc(record))


def _received(marc: Marc) -> Record | None:
    if marc.file_format in WITHOUT_MARC:
        return None
    try:
        read = marc_of(marc.content, marc.file_format, marc.encoding)
    except ValueError:  # no record any more: what is known of it goes out all the same
        return None
    return read if any(field.tag in TITLES for field in read.fields) else None


def iso2709_of(record: Published) -> bytes:
    """Give a record in ISO 2709.

    A length that the format cannot say (over 9,999 bytes for a field, 99,999 for a record) is said as
    the largest it can: readers that go by the separators, as ours, lose nothing.
    """
    marc = marc_record(record)
    directory, body = b"", b""
    for field in marc.fields:
        content = _field_bytes(field)
        length, place = min(len(content), LONGEST_FIELD), min(len(body), LONGEST_RECORD)
        directory += b"%s%04d%05d" % (field.tag.encode(), length, place)
        body += content
    directory += b"\x1e"
    body += b"\x1d"
    leader = str(marc.leader)
    base = 24 + len(directory)
    length = min(base + len(body), LONGEST_RECORD)
    head = f"{length:05d}{leader[5:12]}{min(base, LONGEST_RECORD):05d}{leader[17:]}"
    return head.encode("ascii") + directory + body


def _field_bytes(field: Field) -> bytes:
    if field.control_field:
        return f"{field.data}\x1e".encode()
    parts = "".join(f"\x1f{part.code}{part.value}" for part in field.subfields)
    return f"{''.join(field.indicators)}{parts}\x1e".encode()


def marcxml_of(record: Published) -> ET.Element:
    """Give the element `record` of MARCXML, in its namespace."""
    marc = marc_record(record)
    root = ET.Element("record", xmlns=NAMESPACE)
    ET.SubElement(root, "leader").text = str(marc.leader)
    for field in marc.fields:
        if field.control_field:
            ET.SubElement(root, "controlfield", {"tag": field.tag}).text = field.data
            continue
        first, second = field.indicators
        marks = {"tag": field.tag, "ind1": first, "ind2": second}
        element = ET.SubElement(root, "datafield", marks)
        for part in field.subfields:
            ET.SubElement(element, "subfield", {"code": part.code}).text = part.value
    return root


def written(record: Published) -> bytes:
    """Give a record as a MARCXML document of its own."""
    whole: bytes = ET.tostring(marcxml_of(record), encoding="UTF-8", xml_declaration=True)
    return whole + b"\n"


def collection(records: Iterable[Published]) -> Iterator[bytes]:
    """Give the pieces of a MARCXML collection."""
    yield OPENING
    for record in records:
        yield ET.tostring(marcxml_of(record), encoding="unicode").encode() + b"\n"
    yield CLOSING


def _cleaned(record: Record) -> Record:
    """Give the record without its items, its encoding said, and no sign that would break a format."""
    clean = Record(force_utf8=True)
    fields = [_clean_field(field) for field in record.fields if _goes_out(field)]
    is_marc21 = {field.tag for field in fields}.intersection(TITLES) == {"245"}
    clean.leader = Leader(_clean_leader(str(record.leader), scheme="a" if is_marc21 else " "))
    clean.add_field(*(field if is_marc21 else _in_utf_8(field) for field in fields))
    return clean


def _goes_out(field: Field) -> bool:
    return bool(TAG.fullmatch(field.tag)) and not ITEM_FIELDS.fullmatch(field.tag)


def _clean_leader(leader: str, *, scheme: str) -> str:
    shown = "".join(sign if " " <= sign <= "~" else " " for sign in leader)[:24].ljust(24)
    return f"00000{shown[5:9]}{scheme}22{shown[12:17]}{shown[17:20]}4500"


def _clean_field(field: Field) -> Field:
    if field.control_field:
        return Field(tag=field.tag, data=_UNFIT.sub(" ", field.data or ""))
    marks = [mark if len(mark) == 1 and " " <= mark <= "~" else " " for mark in field.indicators]
    parts = [
        Subfield(code=part.code, value=_UNFIT.sub(" ", part.value))
        for part in field.subfields
        if len(part.code) == 1 and "!" <= part.code <= "~"
    ]
    return Field(tag=field.tag, indicators=Indicators(*marks), subfields=parts)


def _in_utf_8(field: Field) -> Field:
    """Say in field 100 that the record is in UTF-8, whatever it said before."""
    if field.tag != "100" or field.control_field:
        return field
    parts = [
        Subfield("a", f"{part.value[:26]}{UTF_8_IN_UNIMARC}{part.value[30:]}")
        if part.code == "a" and len(part.value) >= 30
        else part
        for part in field.subfields
    ]
    return Field(tag="100", indicators=field.indicators, subfields=parts)


def _unimarc(record: Published) -> Record:
    """Put what is known of a record in UNIMARC."""
    made = Record(force_utf8=True)
    made.leader = Leader(f"00000n{_LEADERS[record.document_type]}  2200000   4500")
    made.add_field(*_unimarc_fields(record))
    return made


def _unimarc_fields(record: Published) -> Iterator[Field]:
    yield Field(tag="001", data=record.identity.partition(":")[2])
    yield from (
        _field(NUMBERS[one.kind], a=one.value) for one in record.identifiers if one.is_valid
    )
    day = record.added_at.strftime("%Y%m%d")
    yield _field("100", a=f"{day}d{record.year or '':<4}    u  y0frey{UTF_8_IN_UNIMARC}    ba")
    yield from (_field("101", a=code) for code in record.languages)
    yield _field("200", marks="1 ", a=record.title, e=record.subtitle, f=record.statement)
    for tag, parts in (
        ("205", {"a": record.edition}),
        ("210", {"a": record.place, "c": record.publisher, "d": str(record.year or "")}),
        ("215", {"a": record.extent}),
        ("330", {"a": record.summary}),
        ("676", {"a": record.classification}),
    ):
        if any(parts.values()):
            yield _field(tag, **parts)
    yield from (_field("225", a=series.title, v=series.number) for series in record.series)
    yield from (_field("300", a=note) for note in record.notes)
    yield from (_field("610", a=subject.label) for subject in record.subjects)
    for place, hand in enumerate(record.creators):
        yield _creator(hand, is_first=place == 0)
    for link in record.links:
        yield _field("856", marks="4 ", u=link.address, z=link.label)


def _creator(hand: Creator, *, is_first: bool) -> Field:
    tag = "702" if not hand.is_primary else "700" if is_first else "701"
    family, given = family_and_given(hand)
    role = next(iter(hand.roles), "")
    return _field(tag, marks=" 1" if given else " 0", a=family, b=given, **{"4": role})


def _field(tag: str, *, marks: str = "  ", **parts: str) -> Field:
    told = [Subfield(code=code, value=value) for code, value in parts.items() if value]
    return Field(tag=tag, indicators=Indicators(*marks), subfields=told)
