"""What every public template knows: the portal's name, menus and addresses."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils import translation
from django.utils.functional import SimpleLazyObject
from wagtail.models import Site

from essor.portal.models import PortalSettings
from essor.portal.queries.identity import identity_for, portal_name
from essor.portal.queries.menu import legal_menu, main_menu, other_language

STYLESHEETS = [
    "presentation/share.css",
    "portal/portal.css",
    "kiosk/kiosk.css",
    "observatory/observatory.css",
]
SCRIPTS = [
    "presentation/share.js",
    "presentation/copy.js",
    "portal/portal.js",
    "kiosk/kiosk.js",
    "kiosk/count.js",
]


def portal(request: HttpRequest) -> dict[str, Any]:
    """Give `portal`, computed only by the templates that use it."""
    return {"portal": SimpleLazyObject(lambda: _portal(request))}


def _portal(request: HttpRequest) -> dict[str, Any]:
    site = Site.find_for_request(request)
    identity = identity_for(request)
    return {
        "interface_language": translation.get_language(),
        "name": portal_name(request),
        "baseline": identity.baseline if identity else "",
        "publisher": identity.publisher if identity else "",
        "logo": _logo(identity),
        "colours_address": reverse("colours") if identity and identity.has_own_colours else "",
        "home_address": reverse("wagtail_serve", args=[""]),
        "search_address": reverse("search"),
        "opensearch_address": reverse("opensearch"),
        "menu": SimpleLazyObject(lambda: main_menu(site, request) if site else []),
        "legal_menu": legal_menu(identity),
        "other_language": other_language(request),
        "stylesheets": STYLESHEETS,
        "scripts": SCRIPTS,
        "identity": identity,
        "site": site,
    }


def _logo(identity: PortalSettings | None) -> Any:
    return (
        identity.logo.get_rendition("fill-88x88|format-webp")
        if identity and identity.logo
        else None
    )
