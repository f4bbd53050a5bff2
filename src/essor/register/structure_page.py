"""All that the page of a structure shows, read in a number of queries that does not grow with it.

A structure whose identity SIRENE masks, or that was withheld on request, is told without name,
address, point or link, and without anything that editors or authorities said of it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from wagtail.images.models import AbstractRendition

from essor.presentation.templatetags.typography import long_date
from essor.register.entry_queries import entries_of
from essor.register.labels import (
    NULL_FLAG,
    STATUS_EXPLANATIONS,
    active_in,
    activity_label,
    band_label,
    category_label,
    family_name,
    month_label,
    reason_sentences,
)
from essor.register.linked_data import described
from essor.register.models import (
    Approval,
    DirectoryEntry,
    Establishment,
    LegalUnit,
    StructureProfile,
    StructureTag,
    Vintage,
)
from essor.register.types import Status

MOST_PLACES = 60
"""Establishments listed in the page of one structure; the rest are counted."""

LOGO = "max-320x240|format-webp"


@dataclass(frozen=True, slots=True)
class Official:
    """A page of an authority about the structure."""

    label: str
    address: str


@dataclass(frozen=True, slots=True)
class Fact:
    """A line of what is known: what it is, in words, and the code that stands for it."""

    label: str
    value: str
    code: str = ""


@dataclass(frozen=True, slots=True)
class Editorial:
    """What the portal's editors add."""

    description: str = ""
    web_site: str = ""
    opening_hours: str = ""
    logo: AbstractRendition | None = None
    tags: tuple[StructureTag, ...] = ()


@dataclass(frozen=True, slots=True)
class StructurePage:
    """What the page shows. `name` is what stands for the name when the identity is hidden."""

    unit: LegalUnit
    vintage: Vintage
    is_hidden: bool
    name: str
    other_names: tuple[str, ...]
    summary: str
    why: str
    reasons: tuple[str, ...]
    silence: str
    month: str
    facts: tuple[Fact, ...]
    places: tuple[Establishment, ...]
    more_places: int
    approvals: tuple[Approval, ...]
    entries: tuple[DirectoryEntry, ...]
    editorial: Editorial
    officials: tuple[Official, ...]
    linked_data: SafeString | None


def structure_page(siren: str, *, root: str) -> StructurePage | None:
    """Read a structure of the current vintage; None when it has none such.

    `root` is what whole addresses begin with.
    """
    unit = current_unit(siren)
    if unit is None:
        return None
    profile = _profile(siren)
    is_hidden = unit.is_partial or bool(profile and profile.is_withheld)
    editorial = Editorial() if is_hidden or profile is None else _editorial(profile)
    places = () if is_hidden else _places(unit)
    return StructurePage(
        unit=unit,
        vintage=unit.vintage,
        is_hidden=is_hidden,
        name=display_name(unit, is_hidden=is_hidden),
        other_names=() if is_hidden else _other_names(unit),
        summary=summary_of(unit),
        why=str(STATUS_EXPLANATIONS[Status(unit.status)]),
        reasons=reason_sentences(unit.reasons),
        silence=str(NULL_FLAG) if not unit.flag and not _tells_the_flag(unit) else "",
        month=month_label(unit.vintage.month),
        facts=tuple(_facts(unit, is_hidden=is_hidden)),
        places=places[:MOST_PLACES],
        more_places=_others(unit, places),
        approvals=() if is_hidden else tuple(Approval.objects.filter(siren=siren)),
        entries=() if is_hidden else entries_of(siren),
        editorial=editorial,
        officials=() if is_hidden else tuple(_officials(unit)),
        linked_data=None if is_hidden else described(unit, editorial, places, root=root),
    )


def current_unit(siren: str) -> LegalUnit | None:
    """Give a unit of the vintage that is shown, with its vintage and commune."""
    units = LegalUnit.objects.current().select_related("vintage", "commune")
    return units.filter(siren=siren).first()


def has_left(siren: str) -> bool:
    """Tell whether a structure that the current vintage lacks is remembered: it left the register since."""
    if not Vintage.objects.filter(is_current=True).exists():
        return False
    return (
        LegalUnit.objects.filter(siren=siren, vintage__in=Vintage.objects.shown()).exists()
        or StructureProfile.objects.filter(siren=siren).exists()
    )


