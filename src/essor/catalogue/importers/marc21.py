"""MARC21 bibliographic records: which field says what.

Subfields carry the punctuation of the ISBD, which is taken off. Roles are given as UNIMARC codes, the
only ones that the catalogue knows. Notes on purchases, donors and owners stay out of sight.
Sources: MARC21 format for bibliographic data, and MARC code list for relators (Library of Congress).
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from essor.catalogue.importers.marc_fields import Fields, MarcFields, part_of, subfields_of, texts
from essor.catalogue.importers.profiles import Profile
from essor.catalogue.rules import (
    ean_of,
    filing_form,
    is_web_address,
    isbn_of,
    issn_of,
    legible,
    without_punctuation,
)
from essor.catalogue.types import (
    Audience,
    Creator,
    DocumentType,
    Identifier,
    ItemValue,
    Link,
    RecordValue,
    Series,
    Subject,
    SubjectKind,
)

TYPES = {
    "a": DocumentType.BOOK,
    "t": DocumentType.BOOK,
    "c": DocumentType.SCORE,
    "d": DocumentType.SCORE,
    "e": DocumentType.MAP,
    "f": DocumentType.MAP,
    "g": DocumentType.FILM,
    "i": DocumentType.SPEECH,
    "j": DocumentType.MUSIC,
    "k": DocumentType.PICTURE,
    "m": DocumentType.DIGITAL,
    "o": DocumentType.OTHER,
    "p": DocumentType.OTHER,
    "r": DocumentType.OBJECT,
}
"""Leader position 6; a text whose position 7 is `s`, `b` or `i` is a serial."""
AUTHORITY = "z"

RELATORS = {
    "adp": "010",
    "arr": "030",
    "aft": "075",
    "aui": "080",
    "wpr": "080",
    "aut": "070",
    "ant": "100",
    "ctb": "205",
    "cwt": "210",
    "com": "220",
    "cmp": "230",
    "cnd": "250",
    "drt": "300",
    "edt": "340",
    "bkd": "410",
    "ill": "440",
    "art": "440",
    "ive": "460",
    "ivr": "470",
    "lyr": "520",
    "nrt": "550",
    "prf": "590",
    "act": "590",
    "pht": "600",
    "prt": "610",
    "pro": "630",
    "pbl": "650",
    "pbd": "651",
    "aus": "690",
    "trl": "730",
}
"""Relator codes, and the UNIMARC role that each one is."""
RELATOR_TERMS = {
    "adapter": "010",
    "arranger": "030",
    "author": "070",
    "writer of introduction": "080",
    "contributor": "205",
    "compiler": "220",
    "composer": "230",
    "conductor": "250",
    "director": "300",
    "film director": "300",
    "editor": "340",
    "illustrator": "440",
    "artist": "440",
    "interviewer": "470",
    "lyricist": "520",
    "narrator": "550",
    "performer": "590",
    "actor": "590",
    "photographer": "600",
    "printer": "610",
    "producer": "630",
    "publisher": "650",
    "screenwriter": "690",
    "translator": "730",
    "auteur": "070",
    "illustrateur": "440",
    "traducteur": "730",
    "joint author": "070",
    "ed.": "340",
    "ill.": "440",
    "tr.": "730",
}
AUTHOR = "070"

PERSONS, BODIES = ("100", "700"), ("110", "111", "710", "711")
MAIN_ENTRIES = ("100", "110", "111")
ADDED_ENTRIES = ("700", "710", "711")
SUBJECT_FIELDS = {
    "600": SubjectKind.PERSON,
    "610": SubjectKind.BODY,
    "611": SubjectKind.BODY,
    "630": SubjectKind.TITLE,
    "650": SubjectKind.TOPIC,
    "651": SubjectKind.PLACE,
    "655": SubjectKind.FORM,
    "653": SubjectKind.FREE,
}
SUBDIVISIONS = "vxyz"
NOTE_FIELDS = (
    *(
        "500",
        "501",
        "502",
        "504",
        "505",
        "507",
        "508",
        "510",
        "511",
        "513",
        "515",
        "516",
        "518",
        "521",
    ),
    *(
        "522",
        "524",
        "525",
        "530",
        "533",
        "534",
        "538",
        "540",
        "545",
        "546",
        "547",
        "550",
        "555",
        "586",
    ),
)
SERIES_FIELDS = ("490", "440", "830", "800", "810")
YOUNG_CODES = frozenset("abcdj")
ADULT_CODE, GENERAL_CODE = "e", "g"
MOST_VALUES = 500

YEAR = re.compile(r"(?<!\d)(1[4-9]\d\d|20\d\d)(?!\d)")
LAST_FULL_STOP = re.compile(r"(?:(?<=\w\w\w)|(?<=[)\]\"”]))\.\Z")


def is_authority(leader: str) -> bool:
    """Say whether this record describes a person or a subject, and no document."""
    return leader[6:7] == AUTHORITY


def value_of(
    marc: MarcFields,
    profile: Profile,
    *,
    control_number: str,
    items: tuple[ItemValue, ...],
    is_deleted: bool,
) -> RecordValue | None:
    """Give what a record says; None when it has no title, which only a deleted one may lack."""
    fields = marc.by_tag
    raw_title, skipped, subtitle, statement = _title_and_responsibility(fields)
    title = legible(raw_title)
    if not title and not is_deleted:
        return None
    coded = _coded_data(fields)
    languages = _languages(fields, "a") or _language_codes(coded[35:38])
    return RecordValue(
        control_number=control_number,
        title=title,
        filing_title=filing_form(raw_title, languages, skipped=skipped),
        subtitle=subtitle,
        statement=statement,
        creators=tuple(_creators(fields)),
        publisher=_published(fields, "b"),
        year=_year(fields, coded),
        languages=languages,
        document_type=_document_type(marc.leader),
        classification=_class(fields),
        summary="\n".join(texts(fields, "520", "ab")),
        identifiers=_identifiers(fields),
        edition=" ".join(map(_plain, texts(fields, "250", "ab"))),
        place=_published(fields, "a"),
        extent=_extent(fields),
        series=_series(fields),
        subjects=tuple(dict.fromkeys(_subjects(fields)))[:MOST_VALUES],
        notes=tuple(dict.fromkeys(_notes(fields)))[:MOST_VALUES],
        links=tuple(dict.fromkeys(_links(fields)))[:MOST_VALUES],
        original_languages=_languages(fields, "h"),
        audience=_audience(marc.leader, coded),
        items=items,
        encoding=marc.encoding,
        certainty=marc.certainty,
        uniform_title=next(
            (_plain(t) for tag in ("240", "130") for t in texts(fields, tag, "a")), ""
        ),
        is_deleted=is_deleted,
        is_repaired=marc.is_repaired,
    )


def _plain(text: str) -> str:
    """Take off the punctuation of the ISBD at the ends, but not the full stop of an initial."""
    return LAST_FULL_STOP.sub("", without_punctuation(text))


def _part(content: str, code: str) -> str:
    return _plain(part_of(content, code))


def _title_and_responsibility(fields: Fields) -> tuple[str, int, str, str]:
    """Read field 245: the title with number and name of the part, what it skips in filing, the rest, by whom."""
    title = ""
    rest: list[str] = []
    hands: list[str] = []
    content = fields["245"][0] if "245" in fields else ""
    for code, raw in subfields_of(content):
        if code in "anp":
            part = _plain(raw)
            if part:
                joint = ", " if code == "p" and title.endswith(tuple("0123456789")) else ". "
                title = f"{title}{joint}{part}" if title else part
        elif code in "bc" and (text := _plain(legible(raw))):
            (rest if code == "b" else hands).append(text)
    skipped = int(content[1]) if content[1:2].isascii() and content[1:2].isdigit() else 0
    return title, skipped, " : ".join(rest), " ; ".join(hands)


def _creators(fields: Fields) -> Iterator[Creator]:
    for tag in (*MAIN_ENTRIES, *ADDED_ENTRIES):
        for content in fields.get(tag, ())[:MOST_VALUES]:
            name, filing_name = _person(content) if tag in PERSONS else _body(content)
            if name:
                roles = _roles(content)
                is_primary = tag in MAIN_ENTRIES or AUTHOR in roles
                yield Creator(name, filing_name, roles, is_primary)


def _person(content: str) -> tuple[str, str]:
    """Read a name as it is said and as it is filed: “Jane Austen”, “Austen, Jane”."""
    entry = " ".join(part for part in (_part(content, "a"), _part(content, "b")) if part)
    surname, comma, forename = entry.partition(", ")
    return (f"{forename} {surname}", entry) if comma and content[:1] == "1" else (entry, entry)


def _body(content: str) -> tuple[str, str]:
    name = ". ".join(
        text
        for code, raw in subfields_of(content)
        if code in "ab" and (text := _plain(legible(raw)))
    )
    return name, name


def _roles(content: str) -> tuple[str, ...]:
    found = []
    for code, raw in subfields_of(content):
        if code == "4":
            # A relator is a code, or the address that ends with it.
            found.append(RELATORS.get(raw.strip().rpartition("/")[2].lower(), ""))
        elif code == "e":
            term = raw.strip(" .,;:").lower()
            found.append(RELATOR_TERMS.get(term, "") or RELATOR_TERMS.get(f"{term}.", ""))
    return tuple(dict.fromkeys(filter(None, found)))


def _publications(fields: Fields) -> list[str]:
    """Give the statements of publication: 264 has replaced 260, and says another thing unless its indicator is 1."""
    current = [content for content in fields.get("264", ()) if content[1:2] == "1"]
    return [*current, *fields.get("260", ())]


def _published(fields: Fields, code: str) -> str:
    for content in _publications(fields):
        name = _part(content, code)
        if name:
            return (
                name[1:-1]
                if name[0] == "[" and name.find("]") == len(name) - 1
                else name.strip("[]")
            )
    return ""


def _year(fields: Fields, coded: str) -> int | None:
    for content in _publications(fields):
        for code, raw in subfields_of(content):
            if code == "c" and (found := YEAR.search(raw)):
                return int(found[0])
    found = YEAR.search(coded[7:11])
    return int(found[0]) if found else None


def _coded_data(fields: Fields) -> str:
    """Give field 008, whose positions count."""
    return next(iter(fields.get("008", ())), "")


def _audience(leader: str, coded: str) -> Audience:
    """Read 008/22, which tells the audience of books, music, films and the like."""
    if leader[6:7] not in "acdgijkmort":
        return Audience.UNKNOWN
    code = coded[22:23]
    if code in YOUNG_CODES:
        return Audience.YOUNG
    return {ADULT_CODE: Audience.ADULT, GENERAL_CODE: Audience.ALL}.get(code, Audience.UNKNOWN)


def _languages(fields: Fields, code: str) -> tuple[str, ...]:
    return _language_codes(
        "".join(text if len(text) % 3 == 0 else "" for text in texts(fields, "041", code))
    )


def _language_codes(joined: str) -> tuple[str, ...]:
    """Cut the codes of three letters that older records write without a space (engfre)."""
    codes = (joined[at : at + 3].lower() for at in range(0, len(joined), 3))
    return tuple(dict.fromkeys(code for code in codes if len(code) == 3 and code.isalpha()))


def _document_type(leader: str) -> DocumentType:
    if leader[6] == "a" and leader[7] in "sbi":
        return DocumentType.SERIAL
    return TYPES.get(leader[6], DocumentType.OTHER)


def _class(fields: Fields) -> str:
    """Read the Dewey number, without the marks where it may be cut short (305.8/00973)."""
    return next(iter(texts(fields, "082", "a")), "").replace("/", "").replace("'", "")


def _identifiers(fields: Fields) -> tuple[Identifier, ...]:
    """Read 020, 022 and 024; a number declared wrong ($z) stays so whatever its check digit."""
    eans = (c for c in fields.get("024", ()) if c[:1] in "23")
    found: Iterable[Identifier | None] = (
        *(isbn_of(text) for text in texts(fields, "020", "a")),
        *(_declared_wrong(isbn_of(text)) for text in texts(fields, "020", "z")),
        *(issn_of(text) for text in texts(fields, "022", "a")),
        *(ean_of(part_of(content, "a")) for content in eans),
    )
    return tuple(dict.fromkeys(number for number in found if number))[:MOST_VALUES]


def _declared_wrong(number: Identifier | None) -> Identifier | None:
    return replace(number, is_valid=False) if number else None


def _extent(fields: Fields) -> str:
    marks = {"a": ", ", "b": " : ", "c": " ; ", "e": " + "}
    said = ""
    for code, raw in subfields_of(fields["300"][0]) if "300" in fields else ():
        if code in marks and (text := legible(raw).strip(" :;+,")):
            said = f"{said}{marks[code]}{text}" if said else text
    return said


def _series(fields: Fields) -> tuple[Series, ...]:
    found: dict[str, Series] = {}
    for tag in SERIES_FIELDS:
        for content in fields.get(tag, ()):
            title = _part(content, "t") if tag in ("800", "810") else _part(content, "a")
            number, key = _part(content, "v"), filing_form(title)
            known = found.get(key)
            if key and (known is None or (number and not known.number)):
                found[key] = Series(known.title if known else title, number)
    return tuple(found.values())[:MOST_VALUES]


def _subjects(fields: Fields) -> Iterator[Subject]:
    for tag, kind in SUBJECT_FIELDS.items():
        for content in fields.get(tag, ()):
            if kind is SubjectKind.FREE:
                yield from (
                    Subject(text, kind)
                    for text in map(_plain, texts({tag: [content]}, tag, "a"))
                    if text
                )
            elif label := _heading(content, kind):
                yield Subject(label, kind)


def _heading(content: str, kind: SubjectKind) -> str:
    """Join a heading and its subdivisions: “Austen, Jane (1775-1817) -- Criticism and interpretation”."""
    main, qualifiers, divisions = [], [], []
    for code, raw in subfields_of(content):
        if not code.isalpha() or not (text := _plain(legible(raw))):
            continue
        if code in SUBDIVISIONS:
            divisions.append(text)
        elif code in "abt":
            main.append(text)
        elif code in "cdq" and kind is SubjectKind.PERSON:
            qualifiers.append(text.strip("() "))
    name = ". ".join(main)
    if name and qualifiers:
        name = f"{name} ({' ; '.join(qualifiers)})"
    return " -- ".join(filter(None, (name, *divisions)))


def _notes(fields: Fields) -> Iterator[str]:
    for tag in NOTE_FIELDS:
        for content in fields.get(tag, ()):
            parts = (
                legible(raw)
                for code, raw in subfields_of(content)
                if code.isalpha() and code not in "u"
            )
            if note := " ".join(filter(None, parts)):
                yield note


def _links(fields: Fields) -> Iterator[Link]:
    for content in fields.get("856", ()):
        label = part_of(content, "y") or part_of(content, "3") or part_of(content, "z")
        for code, raw in subfields_of(content):
            if code == "u" and is_web_address(address := raw.strip()):
                yield Link(address, label)
