"""Reads of the kiosk, named after the question."""

from django.db.models import F, QuerySet
from django.http import HttpRequest
from django.utils.text import capfirst

from essor.catalogue.models import Record
from essor.catalogue.queries import records_in_basket
from essor.kiosk.models import Kiosk
from essor.kiosk.types import Order
from essor.presentation.permalinks import Destination, Permalink


def kiosks_to_show() -> QuerySet[Kiosk]:
    """Give the kiosks with the basket each one draws from."""
    return Kiosk.objects.select_related("basket")


def destination_of_kiosk(link: Permalink, request: HttpRequest) -> Destination | None:
    """Say where the permanent link of a kiosk leads, and what a share of it shows."""
    kiosk = Kiosk.objects.filter(pk=link.number).first()
    if kiosk is None:
        return None
    kind = capfirst(str(Kiosk._meta.verbose_name))
    return Destination(address=kiosk.get_absolute_url(), title=kiosk.name, kind=kind)


def records_of(kiosk: Kiosk) -> list[Record]:
    """Give what a kiosk shows, in its order; nothing while its basket is not public."""
    if not kiosk.basket.is_public:
        return []
    records = records_in_basket(kiosk.basket)
    if kiosk.order == Order.TITLE:
        records = records.order_by("filing_title", "pk")
    elif kiosk.order == Order.NEWEST:
        records = records.order_by(F("added_at").desc(), "-pk")
    return list(records[: kiosk.limit])
