"""The head of each page for machines: Open Graph, linked data, canonical address, feeds."""

from typing import Any

from django import template
from taggit.models import Tag
from wagtail.models import Page

from essor.portal.queries.metadata import metadata_of_page, metadata_of_view

register = template.Library()


@register.inclusion_tag("portal/_metadata.html", takes_context=True)
def page_metadata(context: dict[str, Any], page: Page) -> dict[str, Any]:
    """Tell what a page is."""
    return {"metadata": metadata_of_page(page, context["request"])}


@register.inclusion_tag("portal/_metadata.html", takes_context=True)
def view_metadata(
    context: dict[str, Any],
    title: object,
    description: object = "",
    tag: Tag | None = None,
    is_translated: bool = False,
) -> dict[str, Any]:
    """Tell what an address beside the pages is; `is_translated` when its words are the portal's own."""
    metadata = metadata_of_view(
        str(title),
        context["request"],
        description=str(description),
        tag=tag,
        is_translated=is_translated,
    )
    return {"metadata": metadata}
