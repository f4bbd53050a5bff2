"""Turn the boxes of the content files into those that editors fill in the portal."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from wagtail.blocks import StreamBlock, StreamValue
from wagtail.models import Page

from essor.demo.types import (
    AccordionBox,
    Box,
    FeedBox,
    Figure,
    KeyFiguresBox,
    KioskBox,
    NewStructuresBox,
    Partner,
    PartnersBox,
    PictureBox,
    ReadingBox,
    SharedBox,
    StructuresBox,
    TextBox,
)
from essor.kiosk.models import Kiosk
from essor.observatory.models import PublishedFigure
from essor.portal.models import FeedSource, Picture, ReusableBox
from essor.territory.models import Territory

BoxOfOthers = FeedBox | KioskBox | KeyFiguresBox | StructuresBox | NewStructuresBox | SharedBox

_PAGE_LINK = re.compile(r'<a href="page:([\w-]+)">')


@dataclass(frozen=True, slots=True)
class Shelves:
    """What boxes refer to, by the names the content files give them."""

    pages: Mapping[str, Page] = field(default_factory=dict)
    pictures: Mapping[str, Picture] = field(default_factory=dict)
    feeds: Mapping[str, FeedSource] = field(default_factory=dict)
    shared: Mapping[str, ReusableBox] = field(default_factory=dict)


def stream_of(boxes: Iterable[Box], block: StreamBlock, shelves: Shelves) -> StreamValue:
    """Give the boxes as a stream of this kind, checked as if an editor had typed them.

    Raises StreamBlockValidationError when a box would be refused in the staff screens.
    """
    raw = [dict(zip(("type", "value"), _raw(box, shelves), strict=True)) for box in boxes]
    return block.clean(block.to_python(raw))


def _raw(box: Box, shelves: Shelves) -> tuple[str, Any]:
    match box:
        case TextBox():
            return "text", {"title": box.title, "text": rich_text(box.html, shelves)}
        case PictureBox():
            return "picture", {
                "picture": shelves.pictures[box.picture].pk,
                "caption": box.caption,
            }
        case AccordionBox():
            articles = [shelves.pages[slug].pk for slug in box.articles]
            return "accordion", {"title": box.title, "articles": articles}
        case ReadingBox():
            return "further_reading", {"title": box.title, "readings": _readings(box)}
        case PartnersBox():
            partners = [_partner(partner) for partner in box.partners]
            return "partners", {"title": box.title, "partners": partners}
        case _:
            return _raw_of_others(box, shelves)


def _raw_of_others(box: BoxOfOthers, shelves: Shelves) -> tuple[str, Any]:
    """Give a box that shows what is kept elsewhere than in its page."""
    match box:
        case FeedBox():
            sources = [shelves.feeds[name].pk for name in box.sources]
            return "feed", {"title": box.title, "sources": sources, "count": box.count}
        case KioskBox():
            kiosk = Kiosk.objects.get(slug=box.kiosk)
            return "kiosk", {"title": box.title, "kiosk": kiosk.pk}
        case KeyFiguresBox():
            figures = [{"figure": _published(one), "label": one.label} for one in box.figures]
            return "key_figures", {"title": box.title, "figures": figures}
        case StructuresBox():
            return "structures", asdict(box)
        case NewStructuresBox():
            place = territory_called(box.territory)
            return "new_structures", {**asdict(box), "territory": place and place.pk}
        case SharedBox():
            return "reusable", shelves.shared[box.name].pk


def rich_text(html: str, shelves: Shelves) -> str:
    """Point the links between pages at the pages themselves, so that they survive renames."""
    return _PAGE_LINK.sub(
        lambda found: f'<a linktype="page" id="{shelves.pages[found[1]].pk}">', html
    )


def territory_called(name: str) -> Territory | None:
    """Give the territory written `commune:59350`; none for no name."""
    kind, _colon, code = name.partition(":")
    return Territory.objects.get(kind=kind, code=code) if code else None


def _published(figure: Figure) -> int:
    found = PublishedFigure.objects.get(
        territory__code=figure.territory,
        vintage=figure.vintage,
        measure=figure.measure,
        family=figure.family,
    )
    return found.pk


def _readings(box: ReadingBox) -> list[dict[str, str]]:
    return [
        {"title": link.title, "kind": link.kind, "address": link.url, "line": link.note}
        for link in box.links
    ]


def _partner(partner: Partner) -> dict[str, str]:
    return {"name": partner.name, "address": partner.url, "line": partner.line}
