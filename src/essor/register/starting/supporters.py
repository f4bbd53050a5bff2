"""Who helps people with a project in the territory: structures that editors have tagged so."""

from dataclasses import dataclass

from essor.register.models import LegalUnit, StructureProfile, StructureTag
from essor.register.structure_page import display_name

MOST_SHOWN = 60


@dataclass(frozen=True, slots=True)
class Supporter:
    """A structure that helps, with what editors say of it."""

    siren: str
    name: str
    commune: str
    tags: tuple[str, ...]
    description: str
    web_site: str


def supporters() -> tuple[Supporter, ...]:
    """Give the structures of the current vintage that editors tagged as supporters, by name.

    One whose identity is withheld, or masked by SIRENE, is not named here.
    """
    profiles = {profile.siren: profile for profile in _profiles()}
    units = LegalUnit.objects.current().filter(siren__in=profiles, is_partial=False)
    named = units.select_related("commune").order_by("filing_name", "siren")[:MOST_SHOWN]
    return tuple(_supporter(unit, profiles[unit.siren]) for unit in named)


def _profiles() -> list[StructureProfile]:
    helping = StructureTag.objects.filter(is_support=True)
    profiles = StructureProfile.objects.filter(tags__in=helping, is_withheld=False)
    return list(profiles.distinct().prefetch_related("tags").order_by("siren"))


def _supporter(unit: LegalUnit, profile: StructureProfile) -> Supporter:
    return Supporter(
        siren=unit.siren,
        name=display_name(unit, is_hidden=False),
        commune=unit.commune.name if unit.commune else "",
        tags=tuple(tag.name for tag in profile.tags.all() if tag.is_support),
        description=profile.description,
        web_site=profile.web_site,
    )
