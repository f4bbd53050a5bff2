"""Values that travel between the portal's queries and its templates."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from essor.presentation.types import SharedPicture

if TYPE_CHECKING:
    from essor.portal.models import ArticlePage


@dataclass(frozen=True, slots=True)
class MenuEntry:
    """One link of a menu. `is_current` is what aria-current takes: "page", "true" (above it), or empty."""

    label: str
    address: str
    is_current: str = ""


@dataclass(frozen=True, slots=True)
class OtherLanguage:
    """The same address in the other language of the interface."""

    code: str
    label: str
    address: str


@dataclass(frozen=True, slots=True)
class Box:
    """One box on a page: its anchor, its title, its place among links that last, and what it shows."""

    anchor: str
    title: str
    kind: str
    permalink_id: str
    content: Any

    @property
    def is_framed(self) -> bool:
        """Say whether the box has the frame of an index card; text and pictures stand bare."""
        return self.kind not in {"text", "picture", "accordion"}

    @property
    def heading_level(self) -> int:
        """Level of the headings inside the box: under its title, or in its place."""
        return 3 if self.title else 2


@dataclass(frozen=True, slots=True)
class UnfoldedArticle:
    """An article shown in full inside an accordion."""

    page: "ArticlePage"
    address: str
    anchor: str
    body: Sequence[Any]


@dataclass(frozen=True, slots=True)
class Neighbours:
    """The articles before and after one, in the order of its dossier."""

    before: "ArticlePage | None"
    after: "ArticlePage | None"


@dataclass(frozen=True, slots=True)
class FeedLink:
    """A feed that a page announces."""

    title: str
    address: str
    media_type: str


@dataclass(frozen=True, slots=True)
class Metadata:
    """What the head of a page tells machines. A page not published yet has no address."""

    title: str
    description: str
    site_name: str
    locale: str
    canonical: str = ""
    address: str = ""
    kind: str = "website"
    picture: SharedPicture | None = None
    alternates: tuple[tuple[str, str], ...] = ()
    feeds: tuple[FeedLink, ...] = ()
    published: datetime | None = None
    modified: datetime | None = None
    tags: tuple[str, ...] = ()
    linked_data: str = ""
    is_indexed: bool = True
