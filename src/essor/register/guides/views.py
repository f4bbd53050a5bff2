"""The pages of guides, and their files."""

import logging

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe
from wagtail.models import Site

from essor.presentation.typesetting import TypesettingFailed
from essor.register.guides.contents import contents_of, cut_sentence, left_out_sentence
from essor.register.models import Guide
from essor.register.services.guides import edition_of
from essor.search.later import or_later

logger = logging.getLogger(__name__)

ASK_AGAIN_S = 5
FILES = {"livret": "booklet", "impression": "imposed"}
"""The files of a guide, by their names in addresses."""


@require_safe
def guides(request: HttpRequest) -> HttpResponse:
    """Name the guides."""
    shown = Guide.objects.filter(is_published=True).select_related("territory")
    return render(request, "register/guides/guides.html", {"guides": shown})


@or_later
@require_safe
def guide(request: HttpRequest, slug: str) -> HttpResponse:
    """Show a guide as a page, with its files."""
    contents = contents_of(_readable(slug), portal=request.build_absolute_uri("/"))
    context = {
        "contents": contents,
        "guide": contents.guide,
        "left_out": left_out_sentence(contents),
        "cut": cut_sentence(contents),
    }
    return render(request, "register/guides/guide.html", context)


@or_later
@require_safe
def guide_file(request: HttpRequest, slug: str, name: str) -> HttpResponseBase:
    """Give a file of a guide; while it is being made, a page that says so and asks again by itself."""
    found = _readable(slug)
    if name not in FILES:
        raise Http404
    # Files have a keeping of their own, and "being made" is true for some seconds.
    request._cache_update_cache = False  # type: ignore[attr-defined]
    site = Site.find_for_request(request)
    portal = (site and site.site_name) or request.get_host()
    try:
        edition = edition_of(found, portal=portal, address=request.build_absolute_uri("/"))
    except TypesettingFailed:
        logger.exception("guide.failed", extra={"guide": found.pk})
        return _wait(request, found, has_failed=True)
    if edition is None:
        return _wait(request, found, has_failed=False)
    file = getattr(edition, FILES[name])
    response = FileResponse(
        file.open("rb"), content_type="application/pdf", filename=f"{slug}-{name}.pdf"
    )
    patch_cache_control(response, public=True, max_age=60)
    return response


def _wait(request: HttpRequest, found: Guide, *, has_failed: bool) -> HttpResponse:
    context = {"guide": found, "has_failed": has_failed}
    status = 503 if has_failed else 202
    response = render(request, "register/guides/making.html", context, status=status)
    if not has_failed:
        response["Refresh"] = str(ASK_AGAIN_S)
    patch_cache_control(response, no_store=True)
    return response


def _readable(slug: str) -> Guide:
    shown = Guide.objects.filter(is_published=True).select_related("territory", "cover")
    found = shown.filter(slug=slug).first()
    if found is None:
        raise Http404
    return found
