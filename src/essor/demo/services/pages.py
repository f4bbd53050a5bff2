"""Publish the pages of the demonstration, in one go, since they refer to each other."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, time

from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.html import format_html
from wagtail.models import Page, Site

from essor.demo.importers.content import read_feeds, read_pages, read_pictures, read_shared_boxes
from essor.demo.services.boxes import Shelves, stream_of
from essor.demo.types import PageContent, PageKind
from essor.portal.blocks import ReusableContent
from essor.portal.models import (
    ArticlePage,
    DossierIndexPage,
    DossierPage,
    FeedSource,
    HomePage,
    Picture,
    PortalPage,
    ReusableBox,
    SectionPage,
)
from essor.register.models import Initiative

NEW_PAGES: dict[PageKind, type[PortalPage]] = {
    PageKind.DOSSIER: DossierPage,
    PageKind.SECTION: SectionPage,
    PageKind.ARTICLE: ArticlePage,
}
BYLINE = "L’équipe de la démonstration"


def publish_pages(today: date) -> None:
    """Publish all pages. One written for a later day than today is dated today."""
    contents = read_pages()
    pages = _place(contents)
    shelves = Shelves(pages=pages, pictures=kept_pictures(), feeds=_feeds())
    shelves = replace(shelves, shared=_share_boxes(shelves))
    for content in contents:
        page = pages[content.slug]
        _fill(page, content, shelves)
        _publish(page, on=min(content.published or today, today))


def _place(contents: tuple[PageContent, ...]) -> Mapping[str, PortalPage]:
    """Give each page its place in the tree; the home page and the list of dossiers have theirs."""
    home = HomePage.objects.get(pk=Site.objects.get(is_default_site=True).root_page_id)
    index = DossierIndexPage.objects.child_of(home).get()
    placed: dict[str, PortalPage] = {}
    folder: PortalPage = home
    for content in contents:
        if content.kind is PageKind.HOME:
            placed[content.slug] = home
        elif content.kind is PageKind.INDEX:
            placed[content.slug] = index
        else:
            parents = {PageKind.DOSSIER: index, PageKind.SECTION: home}
            parent = parents.get(content.kind, folder)
            page = NEW_PAGES[content.kind](title=content.title, slug=content.slug)
            placed[content.slug] = parent.add_child(instance=page)
            folder = folder if content.kind is PageKind.ARTICLE else page
    return placed


def kept_pictures() -> dict[str, Picture]:
    """Give the drawings among the pictures of the portal, by their names."""
    kept = {picture.title: picture for picture in Picture.objects.order_by("-pk")}
    return {picture.name: kept[picture.title] for picture in read_pictures()}


def _feeds() -> dict[str, FeedSource]:
    return {
        name: FeedSource.objects.get(address=feed.address) for name, feed in read_feeds().items()
    }


def _share_boxes(shelves: Shelves) -> dict[str, ReusableBox]:
    shared = {}
    for name, box in read_shared_boxes().items():
        content = stream_of([box], ReusableContent(), shelves)
        shared[name] = ReusableBox.objects.create(name=name, content=content)
        shared[name].save_revision().publish()
    return shared


def _fill(page: PortalPage, content: PageContent, shelves: Shelves) -> None:
    page.title = content.title
    page.language = content.language
    page.introduction = format_html("<p>{}</p>", content.introduction)
    page.picture = shelves.pictures.get(content.picture)
    page.show_in_menus = content.kind in (PageKind.INDEX, PageKind.SECTION)
    if isinstance(page, ArticlePage):
        page.byline = BYLINE if content.language == "fr" else "The demonstration team"
    zones = {"body": content.boxes, "main": content.boxes, "side": content.side}
    for zone, boxes in zones.items():
        if hasattr(page, zone):
            stream = getattr(page, zone)
            setattr(page, zone, stream_of(boxes, stream.stream_block, shelves))
    if content.tags:
        page.tags.set(content.tags)


def _publish(page: PortalPage, *, on: date) -> None:
    """Publish a page as of a day, at nine in the morning."""
    moment = timezone.make_aware(datetime.combine(on, time(9)))
    page.first_published_at = moment
    page.full_clean()
    page.save_revision().publish()
    Page.objects.filter(pk=page.pk).update(last_published_at=moment)


def draw_pictures_at_every_size() -> None:
    """Show each page and each initiative once to nobody, so that the first reader does not wait for its pictures."""
    for page in Page.objects.live().filter(depth__gt=1).order_by("path").specific():
        page.make_preview_request()
    for initiative in Initiative.objects.published().select_related("theme", "territory"):
        initiative.make_preview_request()
        render_to_string("register/initiatives/_card.html", {"initiative": initiative})
