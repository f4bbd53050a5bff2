"""Questions about pages: what may the public read, in which order, under which part of the site."""

from collections.abc import Sequence
from itertools import chain
from typing import TYPE_CHECKING

from django.apps import apps
from django.db.models import F, QuerySet
from wagtail.blocks import StreamValue
from wagtail.models import Page
from wagtail.query import PageQuerySet

from essor.portal.types import Neighbours, UnfoldedArticle

if TYPE_CHECKING:
    from taggit.models import Tag

    from essor.portal.models import ArticlePage, DossierPage


def readable_articles() -> PageQuerySet:
    """Give the articles that anyone may read."""
    model = apps.get_model("portal", "ArticlePage")
    return (
        model.objects.live()
        .public()
        .select_related("picture")
        .prefetch_related("picture__renditions")
    )


def latest_articles(root: Page) -> "QuerySet[ArticlePage]":
    """Give the readable articles under a page, the latest first."""
    return (
        readable_articles()
        .descendant_of(root)
        .order_by(F("first_published_at").desc(nulls_last=True), "-pk")
    )


def readable_dossiers(root: Page, *, inclusive: bool = False) -> "QuerySet[DossierPage]":
    """Give the readable dossiers under a page (or that page itself), in the order the editors gave them."""
    model = apps.get_model("portal", "DossierPage")
    dossiers = model.objects.descendant_of(root, inclusive=inclusive).live().public()
    return (
        dossiers.select_related("picture").prefetch_related("picture__renditions").order_by("path")
    )


def pages_tagged(tag: "Tag", root: Page) -> "list[ArticlePage | DossierPage]":
    """Give the readable dossiers and articles under a page that carry a tag, the latest first."""
    articles = latest_articles(root).filter(tagged_items__tag=tag)
    dossiers = readable_dossiers(root).filter(tagged_items__tag=tag)
    return sorted([*dossiers, *articles], key=_publication, reverse=True)


def _publication(page: Page) -> float:
    return page.first_published_at.timestamp() if page.first_published_at else 0.0


def articles_in_order(parent: Page) -> "QuerySet[ArticlePage]":
    """Give the readable articles of a dossier or section, in the order the editors gave them."""
    return readable_articles().child_of(parent).order_by("path")


def articles_outside_accordions(dossier: "DossierPage") -> "QuerySet[ArticlePage]":
    """Give the articles of a dossier that none of its accordions shows in full."""
    unfolded = set()
    for block in dossier.main:
        if block.block_type == "accordion":
            unfolded |= {page.pk for page in block.value["articles"] if page}
    return articles_in_order(dossier).exclude(pk__in=unfolded)


def neighbours(article: "ArticlePage") -> Neighbours:
    """Give the articles before and after this one."""
    keys = list(articles_in_order(article.get_parent()).values_list("pk", flat=True))
    if article.pk not in keys:
        return Neighbours(before=None, after=None)
    place = keys.index(article.pk)
    found = readable_articles().in_bulk(keys[max(place - 1, 0) : place + 2])
    return Neighbours(
        before=found.get(keys[place - 1]) if place else None,
        after=found.get(keys[place + 1]) if place + 1 < len(keys) else None,
    )


def articles_to_unfold(identifiers: Sequence[int]) -> tuple[UnfoldedArticle, ...]:
    """Give the readable articles among these, in this order, each with its content.

    The contents are read together, so that the number of queries does not grow with the articles.
    """
    found = {
        page.pk: page for page in readable_articles().filter(pk__in=identifiers).order_by("pk")
    }
    pages = [found[pk] for pk in identifiers if pk in found]
    bodies = _read_together([page.body for page in pages])
    return tuple(
        UnfoldedArticle(page=page, address=page.url or "", anchor=f"article-{page.slug}", body=body)
        for page, body in zip(pages, bodies, strict=True)
    )


def _read_together(streams: list[StreamValue]) -> list[list[StreamValue.StreamChild]]:
    """Give the blocks of several streams of one kind, fetching what they refer to once for all."""
    if not streams:
        return []
    raw = list(chain.from_iterable(stream.raw_data for stream in streams))
    blocks = iter(StreamValue(streams[0].stream_block, raw, is_lazy=True))
    return [[next(blocks) for _ in stream.raw_data] for stream in streams]
