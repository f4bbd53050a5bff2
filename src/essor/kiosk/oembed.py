"""oEmbed: a site that is given the address of a kiosk asks here how to show it (https://oembed.com)."""

from dataclasses import replace
from io import BytesIO
from typing import Any
from urllib.parse import urlsplit
from xml.sax.xmlreader import AttributesImpl

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.urls import Resolver404, resolve, reverse
from django.utils import translation
from django.utils.xmlutils import SimplerXMLGenerator
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe
from wagtail.models import Site

from essor.catalogue.feeds import xml_text
from essor.kiosk.cross_origin import readable_by_any_site
from essor.kiosk.embedding import embedding
from essor.kiosk.models import PERMALINK_LETTER, Kiosk
from essor.presentation.types import SharedPicture

KEPT_S = 3600
"""How long a site may keep what it was told."""

USUAL_WIDTH_PX, LARGEST_WIDTH_PX = 640, 1_280
"""Width of a frame for a site that does not say its own, and for one that has any room."""

FORMATS = ("json", "xml")


@require_safe
@readable_by_any_site
@cache_control(public=True, max_age=KEPT_S)
def oembed(request: HttpRequest) -> HttpResponse:
    """Say how to show the kiosk of an address of this portal: its page, its frame or its permanent link."""
    form = request.GET.get("format", "json")
    if form not in FORMATS:
        return HttpResponse(status=501)
    address = request.GET.get("url", "")
    language = translation.get_language_from_path(_path(address, request))
    with translation.override(language or translation.get_language()):
        told = _told(_kiosk_at(_path(address, request)), request)
    if form == "json":
        return JsonResponse(told)
    return HttpResponse(_in_xml(told), content_type="text/xml; charset=utf-8")


def _path(address: str, request: HttpRequest) -> str:
    """Give the path of an address of this portal. Raises Http404 for any other."""
    try:
        parts = urlsplit(address)
    except ValueError:
        raise Http404 from None
    if parts.scheme not in ("http", "https") or parts.netloc.lower() not in _own_hosts(request):
        raise Http404
    return parts.path


def _own_hosts(request: HttpRequest) -> set[str]:
    site = Site.find_for_request(request)
    named = {urlsplit(site.root_url).netloc} if site else set()
    return {request.get_host().lower()} | named


def _kiosk_at(path: str) -> Kiosk:
    """Find what a path shows, in the language of the interface. Raises Http404 for anything but a kiosk."""
    try:
        found = resolve(path)
    except Resolver404:
        raise Http404 from None
    if found.url_name in ("kiosk", "kiosk_frame"):
        kiosk = Kiosk.objects.filter(slug=found.kwargs["slug"]).first()
    elif found.url_name == "permalink" and found.kwargs["link"].letter == PERMALINK_LETTER:
        kiosk = Kiosk.objects.filter(pk=found.kwargs["link"].number).first()
    else:
        kiosk = None
    if kiosk is None:
        raise Http404
    return kiosk


def _told(kiosk: Kiosk, request: HttpRequest) -> dict[str, Any]:
    most_wide, most_high = _most("maxwidth", request), _most("maxheight", request)
    embed = embedding(kiosk, request)
    width = min(most_wide or USUAL_WIDTH_PX, LARGEST_WIDTH_PX)
    height = min(most_high or embed.height, embed.height)
    embed = replace(embed, width=str(width), height=height)
    site = Site.find_for_request(request)
    told = {
        "version": "1.0",
        "type": "rich",
        "title": xml_text(kiosk.name),
        "provider_name": xml_text((site and site.site_name) or request.get_host()),
        "provider_url": request.build_absolute_uri("/"),
        "cache_age": KEPT_S,
        "html": xml_text(render_to_string("presentation/_iframe.html", {"embed": embed})),
        "width": width,
        "height": height,
    }
    address = reverse("share_picture", args=[kiosk.permalink_id])
    picture = SharedPicture(request.build_absolute_uri(address), alt="")
    if picture.width > (most_wide or picture.width) or picture.height > (
        most_high or picture.height
    ):
        return told
    return told | {
        "thumbnail_url": picture.address,
        "thumbnail_width": picture.width,
        "thumbnail_height": picture.height,
    }


def _most(name: str, request: HttpRequest) -> int | None:
    """Read a limit in pixels; None when there is none that makes sense."""
    text = request.GET.get(name, "")
    return int(text) or None if text.isdecimal() and len(text) <= 6 else None


def _in_xml(told: dict[str, Any]) -> bytes:
    written = BytesIO()
    xml = SimplerXMLGenerator(written, "utf-8", short_empty_elements=True)
    xml.startDocument()
    xml.startElement("oembed", AttributesImpl({}))
    for name, value in told.items():
        xml.addQuickElement(name, str(value))
    xml.endElement("oembed")
    return written.getvalue()
