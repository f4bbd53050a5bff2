"""What search engines are told: where everything is, and what is not worth their visit."""

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.contrib.sitemaps.views import sitemap as sitemap_of
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe
from wagtail.models import Site

from essor.portal.queries.identity import public_address
from essor.portal.sitemaps import PagesSitemap, ViewsSitemap

KEPT_S = 3600

NOT_VISITED = (
    f"/{settings.STAFF_PATH}/",
    "/recherche/",
    "/partager/",
    "/catalogue/notices.",
    "/catalogue/suggestions",
    "/catalogue/valeurs/",
)
"""Staff screens, searches and their files (endless), share forms; pictures of shared links must stay open."""


@require_safe
@cache_control(public=True, max_age=KEPT_S)
def sitemap(request: HttpRequest) -> HttpResponse:
    """Give the map of the portal."""
    site = Site.find_for_request(request)
    if site is None:
        raise Http404
    maps: dict[str, type[Sitemap] | Sitemap] = {
        "pages": PagesSitemap(request, site),
        "views": ViewsSitemap(request),
    }
    return sitemap_of(request, maps)


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
