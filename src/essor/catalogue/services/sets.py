"""Harvesters learn by the date of a record that it entered or left the set of a public basket.

Lists of OAI-PMH go by the date of change: under its old one, a record that enters a set would be missed
by who asks that set for what is new, and one that leaves it by who harvests everything.
See docs/decisions/014-oai-pmh.md.
"""

from django.db.models import QuerySet
from django.utils import timezone

from essor.catalogue.models import Basket, BasketItem, Record


def date_anew(items: QuerySet[BasketItem]) -> None:
    """Date now the records of these places, in one statement.

    A withdrawn one keeps the date of its deletion, as the protocol wants it (section 2.5.1).
    """
    records = Record.objects.filter(pk__in=items.order_by().values("record"), withdrawn_at=None)
    records.order_by().update(changed_at=timezone.now())


def date_all_anew(basket: Basket) -> None:
    """Date now all the records of a basket, because its set begins, ends, or takes another name."""
    date_anew(BasketItem.objects.filter(basket=basket))
