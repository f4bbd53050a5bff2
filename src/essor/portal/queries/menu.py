"""What stands around every page: menus, breadcrumb, the other language."""

from django.core.cache import caches
from django.http import HttpRequest
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from wagtail.models import Site

from essor.catalogue.finding import has_records
from essor.portal.models import PortalSettings
from essor.portal.types import MenuEntry, OtherLanguage
from essor.register.queries import current_vintage

KEPT_S = 60
"""An edit is seen at once: it empties what is kept. The first records of an import show after so long."""


def main_menu(site: Site, request: HttpRequest) -> list[MenuEntry]:
    """Give the pages that editors chose for menus, the catalogue if it has records, the directory if it is filled."""
    key = f"menu-{site.pk}-{translation.get_language()}"
    kept = caches["pages"].get_or_set(key, lambda: _public_entries(site, request), KEPT_S)
    entries = [_entry(label, address, request) for label, address in kept or ()]
    directory = _entry(_("Directory"), reverse("directory"), request)
    if directory.is_current or current_vintage():  # who reads it sees where that is, filled or not
        entries.append(directory)
    return entries


def _public_entries(site: Site, request: HttpRequest) -> list[tuple[str, str]]:
    pages = site.root_page.get_children().live().public().in_menu()
    entries = [(page.title, page.get_url(request) or "") for page in pages]
    if has_records():
        entries.append((_("Catalogue"), reverse("catalogue")))
    return entries


def _entry(label: str, address: str, request: HttpRequest) -> MenuEntry:
    path = request.path
    current = "page" if path == address else "true" if address and path.startswith(address) else ""
    return MenuEntry(label=label, address=address, is_current=current)


def legal_menu(identity: PortalSettings | None) -> list[MenuEntry]:
    """Give what the law and the readers want at the foot of every page."""
    mention = (identity or PortalSettings()).accessibility_mention
    return [
        MenuEntry(_("Legal notice"), reverse("legal_notice")),
        MenuEntry(mention, reverse("accessibility")),
        MenuEntry(_("Privacy"), reverse("privacy")),
        MenuEntry(_("Feeds"), reverse("feeds")),
    ]


def other_language(request: HttpRequest) -> OtherLanguage:
    """Give the address of this same page with the interface in the other language."""
    path = request.get_full_path()
    if translation.get_language() == "en":
        return OtherLanguage("fr", "Français", "/" + path.removeprefix("/en/").lstrip("/"))
    return OtherLanguage("en", "English", f"/en{path}")
