"""What a page shows of the answer to a search, whatever is searched: facets with their values, limits, ways on."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from essor.search.addresses import LAST_PAGE, PER_PAGE, Addressed
from essor.search.types import FacetCount, Match, Results

MOST_VALUES_LISTED = 500
"""Values of one facet that its own page lists, the most frequent."""


@dataclass(frozen=True, slots=True)
class FacetValue:
    """One value of a facet. `address` chooses it, or leaves it when it is chosen.

    `count` is None when the index did not count it: a rare value among very many.
    """

    label: str
    count: int | None
    address: str


@dataclass(frozen=True, slots=True)
class ShownFacet:
    """A facet on the page: what is chosen, what else can be, where all of it is listed."""

    name: str
    label: str
    chosen: tuple[FacetValue, ...]
    offered: tuple[FacetValue, ...]
    more_address: str = ""


@dataclass(frozen=True, slots=True)
class Chip:
    """One limit of the search, and the address of the search without it."""

    facet: str
    label: str
    address: str


@dataclass(frozen=True, slots=True)
class Way:
    """A link among several, one of which is where the reader is."""

    label: str
    address: str
    is_current: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """One page of the answer to a search."""

    asked: Addressed
    results: Results
    facets: tuple[ShownFacet, ...]
    chips: tuple[Chip, ...]

    @property
    def total(self) -> int:
        """Count what is found."""
        return self.results.total

    @property
    def pages(self) -> int:
        """Count the pages that can be turned to."""
        return pages_of(self.total)

    @property
    def first(self) -> int:
        """Give the place of the first one of the page among all."""
        return (self.asked.page - 1) * PER_PAGE + 1

    @property
    def previous_address(self) -> str:
        """Give the address of the page before; empty on the first one."""
        return self.asked.on_page(self.asked.page - 1).address if self.asked.page > 1 else ""

    @property
    def next_address(self) -> str:
        """Give the address of the page after; empty on the last one."""
        page = self.asked.page + 1
        return self.asked.on_page(page).address if page <= self.pages else ""

    @property
    def corrected_address(self) -> str:
        """Give the address of the search that was understood; empty when it is the one typed."""
        corrected = self.results.corrected
        return self.asked.asking(corrected).address if corrected else ""

    @property
    def suggestion_address(self) -> str:
        """Give the address of a search that finds much more than this one; empty when none does."""
        suggestion = self.results.suggestion
        return self.asked.asking(suggestion).address if suggestion else ""

    @property
    def is_partial(self) -> bool:
        """Say whether only some of the words are in what was found."""
        return self.results.match is Match.SOME_WORDS

    @property
    def unlimited_address(self) -> str:
        """Give the address of the same words without any limit; empty when there is none."""
        return self.asked.unlimited().address if self.chips else ""


@dataclass(frozen=True, slots=True)
class FacetPage:
    """All the values of one facet of a search, or those that have a word with this beginning."""

    asked: Addressed
    label: str
    values: tuple[FacetValue, ...]
    back_address: str
    is_cut: bool
    is_incomplete: bool
    beginning: str = ""


def pages_of(total: int) -> int:
    """Count the pages that so many take, as far as can be turned to."""
    return min(-(-total // PER_PAGE), LAST_PAGE)


def shown_facet(
    asked: Addressed,
    name: str,
    *,
    label: str,
    labels: Mapping[str, str],
    counts: Mapping[str, int],
    most: int,
    more_address: str,
) -> ShownFacet | None:
    """Give a facet that offers a choice, or of which a value is chosen; None for the others.

    It offers the first values of `counts`, in their order; `more_address` lists all of them.
    """
    chosen = asked.chosen.get(name, ())
    others = [value for value in counts if value not in chosen]
    if not others and not chosen:
        return None
    return ShownFacet(
        name=name,
        label=label,
        chosen=tuple(
            FacetValue(labels[value], counts.get(value), asked.without(name, value).address)
            for value in chosen
        ),
        offered=tuple(
            FacetValue(labels[value], counts[value], asked.choosing(name, value).address)
            for value in others[:most]
        ),
        more_address=more_address if len(others) > most else "",
    )


def listed_values(
    asked: Addressed, name: str, counts: Iterable[FacetCount], labels: Mapping[str, str], page: str
) -> Iterator[FacetValue]:
    """Give all these values of a facet, each with the address that chooses it on a page."""
    for one in counts:
        yield FacetValue(
            labels[one.value], one.count, page + asked.choosing(name, one.value).address
        )


def address_of(asked: Addressed) -> str:
    """Give the address of the page that answers a search."""
    return asked.address


def chips_of(
    asked: Addressed,
    names: Mapping[str, object],
    labels: Mapping[str, Mapping[str, str]],
    address: Callable[[Any], str] = address_of,
) -> Iterator[Chip]:
    """Give the values that are chosen, each with the address, on some page, of the search without it."""
    for facet, values in asked.chosen.items():
        for value in values:
            without = address(asked.without(facet, value))
            yield Chip(str(names[facet]), labels[facet][value], without)
