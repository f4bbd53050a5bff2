"""Where the permanent links of pages lead, and what a share of a page or box shows."""

from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest
from django.utils.text import capfirst
from wagtail.fields import StreamField
from wagtail.models import Page, PageLogEntry

from essor.portal.queries.boxes import box_anchor, boxes_of
from essor.portal.queries.identity import portal_name
from essor.portal.types import Box
from essor.presentation.permalinks import Destination, Gone, Permalink, picture_of
from essor.presentation.share_pictures import SharePicture
from essor.presentation.types import Figure

BOX_PARAMETER = "boite"
"""In the address of a page: the box that is shared, so that what is shown of the link is that box."""


def destination_of_page(link: Permalink, request: HttpRequest) -> Destination | None:
    """Say where a page or a box is today; None for a draft or an unknown page. Raises Gone for a deleted one.

    A box that is not on the page any more gives the page. A restricted page gives its address,
    which enforces the restriction, and says that there is nothing to show.
    """
    page = Page.objects.filter(pk=link.number).specific().first()
    if page is None and _was_deleted(link.number):
        raise Gone
    address = page.get_url(request) if page and page.live else None
    if address is None:
        return None
    if page.get_view_restrictions().exists():
        return Destination(address=address, title=page.title, is_public=False)
    box = box_on(page, link.box)
    if box is None:
        return Destination(address=address, title=page.title, kind=kind_of(page))
    return destination_of_box(page, box, address)


def destination_of_box(page: Page, box: Box, address: str) -> Destination:
    """Say where a box is on its page at this address, and what a share of it shows."""
    return Destination(
        address=f"{address}?{BOX_PARAMETER}={box.anchor.removeprefix('box-')}#{box.anchor}",
        title=box.title or page.title,
        kind=page.title if box.title else kind_of(page),
        figure=_figure_of(box),
    )


def _was_deleted(pk: int) -> bool:
    return PageLogEntry.objects.filter(page_id=pk, action="wagtail.delete").exists()


def box_on(page: Page, digits: str) -> Box | None:
    """Give the box of a page whose identifier begins with these digits."""
    return next((box for box in _boxes_on(page, digits)), None) if digits else None


def _boxes_on(page: Page, digits: str) -> Iterator[Box]:
    for field in page._meta.get_fields():
        if isinstance(field, StreamField):
            stream = getattr(page, field.name)
            wanted = [block for block in stream if box_anchor(block.id) == digits]
            yield from boxes_of(wanted, page)


def kind_of(page: Page) -> str:
    """Give the word over the title of a page in its share picture; nothing for a home page."""
    return "" if page.depth <= 2 else capfirst(str(page.specific_class._meta.verbose_name))


def _figure_of(box: Box) -> Figure | None:
    """Ask the box for its figure: a box that has one says so by `share_figure(value)`."""
    share_figure: Any = getattr(box.content.block, "share_figure", None)
    return share_figure(box.content.value) if share_figure else None


def share_picture_of(destination: Destination, request: HttpRequest) -> SharePicture:
    """Give the picture shown beside a shared link of this portal."""
    return picture_of(destination, portal_name(request))
