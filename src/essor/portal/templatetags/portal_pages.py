"""What page templates ask for: the boxes of a zone, where one is, the staff bar."""

import re
from collections.abc import Iterator
from typing import Any

from django import template
from django.http import HttpRequest
from django.utils.safestring import SafeString, mark_safe
from wagtail.admin.templatetags.wagtailuserbar import wagtailuserbar
from wagtail.blocks import StreamValue
from wagtail.models import Page, Site

from essor.portal.blocks.text import FIRST_WRITTEN_LEVEL
from essor.portal.middleware import is_signed_in
from essor.portal.queries.boxes import boxes_of
from essor.portal.types import Box

register = template.Library()

_HEADING = re.compile(r"(</?h)([34])(?=[\s>])")


@register.filter
def boxes(stream: StreamValue, page: Page | None = None) -> Iterator[Box]:
    """Give the boxes of a zone of a page."""
    return boxes_of(stream, page)


@register.filter
def headings_from(text: object, level: int) -> SafeString:
    """Put the headings of a text (h3 and h4 as editors write them) at a level and the next below it."""
    shift = level - FIRST_WRITTEN_LEVEL
    # The editor's own HTML, already cleaned: its only headings are <h3> and <h4>, without attributes
    # that matter here.
    return mark_safe(_HEADING.sub(lambda m: f"{m[1]}{int(m[2]) + shift}", str(text)))


@register.inclusion_tag("portal/_breadcrumb.html", takes_context=True)
def breadcrumb(context: dict[str, Any], page: Page) -> dict[str, Any]:
    """Show the way from the home page to this page."""
    site = Site.find_for_request(context["request"])
    depth = site.root_page.depth if site else 1
    return {"ancestors": page.get_ancestors().filter(depth__gte=depth), "page": page}


@register.simple_tag(takes_context=True)
def staff_bar(context: dict[str, Any]) -> str:
    """Show Wagtail's bar to signed-in staff, without opening a session for anyone else."""
    request: HttpRequest | None = context.get("request")
    return wagtailuserbar(context) if request is not None and is_signed_in(request) else ""
