"""Values of the catalogue that travel: what was received, what was understood of it, what was wrong."""

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
    """One record as it stood in the file, mark of end included, and where it stood (in bytes)."""

    offset: int
    control_number: str
    content: bytes


@dataclass(frozen=True, slots=True)
class RecordValue:
    """What is understood of a record. Unknown is None or empty, never a guess."""

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
    is_repaired: bool = False


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
