"""Permanent links: `/p/<id>`, an address that says what a thing is, never where it is or what it is called.

The grammar needs no table: a page is its number (`12`), a box on a page adds the start of the box's
own identifier (`12-0a1b2c3d`), any other thing is a letter and a number (`n37`). An app claims its
letter once, from its AppConfig, with a function that says where such a thing is today:

    permalinks.register("n", destination_of_record)

so that a lower app has permanent links without knowing the portal. Pages have the empty letter.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse
from django.urls.converters import StringConverter
from django.utils.translation import get_language

from essor.presentation.share_pictures import SharePicture
from essor.presentation.types import Figure

BOX_DIGITS = 8
GRAMMAR = r"[1-9][0-9]{0,17}(?:-[0-9a-f]{8})?|[a-z][1-9][0-9]{0,17}"
_PARTS = re.compile(r"(?P<letter>[a-z]?)(?P<number>[1-9][0-9]{0,17})(?:-(?P<box>[0-9a-f]{8}))?")


class Gone(Exception):
    """The thing existed and was deleted: its permanent link answers 410, not 404."""


@dataclass(frozen=True, slots=True)
class Permalink:
    """A thing that has a permanent link; written out, it is the end of its address."""

    number: int
    letter: str = ""
    box: str = ""

    def __str__(self) -> str:
        return f"{self.letter}{self.number}" + (f"-{self.box}" if self.box else "")

    @property
    def anchor(self) -> str:
        """The id of the box in its page, or nothing."""
        return f"box-{self.box}" if self.box else ""


@dataclass(frozen=True, slots=True)
class Destination:
    """Where a permanent link leads today, and what a share of it shows.

    `address` has a host only when it is on another site than the request's. A thing that not
    everyone may read still has its address, which asks for the right, but nothing to show.
    """

    address: str
    title: str
    kind: str = ""
    is_public: bool = True
    figure: Figure | None = None


Resolver = Callable[[Permalink, HttpRequest], Destination | None]

_resolvers: dict[str, Resolver] = {}


def register(letter: str, resolver: Resolver) -> None:
    """Claim a letter for an app's things; the empty one is the portal's, for pages.

    The resolver gives None for a thing that is not (or not yet) public, and raises Gone for one
    that was deleted. Raises ValueError for a letter that is taken or is not one of a to z.
    """
    if not re.fullmatch("[a-z]?", letter):
        raise ValueError(
            f"A permanent link begins with one letter from a to z, not with {letter!r}."
        )
    if _resolvers.get(letter, resolver) is not resolver:
        raise ValueError(f"The letter {letter!r} of permanent links is already taken.")
    _resolvers[letter] = resolver


def resolve(link: Permalink, request: HttpRequest) -> Destination | None:
    """Say where a permanent link leads; None when nothing answers it. Raises Gone for a deleted thing."""
    resolver = _resolvers.get(link.letter)
    return resolver(link, request) if resolver else None


def parse(text: str) -> Permalink | None:
    """Read the end of a permanent address; None when it is not one."""
    parts = _PARTS.fullmatch(text, endpos=40) if re.fullmatch(GRAMMAR, text) else None
    return Permalink(int(parts["number"]), parts["letter"], parts["box"] or "") if parts else None


def for_page(pk: int) -> Permalink:
    """Give the permanent link of a page."""
    return Permalink(pk)


def for_box(page_pk: int, block_id: str) -> Permalink:
    """Give the permanent link of a box on a page, from the identifier of its block."""
    return Permalink(page_pk, box=box_of(block_id))


def box_of(block_id: str) -> str:
    """Give the short form of a block's identifier, the one in addresses and anchors."""
    return block_id.replace("-", "").lower()[:BOX_DIGITS]


def address_of(link: Permalink, request: HttpRequest | None = None) -> str:
    """Give the permanent address in the current language; with the host when a request says which."""
    address = reverse("permalink", args=[link])
    return request.build_absolute_uri(address) if request else address


def picture_of(destination: Destination, portal: str) -> SharePicture:
    """Give the picture shown beside a shared link, in the current language."""
    return SharePicture(
        portal=portal,
        title=destination.title,
        kind=destination.kind,
        figure=destination.figure,
        language=get_language() or "fr",
    )


class PermalinkConverter(StringConverter):
    """Permanent links in URL patterns: `p/<permalink:link>`."""

    regex = GRAMMAR

    def to_python(self, value: str) -> Permalink:  # type: ignore[override]
        """Read the link; the pattern has already been checked."""
        link = parse(value)
        if link is None:
            raise ValueError(value)
        return link

    def to_url(self, value: object) -> str:
        """Write the link."""
        return str(value)
