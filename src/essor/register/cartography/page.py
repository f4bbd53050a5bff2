"""What the page of the map says without any script: a drawing, how many there are, and where."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from essor.presentation.templatetags.typography import number
from essor.register.asked import Asked
from essor.register.cartography.base_map import BaseMap, base_map_of
from essor.register.cartography.clusters import seen_in
from essor.register.cartography.drawing import Drawing, drawing_of_area, view_of_whole
from essor.register.cartography.dressing import Dressed
from essor.register.cartography.seen import counting_of
from essor.register.facets import labels_of
from essor.register.found import Found
from essor.register.labels import month_label
from essor.register.limits import limits_of, reduced_radius
from essor.register.listing import directory_address
from essor.register.models import FAMILY_LABELS, Vintage
from essor.search.answers import Chip

NAMED_COMMUNES = 3
"""Communes of the text that stands for the drawing."""
MOST_COMMUNES = 200
"""Communes of the list under the map: a page of all those of France would be seven megabytes."""


@dataclass(frozen=True, slots=True)
class CommuneLine:
    """How many of the structures that are found are in a commune, and the address that finds them."""

    name: str
    count: int
    address: str


@dataclass(frozen=True, slots=True)
class MapShown(Dressed):
    """A map of structures: its drawing, and what tells the same in words.

    `at_commune` structures are only placed at their commune; `nowhere` are on no map.
    """

    base: BaseMap
    drawing: Drawing
    vintage: Vintage
    total: int
    recognised: int
    at_commune: int
    nowhere: int
    communes: tuple[CommuneLine, ...]
    query: str
    has_more_communes: bool = False
    limits: tuple[Chip, ...] = ()
    reduced_radius: int | None = None
    is_cut: bool = False
    is_incomplete: bool = False
    target: str = ""
    """Where links open (`_parent`), when the map is in a frame."""

    @property
    def bounds(self) -> str:
        """West, south, east and north in degrees, as a script reads them."""
        sides = self.base.bounds
        return ",".join(
            f"{side:.5f}" for side in (sides.west, sides.south, sides.east, sides.north)
        )

    @property
    def alternative(self) -> str:
        """What the drawing shows, for those who do not see it."""
        count = ngettext(
            "Map of %(area)s with one structure.",
            "Map of %(area)s with %(count)s structures.",
            self.total,
        ) % {"area": self.base.name, "count": number(self.total)}
        named = [f"{one.name} ({number(one.count)})" for one in self.communes[:NAMED_COMMUNES]]
        if not named:
            return count
        most = _("Most of them are in: %(communes)s.") % {"communes": ", ".join(named)}
        return f"{count} {most}"

    @property
    def month(self) -> str:
        """The month of the official files, in words."""
        return month_label(self.vintage.month)

    @property
    def families(self) -> tuple[tuple[str, str], ...]:
        """The families, each with its name."""
        return tuple((family.value, str(label)) for family, label in FAMILY_LABELS.items())

    @property
    def directory(self) -> str:
        """Address of the list of the directory."""
        return directory_address()


def map_shown(found: Found) -> MapShown:
    """Give the map of the structures that are found."""
    base = base_map_of(found.vintage.area)
    counting = counting_of(found)
    seen = seen_in(view_of_whole(base), counting, most_named=0)
    sums = counting.sums()
    communes = counting.by_commune(MOST_COMMUNES + 1)
    return MapShown(
        base=base,
        drawing=drawing_of_area(found.vintage.area, base, seen),
        vintage=found.vintage,
        total=sums.total,
        recognised=sums.recognised,
        at_commune=sums.at_commune,
        nowhere=sums.nowhere,
        communes=tuple(
            CommuneLine(one.name, one.count, directory_address() + found.in_commune(one.code))
            for one in communes[:MOST_COMMUNES]
        ),
        has_more_communes=len(communes) > MOST_COMMUNES,
        query=found.address,
        limits=tuple(_limits(found)),
        reduced_radius=reduced_radius(found.asked, found.near),
        is_cut=found.is_cut,
        is_incomplete=found.is_incomplete,
    )


def _limits(found: Found) -> Iterator[Chip]:
    """Give the words, which are in no list of facets here, then the other limits."""
    asked, page = found.asked, reverse("directory-map")

    def address(without: Asked) -> str:
        return page + found.address_of(without)

    if asked.text:
        yield Chip(pgettext("directory", "Words"), asked.text, address(asked.asking("")))
    yield from limits_of(asked, found.near, labels_of(asked.chosen), address)
