"""A search as its address says it: words, values of facets, a page; what else it asks, each register adds.

The whole state is in the address. What an address or stored criteria cannot mean is left out, never
an error.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Self
from urllib.parse import urlencode

from essor.search.types import FURTHEST_HIT
from essor.search.words import clean

LONGEST_TEXT = 200
MOST_VALUES = 30
"""Values of one facet that a search can name."""
PER_PAGE = 20
LAST_PAGE = FURTHEST_HIT // PER_PAGE

State = Mapping[str, Sequence[str]]
"""Values by name of parameter, as an address has them: all of them are lists."""


@dataclass(frozen=True, slots=True)
class Addressed:
    """One search. Any of the values of one facet will do, all facets must hold; `chosen` has no empty list."""

    text: str = ""
    chosen: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    page: int = 1

    # Read

    @classmethod
    def in_state(cls, state: State) -> Self:
        """Read lists of texts by name of parameter."""
        raise NotImplementedError

    @classmethod
    def in_address(cls, parameters: Any) -> Self:
        """Read the parameters of an address (a QueryDict)."""
        return cls.in_state(dict(parameters.lists()))

    @classmethod
    def in_criteria(cls, criteria: object) -> Self:
        """Read stored criteria: the same state in JSON, where a single text stands for a list of one."""
        if not isinstance(criteria, Mapping):
            return cls()
        state = {
            str(name): [str(value) for value in ([held] if _is_single(held) else held)]
            for name, held in criteria.items()
            if _is_single(held) or isinstance(held, list | tuple)
        }
        return replace(cls.in_state(state), page=1)

    # Write

    @property
    def state(self) -> dict[str, list[str]]:
        """Give what an address says, without what goes without saying."""
        raise NotImplementedError

    @property
    def address(self) -> str:
        """Give the query string of this search, with its question mark."""
        return "?" + urlencode(self.state, doseq=True)

    @property
    def pairs(self) -> tuple[tuple[str, str], ...]:
        """Give the state name by name, as the hidden fields of a form carry it."""
        return tuple((name, value) for name, values in self.state.items() for value in values)

    # Neighbours: the same search but for one thing, from its first page

    def asking(self, text: str) -> Self:
        """Give the same search with other words."""
        return replace(self, text=text, page=1)

    def choosing(self, facet: str, value: str) -> Self:
        """Give the same search with one more value of a facet."""
        values = dict.fromkeys((*self.chosen.get(facet, ()), value))
        return replace(self, chosen={**self.chosen, facet: tuple(values)}, page=1)

    def without(self, facet: str, value: str) -> Self:
        """Give the same search without this value of a facet."""
        values = tuple(kept for kept in self.chosen.get(facet, ()) if kept != value)
        others = {name: kept for name, kept in self.chosen.items() if name != facet}
        return replace(self, chosen={**others, **({facet: values} if values else {})}, page=1)

    def unlimited(self) -> Self:
        """Give the same words without any limit."""
        raise NotImplementedError

    def on_page(self, page: int) -> Self:
        """Give another page of the same search."""
        return replace(self, page=page)


def last_of(state: State, name: str) -> str:
    """Give the value of a parameter that has one; of several, the last."""
    values = state.get(name, ())
    return values[-1] if values else ""


def text_of(state: State, name: str) -> str:
    """Give the words of a parameter."""
    return " ".join(clean(last_of(state, name)).split())[:LONGEST_TEXT].strip()


def chosen_in(
    state: State,
    parameters: Mapping[str, str],
    *,
    closed: Mapping[str, Collection[str]],
    longest: int,
) -> dict[str, tuple[str, ...]]:
    """Give what can be values of each facet, once each: among those known beforehand, for `closed` facets."""
    chosen = {
        facet: _values(state.get(name, ()), known=closed.get(facet), longest=longest)
        for facet, name in parameters.items()
    }
    return {facet: values for facet, values in chosen.items() if values}


def number_in(text: str, most: int) -> int | None:
    """Read a whole number, as people type it in a field; None when it is none, or a silly one."""
    digits = text.strip()
    if not (digits.isascii() and digits.isdigit() and len(digits) < 10):
        return None
    return min(int(digits), most)


def page_of(state: State) -> int:
    """Give the page, from 1 to the last that can be turned to."""
    return max(number_in(last_of(state, "page"), LAST_PAGE) or 1, 1)


def _values(
    written: Iterable[str], *, known: Collection[str] | None, longest: int
) -> tuple[str, ...]:
    cleaned = (clean(value).strip() for value in written)
    kept = (
        value
        for value in cleaned
        if value and len(value) <= longest and (known is None or value in known)
    )
    return tuple(dict.fromkeys(kept))[:MOST_VALUES]


def _is_single(held: object) -> bool:
    return isinstance(held, str | int) and not isinstance(held, bool)
