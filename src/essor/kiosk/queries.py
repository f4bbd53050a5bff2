"""Reads of the kiosk, named after the question."""

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.text import capfirst

from essor.kiosk.models import Kiosk
from essor.presentation.permalinks import Destination, Permalink


def kiosks_to_show() -> QuerySet[Kiosk]:
    """Give the kiosks with the basket or the search that each one draws from."""
    return Kiosk.objects.select_related("basket", "saved_search")


def destination_of_kiosk(link: Permalink, request: HttpRequest) -> Destination | None:
    """Say where the permanent link of a kiosk leads, and what a share of it shows."""
    kiosk = Kiosk.objects.filter(pk=link.number).first()
    if kiosk is None:
        return None
    kind = capfirst(str(Kiosk._meta.verbose_name))
    return Destination(address=kiosk.get_absolute_url(), title=kiosk.name, kind=kind)
