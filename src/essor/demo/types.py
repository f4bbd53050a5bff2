"""What the demonstration is made of: pages and their boxes as written in `content/`, and accounts.

One class per kind of box, so that a box with a wrong key is refused when the file is read, not
when a visitor opens the page.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from essor.kiosk.types import Display


class PageKind(StrEnum):
    """The kinds of page that a content file may describe."""

    HOME = "home"
    INDEX = "index"
    DOSSIER = "dossier"
    SECTION = "section"
    ARTICLE = "article"


@dataclass(frozen=True, slots=True)
class TextBox:
    """Rich text in the safe subset of `rules.py`; `<a href="page:slug">` links to another page."""

    html: str
    title: str = ""


@dataclass(frozen=True, slots=True)
class PictureBox:
    """One of the drawings of `pictures.yaml`, under its name."""

    picture: str
    caption: str = ""
    title: str = ""


@dataclass(frozen=True, slots=True)
class AccordionBox:
    """Articles of the portal, by slug, unfolded one under the other."""

    title: str
    articles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Link:
    """An address to read further, with an optional line about it."""

    title: str
    url: str
    kind: str = "site"
    note: str = ""


@dataclass(frozen=True, slots=True)
class ReadingBox:
    """Further reading, or the sources of an article."""

    title: str
    links: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class Figure:
    """A published figure of the observatory, told apart by its territory, date and measure.

    The content never holds the number: it comes with its year, source and perimeter.
    """

    territory: str
    vintage: str
    measure: str
    family: str = ""
    label: str = ""


@dataclass(frozen=True, slots=True)
class KeyFiguresBox:
    """Published figures, shown large."""

    title: str
    figures: tuple[Figure, ...]


@dataclass(frozen=True, slots=True)
class Partner:
    """A network to know. No logo: it would need the agreement of its owner."""

    name: str
    url: str
    line: str


@dataclass(frozen=True, slots=True)
class PartnersBox:
    """Partners, each with one line."""

    title: str
    partners: tuple[Partner, ...]


@dataclass(frozen=True, slots=True)
class FeedBox:
    """The `count` latest entries of the named feeds, merged."""

    title: str
    sources: tuple[str, ...]
    count: int = 5


@dataclass(frozen=True, slots=True)
class KioskBox:
    """A kiosk, by slug, as a strip of covers."""

    title: str
    kiosk: str


@dataclass(frozen=True, slots=True)
class StructuresBox:
    """Structures of the directory: those a search finds, or some by SIREN, one a line."""

    title: str = ""
    search: str = ""
    sirens: str = ""
    show: str = "list"
    count: int = 6


@dataclass(frozen=True, slots=True)
class NewStructuresBox:
    """The structures created last in a territory (`commune:59350`), or in the whole directory."""

    title: str
    territory: str = ""
    count: int = 5


@dataclass(frozen=True, slots=True)
class SharedBox:
    """A reusable box of `shared.yaml`, by name."""

    name: str


Box = (
    TextBox
    | PictureBox
    | AccordionBox
    | ReadingBox
    | KeyFiguresBox
    | PartnersBox
    | FeedBox
    | KioskBox
    | StructuresBox
    | NewStructuresBox
    | SharedBox
)


@dataclass(frozen=True, slots=True)
class PageContent:
    """One page as its editors wrote it, with French typography already set."""

    kind: PageKind
    slug: str
    title: str
    introduction: str
    language: str = "fr"
    picture: str = ""
    published: date | None = None
    tags: tuple[str, ...] = ()
    boxes: tuple[Box, ...] = ()
    side: tuple[Box, ...] = ()


@dataclass(frozen=True, slots=True)
class ProfileContent:
    """What editors say of a structure; tags by their slugs, the logo by the name of a drawing."""

    siren: str
    description: str
    tags: tuple[str, ...]
    opening_hours: str = ""
    logo: str = ""


@dataclass(frozen=True, slots=True)
class InitiativeContent:
    """An initiative of the innovation catalogue; its territory is written `commune:59350`."""

    slug: str
    title: str
    summary: str
    kind: str
    theme: str
    stage: str
    picture: str
    html: str
    territory: str = ""
    since: int | None = None
    web_site: str = ""
    structures: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class GuideContent:
    """A printable guide: the state of the directory it takes its structures from, and their order."""

    slug: str
    title: str
    introduction: str
    criteria: str
    grouping: str
    territory: str
    cover: str


@dataclass(frozen=True, slots=True)
class Picture:
    """A drawing of the package: its file is `pictures/<name>.webp`."""

    name: str
    title: str
    alt: str


@dataclass(frozen=True, slots=True)
class Identity:
    """What the portal says of itself: the fields of its settings."""

    name: str
    baseline: str
    publisher: str
    publication_director: str
    host_name: str


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed to follow, and the file of sample entries shown until it answers."""

    name: str
    address: str
    site_address: str
    sample: str


@dataclass(frozen=True, slots=True)
class Account:
    """A demonstration account: one per role, with a password of this installation."""

    username: str
    password: str
    role: str


@dataclass(frozen=True, slots=True)
class SampleCatalogue:
    """A catalogue that the demonstration carries: its source, the files it sent, how they are read."""

    source: str
    name: str
    files: tuple[str, ...]
    profile: str


@dataclass(frozen=True, slots=True)
class SampleKiosk:
    """A kiosk of the demonstration: one more way to show its basket."""

    slug: str
    name: str
    display: Display
    autoplay_s: int = 0


@dataclass(frozen=True, slots=True)
class SampleList:
    """A list that others keep, and what must be said with it: licence, origin, day."""

    file: str
    kind: str
    name: str
    licence: str
    origin: str
    day: date
