"""The map of the portal for search engines: each public page once, at its own address.

Content has one language whatever the interface around it, so a page has one address; the pages
that are the portal's own words are there in both languages, each naming the other.
"""

from typing import Any

from django.contrib.sitemaps import Sitemap
from django.http import HttpRequest
from django.urls import reverse
from django.utils import translation
from wagtail.models import Page, PageQuerySet, Site

from essor.catalogue.finding import has_records
from essor.portal.queries.identity import public_address
from essor.portal.queries.metadata import canonical_address

TRANSLATED_VIEWS = ("legal_notice", "accessibility", "privacy", "feeds")

Entry = dict[str, Any]


class PagesSitemap(Sitemap):
    """The public pages of a site."""

    def __init__(self, request: HttpRequest, site: Site) -> None:
        self.request, self.site = request, site

    def items(self) -> PageQuerySet:
        """Give the pages that anyone may read."""
        pages = Page.objects.descendant_of(self.site.root_page, inclusive=True)
        return pages.live().public().order_by("path")

    def _urls(self, page: int, protocol: str, domain: str) -> list[Entry]:
        pages = list(self.paginator.page(page).object_list)
        changes = [item.last_published_at for item in pages]
        if pages and all(changes):
            self.latest_lastmod = max(changes)
        return [
            _entry(canonical_address(item, self.request), lastmod=change)
            for item, change in zip(pages, changes, strict=True)
        ]


class ViewsSitemap(Sitemap):
    """The pages of the portal's own words, in each language of the interface."""

    def __init__(self, request: HttpRequest) -> None:
        self.request = request

    def items(self) -> list[tuple[str, str]]:
        """Give each address with each language."""
        names = (*TRANSLATED_VIEWS, *(["catalogue"] if has_records() else []))
        return [(name, language) for name in names for language in ("fr", "en")]

    def _urls(self, page: int, protocol: str, domain: str) -> list[Entry]:
        return [
            _entry(self._address(name, language), alternates=self._alternates(name))
            for name, language in self.paginator.page(page).object_list
        ]

    def _alternates(self, name: str) -> list[dict[str, str]]:
        return [{"lang_code": code, "location": self._address(name, code)} for code in ("fr", "en")]

    def _address(self, name: str, language: str) -> str:
        with translation.override(language):
            return public_address(reverse(name), self.request)


def _entry(location: str, *, lastmod: Any = None, alternates: Any = ()) -> Entry:
    return {"location": location, "lastmod": lastmod, "alternates": alternates}
