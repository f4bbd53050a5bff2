"""What the portal's own feeds give: the dossiers and articles that anyone may read, the latest first."""

from collections.abc import Sequence
from heapq import nlargest

from django.db.models import F, Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from taggit.models import Tag
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Page, Site

from essor.portal.models import ArticlePage, DossierPage
from essor.portal.queries.identity import portal_name, public_address
from essor.portal.queries.pages import latest_articles, readable_dossiers
from essor.portal.types import FeedLink
from essor.search.words import fold

FEED_LENGTH = 30
MEDIA_TYPES = {"atom": "application/atom+xml", "rss": "application/rss+xml"}

Publication = ArticlePage | DossierPage


def publications_of(root: Page, *, tag: Tag | None = None) -> list[Publication]:
    """Give the latest dossiers and articles at and under a page, those with a tag if one is given."""
    found: list[Publication] = [
        *_latest(readable_dossiers(root, inclusive=True), tag),
        *_latest(latest_articles(root), tag),
    ]
    return nlargest(FEED_LENGTH, found, key=_rank)


def _latest(pages: "QuerySet[Publication]", tag: Tag | None) -> "QuerySet[Publication]":
    tagged = pages.filter(tagged_items__tag=tag) if tag else pages
    ordered = tagged.order_by(F("first_published_at").desc(nulls_last=True), "-pk")
    return ordered.prefetch_related("tagged_items__tag")[:FEED_LENGTH]


def _rank(page: Publication) -> tuple[float, int]:
    published = page.first_published_at
    return (published.timestamp() if published else 0.0, page.pk)


def dossier_of_feed(slug: str, site: Site) -> DossierPage | None:
    """Give the readable dossier with this slug on a site, or the one that had it before it was renamed."""
    dossiers = readable_dossiers(site.root_page)
    return dossiers.filter(slug=slug).first() or _renamed_dossier(slug, site, dossiers)


def _renamed_dossier(
    slug: str, site: Site, dossiers: "QuerySet[DossierPage]"
) -> DossierPage | None:
    kept = Redirect.get_for_site(site).filter(
        old_path__endswith=f"/{slug}", redirect_page__isnull=False
    )
    return dossiers.filter(pk__in=kept.values("redirect_page")).first()


def tags_in_use(root: Page) -> list[Tag]:
    """Give the tags that readable pages under this one carry, in the order of a dictionary."""
    articles = latest_articles(root).order_by().values("pk")
    dossiers = readable_dossiers(root).order_by().values("pk")
    on_articles = ArticlePage.tags.through.objects.filter(content_object__in=articles)
    on_dossiers = DossierPage.tags.through.objects.filter(content_object__in=dossiers)
    carried = Q(pk__in=on_articles.values("tag")) | Q(pk__in=on_dossiers.values("tag"))
    return sorted(Tag.objects.filter(carried), key=lambda tag: fold(tag.name))


def links_to_feeds(
    request: HttpRequest, *, pages: Sequence[Page] = (), tag: Tag | None = None
) -> tuple[FeedLink, ...]:
    """Give the feeds to announce: the site's, and that of the tag or of the dossier among these pages."""
    if Site.find_for_request(request) is None:
        return ()
    links = [feed_link(portal_name(request), "site_feed", request)]
    if tag:
        links.append(
            feed_link(_("Tag: %(name)s") % {"name": tag.name}, "tag_feed", request, slug=tag.slug)
        )
    links += [
        feed_link(page.title, "dossier_feed", request, slug=page.slug)
        for page in pages
        if page.specific_class is DossierPage
    ]
    return tuple(links)


def feed_link(
    title: str, name: str, request: HttpRequest, *, form: str = "atom", **of: str
) -> FeedLink:
    """Give the link to one feed."""
    path = reverse(name, kwargs={"form": form, **of})
    return FeedLink(title, public_address(path, request), MEDIA_TYPES[form])
