"""The portal's own feeds, and the page that lists them."""

from datetime import UTC, datetime

from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.http import http_date
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe
from taggit.models import Tag
from wagtail.models import Page, Site

from essor.catalogue.finding import has_records
from essor.catalogue.lists import public_lists
from essor.kiosk.queries import kiosks_to_follow
from essor.portal.feeds import Channel, feed_of
from essor.portal.queries.feeds_out import (
    Publication,
    dossier_of_feed,
    publications_of,
    tags_in_use,
)
from essor.portal.queries.identity import identity_for, portal_name, public_address
from essor.portal.queries.metadata import canonical_address, description_of
from essor.portal.queries.pages import readable_dossiers

KEPT_S = 60
BEFORE_ANY = datetime(2026, 1, 1, tzinfo=UTC)
"""The date of an empty feed of a page that was never published by hand."""


@require_safe
@cache_control(public=True, max_age=KEPT_S)
def site_feed(request: HttpRequest, form: str) -> HttpResponse:
    """Give the latest dossiers and articles of the portal."""
    root = _site(request).root_page
    return _answer(request, form, portal_name(request), root, publications_of(root))


@require_safe
@cache_control(public=True, max_age=KEPT_S)
def dossier_feed(request: HttpRequest, slug: str, form: str) -> HttpResponse:
    """Give a dossier and its latest articles; under its old name, redirect to the new one."""
    dossier = dossier_of_feed(slug, _site(request))
    if dossier is None:
        raise Http404
    if dossier.slug != slug:
        return HttpResponsePermanentRedirect(
            reverse("dossier_feed", kwargs={"slug": dossier.slug, "form": form})
        )
    return _answer(request, form, dossier.title, dossier, publications_of(dossier))


@require_safe
@cache_control(public=True, max_age=KEPT_S)
def tag_feed(request: HttpRequest, slug: str, form: str) -> HttpResponse:
    """Give the latest dossiers and articles that carry a tag; 404 when there is none."""
    tag = get_object_or_404(Tag, slug=slug)
    root = _site(request).root_page
    pages = publications_of(root, tag=tag)
    if not pages:
        raise Http404
    title = _("%(portal)s – %(tag)s") % {"portal": portal_name(request), "tag": tag.name}
    return _answer(request, form, title, root, pages, page_path=reverse("tag", args=[tag.slug]))


@require_safe
def feeds(request: HttpRequest) -> HttpResponse:
    """List the feeds of the portal."""
    root = _site(request).root_page
    context = {
        "dossiers": readable_dossiers(root),
        "tags": tags_in_use(root),
        "has_catalogue": has_records(),
        "selections": public_lists(),
        "kiosks": kiosks_to_follow(),
    }
    return render(request, "portal/feeds.html", context)


def _site(request: HttpRequest) -> Site:
    site = Site.find_for_request(request)
    if site is None:
        raise Http404
    return site


def _answer(
    request: HttpRequest,
    form: str,
    title: str,
    page: Page,
    publications: list[Publication],
    *,
    page_path: str = "",
) -> HttpResponse:
    identity = identity_for(request)
    channel = Channel(
        title=title,
        description=description_of(page.specific) or title,
        page_address=public_address(page_path, request)
        if page_path
        else canonical_address(page, request),
        own_address=public_address(request.path, request),
        author=(identity and identity.publisher) or portal_name(request),
        since=page.first_published_at or BEFORE_ANY,
    )
    feed = feed_of(channel, publications, form=form, site=_site(request), request=request)
    response = HttpResponse(content_type=feed.content_type)
    response.headers["Last-Modified"] = http_date(feed.latest_post_date().timestamp())
    feed.write(response, "utf-8")
    return response
