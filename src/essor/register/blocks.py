"""The boxes of the register: structures chosen or searched, in a list or on a map, and the newest of a place."""

import re
from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.db.models import TextChoices
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.snippets.blocks import SnippetChooserBlock

from essor.register.cartography.page import map_shown
from essor.register.found import Found, structures_found
from essor.register.listing import (
    StructureList,
    chosen_structures,
    first_structures,
    newest_structures,
)
from essor.register.new_structures import feed_of
from essor.territory.models import Territory

MOST_LISTED = 20
MOST_CHOSEN = 60
_SIREN = re.compile(r"\d{9}")


class Show(TextChoices):
    """How the structures of a box are shown."""

    LIST = "list", _("a list")
    MAP = "map", _("a map")
    BOTH = "both", _("a map, then a list")


class SirensBlock(blocks.TextBlock):
    """Takes the SIREN or SIRET of structures, as people paste them: one a line, with spaces or not."""

    def clean(self, value: Any) -> Any:
        """Refuse what is no SIREN. Raises ValidationError that names the first such line."""
        text = super().clean(value)
        for line in filter(None, map(str.strip, text.splitlines())):
            if not re.fullmatch(r"\d{9}(\d{5})?", re.sub(r"\s", "", line)):
                raise ValidationError(
                    _("“%(line)s” is no SIREN: write nine figures a line."), params={"line": line}
                )
        if len(sirens_in(text)) > MOST_CHOSEN:
            raise ValidationError(
                _("Choose %(most)s structures at most."), params={"most": MOST_CHOSEN}
            )
        return text


class StructuresBlock(blocks.StructBlock):
    """Structures of the directory: those that a search finds, or chosen one by one."""

    title = blocks.CharBlock(label=_("Title"), required=False, max_length=120)
    search = blocks.CharBlock(
        label=_("Search"),
        required=False,
        max_length=1000,
        help_text=_(
            "Search the directory, then paste the address of the page here. The box follows the"
            " directory: new structures come by themselves."
        ),
    )
    sirens = SirensBlock(
        label=_("or structures chosen one by one"),
        required=False,
        rows=4,
        help_text=_(
            "One SIREN a line, in the order of reading. The search above is then left aside."
        ),
    )
    show = blocks.ChoiceBlock(choices=Show.choices, default=Show.LIST, label=_("Show as"))
    count = blocks.IntegerBlock(
        label=_("Length of the list"), default=6, min_value=1, max_value=MOST_LISTED
    )

    class Meta:
        icon = "group"
        label = _("Structures of the ESS")
        template = "register/blocks/structures.html"
        description = _("Structures of the directory in a list or on a map, always up to date.")

    def get_context(
        self, value: Any, parent_context: dict[str, Any] | None = None
    ) -> dict[str, Any]:
        """Add the list and the map that are shown."""
        context = super().get_context(value, parent_context)
        sirens = sirens_in(value.get("sirens") or "")
        found = _found(value.get("search") or "", sirens)
        show = value.get("show") or Show.LIST
        context["listed"] = None
        context["map"] = None
        if found and show != Show.MAP:
            context["listed"] = _listed(found, sirens, value.get("count") or MOST_LISTED)
        if found and show != Show.LIST:
            context["map"] = map_shown(found)
        return context

    def get_preview_value(self) -> Any:
        """Preview with the first structures of the directory."""
        return self.normalize({"title": _("They work close to you"), "show": Show.LIST, "count": 3})


class NewStructuresBlock(blocks.StructBlock):
    """The structures of a commune, an EPCI, a department or a region that were created last."""

    title = blocks.CharBlock(label=_("Title"), required=False, max_length=120)
    territory = SnippetChooserBlock(
        Territory,
        label=_("Territory"),
        required=False,
        help_text=_(
            "A commune, an EPCI, a department, a region. Leave empty for the whole directory."
        ),
    )
    count = blocks.IntegerBlock(
        label=_("Number of structures"), default=5, min_value=1, max_value=MOST_LISTED
    )

    class Meta:
        icon = "pick"
        label = _("New structures")
        template = "register/blocks/new_structures.html"
        description = _("The structures of a territory that were created last, with their date.")

    def get_context(
        self, value: Any, parent_context: dict[str, Any] | None = None
    ) -> dict[str, Any]:
        """Add the newest structures."""
        context = super().get_context(value, parent_context)
        found = structures_found(QueryDict())
        territory = value.get("territory")
        if found and territory:
            found = found.in_territory(territory)
        context["listed"] = newest_structures(found, value.get("count") or 5) if found else None
        context["feed"] = feed_of(territory) if territory else ""
        return context

    def get_preview_value(self) -> Any:
        """Preview with the newest of the directory."""
        return self.normalize({"title": _("New in your commune"), "territory": None, "count": 3})


def sirens_in(text: str) -> tuple[str, ...]:
    """Give the SIRENs of a text, once each: one a line, or the beginnings of SIRETs."""
    lines = (re.sub(r"\s", "", line)[:9] for line in text.splitlines())
    return tuple(dict.fromkeys(line for line in lines if _SIREN.fullmatch(line)))


def _found(search: str, sirens: Iterable[str]) -> Found | None:
    if sirens:
        found = structures_found(QueryDict())
        return found.among(sirens) if found else None
    return structures_found(QueryDict(urlsplit(search).query))


def _listed(found: Found, sirens: tuple[str, ...], count: int) -> StructureList:
    return chosen_structures(found, sirens) if sirens else first_structures(found, count)
