"""UNIMARC bibliographic records: which field says what.

Sources: UNIMARC manual (IFLA, 3rd edition and updates to 2022); practice of Koha, PMB, BnF and Sudoc
files.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from essor.catalogue.importers.marc_fields import (
    SUBFIELD,
    Fields,
    MarcFields,
    part_of,
    subfields_of,
    texts,
)
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
AUTHORITIES = "xyz"
"""Leader position 6 of records that describe a work, a person, a subject."""

PRIMARY_PERSONS, SECONDARY_PERSONS = ("700", "701"), ("702",)
PRIMARY_BODIES, SECONDARY_BODIES = ("710", "711", "720", "721"), ("712", "722")
PUBLISHED_BY = ("0", " ")
JOINED_TO_TITLE = {"a": " ; ", "c": ". ", "h": ". ", "i": ", "}
EXTENT_MARKS = {"a": "", "c": " : ", "d": " ; ", "e": " + "}
SUBJECT_FIELDS = {
    "600": SubjectKind.PERSON,
    "601": SubjectKind.BODY,
    "602": SubjectKind.PERSON,
    "604": SubjectKind.TITLE,
    "605": SubjectKind.TITLE,
    "606": SubjectKind.TOPIC,
    "607": SubjectKind.PLACE,
    "608": SubjectKind.FORM,
    "610": SubjectKind.FREE,
}
SUBDIVISIONS = "jxyz"
NOTE_FIELDS = (
    *("300", "301", "302", "303", "304", "305", "306", "307", "308", "310", "311", "312", "313"),
    *("314", "315", "320", "321", "322", "323", "324", "325", "326", "327", "328", "333", "334"),
    *("336", "337"),
)
SERIES_LINKS = ("461", "462", "410")
YOUNG_CODES, ADULT_CODES = frozenset("abcde"), frozenset("km")
LONGEST_ARTICLE = 6
"""How far into a title a mark for filing can stand: « Les @misérables »."""
MOST_VALUES = 500
"""How many notes, subjects or links of one record are kept."""

YEAR = re.compile(r"(?<!\d)(1[4-9]\d\d|20\d\d)(?!\d)")
ROLE = re.compile(r"\d{3}")


def is_authority(leader: str) -> bool:
    """Say whether this record describes a work, a person or a subject, and no document."""
    return leader[6:7] in AUTHORITIES


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
    raw_title, subtitle, statement = _title_and_responsibility(fields, profile.filing_mark)
    title = legible(raw_title)
    if not title and not is_deleted:
        return None
    languages = _languages(fields, "a")
    published = _publications(fields)
    return RecordValue(
        control_number=control_number,
        title=title,
        filing_title=filing_form(raw_title, languages),
        subtitle=subtitle,
        statement=statement,
        creators=tuple(_creators(fields)),
        publisher=_publisher(published),
        year=_year(published, fields),
        languages=languages,
        document_type=_document_type(marc.leader),
        classification=next(iter(texts(fields, "676", "a")), ""),
        summary="\n".join(texts(fields, "330", "a")),
        identifiers=_identifiers(fields),
        edition=" ".join(texts(fields, "205", "ab")),
        place=next((part for f in published if (part := _bare(part_of(f, "a")))), ""),
        extent=_extent(fields),
        series=_series(fields),
        subjects=tuple(dict.fromkeys(_subjects(fields)))[:MOST_VALUES],
        notes=tuple(dict.fromkeys(_notes(fields)))[:MOST_VALUES],
        links=tuple(dict.fromkeys(_links(fields)))[:MOST_VALUES],
        original_languages=_languages(fields, "c"),
        audience=_audience(fields),
        items=items,
        encoding=marc.encoding,
        certainty=marc.certainty,
        uniform_title=next(
            (t for tag, c in (("500", "a"), ("454", "t")) for t in texts(fields, tag, c)), ""
        ),
        is_deleted=is_deleted,
        is_repaired=marc.is_repaired,
    )


def _title_and_responsibility(fields: Fields, filing_mark: str) -> tuple[str, str, str]:
    """Read the first field 200: title proper (with number and name of the part), the rest of it, by whom.

    The title keeps its marks for filing, which are not to be shown.
    """
    title = ""
    rest: list[str] = []
    hands: list[str] = []
    for code, raw in subfields_of(fields["200"][0]) if "200" in fields else ():
        if code in JOINED_TO_TITLE:
            part = without_punctuation(raw)
            if part:
                title = f"{title}{JOINED_TO_TITLE[code]}{part}" if title else part
        elif code in "efg" and (text := without_punctuation(legible(raw))):
            (rest if code == "e" else hands).append(text)
    if filing_mark:
        before, mark, after = title.partition(filing_mark)
        title = f"\u0098{before}\u009c{after}" if mark and len(before) <= LONGEST_ARTICLE else title
    return title, " : ".join(rest), " ; ".join(hands)


def _creators(fields: Fields) -> Iterator[Creator]:
    for tag in (*PRIMARY_PERSONS, *PRIMARY_BODIES, *SECONDARY_PERSONS, *SECONDARY_BODIES):
        if tag not in fields:
            continue
        named = _person if tag in PRIMARY_PERSONS + SECONDARY_PERSONS else _body
        is_primary = tag in PRIMARY_PERSONS + PRIMARY_BODIES
        for content in fields[tag][:MOST_VALUES]:
            name, filing_name = named(content)
            if name:
                yield Creator(name, filing_name, _roles(content), is_primary)


def _person(content: str) -> tuple[str, str]:
    """Read a name as it is said and as it is filed: « Annie Ernaux », « Ernaux, Annie »."""
    entry = " ".join(part for part in (part_of(content, "a"), part_of(content, "d")) if part)
    rest = part_of(content, "b")
    return (f"{rest} {entry}", f"{entry}, {rest}") if entry and rest else (entry, entry)


def _body(content: str) -> tuple[str, str]:
    name = ". ".join(
        text
        for code, raw in subfields_of(content)
        if code in "ab" and (text := without_punctuation(legible(raw)))
    )
    return name, name


def _roles(content: str) -> tuple[str, ...]:
    codes = (ROLE.match(raw.strip()) for code, raw in subfields_of(content) if code == "4")
    return tuple(dict.fromkeys(found[0] for found in codes if found))


def _publications(fields: Fields) -> list[str]:
    """Give the statements of publication: 214 has replaced 210, and its indicator 3 or 4 says another thing.

    A blank one is a cataloguer who has not chosen.
    """
    current = [content for content in fields.get("214", ()) if content[1:2] in PUBLISHED_BY]
    current.sort(key=lambda content: content[1:2] == " ")
    return [*current, *fields.get("210", ()), *fields.get("219", ())]


def _publisher(published: list[str]) -> str:
    for content in published:
        for code, raw in subfields_of(content):
            if code == "c" and (name := _bare(without_punctuation(legible(raw)))):
                return name
    return ""


def _bare(name: str) -> str:
    """Take off the brackets of what the cataloguer did not read on the document."""
    return name[1:-1] if name[:1] == "[" and name.find("]") == len(name) - 1 else name


def _year(published: list[str], fields: Fields) -> int | None:
    """Read the year of publication, else the first of field 100; None for « s. d. » and typing errors."""
    for content in published:
        for code, raw in subfields_of(content):
            if code == "d" and (found := YEAR.search(raw)):
                return int(found[0])
    for coded in _coded_data(fields):
        if found := YEAR.search(coded[9:13]):
            return int(found[0])
    return None


def _coded_data(fields: Fields) -> Iterator[str]:
    """Give 100 $a, whose positions count: nothing is trimmed."""
    for content in fields.get("100", ()):
        for code, raw in subfields_of(content):
            if code == "a":
                yield raw


def _audience(fields: Fields) -> Audience:
    """Read 100 $a/17-19."""
    codes = {code for coded in _coded_data(fields) for code in coded[17:20]}
    if codes & YOUNG_CODES:
        return Audience.ALL if codes & ADULT_CODES else Audience.YOUNG
    return Audience.ADULT if codes & ADULT_CODES else Audience.UNKNOWN


def _languages(fields: Fields, code: str) -> tuple[str, ...]:
    codes = (text.lower() for text in texts(fields, "101", code))
    return tuple(dict.fromkeys(code for code in codes if len(code) == 3 and code.isalpha()))


def _document_type(leader: str) -> DocumentType:
    if leader[6] == "a" and leader[7] in "si":
        return DocumentType.SERIAL
    return TYPES.get(leader[6], DocumentType.OTHER)


def _identifiers(fields: Fields) -> tuple[Identifier, ...]:
    """Read 010, 011, 013, 073 and 345; a number declared wrong ($z) stays so whatever its check digit."""
    found: Iterable[Identifier | None] = (
        *(isbn_of(text) for text in texts(fields, "010", "a")),
        *(_declared_wrong(isbn_of(text)) for text in texts(fields, "010", "z")),
        *(issn_of(text) for text in texts(fields, "011", "a")),
        *(
            ean_of(text)
            for tag, code in (("073", "a"), ("013", "a"), ("345", "b"))
            for text in texts(fields, tag, code)
        ),
    )
    return tuple(dict.fromkeys(number for number in found if number))[:MOST_VALUES]


def _declared_wrong(number: Identifier | None) -> Identifier | None:
    return replace(number, is_valid=False) if number else None


def _extent(fields: Fields) -> str:
    said = ""
    for code, raw in subfields_of(fields["215"][0]) if "215" in fields else ():
        if code in EXTENT_MARKS and (text := without_punctuation(legible(raw))):
            said = f"{said}{EXTENT_MARKS[code] or ', '}{text}" if said else text
    return said


def _series(fields: Fields) -> tuple[Series, ...]:
    """Read the series as it stands on the document (225), then the links to series and larger works."""
    found: dict[str, Series] = {}
    for content in fields.get("225", ()):
        title = ". ".join(
            text
            for code, raw in subfields_of(content)
            if code in "ai" and (text := without_punctuation(legible(raw)))
        )
        _keep(found, title, part_of(content, "v"))
    for tag in SERIES_LINKS:
        for content in fields.get(tag, ()):
            _keep(found, *_linked(content))
    return tuple(found.values())[:MOST_VALUES]


def _keep(found: dict[str, Series], title: str, number: str) -> None:
    """Keep each series once, by its title without signs or capitals, with the first number known."""
    key = filing_form(title)
    known = found.get(key)
    if key and (known is None or (number and not known.number)):
        found[key] = Series(known.title if known else title, number)


def _linked(content: str) -> tuple[str, str]:
    """Read the title and number of another record: in $t and $v, or in a field 200 embedded after $1."""
    title = part_of(content, "t")
    if not title and f"{SUBFIELD}1200" in content:
        content = content.partition(f"{SUBFIELD}1200")[2]
        title = part_of(content, "a")
    return title, part_of(content, "v")


def _subjects(fields: Fields) -> Iterator[Subject]:
    for tag, kind in SUBJECT_FIELDS.items():
        for content in fields.get(tag, ()):
            if kind is SubjectKind.FREE:
                yield from _free_subjects(content)
            elif label := _heading(content, kind):
                yield Subject(label, kind)


def _free_subjects(content: str) -> Iterator[Subject]:
    """Read the words of a field 610, several to a subfield in PMB (« blues;musique »)."""
    for code, raw in subfields_of(content):
        if code == "a":
            for word in raw.split(";"):
                if label := legible(word):
                    yield Subject(label, SubjectKind.FREE)


def _heading(content: str, kind: SubjectKind) -> str:
    """Join a heading and its subdivisions: « Zola, Émile (1840-1902) -- Critique et interprétation »."""
    main, qualifiers, divisions = [], [], []
    for code, raw in subfields_of(content):
        if not code.isalpha() or not (text := without_punctuation(legible(raw))):
            continue
        if code in SUBDIVISIONS:
            divisions.append(text)
        elif code in "abt":
            main.append(text)
        elif code in "cf":
            qualifiers.append(text.strip("<>() "))
    name = (", " if kind is SubjectKind.PERSON else ". ").join(main)
    if name and qualifiers:
        name = f"{name} ({' ; '.join(qualifiers)})"
    return " -- ".join(filter(None, (name, *divisions)))


def _notes(fields: Fields) -> Iterator[str]:
    for tag in NOTE_FIELDS:
        for content in fields.get(tag, ()):
            parts = (legible(raw) for code, raw in subfields_of(content) if code.isalpha())
            if note := " ; ".join(filter(None, parts)):
                yield note


def _links(fields: Fields) -> Iterator[Link]:
    for content in fields.get("856", ()):
        label = part_of(content, "z") or part_of(content, "y") or part_of(content, "3")
        for code, raw in subfields_of(content):
            if code == "u" and is_web_address(address := raw.strip()):
                yield Link(address, label)
