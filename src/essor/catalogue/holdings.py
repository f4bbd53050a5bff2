"""Where a record can be had, in a line: each library once, with the best that it offers."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

from essor.catalogue.models import Item, Record
from essor.catalogue.types import Availability

LIBRARIES_NAMED = 6

LABELS: dict[Availability, Promise] = {
    Availability.AVAILABLE: pgettext_lazy("holding", "Available"),
    Availability.ON_SITE: pgettext_lazy("holding", "To read on site"),
    Availability.ON_LOAN: pgettext_lazy("holding", "On loan"),
    Availability.UNAVAILABLE: pgettext_lazy("holding", "Unavailable"),
    Availability.UNKNOWN: pgettext_lazy("holding", "Ask the library"),
}
"""What can be had, the best first. What is gone is no holding."""

_RANKS = {availability: rank for rank, availability in enumerate(LABELS)}


@dataclass(frozen=True, slots=True)
class Holding:
    """What some libraries offer of a record. `others` counts those that are not named.

    No name at all: the source does not tell where its items are.
    """

    availability: Availability
    libraries: tuple[str, ...]
    others: int = 0

    @property
    def label(self) -> str:
        """Give what they offer, in words."""
        return str(LABELS[self.availability])


def holdings_of(records: Iterable[Record]) -> dict[int, tuple[Holding, ...]]:
    """Give what the libraries offer of each of these records, by its number, in one query."""
    items = (
        Item.objects.filter(record__in=[record.pk for record in records], withdrawn_at=None)
        .exclude(availability=Availability.GONE)
        .order_by("branch__name", "pk")
        .values_list("record_id", "branch__name", "availability")
    )
    best: dict[int, dict[str, Availability]] = defaultdict(dict)
    for number, branch, availability in items:
        offered, library = Availability(availability), branch or ""
        known = best[number].get(library, offered)
        best[number][library] = min(known, offered, key=_RANKS.__getitem__)
    return {number: tuple(_grouped(libraries)) for number, libraries in best.items()}


def _grouped(best: dict[str, Availability]) -> Sequence[Holding]:
    libraries: dict[Availability, list[str]] = defaultdict(list)
    for library, availability in best.items():
        libraries[availability].append(library)
    return [
        _holding(availability, [name for name in libraries[availability] if name])
        for availability in LABELS
        if availability in libraries
    ]


def _holding(availability: Availability, names: list[str]) -> Holding:
    named = names if len(names) <= LIBRARIES_NAMED + 1 else names[:LIBRARIES_NAMED]
    return Holding(availability, tuple(named), len(names) - len(named))