def is_hidden(unit: LegalUnit) -> bool:
    """Tell whether the identity of a structure is masked by SIRENE, or withheld on request."""
    withheld = StructureProfile.objects.filter(siren=unit.siren, is_withheld=True)
    return unit.is_partial or withheld.exists()


def display_name(unit: LegalUnit, *, is_hidden: bool) -> str:
    """Give the name of a structure, its SIREN when it has none, or what stands for it when it is hidden."""
    if is_hidden:
        return _("Structure whose identity is not published")
    return unit.name or unit.usual_name or unit.siren


def summary_of(unit: LegalUnit) -> str:
    """Give what a structure is, in a sentence: “Association created in 1998, active in culture…”."""
    begun = capfirst(family_name(unit.family))
    if unit.created_on:
        begun = _("%(family)s created in %(year)s") % {
            "family": begun,
            "year": unit.created_on.year,
        }
    parts = [begun, active_in(unit.sector), _headcount(unit.headcount_band, unit.headcount_year)]
    return _("%(summary)s.") % {"summary": ", ".join(filter(None, parts))}


def _headcount(band: str, year: int | None) -> str:
    if not band or not year:
        return band_label(band)
    return _("%(headcount)s (%(day)s)") % {
        "headcount": band_label(band),
        "day": long_date(date(year, 12, 31)),
    }


def _other_names(unit: LegalUnit) -> tuple[str, ...]:
    shown = display_name(unit, is_hidden=False).casefold()
    names = dict.fromkeys(name for name in (unit.usual_name, unit.acronym) if name)
    return tuple(name for name in names if name.casefold() != shown)


def _tells_the_flag(unit: LegalUnit) -> bool:
    return any(str(reason).startswith("flag=") for reason in unit.reasons)


def _facts(unit: LegalUnit, *, is_hidden: bool) -> Iterator[Fact]:
    if not is_hidden:
        yield Fact("SIREN", grouped(unit.siren))
        if unit.rna:
            yield Fact(capfirst(_("RNA number")), unit.rna)
    yield Fact(_("Legal category"), category_label(unit.category), unit.category)
    if unit.activity:
        activity = activity_label(unit.activity, unit.nomenclature)
        yield Fact(_("Main activity"), activity, unit.activity)
    if unit.activity25 and unit.nomenclature != "NAF2025":
        activity = activity_label(unit.activity25, "NAF2025")
        yield Fact(_("Main activity (NAF 2025)"), activity, unit.activity25)
    if unit.created_on:
        yield Fact(_("Created on"), long_date(unit.created_on))
    yield Fact(_("Employees"), capfirst(_headcount(unit.headcount_band, unit.headcount_year)))
    if unit.commune:
        yield Fact(_("Commune"), unit.commune.name)


def grouped(siren: str) -> str:
    """Give a SIREN as people write it, in threes that no line parts."""
    return "\u00a0".join((siren[:3], siren[3:6], siren[6:]))


def _places(unit: LegalUnit) -> tuple[Establishment, ...]:
    places = unit.establishments.select_related("commune")
    return tuple(places.order_by("-is_head_office", "postcode", "siret")[: MOST_PLACES + 1])


def _others(unit: LegalUnit, places: tuple[Establishment, ...]) -> int:
    if len(places) <= MOST_PLACES:
        return 0
    return unit.establishments.count() - MOST_PLACES


def _officials(unit: LegalUnit) -> Iterator[Official]:
    yield Official(
        _("The structure in the Annuaire des entreprises (State)"),
        f"https://annuaire-entreprises.data.gouv.fr/entreprise/{unit.siren}",
    )
    if unit.rna:
        yield Official(
            _("Its announcements in the Journal officiel"),
            f"https://www.journal-officiel.gouv.fr/pages/associations-recherche/?q={unit.rna}",
        )


def _profile(siren: str) -> StructureProfile | None:
    profiles = StructureProfile.objects.select_related("logo").prefetch_related("tags")
    return profiles.filter(siren=siren).first()


def _editorial(profile: StructureProfile) -> Editorial:
    return Editorial(
        description=profile.description,
        web_site=profile.web_site,
        opening_hours=profile.opening_hours,
        logo=profile.logo.get_rendition(LOGO) if profile.logo else None,
        tags=tuple(profile.tags.all()),
    )
