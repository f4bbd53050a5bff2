"""What the page of a search shows: records with their libraries, facets with their values, ways on."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import npgettext, pgettext

from essor import search
from essor.catalogue.asked import PARAMETERS, Asked
from essor.catalogue.documents import KIND
from essor.catalogue.finding import numbers_of_hits, records_in_order
from essor.catalogue.holdings import Holding, holdings_of
from essor.catalogue.labels import FACETS, SORTS, labels_of
from essor.catalogue.models import Record
from essor.catalogue.rules import folded
from essor.presentation.templatetags.typography import number
from essor.search import Part
from essor.search.answers import (
    MOST_VALUES_LISTED,
    Answered,
    Chip,
    FacetPage,
    FacetValue,
    ShownFacet,
    Way,
    chips_of,
    listed_values,
    shown_facet,
)
from essor.search.excerpts import Wanted
from essor.search.reading import read

VALUES_OFFERED = {
    "document_type": 11,
    "branch": 8,
    "availability": 4,
    "year": 6,
    "creator": 6,
    "subject": 6,
    "language": 5,
    "class": 10,
    "publisher": 5,
    "audience": 4,
}
"""The facets of the page, and how many values each offers before the page of all its values."""

CODED = frozenset({"document_type", "branch", "availability", "language", "class", "audience"})
"""The facets that the index knows by codes: their words are ours to look into."""
VALUES_COUNTED = 50
YEARS_COUNTED = 500
DECADES_OFFERED = 5
DAYS_OFFERED = (7, 30, 90, 365)
"""Since when documents came in, as the page offers it; an address may say any number of days."""


@dataclass(frozen=True, slots=True)
class ShownRecord:
    """A record in a list: its titles with the words that match, what surrounds them in its text, where it is."""

    record: Record
    title: tuple[Part, ...]
    subtitle: tuple[Part, ...]
    excerpt: tuple[Part, ...] = ()
    holdings: tuple[Holding, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer(Answered):
    """One page of the answer to a search of the catalogue."""

    asked: Asked
    records: tuple[ShownRecord, ...]

    @property
    def sorts(self) -> tuple[Way, ...]:
        """Give the orders; by relevance only when there are words it can be relevant to."""
        current = self.asked.sort
        if not self.asked.text and current is search.Sort.RELEVANCE:
            current = search.Sort.NEWEST
        return tuple(
            Way(str(label), self.asked.sorted_by(sort).address, sort is current)
            for sort, label in SORTS.items()
            if self.asked.text or sort is not search.Sort.RELEVANCE
        )

    @property
    def form_pairs(self) -> tuple[tuple[str, str], ...]:
        """Give what the form of the words keeps of this search: all but the words and the page."""
        return tuple(pair for pair in self.asked.on_page(1).pairs if pair[0] != "q")

    @property
    def year_form_pairs(self) -> tuple[tuple[str, str], ...]:
        """Give what the form of the years keeps of this search: all but the years and the page."""
        return self.asked.of_years(None, None).pairs

    @property
    def days_offered(self) -> tuple[tuple[int, str], ...]:
        """Give the numbers of days that may be chosen, with their words: those of this search too."""
        offered = {*DAYS_OFFERED, self.asked.days or DAYS_OFFERED[0]}
        return tuple((days, _days_in_words(days)) for days in sorted(offered))

    @property
    def days_form_pairs(self) -> tuple[tuple[str, str], ...]:
        """Give what the form of the days keeps of this search: all but the days and the page."""
        return self.asked.of_days(None).pairs


def answer_to(asked: Asked) -> Answer:
    """Search the catalogue; nothing asked shows all of it, the latest arrivals first."""
    sizes = dict.fromkeys(VALUES_OFFERED, VALUES_COUNTED) | {"year": YEARS_COUNTED}
    results = search.index().search(asked.query(facet_sizes=sizes))
    labels = labels_of(_values_to_name(asked, results))
    return Answer(
        asked=asked,
        results=results,
        records=_shown_hits(asked, results),
        facets=tuple(_facets(asked, results, labels)),
        chips=tuple(_chips(asked, labels)),
    )


def values_of(asked: Asked, facet: str, beginning: str) -> FacetPage:
    """List the values of one facet among what a search finds, the most frequent first."""
    is_coded = facet in CODED
    counts = search.index().facet_values(
        asked.on_page(1).query(),
        asked.counted_as(facet),
        beginning="" if is_coded else beginning,
        limit=MOST_VALUES_LISTED,
    )
    is_cut = len(counts) >= MOST_VALUES_LISTED
    labels = labels_of({facet: [counted.value for counted in counts]})[facet]
    if is_coded:
        beginning_folded = folded(beginning)
        counts = tuple(one for one in counts if _has_word(labels[one.value], beginning_folded))
    page = reverse("catalogue")
    return FacetPage(
        asked,
        str(FACETS[facet]),
        tuple(listed_values(asked, facet, counts, labels, page)),
        back_address=page + asked.on_page(1).address,
        is_cut=is_cut,
        is_incomplete=search.index().lacks(KIND),
        beginning=beginning,
    )


def _has_word(label: str, beginning: str) -> bool:
    """Say whether a word of the label begins so; both are folded."""
    return f" {beginning}" in f" {folded(label)}"


def shown(records: Sequence[Record]) -> tuple[ShownRecord, ...]:
    """Give records as a list shows them when nothing was searched."""
    holdings = holdings_of(records)
    return tuple(
        ShownRecord(
            record,
            (Part(record.title, False),),
            (Part(record.subtitle, False),) if record.subtitle else (),
            holdings=holdings.get(record.pk, ()),
        )
        for record in records
    )


def _shown_hits(asked: Asked, results: search.Results) -> tuple[ShownRecord, ...]:
    records = records_in_order(numbers_of_hits(results))
    holdings = holdings_of(records)
    wanted = Wanted.of(read(asked.text), results.match)
    return tuple(
        ShownRecord(
            record,
            wanted.highlight(record.title),
            wanted.highlight(record.subtitle),
            _excerpt(record, wanted),
            holdings.get(record.pk, ()),
        )
        for record in records
    )


def _excerpt(record: Record, wanted: Wanted) -> tuple[Part, ...]:
    """Give what surrounds the words that match in what the list does not show; nothing when none does."""
    parts = wanted.excerpt("\n".join((record.summary, *record.notes)))
    return parts if any(part.is_match for part in parts) else ()


def _values_to_name(asked: Asked, results: search.Results) -> Mapping[str, list[str]]:
    return {
        facet: [
            *asked.chosen.get(facet, ()),
            *(counted.value for counted in results.facets.get(asked.counted_as(facet), ())),
        ]
        for facet in PARAMETERS
        if facet != "year" or facet in asked.chosen
    }


def _facets(
    asked: Asked, results: search.Results, labels: Mapping[str, Mapping[str, str]]
) -> Iterator[ShownFacet]:
    """Give the facets that offer a choice, those of which a value is chosen included."""
    for facet, most in VALUES_OFFERED.items():
        counted = results.facets.get(asked.counted_as(facet), ())
        counts = {one.value: one.count for one in counted}
        shown = shown_facet(
            asked,
            facet,
            label=str(FACETS[facet]),
            labels=labels.get(facet, {}),
            counts=counts,
            most=0 if facet == "year" else most,
            more_address="" if facet == "year" else _more_address(asked, facet),
        )
        if shown and facet == "year":
            yield replace(shown, offered=tuple(_decades(asked, counts)))
        elif shown:
            yield shown


def _more_address(asked: Asked, facet: str) -> str:
    return reverse("catalogue_values", args=[PARAMETERS[facet]]) + asked.on_page(1).address


def _decades(asked: Asked, counts: Mapping[str, int]) -> Iterator[FacetValue]:
    """Give the latest decades and what is older, each as a range of years; none when there is one only."""
    years = sorted(
        ((int(year), count) for year, count in counts.items() if year.isdecimal()), reverse=True
    )
    decades = [
        (decade, sum(count for _year, count in group))
        for decade, group in groupby(years, key=lambda pair: pair[0] // 10 * 10)
    ]
    if asked.years or len(decades) < 2:
        return
    for decade, count in decades[:DECADES_OFFERED]:
        yield FacetValue(
            f"{decade}–{decade + 9}", count, asked.of_years(decade, decade + 9).address
        )
    if older := decades[DECADES_OFFERED:]:
        before = decades[DECADES_OFFERED - 1][0]
        yield FacetValue(
            _("before %(year)s") % {"year": before},
            sum(count for _decade, count in older),
            asked.of_years(None, before - 1).address,
        )


def _chips(asked: Asked, labels: Mapping[str, Mapping[str, str]]) -> Iterator[Chip]:
    yield from chips_of(asked, FACETS, labels)
    if asked.years:
        yield Chip(
            str(FACETS["year"]), years_in_words(*asked.years), asked.of_years(None, None).address
        )
    if asked.days:
        label = pgettext("records", "Came in within")
        yield Chip(label, _days_in_words(asked.days), asked.of_days(None).address)


def _days_in_words(days: int) -> str:
    said = npgettext("records came in within", "%(count)s day", "%(count)s days", days)
    return said % {"count": number(days)}


def years_in_words(first: int | None, last: int | None) -> str:
    """Give a range of years in words."""
    if first == last:
        return str(first)
    if first is None:
        return _("until %(last)s") % {"last": last}
    if last is None:
        return _("since %(first)s") % {"first": first}
    return _("%(first)s to %(last)s") % {"first": first, "last": last}
