"""What search engines are told: where everything is, and what is not worth their visit."""

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.contrib.sitemaps.views import sitemap as sitemap_of
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe
from wagtail.models import Site

from essor.portal.queries.identity import public_address
from essor.portal.sitemaps import (
    DescribedSitemap,
    PagesSitemap,
    ViewsSitemap,
    structures_in_xml,
)
from essor.register.queries import current_vintage
from essor.register.structure_addresses import files_for, structures_of_file

KEPT_S = 3600

NOT_VISITED = (
    f"/{settings.STAFF_PATH}/",
    "/recherche/",
    "/partager/",
    "/catalogue/notices.",
    "/catalogue/suggestions",
    "/catalogue/valeurs/",
    "/annuaire/valeurs/",
    "/annuaire/carte/points",
    "/annuaire/carte/liste",
    "/annuaire/*/corriger/",
)
"""Staff screens, searches and their files (endless), forms; pictures of shared links must stay open."""


@require_safe
@cache_control(public=True, max_age=KEPT_S)
def sitemap(request: HttpRequest) -> HttpResponse:
    """Name the maps of the portal: that of its pages, and those of the structures of its directory."""
    vintage = current_vintage() if _site_of(request).is_default_site else None
    files = files_for(vintage) if vintage else 0
    paths = [
        reverse("sitemap_of_pages"),
        *(reverse("sitemap_of_structures", args=[number]) for number in range(1, files + 1)),
    ]
    maps = [{"location": public_address(path, request), "last_mod": None} for path in paths]
    return render(request, "sitemap_index.xml", {"sitemaps": maps}, content_type="application/xml")


@require_safe
@cache_control(public=True, max_age=KEPT_S)
def sitemap_of_pages(request: HttpRequest) -> HttpResponse:
    """Give the map of the pages."""
    maps: dict[str, type[Sitemap] | Sitemap] = {
        "pages": PagesSitemap(request, _site_of(request)),
        "views": ViewsSitemap(request),
        "described": DescribedSitemap(request),
    }
    return sitemap_of(request, maps)


@require_safe
@cache_control(public=True, max_age=KEPT_S)
def sitemap_of_structures(request: HttpRequest, number: int) -> StreamingHttpResponse:
    """Give a map of structures, line by line; 404 for one that the directory is too small to have."""
    vintage = current_vintage()
    if vintage is None or not 1 <= number <= files_for(vintage):
        raise Http404
    lines = structures_in_xml(structures_of_file(number, vintage), request)
    return StreamingHttpResponse(
        lines, content_type="application/xml", headers={"X-Robots-Tag": "noindex"}
    )


def _site_of(request: HttpRequest) -> Site:
    site = Site.find_for_request(request)
    if site is None:
        raise Http404
    return site


@require_safe
@cache_control(public=True, max_age=KEPT_S)
def robots(request: HttpRequest) -> HttpResponse:
    """Give robots.txt."""
    refused = [f"Disallow: {prefix}{path}" for path in NOT_VISITED for prefix in ("", "/en")]
    lines = [
        "User-agent: *",
        *refused,
        "",
        f"Sitemap: {public_address(reverse('sitemap'), request)}",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")
