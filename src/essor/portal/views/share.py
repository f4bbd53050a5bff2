"""Sharing: the picture of a link, and the step that Mastodon needs because it has no single address."""

import logging

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from essor.portal.forms import MastodonForm
from essor.portal.queries.destinations import share_picture_of
from essor.presentation import permalinks
from essor.presentation.permalinks import Destination, Permalink
from essor.presentation.share_pictures import png_of
from essor.presentation.typesetting import TypesettingFailed

logger = logging.getLogger(__name__)

PICTURE_KEPT_S = 365 * 24 * 3600
REDIRECT_KEPT_S = 300


@require_safe
def share_picture(request: HttpRequest, link: Permalink) -> HttpResponse:
    """Give the picture of a public page or box, at the address that carries its checksum."""
    picture = share_picture_of(_public_destination(link, request), request)
    if request.GET.get("v") != picture.checksum:
        here = reverse("share_picture", args=[link])
        response: HttpResponse = HttpResponseRedirect(f"{here}?v={picture.checksum}")
        patch_cache_control(response, public=True, max_age=REDIRECT_KEPT_S)
        return response
    try:
        png = png_of(picture)
    except TypesettingFailed:
        logger.exception("share_picture.failed", extra={"link": str(link)})
        return HttpResponse(status=503, headers={"Retry-After": "600", "Cache-Control": "no-store"})
    # The picture has a cache of its own: the page cache would keep a second copy for a year.
    request._cache_update_cache = False  # type: ignore[attr-defined]
    response = HttpResponse(png, content_type="image/png")
    patch_cache_control(response, public=True, max_age=PICTURE_KEPT_S, immutable=True)
    return response


@require_safe
@cache_control(public=True, max_age=REDIRECT_KEPT_S)
def share_on_mastodon(request: HttpRequest) -> HttpResponse:
    """Ask for the reader's server, then show a link to its page for writing; never redirect there."""
    link = permalinks.parse(request.GET.get("adresse", ""))
    if link is None:
        raise Http404
    destination = _public_destination(link, request)
    form = MastodonForm(request.GET if "serveur" in request.GET else None)
    address = permalinks.address_of(link, request)
    context = {
        "form": form,
        "link": link,
        "shared_title": destination.title,
        "shared_address": address,
        "server": form.cleaned_data["serveur"] if form.is_valid() else "",
        "continue_address": form.address_for(destination.title, address) if form.is_valid() else "",
    }
    return render(request, "portal/share/mastodon.html", context)


def _public_destination(link: Permalink, request: HttpRequest) -> Destination:
    try:
        destination = permalinks.resolve(link, request)
    except permalinks.Gone:
        destination = None
    if destination is None or not destination.is_public:
        raise Http404
    return destination
