"""What follows from a change in the store, wherever it was made."""

from hashlib import sha256
from typing import Any

from django.apps import AppConfig
from django.db.models import Model
from django.db.models.signals import post_delete, post_save, pre_save
from django.dispatch import receiver
from taggit.models import Tag
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Collection, Page, PageViewRestriction, Site
from wagtail.signals import page_published, page_unpublished, post_page_move, published, unpublished

from essor.portal.models import Picture, PortalSettings, SectionPage
from essor.portal.services.publication import forget_public_pages
from essor.portal.services.roles import open_section, provide_roles
from essor.register.models import (
    Guide,
    ImportedDirectory,
    Initiative,
    StructureProfile,
    StructureTag,
    Vintage,
)

SEEN_BY_READERS: tuple[type[Model], ...] = (
    PortalSettings,
    Site,
    Redirect,
    PageViewRestriction,
    Picture,
    Collection,
    StructureProfile,
    StructureTag,
    Vintage,
    Initiative,
    Guide,
    ImportedDirectory,
)


@receiver([page_published, page_unpublished, post_page_move, published, unpublished])
def forget_after_publication(**kwargs: Any) -> None:
    """Let readers see what was published, taken back or moved."""
    forget_public_pages()


@receiver([post_save, post_delete])
def forget_after_change(sender: type[Model], **kwargs: Any) -> None:
    """Let readers see a change of what every page shows."""
    if issubclass(sender, (*SEEN_BY_READERS, Page)) and kwargs.get("raw") is not True:
        forget_public_pages()


@receiver(pre_save, sender=Tag)
def name_the_unnamable(instance: Tag, **kwargs: Any) -> None:
    """Give an address to a tag of which no letter passes in one, as in Arabic."""
    instance.slug = instance.slug or f"mot-{sha256(instance.name.encode()).hexdigest()[:8]}"


@receiver(post_save, sender=SectionPage)
def open_new_section(instance: SectionPage, *, raw: bool = False, **kwargs: Any) -> None:
    """Give a new section its group of editors."""
    if not raw:
        open_section(instance)


def provide_roles_after_migration(
    sender: AppConfig, *, using: str = "default", **kwargs: Any
) -> None:
    """Make the roles of the network; only in the portal's own database."""
    if using == "default":
        provide_roles()
