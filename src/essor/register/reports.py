"""The words of a build on screen: its steps, and the reasons for which rows are left out."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

STEPS: Mapping[str, Promise] = {
    "classified": _("active legal persons, classified"),
    "located": _("active establishments of the ESS"),
    "points": _("establishments with a point"),
    "establishments": _("establishments of the area"),
    "units": _("legal units of the area"),
    "outside": _("legal persons outside the directory"),
    "counts": _("lines of raw counts"),
    "received_units": _("rows of the file of legal units"),
    "received_establishments": _("rows of the file of establishments"),
}
REASONS: Mapping[str, Promise] = {
    "units.unreadable": _("legal units: lines that are not whole"),
    "units.natural-person": _("legal units: natural persons"),
    "units.malformed": _("legal units: no SIREN or no state that can be read"),
    "units.purged": _("legal units: purged"),
    "units.ceased": _("legal units: ceased"),
    "units.outside": _("legal units: outside the ESS"),
    "units.repeated": _("legal units: repeated"),
    "units.without-establishment": _("legal units: without an active establishment"),
    "units.elsewhere": _("legal units: outside the area"),
    "establishments.unreadable": _("establishments: lines that are not whole"),
    "establishments.malformed": _("establishments: no SIRET or no state that can be read"),
    "establishments.closed": _("establishments: closed"),
    "establishments.of-other-units": _("establishments: of units outside the ESS"),
    "establishments.elsewhere": _("establishments: outside the area"),
    "establishments.repeated": _("establishments: repeated"),
}


def words_of_step(step: str) -> str:
    """Give what a step counts; its own name when it has no words."""
    return str(STEPS.get(step, step))


def words_of_reason(reason: str) -> str:
    """Give why rows were left out; the code when it has no words."""
    return str(REASONS.get(reason, reason))
