"""The structures that a search of the directory finds, as a question to the store."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet

from essor.register.models import LegalUnit, Vintage
from essor.territory.models import Territory
from essor.territory.queries import members_of
from essor.territory.types import Kind

FACETS = {
    "famille": "family",
    "statut": "status",
    "secteur": "sector",
    "commune": "commune__code",
    "siren": "siren",
}


@dataclass(frozen=True, slots=True)
class Found:
    """The structures of one vintage that are found."""

    units: QuerySet[LegalUnit]
    vintage: Vintage
    state: Mapping[str, list[str]]

    @property
    def address(self) -> str:
        """The query string that finds them again, with its question mark; empty when everything is found."""
        return f"?{urlencode(self.state, doseq=True)}" if self.state else ""

    def in_commune(self, code: str) -> str:
        """Give the query string that finds those of one commune."""
        return "?" + urlencode({**self.state, "commune": [code]}, doseq=True)

    @property
    def is_everything(self) -> bool:
        """Whether nothing limits what is found."""
        return not self.state

    def among(self, sirens: Iterable[str]) -> "Found":
        """Keep these structures alone."""
        chosen = list(sirens)
        return replace(self, units=self.units.filter(siren__in=chosen), state={"siren": chosen})

    def in_territory(self, territory: Territory) -> "Found":
        """Keep the structures of one territory."""
        members = [territory.pk] if territory.kind == Kind.COMMUNE else members_of(territory)
        state = {"commune": [territory.code]} if territory.kind == Kind.COMMUNE else {}
        units = self.units.filter(commune__in=members)
        return replace(self, units=units, state={**self.state, **state})


def structures_found(parameters: Any) -> Found | None:
    """Read the state of a search from an address (a QueryDict); None when no vintage is shown."""
    vintage = Vintage.objects.filter(is_current=True).first()
    if vintage is None:
        return None
    units = LegalUnit.objects.filter(vintage=vintage)
    asked = dict(parameters.lists()) if parameters else {}
    state = {name: asked[name] for name in FACETS if asked.get(name)}
    for name, values in state.items():
        units = units.filter(**{f"{FACETS[name]}__in": values})
    return Found(units, vintage, state)
