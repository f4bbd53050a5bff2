"""What the script of the map says: it writes no word of its own. `{count}` and `{name}` are filled in by it."""

import json

from django.utils.translation import gettext as _

from essor.register.models import FAMILY_LABELS


def words_of_map() -> str:
    """Give all the words of the script, in the reader's language, as JSON."""
    return json.dumps(
        {
            "map": _("Interactive map"),
            "keys": _(
                "Drag the map, or use the arrows; zoom with + and −, or with Ctrl and the wheel."
            ),
            "fingers": _("Two fingers move and zoom the map; one scrolls the page."),
            "failed": _("This part of the map could not be read: move the map to try again."),
            "closer": _("Zoom in"),
            "farther": _("Zoom out"),
            "north": _("Move north"),
            "south": _("Move south"),
            "east": _("Move east"),
            "west": _("Move west"),
            "whole": _("Show the whole area"),
            "close": _("Close"),
            "one": _("1 structure"),
            "many": _("{count} structures"),
            "oneHere": _("1 structure in this view."),
            "manyHere": _("{count} structures in this view."),
            "oneUnplaced": _("(1 without a published address, placed at its commune)"),
            "manyUnplaced": _("({count} without a published address, placed at their commune)"),
            "closerTo": _(": zoom in"),
            "listOf": _(": list them"),
            "oneAtCommune": _("1 structure whose address is not published, placed at its commune:"),
            "manyAtCommune": _(
                "{count} structures whose address is not published, placed at their commune:"
            ),
            "listCommune": _("See the structures of {name}"),
            "oneMore": _("and 1 other"),
            "manyMore": _("and {count} others"),
            "families": {family: str(label) for family, label in FAMILY_LABELS.items()},
        },
        ensure_ascii=False,
    )
