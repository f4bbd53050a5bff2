"""A kiosk as its templates show it, wherever it comes from: the store, or an address of the founding portal."""

from dataclasses import dataclass, replace

from django.urls import reverse

from essor.catalogue.models import Record
from essor.kiosk.choosing import records_shown
from essor.kiosk.models import Kiosk
from essor.kiosk.types import Draw, Look, Theme


@dataclass(frozen=True, slots=True)
class Shown:
    """A title, the records in their order, how they look.

    `slug` is the short name of the kiosk in the store; empty when it has none (an old address).
    `is_for_one_view` says that the next view draws other records: it is not to be kept.
    `feed` is the address of its feed, when the page names it.
    """

    name: str
    records: tuple[Record, ...]
    look: Look
    slug: str = ""
    is_for_one_view: bool = False
    feed: str = ""

    def in_theme(self, theme: Theme) -> "Shown":
        """Give the same in other colours."""
        return replace(self, look=replace(self.look, theme=theme))

    @property
    def count_address(self) -> str:
        """Where its pages tell that it was seen; empty when it is not to be counted."""
        return reverse("kiosk_count", args=[self.slug]) if self.slug else ""

    def uncounted(self) -> "Shown":
        """Give the same for a preview: what staff looks at there is no display."""
        return replace(self, slug="")


def shown(kiosk: Kiosk) -> Shown:
    """Give a kiosk as everyone may see it: without any record while its source is not public."""
    records = records_shown(kiosk.source, kiosk.choice, identity=kiosk.slug)
    is_for_one_view = kiosk.choice.draw is Draw.VIEW
    return Shown(kiosk.name, records, kiosk.look, kiosk.slug, is_for_one_view)
