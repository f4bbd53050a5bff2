"""What is asked of the catalogue: the whole state of a search, as its address says it.

One value serves the page of results, the saved searches (their `criteria` are this state in JSON)
and the engine: each form is read back from the others without loss. What an address or stored
criteria cannot mean is left out, never an error.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django.utils import timezone

from essor import search
from essor.catalogue.documents import AVAILABLE_AT, KIND
from essor.catalogue.types import Audience, Availability, DocumentType
from essor.search.words import clean

LONGEST_TEXT = 200
LONGEST_VALUE = 200
MOST_VALUES = 30
"""Values of one facet that a search can name."""
RECORDS_PER_PAGE = 20
LAST_PAGE = search.FURTHEST_HIT // RECORDS_PER_PAGE
FURTHEST_YEAR = 9_999
MOST_DAYS = 3_660

PARAMETERS = {
    "document_type": "type",
    "branch": "bibliotheque",
    "availability": "disponibilite",
    "creator": "auteur",
    "subject": "sujet",
    "year": "annee",
    "language": "langue",
    "class": "classe",
    "publisher": "editeur",
    "audience": "public",
    "source": "source",
}
"""Every facet of a record, in the order of the page, and its name in addresses and criteria."""

CLOSED_LISTS = {
    "document_type": frozenset(DocumentType),
    "availability": frozenset(Availability),
    "audience": frozenset(Audience),
}
"""The facets whose values are known beforehand."""

SORTS = {
    search.Sort.RELEVANCE: "",
    search.Sort.NEWEST: "nouveautes",
    search.Sort.TITLE: "titre",
    search.Sort.YEAR: "annee",
    search.Sort.BORROWED: "prets",
}
"""The orders, and their names in addresses."""

_SORTS_BY_NAME = {name: sort for sort, name in SORTS.items()}

State = Mapping[str, Sequence[str]]
"""Values by name of parameter, as an address has them: all of them are lists."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One search: words, the values of each facet, years of publication, order, page.

    Any of the values of one facet will do, all facets must hold. `chosen` has no empty list.
    `first_year` and `last_year` are both included; None is an open end. `days` keeps what came into
    the catalogue within so many days.
    """

    text: str = ""
    chosen: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    first_year: int | None = None
    last_year: int | None = None
    days: int | None = None
    sort: search.Sort = search.Sort.RELEVANCE
    page: int = 1

    # Read

    @classmethod
    def in_state(cls, state: State) -> "Asked":
        """Read lists of texts by name of parameter."""
        chosen = {facet: _values(facet, state.get(name, ())) for facet, name in PARAMETERS.items()}
        years = [_number(_last(state, name), FURTHEST_YEAR) for name in ("de", "a")]
        if None not in years:
            years.sort(key=lambda year: year or 0)
        return cls(
            text=" ".join(clean(_last(state, "q")).split())[:LONGEST_TEXT].strip(),
            chosen={facet: values for facet, values in chosen.items() if values},
            first_year=years[0],
            last_year=years[1],
            days=_number(_last(state, "jours"), MOST_DAYS) or None,
            sort=_SORTS_BY_NAME.get(_last(state, "tri"), search.Sort.RELEVANCE),
            page=min(max(_number(_last(state, "page"), LAST_PAGE) or 1, 1), LAST_PAGE),
        )

    @classmethod
    def in_address(cls, parameters: Any) -> "Asked":
        """Read the parameters of an address (a QueryDict)."""
        return cls.in_state(dict(parameters.lists()))

    @classmethod
    def in_criteria(cls, criteria: object) -> "Asked":
        """Read the criteria of a saved search; a single text stands for a list of one."""
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
        state = {
            "q": [self.text],
            **{PARAMETERS[facet]: list(values) for facet, values in self.chosen.items()},
            "de": [_written(self.first_year)],
            "a": [_written(self.last_year)],
            "jours": [_written(self.days)],
            "tri": [SORTS[self.sort]],
            "page": [str(self.page) if self.page > 1 else ""],
        }
        return {name: values for name, values in state.items() if any(values)}

    @property
    def criteria(self) -> dict[str, Any]:
        """Give the criteria of a saved search: the text as it is, the values of facets in lists."""
        lists = {PARAMETERS[facet] for facet in self.chosen}
        state = replace(self, page=1).state
        return {name: held if name in lists else held[0] for name, held in state.items()}

    @property
    def address(self) -> str:
        """Give the query string of this search, with its question mark."""
        return "?" + urlencode(self.state, doseq=True)

    @property
    def pairs(self) -> tuple[tuple[str, str], ...]:
        """Give the state name by name, as the hidden fields of a form carry it."""
        return tuple((name, value) for name, values in self.state.items() for value in values)

    # Ask

    @property
    def is_blank(self) -> bool:
        """Say whether there is no criterion at all: neither words, nor facets, nor years, nor days."""
        return not (self.text or self.chosen or self.years or self.days)

    @property
    def years(self) -> tuple[int | None, int | None] | None:
        """Give the range of years; None when both ends are open."""
        ends = (self.first_year, self.last_year)
        return None if ends == (None, None) else ends

    def counted_as(self, facet: str) -> str:
        """Give the facet of the index that answers for one of the page.

        What is available, in some libraries, is to be available in these libraries.
        """
        is_available = self.chosen.get("availability") == (Availability.AVAILABLE,)
        return AVAILABLE_AT if facet == "branch" and is_available else facet

    @property
    def since(self) -> date | None:
        """Give the first day of the window; None when there is none."""
        return timezone.localdate() - timedelta(days=self.days) if self.days else None

    @property
    def filters(self) -> dict[str, tuple[str, ...]]:
        """Give the filters of the index: records, with these values."""
        chosen = {self.counted_as(facet): values for facet, values in self.chosen.items()}
        return {"kind": (KIND,), **chosen}

    def query(
        self, *, limit: int = RECORDS_PER_PAGE, facet_sizes: Mapping[str, int] | None = None
    ) -> search.Query:
        """Put the question to the index: this page of the hits, and the facets to be counted."""
        sizes = {self.counted_as(facet): size for facet, size in (facet_sizes or {}).items()}
        return search.Query(
            self.text,
            self.filters,
            facets=tuple(sizes),
            facet_sizes=sizes,
            sort=self.sort,
            offset=(self.page - 1) * RECORDS_PER_PAGE,
            limit=limit,
            years=self.years,
            since=self.since,
        )

    # Neighbours: the same search but for one thing, from its first page

    def asking(self, text: str) -> "Asked":
        """Give the same search with other words."""
        return replace(self, text=text, page=1)

    def choosing(self, facet: str, value: str) -> "Asked":
        """Give the same search with one more value of a facet."""
        values = dict.fromkeys((*self.chosen.get(facet, ()), value))
        return replace(self, chosen={**self.chosen, facet: tuple(values)}, page=1)

    def without(self, facet: str, value: str) -> "Asked":
        """Give the same search without this value of a facet."""
        values = tuple(kept for kept in self.chosen.get(facet, ()) if kept != value)
        others = {name: kept for name, kept in self.chosen.items() if name != facet}
        return replace(self, chosen={**others, **({facet: values} if values else {})}, page=1)

    def of_years(self, first: int | None, last: int | None) -> "Asked":
        """Give the same search in another range of years."""
        return replace(self, first_year=first, last_year=last, page=1)

    def of_days(self, days: int | None) -> "Asked":
        """Give the same search among what came in within so many days."""
        return replace(self, days=days, page=1)

    def unlimited(self) -> "Asked":
        """Give the same words in the whole catalogue."""
        return Asked(text=self.text, sort=self.sort)

    def sorted_by(self, sort: search.Sort) -> "Asked":
        """Give the same search in another order."""
        return replace(self, sort=sort, page=1)

    def on_page(self, page: int) -> "Asked":
        """Give another page of the same search."""
        return replace(self, page=page)


def _last(state: State, name: str) -> str:
    values = state.get(name, ())
    return values[-1] if values else ""


def _values(facet: str, written: Iterable[str]) -> tuple[str, ...]:
    """Keep what can be a value of this facet, once each."""
    cleaned = (clean(value).strip() for value in written)
    known = CLOSED_LISTS.get(facet)
    kept = [
        value
        for value in cleaned
        if value and len(value) <= LONGEST_VALUE and (known is None or value in known)
    ]
    return tuple(dict.fromkeys(kept))[:MOST_VALUES]


def _number(text: str, most: int) -> int | None:
    """Read a whole number, as people type it in a field; None when it is none, or a silly one."""
    digits = text.strip()
    if not (digits.isascii() and digits.isdigit() and len(digits) < 10):
        return None
    return min(int(digits), most)


def _written(number: int | None) -> str:
    return "" if number is None else str(number)


def _is_single(held: object) -> bool:
    return isinstance(held, str | int) and not isinstance(held, bool)
