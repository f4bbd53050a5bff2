"""The fields of a record, from the bytes of any format, decoded and composed (NFC).

All readers work on one plain form: a field is text, as it stands in ISO 2709 between two marks. That
of a control field is its content; any other is two indicators, then subfields, each after U+001F.
This is several times faster than an object for each field, and loses nothing.

The lengths written in ISO 2709 are checked, not trusted: when a directory points astray, fields are
paired with tags in their order.
"""

import html
import re
import struct
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import accumulate

from lxml import etree

from essor.catalogue.importers.encodings import Decoded, decoded
from essor.catalogue.rules import legible, without_punctuation
from essor.catalogue.types import Encoding, FileFormat

RECORD_END = b"\x1d"
FIELD_END = b"\x1e"
SUBFIELD = "\x1f"
LEADER_SIZE = 24
ENTRY = struct.Struct("3s4s5s")
TAG = re.compile(rb"[0-9A-Za-z]{3}")
BLANK_LEADER = "00000nam0 2200000   450 "
OTHER_NUMBERS = (("001", "a"), ("035", "a"), ("999", "c"), ("090", "a"))
LONGEST_CONTROL_NUMBER = 100
PMB_LEADER = {"rs": "n", "dt": "a", "bl": "m", "hl": "0"}
"""Elements of PMB for positions 5 to 8 of the leader, and what they usually hold."""
FIRST_DATA_FIELD = "010"

Fields = Mapping[str, Sequence[str]]


class Unreadable(ValueError):
    """The fields of this record cannot be told apart."""


@dataclass(slots=True)
class MarcFields:
    """A record: its leader, and its fields in their order, each with its tag."""

    leader: str
    ordered: list[tuple[str, str]]
    encoding: Encoding
    certainty: float = 1.0
    is_repaired: bool = False
    by_tag: dict[str, list[str]] = field(init=False)

    def __post_init__(self) -> None:
        self.by_tag = {}
        for tag, content in self.ordered:
            self.by_tag.setdefault(tag, []).append(content)


def marc_fields(
    content: bytes, file_format: FileFormat, imposed: Encoding | None = None
) -> MarcFields:
    """Read a record. Raises Unreadable when its fields cannot be told apart."""
    if file_format is FileFormat.ISO2709:
        return _from_iso2709(content, imposed)
    return _from_xml(content, imposed)


def texts(fields: Fields, tag: str, codes: str) -> list[str]:
    """Give the legible, non-empty subfields of these codes, in the order of the record."""
    if tag not in fields:  # most of those asked for
        return []
    return [
        text
        for content in fields[tag]
        for part in content.split(SUBFIELD)[1:]
        if part and part[0] in codes and (text := legible(part[1:]))
    ]


def part_of(content: str, code: str) -> str:
    """Give the first subfield of this code, legible and rid of its punctuation; empty without any."""
    for part in content.split(SUBFIELD)[1:]:
        if part[:1] == code:
            return without_punctuation(legible(part[1:]))
    return ""


def subfields_of(content: str) -> list[tuple[str, str]]:
    """Give the code and the text of each subfield of a field, empty ones left out."""
    return [(part[0], part[1:]) for part in content.split(SUBFIELD)[1:] if len(part) > 1]


def sound_number(text: str) -> str:
    """Give a control number without the spaces around it; empty when it cannot be a key."""
    number = text.strip()
    is_sound = number.isprintable() and "\ufffd" not in number
    return number if is_sound and len(number) <= LONGEST_CONTROL_NUMBER else ""


def other_number_of(content: bytes, file_format: FileFormat) -> str:
    """Give another stable number of a record without field 001; empty when there is none.

    That is the first system number (035 $a, as for theses at Abes), else the one that Koha writes in
    999 $c (MARC21) or 090 $a (UNIMARC).
    """
    try:
        fields = marc_fields(content, file_format).by_tag
    except ValueError:
        return ""
    given = (text for tag, code in OTHER_NUMBERS for text in texts(fields, tag, code))
    return next(filter(None, map(sound_number, given)), "")


def is_control(tag: str) -> bool:
    """Say whether fields of this tag have no subfields."""
    return tag < FIRST_DATA_FIELD and tag.isdigit()


