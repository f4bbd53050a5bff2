"""Which records a kiosk shows: those of a public source, in an order, drawn or not. Never the whole catalogue.

The first records of the source, in the order asked for, are its candidates; the rules on covers and
branches leave some out, a draw keeps a few, and only those are read whole.
"""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from django.core.cache import cache
from django.db.models import F, OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone

from essor import search
from essor.catalogue.asked import Asked
from essor.catalogue.finding import numbers_found, records_in_order
from essor.catalogue.models import Basket, Record, SavedSearch
from essor.catalogue.queries import current_records, records_in_basket
from essor.catalogue.types import Availability
from essor.kiosk.models import RecordClicks
from essor.kiosk.rules import drawn, seed_of
from essor.kiosk.types import MOST_CANDIDATES, Choice, Draw, Order
from essor.search import CannotTellNow

Source = Basket | SavedSearch

OPENED_WITHIN_DAYS = 90
"""How long a record counts as opened from kiosks."""

REMEMBERED_S = 7 * 24 * 3600
"""How long what a search found last stands in for what it finds, while the index cannot tell."""

SEARCH_ORDERS = {
    Order.TITLE: search.Sort.TITLE,
    Order.NEWEST: search.Sort.NEWEST,
    Order.BORROWED: search.Sort.BORROWED,
}


def records_shown(source: Source | None, choice: Choice, *, identity: str) -> tuple[Record, ...]:
    """Give what is shown of a source to everyone, with what covers show; nothing of a private one.

    `identity` names the draw: two kiosks of one source do not draw the same records.
    """
    if source is None or not source.is_public:
        return ()
    return chosen_among(source, choice, identity=identity)


def chosen_among(source: Source, choice: Choice, *, identity: str) -> tuple[Record, ...]:
    """Give what would be shown of a source if it were public: for the eyes of who may see it."""
    candidates = _candidates(source, choice)
    if choice.draw is not Draw.NONE:
        seed = seed_of(
            choice.draw,
            identity=identity,
            now=timezone.localtime(),
            chance=secrets.token_hex(8),
        )
        candidates = drawn(candidates[: choice.pool], choice.limit, seed=seed)
    return records_in_order(candidates[: choice.limit])


def count_candidates(source: Source, choice: Choice) -> int:
    """Count the records that may be shown, up to `MOST_CANDIDATES`."""
    return len(_candidates(source, choice))


def _candidates(source: Source, choice: Choice) -> list[int]:
    if isinstance(source, Basket):
        return list(
            _in_order(_kept(records_in_basket(source), choice), choice.order)[:MOST_CANDIDATES]
        )
    return _found(source, choice)


def _kept(records: QuerySet[Record], choice: Choice) -> QuerySet[Record]:
    if choice.only_with_cover:
        records = records.exclude(cover=None).exclude(cover__picture="")
    if choice.branch is not None:
        held = (
            current_records()
            .filter(items__branch=choice.branch, items__withdrawn_at=None)
            .exclude(items__availability=Availability.GONE)
        )
        records = records.filter(pk__in=held.order_by().values("pk"))
    return records


def _in_order(records: QuerySet[Record], order: Order) -> QuerySet[Record, int]:
    if order is Order.TITLE:
        records = records.order_by("filing_title", "pk")
    elif order is Order.NEWEST:
        records = records.order_by(F("added_at").desc(), "-pk")
    elif order is Order.BORROWED:
        records = records.order_by(F("loans").desc(nulls_last=True), "pk")
    elif order is Order.VIEWED:
        records = _most_opened_first(records)
    return records.values_list("pk", flat=True)


def _most_opened_first(records: QuerySet[Record]) -> QuerySet[Record]:
    since = timezone.localdate() - timedelta(days=OPENED_WITHIN_DAYS)
    opened = RecordClicks.objects.filter(record=OuterRef("pk"), day__gt=since).order_by()
    total = opened.values("record").annotate(total=Sum("clicks")).values("total")
    return records.annotate(opened=Coalesce(Subquery(total), 0)).order_by(
        "-opened", "filing_title", "pk"
    )


def _found(source: SavedSearch, choice: Choice) -> list[int]:
    asked = Asked.in_criteria(source.criteria)
    if asked.is_blank:
        return []
    if choice.order in SEARCH_ORDERS:
        asked = asked.sorted_by(SEARCH_ORDERS[choice.order])
    if choice.branch is not None and "branch" not in asked.chosen:
        asked = replace(asked, chosen={**asked.chosen, "branch": (str(choice.branch),)})
    numbers = _told(asked)
    if not choice.only_with_cover and choice.branch is None and choice.order is not Order.VIEWED:
        return list(numbers)
    kept = _kept(current_records().filter(pk__in=numbers), choice)
    if choice.order is Order.VIEWED:
        return list(_in_order(kept, choice.order))
    standing = set(kept.order_by().values_list("pk", flat=True))
    return [number for number in numbers if number in standing]


def _told(asked: Asked) -> Sequence[int]:
    """Ask the index; while it cannot tell, give what it told last, rather than an empty kiosk everywhere."""
    key = f"kiosk-found-{hashlib.sha256(asked.address.encode()).hexdigest()}"
    try:
        numbers = numbers_found(asked, MOST_CANDIDATES)
    except CannotTellNow:
        return tuple(cache.get(key, ()))
    cache.set(key, numbers, REMEMBERED_S)
    return numbers
