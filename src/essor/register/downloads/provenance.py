"""Where the rows of a file come from, on what terms: told in each file, since files travel alone."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from essor.register.models import Vintage

LICENCE = "Licence Ouverte 2.0"
LICENCE_ADDRESS = "https://www.etalab.gouv.fr/licence-ouverte-open-licence/"
SOURCE = "INSEE, base Sirene des entreprises et de leurs établissements"


@dataclass(frozen=True, slots=True)
class Provenance:
    """What a file says of itself. `area` is `epci:200093201`, or `france`; `vintage` a month, `2026-11`."""

    source: str
    licence: str
    licence_address: str
    vintage: str
    perimeter: str
    area: str
    portal: str
    is_synthetic: bool

    @property
    def sentence(self) -> str:
        """Give it in one line, for the column that each row carries."""
        parts = [
            self.source,
            _("vintage %(month)s") % {"month": self.vintage},
            _("ESS perimeter %(version)s") % {"version": self.perimeter},
            self.licence,
            self.portal,
        ]
        if self.is_synthetic:
            parts.insert(0, _("SYNTHETIC DATA, for demonstration"))
        return " – ".join(part for part in parts if part)


def provenance_of(vintage: Vintage, portal: str) -> Provenance:
    """Tell where the rows of this vintage come from; `portal` is the address that gives them."""
    return Provenance(
        source=SOURCE,
        licence=LICENCE,
        licence_address=LICENCE_ADDRESS,
        vintage=vintage.month,
        perimeter=vintage.perimeter,
        area=vintage.area,
        portal=portal,
        is_synthetic=vintage.is_synthetic,
    )
