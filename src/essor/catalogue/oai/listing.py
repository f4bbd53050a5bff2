"""Reads of the server: what a page lists, which sets there are, who is in them.

The number of queries of a page does not depend on what it holds.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import Q, QuerySet
from django.db.models.functions import Length
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from essor import search
from essor.catalogue.asked import Asked as AskedSearch
from essor.catalogue.exports import Published
from essor.catalogue.finding import numbers_found
from essor.catalogue.models import Basket, BasketItem, Record, SavedSearch
from essor.catalogue.oai.arguments import Prefix, Refused, Selection
from essor.catalogue.queries import published
from essor.presentation.templatetags.typography import number

RECORDS_A_PAGE = 100
SETS_A_PAGE = 500
PAGE_BYTES = 4 * 1024 * 1024
"""Past this many bytes received, a page is ended before its hundredth record."""

BASKET, SEARCH = "panier", "recherche"
SEPARATOR = ":"
DESCRIPTIONS = {
    BASKET: _(
        "Records chosen one by one. A record that enters takes a new date; one that leaves tells it "
        "to those only who harvest the whole catalogue: harvest this set whole from time to time."
    ),
    SEARCH: _(
        "The first %(most)s records, at most, that a search finds when it is asked. Records enter and "
        "leave without taking a new date: harvest this set whole each time."
    ),
}


@dataclass(frozen=True, slots=True)
class Header:
    """What a list says of a record before its content."""

    number: int
    changed_at: datetime
    is_deleted: bool
    sets: tuple[str, ...] = ()

    @property
    def identifier(self) -> str:
        """Its name for harvesters, which never changes."""
        return f"{identifiers_begin()}{self.number}"


@dataclass(frozen=True, slots=True)
class Listing:
    """A page of a list; `rest` is what comes after, None at its end. Of the whole list, `size` records."""

    headers: tuple[Header, ...]
    given_before: int
    size: int
    rest: Selection | None


@dataclass(frozen=True, slots=True)
class PublicSet:
    """A basket or a saved search that anyone may see; `description` says what harvesting it gives."""

    spec: str
    name: str
    description: str


def identifiers_begin() -> str:
    """Give what the identifiers of all our records begin with: the host of the portal."""
    return f"oai:{urlsplit(settings.URL).hostname}:n"


def earliest_change() -> datetime:
    """Give the date of the record that has not changed for longest; now, when there is none."""
    changes = Record.objects.order_by("changed_at", "pk").values_list("changed_at", flat=True)
    return changes.first() or timezone.now()


# Sets


def public_sets() -> list[PublicSet]:
    """Give the sets, in the order of their names for machines."""
    named = [
        PublicSet(f"{kind}{SEPARATOR}{slug}", name, _description(kind))
        for kind, model in ((BASKET, Basket), (SEARCH, SavedSearch))
        for slug, name in model.objects.filter(is_public=True).values_list("slug", "name")
    ]
    return sorted(named, key=lambda one: one.spec)


def _description(kind: str) -> str:
    return str(DESCRIPTIONS[kind]) % {"most": number(search.FURTHEST_HIT)}


def _in_set(records: QuerySet[Record], set_spec: str) -> QuerySet[Record]:
    """Keep the records of a set.

    Raises Refused when there is no such set, or no more; CannotTellNow when it is a saved search and
    the index is being made.
    """
    kind, _separator, slug = set_spec.partition(SEPARATOR)
    if kind == BASKET and Basket.objects.filter(slug=slug, is_public=True).exists():
        return records.filter(basket_items__basket__slug=slug)
    if kind == SEARCH:
        found = SavedSearch.objects.filter(slug=slug, is_public=True).first()
        if found:
            asked = AskedSearch.in_criteria(found.criteria)
            return records.filter(pk__in=numbers_found(asked, search.FURTHEST_HIT))
    raise Refused("noRecordsMatch", "There is no such set.")


def _sets_of(numbers: Iterable[int], *, asked_set: str) -> dict[int, tuple[str, ...]]:
    """Give the public baskets of each record, and the saved search that is being listed.

    To say all the saved searches that would find a record, each would have to be run.
    """
    rows = BasketItem.objects.filter(record__in=list(numbers), basket__is_public=True)
    sets: dict[int, set[str]] = defaultdict(set)
    for record, slug in rows.order_by().values_list("record", "basket__slug"):
        sets[record].add(f"{BASKET}{SEPARATOR}{slug}")
    listed = {asked_set} if asked_set.startswith(SEARCH) else set()
    return {number: tuple(sorted(sets[number] | listed)) for number in numbers}


# Records


def page_of(selection: Selection) -> Listing:
    """Give the page where the selection stands.

    Raises Refused when there is nothing, CannotTellNow when nobody knows whether there is.
    """
    records = _selected(selection)
    size = selection.size if selection.size is not None else records.count()
    rows = list(
        _after(records, selection.after)
        .order_by("changed_at", "pk")
        .annotate(bytes_received=Length("received"))
        .values_list("pk", "changed_at", "withdrawn_at", "bytes_received")[: RECORDS_A_PAGE + 1]
    )
    if not rows:
        raise Refused("noRecordsMatch", "No record answers to these criteria.")
    kept = rows[: _count_that_fits([bytes_received for *_others, bytes_received in rows])]
    sets = _sets_of([row[0] for row in kept], asked_set=selection.set_spec)
    headers = tuple(
        Header(number, changed_at, withdrawn_at is not None, sets[number])
        for number, changed_at, withdrawn_at, _bytes in kept
    )
    last = (headers[-1].changed_at, headers[-1].number)
    rest = selection.following(last, count=len(kept), size=size) if len(kept) < len(rows) else None
    return Listing(headers, selection.given, size, rest)


def _selected(selection: Selection) -> QuerySet[Record]:
    records = Record.objects.all()
    if selection.since:
        records = records.filter(changed_at__gte=selection.since)
    if selection.before:
        records = records.filter(changed_at__lt=selection.before)
    return _in_set(records, selection.set_spec) if selection.set_spec else records


def _after(records: QuerySet[Record], place: tuple[datetime, int] | None) -> QuerySet[Record]:
    """Keep what comes after a place; said twice, so that the index leads there on both engines."""
    if place is None:
        return records
    changed_at, number = place
    later = Q(changed_at__gt=changed_at) | Q(changed_at=changed_at, pk__gt=number)
    return records.filter(later, changed_at__gte=changed_at)


def _count_that_fits(sizes: list[int]) -> int:
    total = 0
    for count, size in enumerate(sizes[:RECORDS_A_PAGE]):
        total += size
        if total > PAGE_BYTES:
            return max(count, 1)
    return min(len(sizes), RECORDS_A_PAGE)


def header_of(identifier: str) -> Header:
    """Give the header of a record. Raises Refused when nobody has this identifier."""
    start = identifiers_begin()
    digits = identifier.removeprefix(start)
    is_ours = identifier.startswith(start) and digits.isascii() and digits.isdigit()
    known = Record.objects.filter(pk=int(digits[:18])) if is_ours and digits[0] != "0" else None
    row = known and known.values_list("pk", "changed_at", "withdrawn_at").first()
    if not row:
        raise Refused("idDoesNotExist", "No record has this identifier.")
    number, changed_at, withdrawn_at = row
    sets = _sets_of([number], asked_set="")
    return Header(number, changed_at, withdrawn_at is not None, sets[number])


def contents_of(headers: Iterable[Header], *, prefix: Prefix) -> dict[int, Published]:
    """Give what is published of the records that are still there, by number."""
    numbers = [header.number for header in headers if not header.is_deleted]
    if not numbers:
        return {}
    records = Record.objects.filter(pk__in=numbers).order_by("pk")
    out = published(records, root=settings.URL, with_marc=prefix is Prefix.MARCXML)
    return {one.number: one for one in out}
