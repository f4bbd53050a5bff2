"""What the head of each page tells machines: title, description, picture, address, feeds.

Content has one language, whatever the language of the interface around it: the English address of
a page is the same page, so its canonical address is the one without /en/. Only pages whose words
are the portal's own (legal notice, feeds) have a version in each language, and say so.
"""

import html
from dataclasses import replace

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils import translation
from django.utils.html import strip_tags
from django.utils.text import Truncator
from taggit.models import Tag
from wagtail.models import Page, Site

from essor.portal.models import ArticlePage, PortalPage
from essor.portal.queries.destinations import (
    BOX_PARAMETER,
    box_on,
    destination_of_box,
    kind_of,
    share_picture_of,
)
from essor.portal.queries.feeds_out import links_to_feeds
from essor.portal.queries.identity import identity_for, portal_name, public_address
from essor.portal.queries.linked_data import linked_data_of_home, linked_data_of_page
from essor.portal.types import Box, Metadata
from essor.presentation.permalinks import Destination, Permalink, for_page
from essor.presentation.types import SharedPicture

DESCRIPTION_LENGTH = 200

LOCALES = {
    "fr": "fr_FR",
    "en": "en_GB",
    "nl": "nl_NL",
    "de": "de_DE",
    "es": "es_ES",
    "pl": "pl_PL",
    "pt": "pt_PT",
    "ar": "ar_AR",
}


def metadata_of_page(page: PortalPage, request: HttpRequest) -> Metadata:
    """Give the metadata of a page, or of the box on it that the address names."""
    if not page.pk:
        return _unpublished(page, request)
    canonical = canonical_address(page, request)
    ancestors = _ancestors(page, request)
    box = box_on(page, request.GET.get(BOX_PARAMETER, ""))
    metadata = Metadata(
        title=(box and box.title) or page.seo_title or page.title,
        description=description_of(page) or _baseline(request),
        site_name=portal_name(request),
        locale=LOCALES.get(page.language, LOCALES["fr"]),
        canonical=canonical,
        address=f"{canonical}?{BOX_PARAMETER}={_digits(box)}" if box else canonical,
        picture=_picture_of_page(page, box, request),
        feeds=links_to_feeds(request, pages=[*ancestors, page]),
    )
    if isinstance(page, ArticlePage):
        metadata = replace(
            metadata,
            kind="article",
            published=page.first_published_at,
            modified=page.last_published_at,
            tags=tuple(tag.name for tag in page.tags.all()),
        )
    return replace(metadata, linked_data=linked_data_of_page(page, metadata, ancestors, request))


def metadata_of_view(
    title: str,
    request: HttpRequest,
    *,
    description: str = "",
    tag: Tag | None = None,
    is_translated: bool = False,
) -> Metadata:
    """Give the metadata of an address that is not a page's; translated ones name each other."""
    addresses = {code: _in_language(code, request) for code in ("fr", "en")}
    canonical = addresses[translation.get_language() or "fr"] if is_translated else addresses["fr"]
    return Metadata(
        title=title,
        description=description or _baseline(request),
        site_name=portal_name(request),
        locale=LOCALES[translation.get_language() or "fr"] if is_translated else LOCALES["fr"],
        canonical=canonical,
        address=canonical,
        picture=_picture_of_portal(request),
        alternates=(*addresses.items(), ("x-default", addresses["fr"])) if is_translated else (),
        feeds=links_to_feeds(request, tag=tag),
        linked_data=linked_data_of_home(request),
    )


def canonical_address(page: Page, request: HttpRequest) -> str:
    """Give the full address of a page in the portal's own language; empty outside any site."""
    with translation.override(settings.LANGUAGE_CODE):
        path = page.get_url(request)
    return public_address(path, request) if path else ""


def description_of(page: PortalPage) -> str:
    """Give a sentence or two for search results: the one written for them, else the introduction."""
    words = page.search_description or html.unescape(strip_tags(page.introduction))
    return Truncator(" ".join(words.split())).chars(DESCRIPTION_LENGTH)


def _unpublished(page: PortalPage, request: HttpRequest) -> Metadata:
    return Metadata(
        title=page.title,
        description=description_of(page),
        site_name=portal_name(request),
        locale=LOCALES.get(page.language, LOCALES["fr"]),
        is_indexed=False,
    )


def _ancestors(page: Page, request: HttpRequest) -> list[Page]:
    site = Site.find_for_request(request)
    depth = site.root_page.depth if site else 2
    return list(page.get_ancestors().filter(depth__gte=depth))


def _baseline(request: HttpRequest) -> str:
    identity = identity_for(request)
    return identity.baseline if identity else ""


def _digits(box: Box) -> str:
    return box.anchor.removeprefix("box-")


def _picture_of_page(page: Page, box: Box | None, request: HttpRequest) -> SharedPicture:
    if box:
        link = Permalink(page.pk, box=_digits(box))
        return _picture(link, destination_of_box(page, box, address=""), request)
    shown = Destination(address="", title=page.title, kind=kind_of(page))
    return _picture(for_page(page.pk), shown, request)


def _picture_of_portal(request: HttpRequest) -> SharedPicture | None:
    site = Site.find_for_request(request)
    if site is None:
        return None
    shown = Destination(address="", title=site.root_page.title)
    return _picture(for_page(site.root_page.pk), shown, request)


def _picture(link: Permalink, shown: Destination, request: HttpRequest) -> SharedPicture:
    picture = share_picture_of(shown, request)
    path = reverse("share_picture", args=[link])
    address = public_address(f"{path}?v={picture.checksum}", request)
    return SharedPicture(address=address, alt=picture.alt)


def _in_language(code: str, request: HttpRequest) -> str:
    path = "/" + request.path.removeprefix("/en/").lstrip("/")
    return public_address(f"/en{path}" if code == "en" else path, request)
