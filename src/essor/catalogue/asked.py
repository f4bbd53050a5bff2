"""What is asked of the catalogue: the whole state of a search, as its address says it.

One value serves the page of results, the saved searches (their `criteria` are this state in JSON)
and the engine: each form is read back from the others without loss. What an address or stored
criteria cannot mean is left out, never an error.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, Self

from django.utils import timezone

from essor import search
from essor.catalogue.documents import AVAILABLE_AT, KIND
from essor.catalogue.types import Audience, Availability, DocumentType
from essor.search.addresses import (
    PER_PAGE,
    Addressed,
    State,
    chosen_in,
    last_of,
    number_in,
    page_of,
    text_of,
)

LONGEST_VALUE = 200
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


@dataclass(frozen=True, slots=True)
class Asked(Addressed):
    """One search: words, the values of each facet, years of publication, order, page.

    `first_year` and `last_year` are both included; None is an open end. `days` keeps what came into
    the catalogue within so many days.
    """

    first_year: int | None = None
    last_year: int | None = None
    days: int | None = None
    sort: search.Sort = search.Sort.RELEVANCE

    # Read

    @classmethod
    def in_state(cls, state: State) -> Self:
        """Read lists of texts by name of parameter."""
        years = [number_in(last_of(state, name), FURTHEST_YEAR) for name in ("de", "a")]
        if None not in years:
            years.sort(key=lambda year: year or 0)
        return cls(
            text=text_of(state, "q"),
            chosen=chosen_in(state, PARAMETERS, closed=CLOSED_LISTS, longest=LONGEST_VALUE),
            first_year=years[0],
            last_year=years[1],
            days=number_in(last_of(state, "jours"), MOST_DAYS) or None,
            sort=_SORTS_BY_NAME.get(last_of(state, "tri"), search.Sort.RELEVANCE),
            page=page_of(state),
        )

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
        self, *, limit: int = PER_PAGE, facet_sizes: Mapping[str, int] | None = None
    ) -> search.Query:
        """Put the question to the index: this page of the hits, and the facets to be counted."""
        sizes = {self.counted_as(facet): size for facet, size in (facet_sizes or {}).items()}
        return search.Query(
            self.text,
            self.filters,
            facets=tuple(sizes),
            facet_sizes=sizes,
            sort=self.sort,
            offset=(self.page - 1) * PER_PAGE,
            limit=limit,
            years=self.years,
            since=self.since,
        )

    # Neighbours: the same search but for one thing, from its first page

    def of_years(self, first: int | None, last: int | None) -> Self:
        """Give the same search in another range of years."""
        return replace(self, first_year=first, last_year=last, page=1)

    def of_days(self, days: int | None) -> Self:
        """Give the same search among what came in within so many days."""
        return replace(self, days=days, page=1)

    def unlimited(self) -> Self:
        """Give the same words in the whole catalogue."""
        return type(self)(text=self.text, sort=self.sort)

    def sorted_by(self, sort: search.Sort) -> Self:
        """Give the same search in another order."""
        return replace(self, sort=sort, page=1)


def _written(number: int | None) -> str:
    return "" if number is None else str(number)
