"""A record as it goes out."""

import datetime
from dataclasses import dataclass

from essor.catalogue.types import (
    Audience,
    Availability,
    Creator,
    DocumentType,
    FileFormat,
    Identifier,
    IdentifierKind,
    Link,
    Series,
    Subject,
)

TRANSLATOR = "730"


@dataclass(frozen=True, slots=True)
class Marc:
    """What was received of a record, enough to give it back."""

    content: bytes
    file_format: FileFormat
    encoding: str


@dataclass(frozen=True, slots=True)
class Holding:
    """An item as readers see it; unknown is None or empty."""

    branch: str
    section: str
    call_number: str
    volume: str
    availability: Availability
    due: datetime.date | None


@dataclass(frozen=True, slots=True)
class Published:
    """All that is published of a record. Unknown is None or empty.

    `number` is that of its page, `address` the whole address of that page, `identity` its source and
    control number. `holdings` leaves out what is withdrawn. `marc` is there when it was asked for.
    """

    number: int
    address: str
    identity: str
    source: str
    title: str
    subtitle: str
    statement: str
    creators: tuple[Creator, ...]
    edition: str
    place: str
    publisher: str
    year: int | None
    extent: str
    series: tuple[Series, ...]
    languages: tuple[str, ...]
    original_languages: tuple[str, ...]
    document_type: DocumentType
    audience: Audience
    classification: str
    subjects: tuple[Subject, ...]
    summary: str
    notes: tuple[str, ...]
    links: tuple[Link, ...]
    identifiers: tuple[Identifier, ...]
    holdings: tuple[Holding, ...]
    added_at: datetime.datetime
    changed_at: datetime.datetime
    withdrawn_at: datetime.datetime | None
    marc: Marc | None = None

    @property
    def full_title(self) -> str:
        """Title and subtitle."""
        return f"{self.title} : {self.subtitle}" if self.subtitle else self.title

    @property
    def authors(self) -> tuple[Creator, ...]:
        """Those the record names first."""
        return tuple(hand for hand in self.creators if hand.is_primary)

    @property
    def others(self) -> tuple[Creator, ...]:
        """Those it names beside them: translators, prefacers and the like."""
        return tuple(hand for hand in self.creators if not hand.is_primary)

    def numbers(self, kind: IdentifierKind) -> tuple[str, ...]:
        """Give its right numbers of a kind, in their normal form."""
        return tuple(one.value for one in self.identifiers if one.kind is kind and one.is_valid)