def _from_iso2709(content: bytes, imposed: Encoding | None) -> MarcFields:
    directory, _, body = content.rstrip(RECORD_END).removesuffix(FIELD_END).partition(FIELD_END)
    leader, entries = directory[:LEADER_SIZE], directory[LEADER_SIZE:]
    parts = body.split(FIELD_END) if body else []
    tags, places = _directory(entries)
    order = _order(places, parts, base=content[12:17], size=len(directory))
    if order is None and (len(tags) != len(parts) or not all(map(TAG.fullmatch, tags))):
        raise Unreadable
    text = decoded(body, declared=lambda: _declared(leader, tags, parts, order), imposed=imposed)
    read = text.text.split("\x1e") if parts else []
    if order is not None and order:
        read = [read[place] for place in order]
    names = [tag.decode("ascii") for tag in tags]
    return _of(
        leader.decode("ascii", "replace"), zip(names, read, strict=True), text, order is None
    )


def _of(
    leader: str, fields: Iterator[tuple[str, str]], text: Decoded, is_repaired: bool
) -> MarcFields:
    return MarcFields(
        leader.ljust(LEADER_SIZE),
        list(fields),
        text.encoding,
        text.certainty,
        is_repaired or text.is_mended,
    )


def _directory(entries: bytes) -> tuple[list[bytes], list[tuple[bytes, bytes]]]:
    whole = len(entries) - len(entries) % ENTRY.size
    read = list(ENTRY.iter_unpack(entries[:whole]))
    return [tag for tag, _, _ in read], [(length, start) for _, length, start in read]


def _order(
    places: list[tuple[bytes, bytes]], parts: list[bytes], *, base: bytes, size: int
) -> list[int] | None:
    """Check the directory against the fields as they are cut.

    None when it points astray; an empty list when fields stand in its order, as they nearly always
    do; else the place of each.
    """
    try:
        if len(places) != len(parts) or int(base) != size + 1 or (size - LEADER_SIZE) % ENTRY.size:
            return None
        if not places:
            return []
        lengths, starts = (
            [int(number) for number in numbers] for numbers in zip(*places, strict=True)
        )
        sizes = [len(part) + 1 for part in parts]
        if lengths == sizes and starts == list(accumulate(sizes[:-1], initial=0)):
            return []
        return _crossed(lengths, starts, sizes)
    except ValueError:
        return None


def _crossed(lengths: list[int], starts: list[int], sizes: list[int]) -> list[int] | None:
    found, at = {}, 0
    for place, size in enumerate(sizes):
        found[at] = (place, size)
        at += size
    order = []
    for start, length in zip(starts, lengths, strict=True):
        place, size = found.pop(start, (0, -1))
        if size != length:
            return None
        order.append(place)
    return order


def _declared(
    leader: bytes, tags: list[bytes], parts: list[bytes], order: list[int] | None
) -> Encoding | None:
    """Give the encoding that the record says it is in: UNIMARC in 100 $a/26-29, MARC21 in its leader.

    Sources: UNIMARC manual, field 100 (01 ISO 646, 03 ISO 5426, 50 ISO 10646); MARC21, leader/09.
    """
    if b"245" in tags and b"200" not in tags:
        return None if leader[9:10] == b"a" else Encoding.MARC8
    at = tags.index(b"100") if b"100" in tags else -1
    if at < 0:
        return None
    coded = parts[order[at] if order else at].partition(b"\x1fa")[2].partition(b"\x1f")[0]
    sets = {coded[26:28], coded[28:30]} | ({coded[27:29]} if coded[26:27] == b"y" else set())
    if sets & {b"03", b"O3", b"01"}:
        return Encoding.ISO5426
    return None


# --- XML ---

_PARSER = etree.XMLParser(
    resolve_entities=False,
    no_network=True,
    load_dtd=False,
    dtd_validation=False,
    huge_tree=False,
    recover=True,
    remove_comments=True,
    remove_pis=True,
)
NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_REFERENCE = re.compile(r"&#(?:0*([0-9]{1,8})|[xX]0*([0-9a-fA-F]{1,7}));")
_NAMED = re.compile(r"&([A-Za-z][A-Za-z0-9]{1,30});")
_BARE = re.compile(r"&(?!(?:amp|lt|gt|quot|apos|#[0-9]{1,8}|#[xX][0-9a-fA-F]{1,7});)")
_CDATA = "<![CDATA["
_OWN = frozenset({"amp", "lt", "gt", "quot", "apos"})
_NAMESPACE_FAULTS = frozenset(
    {"NS_ERR_UNDEFINED_NAMESPACE", "NS_ERR_QNAME", "NS_WAR_NS_URI", "NS_WAR_NS_URI_RELATIVE"}
)
_XML_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")


