"""What a guide holds: its structures under its headings, and where they come from.

A structure whose identity is hidden is in no guide; how many were left out is told.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from django.db.models import Prefetch, QuerySet
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from essor.presentation.templatetags.typography import number
from essor.register.downloads.provenance import Provenance, provenance_of
from essor.register.labels import activity_label, family_name, month_label, sector_label
from essor.register.models import (
    FAMILY_LABELS,
    Establishment,
    Guide,
    LegalUnit,
    StructureProfile,
)
from essor.register.queries import current_vintage
from essor.register.selecting import Selection, named
from essor.register.structure_page import display_name
from essor.register.types import Family
from essor.search.words import clean, folded

MOST_STRUCTURES = 5_000
"""Structures in one guide, at most: more is a data file, not a book."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A structure as a guide prints it."""

    siren: str
    name: str
    what: str
    place: str
    web_site: str
    tags: tuple[str, ...]
    said: str
    address: str


@dataclass(frozen=True, slots=True)
class Section:
    """The structures under one heading, by name."""

    title: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Contents:
    """Everything that a guide shows. `total` counts each structure once, `left_out` the hidden ones."""

    guide: Guide
    territory: str
    sections: tuple[Section, ...]
    total: int
    left_out: int
    is_cut: bool
    month: str
    provenance: Provenance | None

    @property
    def count(self) -> str:
        """Give how many structures there are, in words."""
        return ngettext("%(total)s structure", "%(total)s structures", self.total) % {
            "total": number(self.total)
        }


def selection_of(guide: Guide) -> Selection:
    """Give the selection of a guide: its criteria, within its territory."""
    selection = Selection.in_query_string(guide.criteria)
    if guide.territory is None:
        return selection
    return selection.within(f"{guide.territory.kind}:{guide.territory.code}")


def contents_of(guide: Guide, *, portal: str) -> Contents:
    """Read what a guide holds today; `portal` is the address of the portal, for the colophon."""
    units = selection_of(guide).units()
    shown = named(units)
    entries = tuple(_entries(shown))
    vintage = current_vintage()
    return Contents(
        guide=guide,
        territory=guide.territory.name if guide.territory else "",
        sections=_sections(guide, entries),
        total=len(entries),
        left_out=units.count() - shown.count(),
        is_cut=shown.count() > MOST_STRUCTURES,
        month=month_label(vintage.month) if vintage else "",
        provenance=provenance_of(vintage, portal) if vintage else None,
    )


Grouped = tuple[LegalUnit, Entry]


def _entries(units: QuerySet[LegalUnit]) -> Iterator[Grouped]:
    heads = (
        Establishment.objects.filter(is_head_office=True)
        .select_related("commune")
        .order_by("siret")
    )
    ordered = units.select_related("commune").order_by("filing_name", "siren")
    ordered = ordered.prefetch_related(Prefetch("establishments", heads, "heads"))
    held = list(ordered[:MOST_STRUCTURES])
    profiles = StructureProfile.objects.order_by("siren").prefetch_related("tags")
    said = {profile.siren: profile for profile in profiles}
    for unit in held:
        yield unit, _entry(unit, said.get(unit.siren))


def _entry(unit: LegalUnit, profile: StructureProfile | None) -> Entry:
    activity = activity_label(unit.activity, unit.nomenclature)
    return Entry(
        siren=unit.siren,
        name=display_name(unit, is_hidden=False),
        what=" – ".join(filter(None, (capfirst(family_name(unit.family)), activity))),
        place=_place(unit),
        web_site=profile.web_site if profile else "",
        tags=tuple(tag.name for tag in profile.tags.all()) if profile else (),
        said=profile.description if profile else "",
        address=unit.get_absolute_url(),
    )


def _place(unit: LegalUnit) -> str:
    commune = unit.commune.name if unit.commune else ""
    head: Establishment | None = next(iter(unit.heads), None)  # type: ignore[attr-defined]
    if head is None or head.is_partial:
        return commune
    town = head.commune.name if head.commune_id and head.commune else commune
    return ", ".join(filter(None, (head.street, f"{head.postcode} {town}".strip())))


def _sections(guide: Guide, grouped: Iterable[Grouped]) -> tuple[Section, ...]:
    held: dict[str, list[Entry]] = {}
    for unit, entry in grouped:
        for title in _titles(guide, unit, entry):
            held.setdefault(title, []).append(entry)
    last = _others()
    titles = sorted(held, key=lambda title: (title == last, folded(clean(title))))
    return tuple(Section(title, tuple(held[title])) for title in titles)


def _titles(guide: Guide, unit: LegalUnit, entry: Entry) -> tuple[str, ...]:
    if guide.grouping == Guide.Grouping.TAG:
        return entry.tags or (_others(),)
    titles: Mapping[str, str] = {
        Guide.Grouping.SECTOR: sector_label(unit.sector),
        Guide.Grouping.FAMILY: str(FAMILY_LABELS[Family(unit.family)]),
        Guide.Grouping.COMMUNE: unit.commune.name if unit.commune else _others(),
    }
    return (capfirst(titles[guide.grouping]),)


def _others() -> str:
    return pgettext("structures of a guide", "Others")


def left_out_sentence(contents: Contents) -> str:
    """Say how many structures are not named, and why; nothing when none is left out."""
    if not contents.left_out:
        return ""
    return ngettext(
        "%(count)s structure is not in this guide: its identity is not published.",
        "%(count)s structures are not in this guide: their identity is not published.",
        contents.left_out,
    ) % {"count": number(contents.left_out)}


def cut_sentence(contents: Contents) -> str:
    """Say that the guide is cut; nothing when it is whole."""
    if not contents.is_cut:
        return ""
    return _("This guide stops at %(most)s structures.") % {"most": number(MOST_STRUCTURES)}
