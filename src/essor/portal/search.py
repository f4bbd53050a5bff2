"""The pages that readers may find: what is indexed of each, and when.

Only what anyone may read is indexed: never a draft, a restricted or an expired page. Boxes that
several pages share are left out: every one of these pages would be found for the same words.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.apps import apps
from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db.models import Model, Q
from django.db.models.signals import post_delete, post_save, pre_save
from django.dispatch import receiver
from django.utils import timezone, translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from taggit.models import Tag
from wagtail.fields import StreamField
from wagtail.models import Page, PageViewRestriction, Site
from wagtail.query import PageQuerySet
from wagtail.rich_text import get_text_for_indexing
from wagtail.signals import post_page_move

from essor import search
from essor.portal.models import ArticlePage, DossierPage, PortalPage, SectionPage
from essor.search.services import note_changes

CHUNK = 100
OTHER_PAGES = "page"
KINDS: dict[type[Page], str] = {
    DossierPage: "dossier",
    ArticlePage: "article",
    SectionPage: "section",
}
DATED = {"dossier", "article"}
"""Kinds whose date of publication tells readers something."""


class PageSource:
    """The pages of one kind."""

    def __init__(self, kind: str, label: str | Promise, label_plural: str | Promise) -> None:
        self.kind, self.label, self.label_plural = kind, label, label_plural

    def documents(self) -> Iterator[search.Document]:
        """Give every page of this kind that anyone may read."""
        for model in self._models():
            for page in _readable(model.objects.order_by("pk")).iterator(chunk_size=CHUNK):
                yield from self._document(page)

    def count(self) -> int:
        """Count the pages of this kind that anyone may read."""
        return sum(_readable(model.objects.all()).count() for model in self._models())

    def documents_for(self, keys: Sequence[str]) -> Iterator[search.Document]:
        """Give those of these pages that anyone may read."""
        for model in self._models():
            for page in _readable(model.objects.filter(pk__in=keys).order_by("pk")):
                yield from self._document(page)

    def visible(self, keys: Sequence[str]) -> set[str]:
        """Say which of these pages anyone may read at this instant."""
        pages = _readable(Page.objects.filter(pk__in=keys))
        return {str(pk) for pk in pages.order_by("pk").values_list("pk", flat=True)}

    def _models(self) -> list[type[PortalPage]]:
        models = (model for model in apps.get_models() if issubclass(model, PortalPage))
        return [model for model in models if kind_of(model) == self.kind]

    def _document(self, page: PortalPage) -> Iterator[search.Document]:
        """Give the document of a page; none for a page that no site shows."""
        # Addresses are kept in French: those of the English interface are the same under /en/.
        with translation.override(settings.LANGUAGE_CODE):
            parts = page.get_url_parts()
        if not parts:
            return
        published = page.first_published_at if self.kind in DATED else None
        yield search.Document(
            kind=self.kind,
            key=str(page.pk),
            title=page.title,
            body=" ".join(_texts(page)),
            keywords=tuple(tag.name for tag in page.tags.all()) if hasattr(page, "tags") else (),
            address=parts[2],
            site=str(parts[0]),
            language=page.language,
            date=timezone.localdate(published) if published else None,
        )


def kind_of(model: type[Model] | None) -> str | None:
    """Say under which kind the pages of this model are found; None when they are not."""
    if model is None or not issubclass(model, PortalPage):
        return None
    return next((kind for type_, kind in KINDS.items() if issubclass(model, type_)), OTHER_PAGES)


def register_sources() -> None:
    """Let the pages be found."""
    for source in (
        PageSource("dossier", _("Dossier"), _("Dossiers")),
        PageSource("article", _("Article"), _("Articles")),
        PageSource("section", _("Library"), _("Libraries")),
        PageSource(OTHER_PAGES, _("Page"), _("Other pages")),
    ):
        search.register(source.kind, source)


def _readable(pages: PageQuerySet) -> PageQuerySet:
    not_expired = Q(expire_at=None) | Q(expire_at__gt=timezone.now())
    return pages.live().public().filter(not_expired)


def _texts(page: PortalPage) -> Iterator[str]:
    """Give the words of a page, in the order of reading."""
    yield get_text_for_indexing(page.introduction)
    for field in page._meta.get_fields():
        if isinstance(field, StreamField):
            stream = getattr(page, field.name)
            yield from map(str, stream.stream_block.get_searchable_content(stream))
    yield getattr(page, "byline", "")
    yield page.search_description


# Changes: each is noted with what caused it, and indexed once committed


def note_pages(pages: PageQuerySet) -> None:
    """Have these pages indexed again, or taken out when nobody may read them any more."""
    _note(pages.order_by("pk").values_list("pk", "content_type_id"))


def _note(rows: Iterable[tuple[int, int]]) -> None:
    keys: dict[str, list[int]] = {}
    for pk, content_type in rows:
        if kind := kind_of(ContentType.objects.get_for_id(content_type).model_class()):
            keys.setdefault(kind, []).append(pk)
    for kind, found in keys.items():
        note_changes(kind, found)


def _with_descendants(page: Page) -> PageQuerySet:
    return Page.objects.descendant_of(page, inclusive=True)


@receiver(pre_save)
def remember_address(
    sender: type[Model], instance: Model, *, raw: bool = False, **kwargs: Any
) -> None:
    """Keep the address that a page has in the store, to tell whether those below it change."""
    if isinstance(instance, Page) and instance.pk and not raw:
        before = Page.objects.filter(pk=instance.pk).values_list("url_path", flat=True)
        instance.address_before = before.first()


@receiver(post_save)
def note_saved(sender: type[Model], instance: Model, *, raw: bool = False, **kwargs: Any) -> None:
    """Follow a page that is made, published, taken back, renamed."""
    if not isinstance(instance, Page) or raw:
        return
    _note([(instance.pk, instance.content_type_id)])
    before = getattr(instance, "address_before", None)
    if before and before != instance.url_path:
        note_pages(instance.get_descendants())


@receiver(post_page_move)
def note_moved(instance: Page, **kwargs: Any) -> None:
    """Follow a page that is moved, and those below it."""
    note_pages(_with_descendants(Page.objects.get(pk=instance.pk)))


@receiver(post_delete)
def note_deleted(sender: type[Model], instance: Model, **kwargs: Any) -> None:
    """Take out a page that is deleted; each one below it has its own signal."""
    if isinstance(instance, Page):
        _note([(instance.pk, instance.content_type_id)])


@receiver([post_save, post_delete], sender=PageViewRestriction)
def note_restricted(instance: PageViewRestriction, *, raw: bool = False, **kwargs: Any) -> None:
    """Follow what is kept to some readers, or given back to all."""
    page = None if raw else Page.objects.filter(pk=instance.page_id).first()
    if page:
        note_pages(_with_descendants(page))


@receiver([post_save, post_delete], sender=Site)
def note_site(*, raw: bool = False, **kwargs: Any) -> None:
    """Follow a site that begins, ends or has another first page: pages change site and address."""
    if not raw:
        note_pages(Page.objects.all())


@receiver(post_save, sender=Tag)
def note_renamed_tag(instance: Tag, *, created: bool, raw: bool = False, **kwargs: Any) -> None:
    """Follow a tag that is renamed: pages are found by their tags."""
    if not (created or raw):
        tagged = Q(pk__in=DossierPage.objects.filter(tags=instance).values("pk"))
        tagged |= Q(pk__in=ArticlePage.objects.filter(tags=instance).values("pk"))
        note_pages(Page.objects.filter(tagged))
