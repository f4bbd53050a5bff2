"""How a kiosk is shown by other sites: what the code to copy says, and where it can be followed."""

from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse

from essor.kiosk.models import Kiosk
from essor.kiosk.types import frame_height_px
from essor.presentation.framing import FrameCode

FEEDS = (
    ("Atom", "atom", "application/atom+xml"),
    ("RSS", "rss", "application/rss+xml"),
    ("JSON", "json", "application/feed+json"),
)


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed of a kiosk: the name of its form, its whole address, its media type."""

    name: str
    address: str
    media_type: str


@dataclass(frozen=True, slots=True)
class Embedding(FrameCode):
    """What other sites need to know beside the code of the frame: whole addresses, feeds."""

    page: str = ""
    height_script: str = ""
    element_script: str = ""
    oembed: str = ""
    feeds: tuple[Feed, ...] = ()


def embedding(kiosk: Kiosk, request: HttpRequest | None) -> Embedding:
    """Give what the code to copy says; without a request (a preview), addresses have no host."""

    def whole(name: str, *args: str) -> str:
        address = reverse(name, args=args)
        return request.build_absolute_uri(address) if request else address

    return Embedding(
        address=whole("kiosk_frame", kiosk.slug),
        title=kiosk.name,
        height=frame_height_px(kiosk.look.display, kiosk.limit),
        page=whole("kiosk", kiosk.slug),
        height_script=whole("kiosk_height"),
        element_script=whole("kiosk_element"),
        oembed=whole("oembed"),
        feeds=tuple(
            Feed(name, whole("kiosk_feed", kiosk.slug, form), kind) for name, form, kind in FEEDS
        ),
    )
