"""Where the pages of kiosks tell that one was seen, or one of its records opened.

A page posts a short text, as a form would write it: `quoi=vu` or `quoi=clic&notice=12`, and in a frame
`site=` with the host name of the page around it (`?` when it does not say). No cookie is read or set;
of the visitor, nothing is kept.
"""

from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, QueryDict
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from essor.kiosk.counting import count_click, count_display
from essor.kiosk.hosts import OTHERS, host_to_count
from essor.kiosk.models import Kiosk

LONGEST_BODY = 600
"""Bytes: a host name has 253 at most."""

LARGEST_NUMBER = 2**63 - 1


@csrf_exempt
@require_POST
def count(request: HttpRequest, slug: str) -> HttpResponse:
    """Count a display, or a record that was opened; nothing for who asked not to be followed."""
    kiosk = get_object_or_404(Kiosk.objects.only("pk"), slug=slug).pk
    said = _said(request)
    what, record = said.get("quoi"), said.get("notice", "")
    if what not in ("vu", "clic") or (what == "clic" and not _is_number(record)):
        return HttpResponseBadRequest()
    if not _asks_not_to_be_followed(request):
        day, host = timezone.localdate(), _host(request, said.get("site", ""))
        if what == "vu":
            count_display(kiosk, day=day, host=host)
        else:
            count_click(kiosk, record=int(record), day=day, host=host)
    return _nothing_to_say()


def _said(request: HttpRequest) -> QueryDict:
    length = request.headers.get("Content-Length", "")
    if not length.isdecimal() or int(length[:9]) > LONGEST_BODY:
        return QueryDict()
    try:
        return QueryDict(request.body, encoding="utf-8")
    except (UnicodeDecodeError, ValueError):
        return QueryDict()


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 20 and int(text) <= LARGEST_NUMBER


def _asks_not_to_be_followed(request: HttpRequest) -> bool:
    return "1" in (request.headers.get("DNT"), request.headers.get("Sec-GPC"))


def _host(request: HttpRequest, said: str) -> str:
    """Believe the browser rather than the page: the origin of another site is that site."""
    portal = urlsplit(f"//{request.get_host()}").hostname or ""
    origin = request.headers.get("Origin", "")
    from_there = _hostname(origin)
    if origin and from_there != portal:
        said = from_there or OTHERS
    return host_to_count(said, portal=portal)


def _hostname(origin: str) -> str:
    try:
        return urlsplit(origin).hostname or ""
    except ValueError:
        return ""


def _nothing_to_say() -> HttpResponse:
    """Answer without content; a page of another site may read it, so that its console stays quiet."""
    return HttpResponse(
        status=204, headers={"Access-Control-Allow-Origin": "*", "Cache-Control": "no-store"}
    )
