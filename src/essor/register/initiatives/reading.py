"""One initiative: what its page shows, in schema.org's words too, and where its permanent link leads."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import nh3
from django.http import HttpRequest
from django.utils.html import strip_tags
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import capfirst
from wagtail.rich_text import expand_db_html

from essor.presentation.permalinks import Destination, Permalink
from essor.register.models import Initiative, LegalUnit
from essor.register.selecting import named
from essor.register.structure_page import display_name

TYPES = {Initiative.Kind.PLACE: "Place", Initiative.Kind.SERVICE: "Service"}
OTHER = "Project"
ALLOWED = {"p", "h3", "h4", "b", "strong", "i", "em", "ol", "ul", "li", "a", "blockquote", "br"}
"""Elements of a description; the editor makes no other, but texts may come from elsewhere."""

_INERT = str.maketrans({"<": "\\u003c", ">": "\\u003e", "&": "\\u0026"})


@dataclass(frozen=True, slots=True)
class Partner:
    """A structure of an initiative: its name and the address of its page."""

    name: str
    commune: str
    address: str


def initiative_called(slug: str) -> Initiative | None:
    """Give the published initiative of this address."""
    shown = Initiative.objects.published().select_related("theme", "territory", "picture")
    return shown.filter(slug=slug).first()


def partners_of(initiative: Initiative) -> tuple[Partner, ...]:
    """Give the structures of an initiative, in its order.

    One that the register does not show, or whose identity is hidden, is left out.
    """
    sirens = [one.siren for one in initiative.structures.all()]
    units = named(LegalUnit.objects.current().filter(siren__in=sirens)).select_related("commune")
    known = {unit.siren: unit for unit in units}
    return tuple(_partner(known[siren]) for siren in sirens if siren in known)


def safe_description(initiative: Initiative) -> SafeString:
    """Give the description as HTML that can do no harm, its links to pages made addresses."""
    written = expand_db_html(initiative.description)
    schemes = {"http", "https", "mailto"}
    kept = nh3.clean(written, tags=ALLOWED, attributes={"a": {"href"}}, url_schemes=schemes)
    return mark_safe(kept)


def described(
    initiative: Initiative, partners: Sequence[Partner], *, root: str, picture: str
) -> SafeString:
    """Give JSON-LD that can stand in a page: whatever the title, no mark in it ends the script."""
    page = f"{root}{initiative.get_absolute_url()}"
    kind = TYPES.get(Initiative.Kind(initiative.kind), OTHER)
    told: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": kind,
        "@id": page,
        "url": initiative.web_site or page,
        "name": initiative.title,
        "description": initiative.summary,
        "image": f"{root}{picture}" if picture else "",
        **_by_kind(initiative, kind, [_organisation(one, root) for one in partners]),
    }
    known = {name: value for name, value in told.items() if value}
    return mark_safe(json.dumps(known, ensure_ascii=False).translate(_INERT))


def _by_kind(initiative: Initiative, kind: str, partners: list[dict[str, str]]) -> dict[str, Any]:
    """Say where, since when and who, in the words that each type has for it."""
    place = initiative.territory.name if initiative.territory else ""
    if kind == "Place":
        return {"address": {"@type": "PostalAddress", "addressLocality": place} if place else ""}
    if kind == "Service":
        return {"areaServed": place, "provider": partners}
    founded = str(initiative.since) if initiative.since else ""
    return {"location": place, "foundingDate": founded, "member": partners}


def destination_of_initiative(link: Permalink, request: HttpRequest) -> Destination | None:
    """Say where the permanent link of an initiative leads; nowhere as long as it is not published."""
    initiative = Initiative.objects.published().filter(pk=link.number).first()
    if initiative is None:
        return None
    return Destination(
        address=initiative.get_absolute_url(),
        title=initiative.title,
        kind=capfirst(str(initiative.get_kind_display())),
    )


def plain_description(initiative: Initiative) -> str:
    """Give the summary, then the description without its marks."""
    return f"{initiative.summary}\n\n{strip_tags(initiative.description)}".strip()


def _partner(unit: LegalUnit) -> Partner:
    commune = unit.commune.name if unit.commune else ""
    return Partner(display_name(unit, is_hidden=False), commune, unit.get_absolute_url())


def _organisation(partner: Partner, root: str) -> dict[str, str]:
    return {"@type": "Organization", "name": partner.name, "url": f"{root}{partner.address}"}
