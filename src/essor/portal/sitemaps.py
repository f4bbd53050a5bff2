"""The map of the portal for search engines: each public page once, at its own address.

Content has one language whatever the interface around it, so a page has one address; the pages
that are the portal's own words are there in both languages, each naming the other.
"""

from collections.abc import Iterable, Iterator
from datetime import date
from itertools import islice
from typing import Any
from xml.sax.saxutils import escape

from django.contrib.sitemaps import Sitemap
from django.http import HttpRequest
from django.urls import reverse
from django.utils import translation
from wagtail.models import Page, PageQuerySet, Site

from essor.catalogue.finding import has_records
from essor.portal.queries.identity import public_address
from essor.portal.queries.metadata import canonical_address
from essor.register.models import Guide, Initiative
from essor.register.queries import current_vintage
from essor.register.structure_addresses import Told

TRANSLATED_VIEWS = ("legal_notice", "accessibility", "privacy", "feeds", "start", "start_forms")
VIEWS_OF_DIRECTORY = ("directory", "directory-map", "directory_downloads", "is-it-ess")
BLOCK = 500
"""Addresses sent at once."""

ANY_SIREN = "000000000"

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
        names = [*TRANSLATED_VIEWS]
        if has_records():
            names.append("catalogue")
        if current_vintage():
            names += VIEWS_OF_DIRECTORY
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


class DescribedSitemap(Sitemap):
    """What editors describe beside the pages: initiatives and guides, with their lists once they have any."""

    def __init__(self, request: HttpRequest) -> None:
        self.request = request

    def items(self) -> list[str]:
        """Give the addresses of those that are published."""
        with translation.override("fr"):
            initiatives = [one.get_absolute_url() for one in Initiative.objects.published()]
            guides = [one.get_absolute_url() for one in Guide.objects.filter(is_published=True)]
            lists = {"initiatives": initiatives, "guides": guides}
            return [
                address
                for name, addresses in lists.items()
                if addresses
                for address in (reverse(name), *addresses)
            ]

    def _urls(self, page: int, protocol: str, domain: str) -> list[Entry]:
        return [
            _entry(public_address(path, self.request))
            for path in self.paginator.page(page).object_list
        ]


def structures_in_xml(structures: Iterable[Told], request: HttpRequest) -> Iterator[str]:
    """Write a map of structures, part by part: it may have tens of thousands."""
    with translation.override("fr"):
        address = public_address(reverse("structure", args=[ANY_SIREN]), request)
    before, after = map(escape, address.split(ANY_SIREN))
    yield (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n'
    )
    remaining = iter(structures)
    while part := list(islice(remaining, BLOCK)):
        yield "".join(
            f"<url><loc>{before}{siren}{after}</loc>{_last_changed(day)}</url>\n"
            for siren, day in part
        )
    yield "</urlset>\n"


def _last_changed(day: date | None) -> str:
    return f"<lastmod>{day.isoformat()}</lastmod>" if day else ""


def _entry(location: str, *, lastmod: Any = None, alternates: Any = ()) -> Entry:
    return {"location": location, "lastmod": lastmod, "alternates": alternates}
