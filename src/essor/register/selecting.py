"""Which structures of the directory are meant by a download or a guide: its own state, and a territory.

Facets are read from the store, so that a selection is whole; words, and what is near, are asked of the
index, which knows how names are written and forgives mistakes, for its first ten thousand hits. What
an address cannot mean is left out, never an error.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from urllib.parse import urlencode

from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils import timezone

from essor import search
from essor.register.asked import Asked, View
from essor.register.documents import OLDEST_DECADE, SIZES, UNKNOWN
from essor.register.models import Approval, Establishment, LegalUnit, StructureProfile
from essor.register.queries import sirens_found
from essor.register.types import LISTED
from essor.territory.models import Territory
from essor.territory.queries import members_of
from essor.territory.types import Kind


@dataclass(frozen=True, slots=True)
class Selection:
    """What is asked of the directory, in a territory (`epci:200093201`; empty for its whole area)."""

    asked: Asked = field(default_factory=Asked)
    territory: str = ""

    @classmethod
    def in_address(cls, parameters: QueryDict) -> "Selection":
        """Read the parameters of an address; its order, view and page change nothing here."""
        asked = replace(Asked.in_address(parameters), order=None, view=View.CARDS, page=1)
        return cls(asked, _territory_code(parameters.get("territoire", "")))

    @classmethod
    def in_query_string(cls, text: str) -> "Selection":
        """Read what stands behind the question mark of an address, or a whole address."""
        return cls.in_address(QueryDict(text.rpartition("?")[2].strip()))

    @property
    def state(self) -> dict[str, list[str]]:
        """Give what an address says, without what goes without saying."""
        place = {"territoire": [self.territory]} if self.territory else {}
        return {**self.asked.state, **place}

    @property
    def query_string(self) -> str:
        """Give the state as an address writes it, without its question mark."""
        return urlencode(self.state, doseq=True)

    @property
    def address(self) -> str:
        """Give the state with its question mark; nothing when everything is meant."""
        return f"?{self.query_string}" if self.state else ""

    def within(self, territory: str) -> "Selection":
        """Give the same selection in a territory, which is written `epci:200093201`."""
        return replace(self, territory=_territory_code(territory))

    def units(self) -> QuerySet[LegalUnit]:
        """Give the structures of the current vintage that are meant, in no order.

        Raises CannotTellNow when there are words, or a place to be near, and the index is missing.
        """
        units: QuerySet[LegalUnit] = LegalUnit.objects.current().filter(status__in=LISTED)
        for facet, values in self.asked.chosen.items():
            units = _LIMITS[facet](units, values)
        if self.asked.text or self.asked.is_near:
            units = units.filter(siren__in=sirens_found(self.asked, search.FURTHEST_HIT))
        return in_territory(units, self.territory)


def withheld() -> QuerySet[StructureProfile]:
    """Give the profiles of the structures whose identity is withheld on request."""
    return StructureProfile.objects.filter(is_withheld=True).order_by()


def named(units: QuerySet[LegalUnit]) -> QuerySet[LegalUnit]:
    """Keep the structures that have an identity to show."""
    return units.filter(is_partial=False).exclude(siren__in=withheld().values("siren"))


def in_territory(units: QuerySet[LegalUnit], territory: str) -> QuerySet[LegalUnit]:
    """Keep the structures that are at work in a territory, `epci:200093201`; all when none is named.

    None is kept for a territory that the store does not know.
    """
    kind, _colon, code = territory.partition(":")
    if not kind:
        return units
    found = Territory.objects.filter(kind=kind, code=code).first()
    if found is None:
        return units.none()
    if found.kind == Kind.COUNTRY:
        return units
    if found.kind == Kind.COMMUNE:
        return _at_work_in(units, Q(commune=found))
    return _at_work_in(units, Q(commune__in=members_of(found).order_by().values("pk")))


def _at_work_in(units: QuerySet[LegalUnit], place: Q) -> QuerySet[LegalUnit]:
    """Keep the structures of which this holds, or holds of one of their establishments."""
    places = Establishment.objects.current().filter(place).order_by().values("unit")
    return units.filter(place | Q(pk__in=places))


def _territory_code(text: str) -> str:
    kind, _colon, code = text.partition(":")
    is_known = kind in frozenset(Kind) and code.isalnum() and len(code) <= 9
    return f"{kind}:{code}" if is_known else ""


# The facets of the directory, as the index has them (`documents.py`), read from the store

Limit = Callable[[QuerySet[LegalUnit], tuple[str, ...]], QuerySet[LegalUnit]]


def _column(name: str) -> Limit:
    return lambda units, values: units.filter(**{f"{name}__in": values})


def _communes(units: QuerySet[LegalUnit], codes: tuple[str, ...]) -> QuerySet[LegalUnit]:
    return _at_work_in(units, Q(commune__code__in=codes))


def _headcounts(units: QuerySet[LegalUnit], sizes: tuple[str, ...]) -> QuerySet[LegalUnit]:
    bands = [band for size in sizes for band in SIZES.get(size, ())]
    condition = Q(headcount_band__in=bands)
    if UNKNOWN in sizes:
        condition |= ~Q(headcount_band__in=[band for held in SIZES.values() for band in held])
    return units.filter(condition)


def _approved(units: QuerySet[LegalUnit], kinds: tuple[str, ...]) -> QuerySet[LegalUnit]:
    today = timezone.localdate()
    begun = Q(starts_on=None) | Q(starts_on__lte=today)
    not_ended = Q(ends_on=None) | Q(ends_on__gte=today)
    approvals = Approval.objects.filter(begun, not_ended, kind__in=kinds).order_by()
    return named(units).filter(siren__in=approvals.values("siren"))


def _tagged(units: QuerySet[LegalUnit], slugs: tuple[str, ...]) -> QuerySet[LegalUnit]:
    profiles = StructureProfile.objects.filter(tags__slug__in=slugs).order_by()
    return named(units).filter(siren__in=profiles.values("siren"))


def _created(units: QuerySet[LegalUnit], decades: tuple[str, ...]) -> QuerySet[LegalUnit]:
    condition = Q(pk__in=())
    for decade in decades:
        condition |= _in_decade(decade)
    return units.filter(condition)


def _in_decade(decade: str) -> Q:
    if decade == UNKNOWN:
        return Q(created_on=None)
    if not decade.isdecimal():
        return Q(created_on__lt=date(OLDEST_DECADE, 1, 1))
    first = int(decade)
    return Q(created_on__gte=date(first, 1, 1), created_on__lt=date(first + 10, 1, 1))


_LIMITS: Mapping[str, Limit] = {
    "status": _column("status"),
    "family": _column("family"),
    "sector": _column("sector"),
    "commune": _communes,
    "headcount": _headcounts,
    "approval": _approved,
    "tag": _tagged,
    "created": _created,
}
