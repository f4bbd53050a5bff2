"""A kiosk as its templates show it, wherever it comes from: the store, or an address of the founding portal."""

from dataclasses import dataclass, replace

from essor.catalogue.models import Record
from essor.kiosk.choosing import records_shown
from essor.kiosk.models import Kiosk
from essor.kiosk.types import Look, Theme


@dataclass(frozen=True, slots=True)
class Shown:
    """A title, the records in their order, how they look.

    `slug` is the short name of the kiosk in the store; empty when it has none (an old address).
    """

    name: str
    records: tuple[Record, ...]
    look: Look
    slug: str = ""

    def in_theme(self, theme: Theme) -> "Shown":
        """Give the same in other colours."""
        return replace(self, look=replace(self.look, theme=theme))


def shown(kiosk: Kiosk) -> Shown:
    """Give a kiosk as everyone may see it: without any record while its source is not public."""
    records = records_shown(kiosk.source, kiosk.choice, identity=kiosk.slug)
    return Shown(kiosk.name, records, kiosk.look, kiosk.slug)
