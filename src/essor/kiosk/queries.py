"""Reads of the kiosk, named after the question."""

from django.db.models import F, QuerySet

from essor.catalogue.models import Record
from essor.catalogue.queries import records_in_basket
from essor.kiosk.models import Kiosk
from essor.kiosk.types import Order


def kiosks_to_show() -> QuerySet[Kiosk]:
    """Give the kiosks with the basket each one draws from."""
    return Kiosk.objects.select_related("basket")


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
