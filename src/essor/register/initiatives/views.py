"""The pages of the innovation catalogue, and its feed."""

from datetime import UTC, datetime

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import linebreaks
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe
from wagtail.models import Site

from essor.register.initiatives.finding import Asked, answer_to, latest
from essor.register.initiatives.reading import (
    described,
    initiative_called,
    partners_of,
    plain_description,
    safe_description,
)
from essor.register.models import Initiative
from essor.search.words import clean

PICTURE = "fill-960x540|format-webp"
FEED_LENGTH = 30
KEPT_S = 300
BEFORE_ANY = datetime(2026, 1, 1, tzinfo=UTC)


@require_safe
def initiatives(request: HttpRequest) -> HttpResponse:
    """List the initiatives that are asked for."""
    asked = Asked.in_address(request.GET)
    answer = answer_to(asked)
    if not answer.initiatives and 0 < answer.pages < asked.page:
        return HttpResponseRedirect(asked.on_page(answer.pages).address)
    is_front = asked == Asked()
    feed = reverse("initiatives_feed") + ("" if asked.is_blank else asked.on_page(1).address)
    context = {"asked": asked, "answer": answer, "is_front": is_front, "feed": feed}
    response = render(request, "register/initiatives/list.html", context)
    if not is_front:
        patch_cache_control(response, max_age=0)
    return response


@require_safe
def initiative(request: HttpRequest, slug: str) -> HttpResponse:
    """Show one initiative; 404 as long as it is not published."""
    found = initiative_called(slug)
    if found is None:
        raise Http404
    return _page(request, found)


def preview(request: HttpRequest, written: Initiative) -> HttpResponse:
    """Show an initiative to who writes it, published or not."""
    return _page(request, written)


@require_safe
@cache_control(public=True, max_age=KEPT_S)
def initiatives_feed(request: HttpRequest) -> HttpResponse:
    """Follow the catalogue, or a part of it."""
    asked = Asked.in_address(request.GET).on_page(1)
    site = Site.find_for_request(request)
    own = request.build_absolute_uri()
    page = reverse("initiatives") + ("" if asked.is_blank else asked.address)
    feed = Atom1Feed(
        title=_("Innovations of the ESS"),
        link=request.build_absolute_uri(page),
        description="",
        feed_url=own,
        feed_guid=own,
        language=get_language(),
        author_name=(site and site.site_name) or request.get_host(),
    )
    host = site.hostname if site else request.get_host().partition(":")[0]
    for one in latest(asked, FEED_LENGTH):
        _add(feed, one, host, request)
    if not feed.items:
        feed.latest_post_date = lambda: BEFORE_ANY  # type: ignore[method-assign]  # not the clock
    response = HttpResponse(content_type=feed.content_type)
    feed.write(response, "utf-8")
    return response


def _page(request: HttpRequest, shown: Initiative) -> HttpResponse:
    picture = shown.picture.get_rendition(PICTURE) if shown.picture else None
    partners = partners_of(shown)
    root = request.build_absolute_uri("/").rstrip("/")
    context = {
        "initiative": shown,
        "picture": picture,
        "description": safe_description(shown),
        "partners": partners,
        "linked_data": described(shown, partners, root=root, picture=picture.url if picture else "")
        if shown.slug
        else "",
    }
    return render(request, "register/initiatives/initiative.html", context)


def _add(feed: Atom1Feed, one: Initiative, host: str, request: HttpRequest) -> None:
    feed.add_item(
        title=clean(one.title),
        link=request.build_absolute_uri(one.get_absolute_url()),
        description=linebreaks(clean(plain_description(one)), autoescape=True),
        pubdate=one.created_at,
        updateddate=one.changed_at,
        unique_id=f"tag:{host},2026:initiative/{one.pk}",
        unique_id_is_permalink=False,
        categories=[clean(one.theme.label)],
    )
