"""Which structures of the directory are meant: the state of a list, as an address says it.

One value serves downloads and guides. What an address cannot mean is left out, never an error. The
structures whose identity is hidden are part of a selection, but words are never looked for in their
names.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urlencode

from django.db.models import Q, QuerySet
from django.http import QueryDict

from essor.register.models import Approval, LegalUnit, StructureProfile
from essor.register.types import LISTED, ApprovalKind, Family, Sector
from essor.search.words import clean
from essor.territory.models import Territory
from essor.territory.queries import members_of
from essor.territory.types import Kind

LONGEST_TEXT = 200
MOST_VALUES = 30

PARAMETERS = {
    "family": "famille",
    "status": "statut",
    "sector": "secteur",
    "commune": "commune",
    "approval": "agrement",
    "tag": "etiquette",
}
"""What a selection is limited by, and the names in addresses."""

CLOSED_LISTS: Mapping[str, frozenset[str]] = {
    "family": frozenset(Family),
    "status": frozenset(LISTED),
    "sector": frozenset(Sector),
    "approval": frozenset(ApprovalKind),
}


@dataclass(frozen=True, slots=True)
class Selection:
    """Some structures: words of their names, the values of each limit, a territory (`epci:200093201`).

    Any of the values of one limit will do, all limits must hold. `chosen` has no empty list.
    """

    text: str = ""
    chosen: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    territory: str = ""

    @classmethod
    def in_address(cls, parameters: QueryDict) -> "Selection":
        """Read the parameters of an address."""
        chosen = {
            limit: _values(limit, parameters.getlist(name)) for limit, name in PARAMETERS.items()
        }
        return cls(
            text=" ".join(clean(parameters.get("q", "")).split())[:LONGEST_TEXT].strip(),
            chosen={limit: values for limit, values in chosen.items() if values},
            territory=_territory_code(parameters.get("territoire", "")),
        )

    @classmethod
    def in_query_string(cls, text: str) -> "Selection":
        """Read what stands behind the question mark of an address, or a whole address."""
        return cls.in_address(QueryDict(text.rpartition("?")[2].strip()))

    @property
    def state(self) -> dict[str, list[str]]:
        """Give what an address says, without what goes without saying."""
        state = {
            "q": [self.text],
            **{PARAMETERS[limit]: list(values) for limit, values in self.chosen.items()},
            "territoire": [self.territory],
        }
        return {name: values for name, values in state.items() if any(values)}

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
        """Give the structures of the current vintage that are meant, in no order."""
        units: QuerySet[LegalUnit] = LegalUnit.objects.current().filter(status__in=LISTED)
        for limit, column in _COLUMNS.items():
            if limit in self.chosen:
                units = units.filter(**{f"{column}__in": self.chosen[limit]})
        if "approval" in self.chosen:
            approved = Approval.objects.filter(kind__in=self.chosen["approval"])
            units = units.filter(siren__in=approved.order_by().values("siren"))
        if "tag" in self.chosen:
            tagged = StructureProfile.objects.filter(tags__slug__in=self.chosen["tag"])
            units = units.filter(siren__in=tagged.order_by().values("siren"))
        if self.text:
            units = named(units).filter(_words(self.text))
        return in_territory(units, self.territory)


_COLUMNS = {
    "family": "family",
    "status": "status",
    "sector": "sector",
    "commune": "commune__code",
}


def withheld() -> QuerySet[StructureProfile]:
    """Give the profiles of the structures whose identity is withheld on request."""
    return StructureProfile.objects.filter(is_withheld=True).order_by()


def named(units: QuerySet[LegalUnit]) -> QuerySet[LegalUnit]:
    """Keep the structures that have an identity to show."""
    return units.filter(is_partial=False).exclude(siren__in=withheld().values("siren"))


def in_territory(units: QuerySet[LegalUnit], territory: str) -> QuerySet[LegalUnit]:
    """Keep the structures of a territory, `epci:200093201`; all of them when none is named.

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
        return units.filter(commune=found)
    return units.filter(commune__in=members_of(found).order_by().values("pk"))


def _territory_code(text: str) -> str:
    kind, _colon, code = text.partition(":")
    is_known = kind in frozenset(Kind) and code.isalnum() and len(code) <= 9
    return f"{kind}:{code}" if is_known else ""


def _words(text: str) -> Q:
    condition = Q()
    for word in text.split()[:8]:
        condition &= (
            Q(name__icontains=word) | Q(usual_name__icontains=word) | Q(acronym__iexact=word)
        )
    return condition


def _values(limit: str, written: Iterable[str]) -> tuple[str, ...]:
    known = CLOSED_LISTS.get(limit)
    cleaned = (clean(value).strip()[:LONGEST_TEXT] for value in written)
    kept: Sequence[Any] = [
        value for value in cleaned if value and (known is None or value in known)
    ]
    return tuple(dict.fromkeys(kept))[:MOST_VALUES]
