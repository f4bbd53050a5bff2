"""Values of the catalogue that travel: what was received, what was understood of it, what was wrong."""

import datetime
from dataclasses import dataclass
from enum import StrEnum

from essor.problems import Problem


class DocumentType(StrEnum):
    """What a record describes, as far as its leader tells."""

    BOOK = "book"
    SERIAL = "serial"
    SCORE = "score"
    MAP = "map"
    FILM = "film"
    SPEECH = "speech"
    MUSIC = "music"
    PICTURE = "picture"
    DIGITAL = "digital"
    OBJECT = "object"
    OTHER = "other"


class Syntax(StrEnum):
    """The family of cataloguing rules that says what a field number means."""

    UNIMARC = "unimarc"
    MARC21 = "marc21"


class FileFormat(StrEnum):
    """How records are written down in a file."""

    ISO2709 = "iso2709"
    MARCXML = "marcxml"
    PMB_XML = "pmb_xml"
    DUBLIN_CORE = "oai_dc"
    ITEMS_CSV = "items_csv"


class Container(StrEnum):
    """What a file is wrapped in, when it is."""

    NONE = ""
    GZIP = "gzip"
    ZIP = "zip"


class Encoding(StrEnum):
    """How the letters of a record are written as bytes."""

    UTF8 = "utf-8"
    ISO5426 = "iso5426"
    MARC8 = "marc-8"
    ISO6937 = "iso6937"
    CP1252 = "cp1252"
    LATIN1 = "latin-1"


class Availability(StrEnum):
    """What a reader can do with an item, as its codes tell once a mapping profile has read them."""

    AVAILABLE = "available"
    ON_LOAN = "on_loan"
    ON_SITE = "on_site"
    UNAVAILABLE = "unavailable"
    GONE = "gone"
    UNKNOWN = "unknown"


class Audience(StrEnum):
    """Whom a document is for."""

    ADULT = "adult"
    YOUNG = "young"
    ALL = "all"
    UNKNOWN = "unknown"


class CodeTable(StrEnum):
    """The tables of a mapping profile: what the codes of one library system mean."""

    BRANCH = "branch"
    SECTION = "section"
    DOCUMENT_TYPE = "document_type"
    STATUS = "status"
    AUDIENCE = "audience"


class IdentifierKind(StrEnum):
    """The numbers that name an edition anywhere in the world."""

    ISBN = "isbn"
    ISSN = "issn"
    EAN = "ean"


@dataclass(frozen=True, slots=True)
class Identifier:
    """A standard number: normalised when it is right (ISBN in 13 digits), as received when it is not."""

    kind: IdentifierKind
    value: str
    is_valid: bool


@dataclass(frozen=True, slots=True)
class Creator:
    """A person or body that had a hand in the work.

    `roles` are codes of the UNIMARC list (070 author, 730 translator). `is_primary` tells those that
    the record names first (fields 700, 701, 710, 711) from translators, prefacers and the like.
    """

    name: str
    filing_name: str
    roles: tuple[str, ...] = ()
    is_primary: bool = False


@dataclass(frozen=True, slots=True)
class Hand:
    """A creator as readers see it: a name, and what it did in words (empty when unknown)."""

    name: str
    role: str
    is_primary: bool


@dataclass(frozen=True, slots=True)
class Received:
    """One record as it stood in the file, and where it stood (in bytes, once decompressed).

    `content` is the whole record, from its leader to its end mark in ISO 2709, its element in XML.
    """

    offset: int
    control_number: str
    content: bytes
    file_format: FileFormat = FileFormat.ISO2709


class SubjectKind(StrEnum):
    """What a subject heading names."""

    TOPIC = "topic"
    PERSON = "person"
    BODY = "body"
    TITLE = "title"
    PLACE = "place"
    FORM = "form"
    FREE = "free"


@dataclass(frozen=True, slots=True)
class Subject:
    """A subject heading, its parts joined (« Coopératives -- France -- 20e siècle »)."""

    label: str
    kind: SubjectKind = SubjectKind.TOPIC


@dataclass(frozen=True, slots=True)
class Series:
    """The series (or the larger work) that a document belongs to, and its number in it."""

    title: str
    number: str = ""


@dataclass(frozen=True, slots=True)
class Link:
    """An address that the record gives, http or https only, and what is said of it."""

    address: str
    label: str = ""


@dataclass(frozen=True, slots=True)
class ItemValue:
    """A copy on a shelf. Codes are kept as sent; unknown is None or empty.

    `loans` is how often it has been lent in all; `price_cents` in cents of euro.
    """

    barcode: str = ""
    branch: str = ""
    section: str = ""
    call_number: str = ""
    document_type: str = ""
    status: str = ""
    audience: str = ""
    availability: Availability = Availability.UNKNOWN
    volume: str = ""
    note: str = ""
    acquired: datetime.date | None = None
    last_loan: datetime.date | None = None
    due: datetime.date | None = None
    loans: int | None = None
    price_cents: int | None = None


@dataclass(frozen=True, slots=True)
class RecordValue:
    """What is understood of a record. Unknown is None or empty, never a guess.

    `encoding` is the one the record was read in (a value of Encoding), `certainty` how sure that is
    (0 to 1). `is_deleted` says that its source declares it deleted. `original_languages` are those it
    was translated from, `uniform_title` the one that all editions of the work share.
    """

    control_number: str
    title: str
    filing_title: str
    subtitle: str = ""
    statement: str = ""
    creators: tuple[Creator, ...] = ()
    publisher: str = ""
    year: int | None = None
    languages: tuple[str, ...] = ()
    document_type: DocumentType = DocumentType.BOOK
    classification: str = ""
    summary: str = ""
    identifiers: tuple[Identifier, ...] = ()
    edition: str = ""
    place: str = ""
    extent: str = ""
    series: tuple[Series, ...] = ()
    subjects: tuple[Subject, ...] = ()
    notes: tuple[str, ...] = ()
    links: tuple[Link, ...] = ()
    original_languages: tuple[str, ...] = ()
    audience: Audience = Audience.UNKNOWN
    items: tuple[ItemValue, ...] = ()
    encoding: str = "utf-8"
    certainty: float = 1.0
    uniform_title: str = ""
    is_deleted: bool = False
    is_repaired: bool = False


STATUS_OF = "status:"


@dataclass(frozen=True, slots=True)
class HeldItems:
    """Items that come apart from their record: a line of a table, a holdings record.

    Their record is the one of this control number; when that is empty, the one that an item of the
    same barcode already has. Other items of the record stay as they are. `parts` are the fields of
    an item, named as in the store, that a table has columns for; empty when all are told. Of the
    status codes, each subfield that has a column is a part of its own (`status:o`).
    """

    control_number: str
    items: tuple[ItemValue, ...]
    offset: int = 0
    parts: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class BadRecord(Problem):
    """A record that stayed out: where it begins in the file, its control number when it could be read."""

    offset: int = 0
    control_number: str = ""


@dataclass(frozen=True, slots=True)
class FieldLine:
    """One field of a record, as a cataloguer reads it: `200 1# $aTitle$fAuthor`."""

    tag: str
    indicators: str
    subfields: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class BasketImport:
    """What a list did to a basket; `held` counts the records it already had."""

    name: str
    added: int
    held: int
    problems: tuple[Problem, ...]
