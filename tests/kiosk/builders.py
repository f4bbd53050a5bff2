"""Plain builders: records, a basket of them, a kiosk of it."""

from django.utils import timezone

from essor.catalogue.models import Basket, BasketItem, Record, Source
from essor.kiosk.models import Kiosk


def a_record(number, *, title=None, author="Camille Dupont", **fields):
    source, _made = Source.objects.get_or_create(code="essai", defaults={"name": "Essai"})
    now = timezone.now()
    title = title or f"Titre {number}"
    creator = {"name": author, "filing_name": author, "roles": ["070"], "is_primary": True}
    return Record.objects.create(
        source=source,
        control_number=str(number),
        title=title,
        filing_title=title.lower()[:200],
        creators=[creator],
        document_type="book",
        received=b"",
        checksum=bytes(32),
        added_at=fields.pop("added_at", now),
        changed_at=now,
        **fields,
    )


def a_basket(records, *, slug="ess", is_public=True):
    basket = Basket.objects.create(name="Économie sociale", slug=slug, is_public=is_public)
    for place, record in enumerate(records):
        BasketItem.objects.create(basket=basket, record=record, sort_order=place)
    return basket


def a_kiosk(records, *, slug="ess", name="À lire", is_public=True, **fields):
    basket = a_basket(records, slug=f"panier-{slug}", is_public=is_public)
    return Kiosk.objects.create(name=name, slug=slug, basket=basket, **fields)
