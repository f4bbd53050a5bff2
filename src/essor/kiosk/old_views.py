"""What the founding portal's addresses of kiosks show today; whatever they ask for, never an error."""

from dataclasses import replace

from csp.decorators import csp_replace
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.cache import cache_control
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.http import require_safe

from essor.catalogue.feeds import answer_with_feed
from essor.kiosk.choosing import records_shown
from essor.kiosk.importers.old_addresses import OldAsked, old_asked
from essor.kiosk.queries import old_source
from essor.kiosk.showing import Shown
from essor.kiosk.types import Draw
from essor.kiosk.views import in_frame

KEPT_S = 60
"""How long a reader of feeds may wait before it asks again."""


@require_safe
@xframe_options_exempt
@csp_replace({"frame-ancestors": ["*"]})
def old_frame(request: HttpRequest, rest: str | None = None) -> HttpResponse:
    """Show what an old snippet shows; an empty kiosk when it names nothing that is public."""
    asked = _asked(request, rest)
    source = old_source(basket=asked.basket, search=asked.search)
    records = records_shown(source, asked.choice, identity="")
    feed = _feed_address(asked) if asked.offers_feed and records else ""
    is_drawn = asked.choice.draw is Draw.VIEW and bool(records)
    return in_frame(
        request,
        Shown(asked.title, records, asked.look, is_for_one_view=is_drawn, feed=feed),
    )


@require_safe
@cache_control(public=True, max_age=KEPT_S)
def old_feed(request: HttpRequest, rest: str | None = None) -> HttpResponse:
    """Give the same records as a feed, without a draw; an empty feed when they are not public."""
    asked = _asked(request, rest)
    source = old_source(basket=asked.basket, search=asked.search)
    public = source if source and source.is_public else None
    home = reverse("wagtail_serve", args=[""])
    return answer_with_feed(
        request,
        title=asked.title,
        page=reverse("catalogue_list", args=[public.slug]) if public else home,
        records=records_shown(public, replace(asked.choice, draw=Draw.NONE), identity=""),
        form="rss",
    )


def _asked(request: HttpRequest, rest: str | None) -> OldAsked:
    # WSGI gives the bytes of a query as Latin-1 (PEP 3333).
    query = request.META.get("QUERY_STRING", "").encode("latin-1", "replace")
    return old_asked(rest or "", query.decode("utf-8", "replace"))


def _feed_address(asked: OldAsked) -> str:
    return f"{reverse('old_kiosk_feed')}?{asked.feed_query}"
