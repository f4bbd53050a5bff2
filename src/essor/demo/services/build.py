"""Build the demonstration: each step once, in order, told as it goes."""

from collections.abc import Callable, Iterator
from datetime import datetime
from functools import partial
from pathlib import Path

from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from essor.demo.services.accounts import make_accounts
from essor.demo.services.feeds import follow_feeds
from essor.demo.services.imports import (
    build_index,
    import_directories,
    import_figures,
    import_records,
    import_register,
    import_territories,
)
from essor.demo.services.pages import publish_pages
from essor.demo.services.register import compose_guides, write_initiatives, write_profiles
from essor.demo.services.site import follow_port, keep_pictures, open_site
from essor.demo.services.steps import once

Act = Callable[[], object]


def build(*, port: int, now: datetime, accounts: Path, tell: Callable[[str], object]) -> None:
    """Do the steps that are not done yet. `tell` receives one line before each; twice is once."""
    for name, told, act in _steps(port, now, accounts):
        once(name, partial(_told, told, act, tell))
    follow_port(port)


def _told(line: str, act: Act, tell: Callable[[str], object]) -> None:
    tell(line)
    act()


def _steps(port: int, now: datetime, accounts: Path) -> Iterator[tuple[str, str, Act]]:
    yield "site", _("Opening the portal"), partial(open_site, port)
    yield "pictures", _("Hanging the pictures"), keep_pictures
    yield "territories", _("Bringing in the territories"), import_territories
    yield "figures", _("Bringing in the published figures"), import_figures
    yield "records", _("Bringing in the records of the catalogue"), import_records
    yield (
        "register",
        _("Building the directory from a synthetic extract of SIRENE"),
        import_register,
    )
    yield "directories", _("Bringing in the directories that others keep"), import_directories
    yield "feeds", _("Following the feeds"), partial(follow_feeds, now)
    yield "pages", _("Publishing dossiers and articles"), partial(publish_pages, localdate(now))
    yield "profiles", _("Describing some structures of the directory"), write_profiles
    yield "initiatives", _("Writing the catalogue of innovations"), write_initiatives
    yield "guides", _("Composing guides to print"), compose_guides
    yield "index", _("Building the search index"), build_index
    yield "accounts", _("Making one account per role"), partial(make_accounts, accounts)
