"""Reads of the kiosk, named after the question."""

from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.text import capfirst

from essor.catalogue.models import Basket, SavedSearch
from essor.kiosk.models import Kiosk, OldNumber
from essor.presentation.permalinks import Destination, Permalink


def kiosks_to_show() -> QuerySet[Kiosk]:
    """Give the kiosks with the basket or the search that each one draws from."""
    return Kiosk.objects.select_related("basket", "saved_search")


def old_source(*, basket: int, search: int) -> Basket | SavedSearch | None:
    """Give what a number of the founding portal stands for, public or not: a basket, else a search; 0 for none."""
    kind, number = (OldNumber.BASKET, basket) if basket else (OldNumber.SEARCH, search)
    if not number:
        return None
    numbers = OldNumber.objects.select_related("basket", "saved_search")
    known = numbers.filter(kind=kind, number=number).first()
    return known.source if known else None


def kiosks_to_follow() -> QuerySet[Kiosk]:
    """Give the kiosks that show something to everyone, whose feeds are worth a name."""
    is_public = Q(basket__is_public=True) | Q(saved_search__is_public=True)
    return kiosks_to_show().filter(is_public)


def destination_of_kiosk(link: Permalink, request: HttpRequest) -> Destination | None:
    """Say where the permanent link of a kiosk leads, and what a share of it shows."""
    kiosk = Kiosk.objects.filter(pk=link.number).first()
    if kiosk is None:
        return None
    kind = capfirst(str(Kiosk._meta.verbose_name))
    return Destination(address=kiosk.get_absolute_url(), title=kiosk.name, kind=kind)
