"""The rows of a file: a structure of the directory, read some thousands at a time.

A structure whose identity is hidden keeps its family, status, sector, size and commune, so that the
counts are right; it has neither number, nor name, nor address, nor point, nor day of creation.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.utils import timezone

from essor.register.documents import is_in_force
from essor.register.labels import activity_label, category_label, sector_label
from essor.register.models import (
    FAMILY_LABELS,
    STATUS_LABELS,
    Approval,
    Establishment,
    LegalUnit,
    StructureProfile,
)
from essor.register.selecting import withheld
from essor.register.types import Family, Status

CHUNK = 2_000
MOST_ROWS = 200_000
"""Structures in one file, at most; the page says so when there are more."""


@dataclass(frozen=True, slots=True)
class Row:
    """One structure as files tell it; each field is a column, in this order. Unknown is None or empty.

    Dates are written as ISO 8601 has them; degrees are WGS 84.
    """

    siren: str
    siret: str
    name: str
    acronym: str
    usual_name: str
    rna: str
    family: str
    family_label: str
    status: str
    status_label: str
    reasons: str
    category: str
    category_label: str
    activity: str
    activity_label: str
    activity_naf2025: str
    sector: str
    sector_label: str
    created_on: str
    headcount_band: str
    headcount_year: int | None
    street: str
    postcode: str
    commune: str
    commune_label: str
    longitude: float | None
    latitude: float | None
    point_source: str
    approvals: str
    tags: str
    web_site: str
    is_hidden: bool
    provenance: str


def rows_of(units: QuerySet[LegalUnit], provenance: str) -> Iterator[Row]:
    """Give the rows of a selection, `MOST_ROWS` at most, in the order of the store.

    Each chunk is a query of its own: one long reading would keep SQLite from tidying its journal.
    """
    last, given = 0, 0
    hidden = set(withheld().values_list("siren", flat=True))
    while given < MOST_ROWS:
        chunk = _chunk(units, last, min(CHUNK, MOST_ROWS - given))
        if not chunk:
            return
        yield from _told(chunk, hidden, provenance)
        last, given = chunk[-1].pk, given + len(chunk)


def _chunk(units: QuerySet[LegalUnit], last: int, size: int) -> list[LegalUnit]:
    heads = Establishment.objects.filter(is_head_office=True).order_by("siret")
    following = units.filter(pk__gt=last).order_by("pk").select_related("commune")
    return list(following.prefetch_related(Prefetch("establishments", heads, "heads"))[:size])


def _told(chunk: Sequence[LegalUnit], hidden: set[str], provenance: str) -> Iterator[Row]:
    sirens = [unit.siren for unit in chunk]
    approvals: dict[str, list[str]] = {}
    today = timezone.localdate()
    for approval in Approval.objects.filter(siren__in=sirens).order_by("kind", "pk"):
        if is_in_force(approval, today):
            approvals.setdefault(approval.siren, []).append(approval.kind)
    profiles = StructureProfile.objects.filter(siren__in=sirens).prefetch_related("tags")
    said = {profile.siren: profile for profile in profiles.order_by("siren")}
    for unit in chunk:
        if unit.is_partial or unit.siren in hidden:
            yield _row(unit, provenance, is_hidden=True)
        else:
            own = _own(unit, approvals.get(unit.siren, ()), said.get(unit.siren))
            yield _row(unit, provenance, is_hidden=False, **own)


def _own(
    unit: LegalUnit, approvals: Sequence[str], profile: StructureProfile | None
) -> dict[str, Any]:
    head: Establishment | None = next(iter(unit.heads), None)  # type: ignore[attr-defined]
    is_located = head is not None and not head.is_partial
    return {
        "siren": unit.siren,
        "siret": unit.head_office,
        "name": unit.name,
        "acronym": unit.acronym,
        "usual_name": unit.usual_name,
        "rna": unit.rna,
        "activity": unit.activity,
        "activity_label": activity_label(unit.activity, unit.nomenclature),
        "activity_naf2025": unit.activity25,
        "created_on": unit.created_on.isoformat() if unit.created_on else "",
        "street": head.street if head and is_located else "",
        "postcode": head.postcode if head and is_located else "",
        "longitude": head.longitude if head and is_located else None,
        "latitude": head.latitude if head and is_located else None,
        "point_source": head.point_source if head and is_located else "",
        "approvals": " ".join(dict.fromkeys(approvals)),
        "tags": ", ".join(tag.name for tag in profile.tags.all()) if profile else "",
        "web_site": profile.web_site if profile else "",
    }


NOTHING: dict[str, Any] = {
    **dict.fromkeys(("siren", "siret", "name", "acronym", "usual_name", "rna"), ""),
    **dict.fromkeys(("activity", "activity_label", "activity_naf2025", "created_on"), ""),
    **dict.fromkeys(("street", "postcode", "point_source", "approvals", "tags", "web_site"), ""),
    **dict.fromkeys(("longitude", "latitude")),
}
"""What is not told of a structure whose identity is hidden."""


def _row(unit: LegalUnit, provenance: str, *, is_hidden: bool, **own: Any) -> Row:
    return Row(
        family=unit.family,
        family_label=str(FAMILY_LABELS[Family(unit.family)]),
        status=unit.status,
        status_label=str(STATUS_LABELS[Status(unit.status)]),
        reasons=" ".join(map(str, unit.reasons)),
        category=unit.category,
        category_label=category_label(unit.category),
        sector=unit.sector,
        sector_label=sector_label(unit.sector),
        headcount_band=unit.headcount_band,
        headcount_year=unit.headcount_year,
        commune=unit.commune.code if unit.commune else "",
        commune_label=unit.commune.name if unit.commune else "",
        is_hidden=is_hidden,
        provenance=provenance,
        **{**NOTHING, **own},
    )
