"""What page templates ask for: the boxes of a zone, where one is, the staff bar."""

from collections.abc import Iterator
from typing import Any

from django import template
from django.http import HttpRequest
from wagtail.admin.templatetags.wagtailuserbar import wagtailuserbar
from wagtail.blocks import StreamValue
from wagtail.models import Page, Site

from essor.portal.middleware import is_signed_in
from essor.portal.queries.boxes import boxes_of
from essor.portal.types import Box

register = template.Library()


@register.filter
def boxes(stream: StreamValue, page: Page | None = None) -> Iterator[Box]:
    """Give the boxes of a zone of a page."""
    return boxes_of(stream, page)


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