def _from_xml(content: bytes, imposed: Encoding | None) -> MarcFields:
    text = decoded(content, imposed=imposed)
    root, is_repaired = element_of(text.text)
    leader, fields = _pmb(root) if _name(root) == "notice" else _marcxml(root)
    if not fields:
        raise Unreadable
    return _of(leader, iter(fields), text, is_repaired)


def element_of(text: str) -> tuple[etree._Element, bool]:
    """Parse the element of one record, cut out of its file, and say whether it had to be mended.

    Prefixes may be declared elsewhere in the file; nothing outside is ever read. Raises Unreadable.
    """
    bare = _XML_DECLARATION.sub("", text)
    sound = NOT_IN_XML.sub(" ", bare)
    if "&" in sound:
        sound = _REFERENCE.sub(_allowed, _NAMED.sub(_letter, sound))
        sound = sound if _CDATA in sound else _BARE.sub("&amp;", sound)
    try:
        root = etree.fromstring(sound.encode("utf-8", "replace"), _PARSER)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise Unreadable from error
    if root is None:
        raise Unreadable
    faults = {entry.type_name for entry in _PARSER.error_log} - _NAMESPACE_FAULTS
    return root, bool(faults) or sound != bare


def _allowed(found: re.Match[str]) -> str:
    """Put a space for a reference to what XML does not allow (&#31;)."""
    code = int(found[1]) if found[1] else int(found[2], 16)
    return " " if code > 0x10FFFF or NOT_IN_XML.match(chr(code)) else found[0]


def _letter(found: re.Match[str]) -> str:
    """Give the letter of an entity of HTML (&eacute;), which XML does not know; a space for any other."""
    if found[1] in _OWN:
        return found[0]
    letter = html.unescape(found[0])
    return " " if letter == found[0] else html.escape(letter)


def _name(element: etree._Element) -> str:
    tag = element.tag
    return tag.rpartition("}")[2].rpartition(":")[2] if isinstance(tag, str) else ""


def _marcxml(root: etree._Element) -> tuple[str, list[tuple[str, str]]]:
    leader, fields = BLANK_LEADER, []
    for element in root.iterchildren(etree.Element):
        tag = element.get("tag")
        if tag is None:
            if _name(element) == "leader":
                leader = (_text(element) or BLANK_LEADER).replace("\n", " ")
            continue
        if len(element):
            indicators = _indicator(element, "ind1") + _indicator(element, "ind2")
            fields.append((tag, indicators + _subfields(element, "code")))
        elif is_control(tag):
            fields.append((tag, _text(element)))
    return leader, fields


def _subfields(element: etree._Element, code_name: str) -> str:
    return "".join(
        f"{SUBFIELD}{code}{_text(one)}"
        for one in element.iterchildren(etree.Element)
        if len(code := one.get(code_name, "")) == 1
    )


def _text(element: etree._Element) -> str:
    return "".join(element.itertext(etree.Element)) if len(element) else element.text or ""


def _indicator(element: etree._Element, name: str) -> str:
    value = element.get(name, " ")
    return value if len(value) == 1 and value != "#" else " "


def _pmb(root: etree._Element) -> tuple[str, list[tuple[str, str]]]:
    """Read the XML of PMB: the coded positions of the leader are elements of their own."""
    coded = {
        _name(element): _text(element)[:1]
        for element in root.iterchildren(etree.Element)
        if len(_name(element)) == 2
    }
    given = "".join(coded.get(name) or usual for name, usual in PMB_LEADER.items())
    leader = f"00000{given} 2200000   450 "
    fields = []
    for element in root.iterchildren(etree.Element):
        tag = element.get("c")
        if tag is None or _name(element) != "f":
            continue
        if len(element):
            indicators = element.get("ind", "").ljust(2)[:2].replace("#", " ")
            fields.append((tag, indicators + _subfields(element, "c")))
        elif is_control(tag):
            fields.append((tag, _text(element)))
    return leader, fields
