"""The lists that anyone may read: public baskets, in the order of who made them, and public saved searches."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet
from django.urls import reverse

from essor.catalogue.answers import ShownRecord, shown
from essor.catalogue.asked import Asked
from essor.catalogue.finding import find, latest_found, numbers_found, records_in_order
from essor.catalogue.models import Basket, Record, SavedSearch
from essor.catalogue.queries import records_in_basket
from essor.search.addresses import LAST_PAGE, PER_PAGE
from essor.search.answers import pages_of

MOST_LISTS = 200


@dataclass(frozen=True, slots=True)
class PublicList:
    """A basket or a saved search, as readers see either."""

    name: str
    slug: str
    changed_at: datetime
    content: Basket | Asked

    @property
    def address(self) -> str:
        """Give the address of its page."""
        return reverse("catalogue_list", args=[self.slug])

    @property
    def search_address(self) -> str:
        """Give the address of the same search in the catalogue; empty for a basket."""
        asked = self.content
        return reverse("catalogue") + asked.address if isinstance(asked, Asked) else ""


@dataclass(frozen=True, slots=True)
class ListPage:
    """One page of a list.

    When it `is_incomplete`, what the search finds cannot be told now: there may be other records.
    """

    list: PublicList
    number: int
    total: int
    records: tuple[ShownRecord, ...]
    is_incomplete: bool = False

    @property
    def pages(self) -> int:
        """Count the pages that can be turned to."""
        return pages_of(self.total)

    @property
    def first(self) -> int:
        """Give the place of the first record of the page in the list."""
        return (self.number - 1) * PER_PAGE + 1

    @property
    def previous_address(self) -> str:
        """Give the address of the page before; empty on the first one."""
        return f"?page={self.number - 1}" if self.number > 1 else ""

    @property
    def next_address(self) -> str:
        """Give the address of the page after; empty on the last one."""
        return f"?page={self.number + 1}" if self.number < self.pages else ""


def public_lists() -> tuple[PublicList, ...]:
    """Give the public lists that have a name to be called by, in the order of their names."""
    baskets = Basket.objects.filter(is_public=True).order_by("name", "pk")[:MOST_LISTS]
    searches = SavedSearch.objects.filter(is_public=True).order_by("name", "pk")[:MOST_LISTS]
    lists = {one.slug: one for one in (*map(_of_search, searches), *map(_of_basket, baskets))}
    return tuple(sorted(lists.values(), key=lambda one: (one.name.casefold(), one.slug)))


def public_list(slug: str) -> PublicList | None:
    """Give the public list with this short name; the basket, when a search has the same."""
    basket = Basket.objects.filter(slug=slug, is_public=True).first()
    if basket:
        return _of_basket(basket)
    saved = SavedSearch.objects.filter(slug=slug, is_public=True).first()
    return _of_search(saved) if saved else None


def page_of(listed: PublicList, number: int) -> ListPage:
    """Give one page of a list, from 1."""
    number = min(max(number, 1), LAST_PAGE)
    content = listed.content
    if isinstance(content, Asked):
        found = find(content.on_page(number))
        records = records_in_order(found.numbers)
        return ListPage(listed, number, found.total, shown(records), found.is_incomplete)
    total, held = _held(content, number)
    return ListPage(listed, number, total, shown(held))


def numbers_listed(listed: PublicList, limit: int) -> tuple[int, ...]:
    """Give the numbers of the first records of a list, in its order. Raises CannotTellNow."""
    content = listed.content
    if isinstance(content, Asked):
        return numbers_found(content, limit)
    return tuple(_records_in(content).values_list("pk", flat=True)[:limit])


def latest_listed(listed: PublicList, limit: int) -> tuple[Record, ...]:
    """Give what a feed of the list tells: the latest records of a search, the first ones of a basket.

    Raises CannotTellNow.
    """
    content = listed.content
    if isinstance(content, Asked):
        return () if content.is_blank else latest_found(content, limit)
    return tuple(_records_in(content)[:limit])


def _held(basket: Basket, number: int) -> tuple[int, Sequence[Record]]:
    records = _records_in(basket)
    first = (number - 1) * PER_PAGE
    return records.count(), tuple(records[first : first + PER_PAGE])


def _records_in(basket: Basket) -> QuerySet[Record]:
    return records_in_basket(basket)


def _of_basket(basket: Basket) -> PublicList:
    return PublicList(basket.name, basket.slug, basket.changed_at, basket)


def _of_search(saved: SavedSearch) -> PublicList:
    asked = Asked.in_criteria(saved.criteria)
    return PublicList(saved.name, saved.slug, saved.changed_at, asked)
