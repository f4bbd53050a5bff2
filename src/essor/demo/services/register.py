"""What editors add to the register: profiles of structures, initiatives, guides to print.

Structures come from the synthetic extract, and say that they are made up; an initiative that is real
says only what has been published of it.
"""

from django.db.models import QuerySet
from wagtail.models import Page

from essor.demo.importers.content import read_guides, read_initiatives, read_profiles
from essor.demo.services.boxes import Shelves, rich_text, territory_called
from essor.demo.services.pages import kept_pictures
from essor.demo.types import GuideContent, InitiativeContent, ProfileContent
from essor.portal.models import Picture
from essor.register.models import (
    Guide,
    Initiative,
    InitiativeStructure,
    InitiativeTheme,
    StructureProfile,
    StructureTag,
)


def write_profiles() -> None:
    """Describe some structures, supporters of people with a project among them."""
    pictures = kept_pictures()
    for content in read_profiles():
        _write_profile(content, pictures)


def _write_profile(content: ProfileContent, pictures: dict[str, Picture]) -> None:
    profile = StructureProfile(
        siren=content.siren,
        description=content.description,
        opening_hours=content.opening_hours.strip(),
        logo=pictures.get(content.logo),
    )
    profile.full_clean()
    profile.save()
    profile.tags.set(_each(StructureTag.objects.filter(slug__in=content.tags), content.tags))


def _each(tags: QuerySet[StructureTag], slugs: tuple[str, ...]) -> QuerySet[StructureTag]:
    """Give the tags, all of them. Raises LookupError for one that the portal has not."""
    if tags.count() != len(slugs):
        raise LookupError(slugs)
    return tags


def write_initiatives() -> None:
    """Describe initiatives, once the articles that they lead to are published."""
    pages = {page.slug: page for page in Page.objects.live().order_by("pk")}
    shelves = Shelves(pages=pages, pictures=kept_pictures())
    for content in read_initiatives():
        _write_initiative(content, shelves)


def _write_initiative(content: InitiativeContent, shelves: Shelves) -> None:
    initiative = Initiative(
        title=content.title,
        slug=content.slug,
        summary=content.summary,
        description=rich_text(content.html, shelves),
        picture=shelves.pictures[content.picture],
        kind=content.kind,
        theme=InitiativeTheme.objects.get(slug=content.theme),
        stage=content.stage,
        territory=territory_called(content.territory),
        since=content.since,
        web_site=content.web_site,
        is_published=True,
        structures=[InitiativeStructure(siren=siren) for siren in content.structures],
    )
    initiative.full_clean()
    initiative.save()


def compose_guides() -> None:
    """Compose the guides; their files are made for the first who asks."""
    pictures = kept_pictures()
    for content in read_guides():
        _compose_guide(content, pictures)


def _compose_guide(content: GuideContent, pictures: dict[str, Picture]) -> None:
    guide = Guide(
        title=content.title,
        slug=content.slug,
        introduction=content.introduction.strip(),
        criteria=content.criteria,
        territory=territory_called(content.territory),
        grouping=content.grouping,
        cover=pictures[content.cover],
        is_published=True,
    )
    guide.full_clean()
    guide.save()
