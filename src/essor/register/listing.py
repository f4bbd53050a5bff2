"""Short lists of structures, for boxes and frames: who, what, where, with their source."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import F, QuerySet
from django.urls import reverse

from essor.register.found import Found, named
from essor.register.labels import family_name, month_label
from essor.register.models import LegalUnit, Vintage

MOST_IN_FRAME = 50


@dataclass(frozen=True, slots=True)
class Listed:
    """One structure of a list."""

    name: str
    address: str
    family: str
    commune: str
    created_on: date | None


@dataclass(frozen=True, slots=True)
class StructureList:
    """The first structures of a list, out of `total`, and the address that finds them all, if one does.

    Structures whose identity is not published are counted, never listed.
    """

    structures: tuple[Listed, ...]
    total: int
    address: str
    vintage: Vintage

    @property
    def leads_further(self) -> bool:
        """Whether there are others, and an address that finds them."""
        return bool(self.address) and len(self.structures) < self.total

    @property
    def month(self) -> str:
        """The month of the official files, in words."""
        return month_label(self.vintage.month)


def directory_address() -> str:
    """Give the address of the list of the directory."""
    return reverse("directory")


def first_structures(found: Found, count: int = MOST_IN_FRAME) -> StructureList:
    """Give the first of the structures that are found, by name."""
    return _listed(found, _named(found).order_by("filing_name", "siren")[:count])


def newest_structures(found: Found, count: int) -> StructureList:
    """Give the structures that are found that were created last."""
    newest = F("created_on").desc(nulls_last=True)
    return _listed(
        found, _named(found).filter(created_on__isnull=False).order_by(newest, "siren")[:count]
    )


def chosen_structures(found: Found, sirens: Iterable[str]) -> StructureList:
    """Give these very structures, in this order, without those that have left the register."""
    rank = {siren: number for number, siren in enumerate(sirens)}
    units = sorted(_named(found).filter(siren__in=rank), key=lambda unit: rank[unit.siren])
    return _list(found, units, total=len(units))


def _named(found: Found) -> QuerySet[LegalUnit]:
    return named(found.units).select_related("commune")


def _listed(found: Found, first: QuerySet[LegalUnit]) -> StructureList:
    return _list(found, first, total=found.units.count())


def _list(found: Found, units: Iterable[LegalUnit], *, total: int) -> StructureList:
    return StructureList(
        tuple(_line(unit) for unit in units),
        total,
        "" if found.is_nameless else directory_address() + found.address,
        found.vintage,
    )


def _line(unit: LegalUnit) -> Listed:
    return Listed(
        name=unit.name or unit.usual_name or unit.siren,
        address=unit.get_absolute_url(),
        family=family_name(unit.family),
        commune=unit.commune.name if unit.commune else "",
        created_on=unit.created_on,
    )
