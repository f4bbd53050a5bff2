"""Pages as linked data (schema.org in JSON-LD), for search engines and harvesters."""

import json
from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils import translation
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import Truncator
from wagtail.models import Page

from essor.portal.models import ArticlePage, HomePage, PortalPage
from essor.portal.queries.identity import identity_for, portal_name, public_address
from essor.portal.types import Metadata

HEADLINE_LENGTH = 110
"""Longest headline that search engines take."""

Node = dict[str, Any]

_INERT = {ord(character): f"\\u{ord(character):04X}" for character in "<>&\u2028\u2029"}


def linked_data_of_page(
    page: PortalPage, metadata: Metadata, ancestors: Sequence[Page], request: HttpRequest
) -> SafeString:
    """Give a page, and the way to it, as the content of a JSON-LD script element."""
    if isinstance(page, HomePage):
        return linked_data_of_home(
            request, description=metadata.description, language=page.language
        )
    node: Node = {
        "@type": "Article" if isinstance(page, ArticlePage) else "CollectionPage",
        "@id": metadata.canonical,
        "url": metadata.canonical,
        "name": page.title,
        "description": metadata.description,
        "inLanguage": page.language,
        "image": metadata.picture.address if metadata.picture else None,
        "datePublished": _moment(page.first_published_at),
        "dateModified": _moment(page.last_published_at),
        "publisher": _publisher(request),
        "isPartOf": {"@id": f"{_home_address(request)}#website"},
    }
    if isinstance(page, ArticlePage):
        node |= _signed(page, metadata.tags, request)
    return _script_content([node, _breadcrumb(page, metadata.canonical, ancestors, request)])


def linked_data_of_home(
    request: HttpRequest, *, description: str = "", language: str = "fr"
) -> SafeString:
    """Give the portal itself, with its search, as the content of a JSON-LD script element."""
    home = _home_address(request)
    website: Node = {
        "@type": "WebSite",
        "@id": f"{home}#website",
        "url": home,
        "name": portal_name(request),
        "description": description,
        "inLanguage": language,
        "publisher": _publisher(request),
        "potentialAction": {
            "@type": "SearchAction",
            "target": {
                "@type": "EntryPoint",
                "urlTemplate": f"{home}recherche/?q={{search_term_string}}",
            },
            "query-input": "required name=search_term_string",
        },
    }
    return _script_content([website])


def _signed(page: ArticlePage, tags: Sequence[str], request: HttpRequest) -> Node:
    # A byline may be a person, a library or a department: its kind is left unsaid.
    author = {"name": page.byline} if page.byline else _publisher(request)
    return {
        "headline": Truncator(page.title).chars(HEADLINE_LENGTH),
        "author": author,
        "keywords": list(tags),
    }


def _breadcrumb(page: Page, address: str, ancestors: Sequence[Page], request: HttpRequest) -> Node:
    with translation.override(settings.LANGUAGE_CODE):
        above = [(step.title, public_address(step.get_url(request), request)) for step in ancestors]
    return {
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": position, "name": name, "item": where}
            for position, (name, where) in enumerate([*above, (page.title, address)], start=1)
        ],
    }


def _publisher(request: HttpRequest) -> Node:
    identity = identity_for(request)
    name = (identity and identity.publisher) or portal_name(request)
    return {"@type": "Organization", "name": name, "url": _home_address(request)}


def _home_address(request: HttpRequest) -> str:
    with translation.override(settings.LANGUAGE_CODE):
        return public_address(reverse("wagtail_serve", args=[""]), request)


def _moment(value: Any) -> str | None:
    return value.isoformat() if value else None


def _script_content(nodes: Sequence[Node]) -> SafeString:
    """Write the nodes, without what is unknown; no title can close the element."""
    graph = [{key: value for key, value in node.items() if value} for node in nodes]
    text = json.dumps({"@context": "https://schema.org", "@graph": graph}, ensure_ascii=False)
    return mark_safe(text.translate(_INERT))
