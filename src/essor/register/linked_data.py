"""A structure in the words of schema.org, for the engines that read pages; only what is known is said."""

import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from django.utils.safestring import SafeString, mark_safe

from essor.register.models import Establishment, LegalUnit
from essor.register.rules import BANDS
from essor.register.types import Family, PointSource

if TYPE_CHECKING:
    from essor.register.structure_page import Editorial

TYPES: Mapping[str, str] = {Family.ASSOCIATION: "NGO", Family.FOUNDATION: "NGO"}
OTHER = "Organization"
SIREN_IN_ISO_6523 = "0002"
_INERT = str.maketrans({"<": "\\u003c", ">": "\\u003e", "&": "\\u0026"})


def described(
    unit: LegalUnit, editorial: "Editorial", places: Sequence[Establishment], *, root: str
) -> SafeString:
    """Give JSON-LD that can stand in a page: whatever the name, no mark in it ends the script."""
    page = f"{root}{unit.get_absolute_url()}"
    told = {
        "@context": "https://schema.org",
        "@type": TYPES.get(unit.family, OTHER),
        "@id": page,
        "name": unit.name or unit.usual_name,
        "alternateName": [name for name in (unit.usual_name, unit.acronym) if name != unit.name],
        "description": editorial.description,
        "url": editorial.web_site or page,
        "logo": f"{root}{editorial.logo.url}" if editorial.logo else None,
        "iso6523Code": f"{SIREN_IN_ISO_6523}:{unit.siren}",
        "identifier": _identifiers(unit),
        "foundingDate": unit.created_on.isoformat() if unit.created_on else None,
        "numberOfEmployees": _employees(unit),
        "sameAs": f"https://annuaire-entreprises.data.gouv.fr/entreprise/{unit.siren}",
        **_place(places),
    }
    known = {name: value for name, value in told.items() if value}
    if "alternateName" in known:
        known["alternateName"] = [name for name in known["alternateName"] if name]
    return mark_safe(json.dumps(known, ensure_ascii=False).translate(_INERT))


def _identifiers(unit: LegalUnit) -> list[dict[str, str]]:
    numbers = {"SIREN": unit.siren, "RNA": unit.rna}
    return [
        {"@type": "PropertyValue", "propertyID": name, "value": value}
        for name, value in numbers.items()
        if value
    ]


def _employees(unit: LegalUnit) -> dict[str, Any] | None:
    """Give the bounds of the band; nothing for a size that is unknown, or presumed to be none."""
    least, most = BANDS.get(unit.headcount_band, (0, 0))
    if not least:
        return None
    told = {"@type": "QuantitativeValue", "minValue": least, "maxValue": most}
    return {name: value for name, value in told.items() if value is not None}


def _place(places: Sequence[Establishment]) -> dict[str, Any]:
    head = next((place for place in places if place.is_head_office), None)
    if head is None or head.is_partial:
        return {}
    address = {
        "@type": "PostalAddress",
        "streetAddress": head.street,
        "postalCode": head.postcode,
        "addressLocality": head.commune.name if head.commune else "",
        "addressCountry": "FR",
    }
    told: dict[str, Any] = {"address": {name: value for name, value in address.items() if value}}
    if head.point_source == PointSource.ADDRESS:
        told["location"] = {
            "@type": "Place",
            "geo": {
                "@type": "GeoCoordinates",
                "latitude": head.latitude,
                "longitude": head.longitude,
            },
        }
    return told
