"""What the page of the directory shows: structures, facets with their values, ways on."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from essor import search
from essor.presentation.templatetags.typography import number
from essor.register.asked import PARAMETERS, RADII_KM, Asked, Order, View
from essor.register.documents import KIND, OLDEST_DECADE, SIZES, UNKNOWN, is_in_force
from essor.register.facets import FACETS, ORDERS, labels_of
from essor.register.labels import activity_label, band_label, family_name, month_label
from essor.register.limits import limits_of, reduced_radius
from essor.register.models import (
    STATUS_LABELS,
    Approval,
    Establishment,
    LegalUnit,
    StructureProfile,
    Vintage,
)
from essor.register.nearby import Nearest
from essor.register.queries import (
    Near,
    area_of_vintage,
    counts_by_status,
    current_vintage,
    near_of,
    sirens_in_order,
)
from essor.register.structure_page import display_name
from essor.register.types import LISTED, Status
from essor.search import Part
from essor.search.answers import (
    MOST_VALUES_LISTED,
    Answered,
    FacetPage,
    ShownFacet,
    Way,
    listed_values,
    shown_facet,
)
from essor.search.excerpts import Wanted
from essor.search.reading import read

VALUES_OFFERED = {
    "status": 3,
    "family": 5,
    "sector": 8,
    "commune": 8,
    "headcount": 6,
    "approval": 2,
    "tag": 8,
    "created": 7,
}
"""The facets of the page, and how many values each offers before the page of all its values."""
IN_ORDER = {
    "status": tuple(map(str, LISTED)),
    "headcount": (*SIZES, UNKNOWN),
    "created": (*map(str, range(2090, OLDEST_DECADE - 1, -10)), "before", UNKNOWN),
}
"""The facets whose values have an order of their own; those of the others come by their counts."""
VALUES_COUNTED = 60


@dataclass(frozen=True, slots=True)
class ShownStructure:
    """A structure in a list. Without identity, it has neither name, nor address, nor anything said of it."""

    unit: LegalUnit
    name: tuple[Part, ...]
    address: str
    family: str
    status: str
    activity: str
    commune: str
    headcount: str
    approvals: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    place: Establishment | None = None
    distance: str = ""

    @property
    def is_hidden(self) -> bool:
        """Say whether its identity is masked or withheld."""
        return not self.address


@dataclass(frozen=True, slots=True)
class Figure:
    """How many structures have a status, and the address of the search among them."""

    status: str
    count: int
    address: str


@dataclass(frozen=True, slots=True)
class Source:
    """Where the figures come from: to be said beside each."""

    vintage: Vintage
    area: str

    @property
    def month(self) -> str:
        """Give the month of the official files in words."""
        return month_label(self.vintage.month)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer(Answered):
    """One page of the answer to a search of the directory."""

    asked: Asked
    source: Source
    near: Near
    structures: tuple[ShownStructure, ...]

    @property
    def recognised(self) -> int:
        """Count those that are recognised, which the headline tells."""
        return counts_by_status(self.results).get(Status.RECOGNISED, 0)

    @property
    def apart(self) -> tuple[Figure, ...]:
        """Give what is counted apart: the declared and the presumed."""
        counts = counts_by_status(self.results)
        return tuple(
            Figure(status, counts.get(status, 0), self.asked.among("status", status).address)
            for status in (Status.DECLARED, Status.PRESUMED)
        )

    @property
    def is_incomplete(self) -> bool:
        """Say whether there may be other structures: the index is being made, or follows a new vintage."""
        return self.results.is_incomplete or not self.source.vintage.is_indexed

    @property
    def is_place_unknown(self) -> bool:
        """Say whether a place was asked for that nobody knows."""
        return self.asked.is_near and self.near.centre is None

    @property
    def reduced_radius(self) -> int | None:
        """Give the radius in use, when what was asked holds too many structures."""
        return reduced_radius(self.asked, self.near)

    @property
    def orders(self) -> tuple[Way, ...]:
        """Give the orders that make sense."""
        current = self.asked.order_in_use
        makes_sense = {Order.RELEVANCE: self.asked.text, Order.DISTANCE: self.near.circle}
        return tuple(
            Way(str(label), self.asked.ordered_by(order).address, order is current)
            for order, label in ORDERS.items()
            if makes_sense.get(order, True)
        )

    @property
    def views(self) -> tuple[Way, ...]:
        """Give the ways to see the list."""
        labels = {View.CARDS: pgettext("view", "cards"), View.TABLE: pgettext("view", "table")}
        lists = (
            Way(label, self.asked.seen_as(view).address, view is self.asked.view)
            for view, label in labels.items()
        )
        return (*lists, Way(pgettext("view", "map"), reverse("directory-map") + self.asked.address))

    @property
    def is_table(self) -> bool:
        """Say whether the list is a table."""
        return self.asked.view is View.TABLE

    @property
    def radii(self) -> tuple[tuple[int, bool], ...]:
        """Give the radii that may be chosen, in kilometres, and whether each is."""
        return tuple((radius, radius == self.asked.radius_km) for radius in RADII_KM)

    @property
    def form_pairs(self) -> tuple[tuple[str, str], ...]:
        """Give what the form keeps of this search: all but the words, the place and the page."""
        return self.asked.asking("").anywhere().pairs


def answer_to(asked: Asked, *, today: date) -> Answer | None:
    """Search the directory; nothing asked shows all of it, by name. None when it is empty."""
    vintage = current_vintage()
    if vintage is None:
        return None
    near = near_of(asked, vintage)
    results, sirens = _found(asked, near)
    labels = labels_of(_values_to_name(asked, results))
    return Answer(
        asked=asked,
        source=Source(vintage, area_of_vintage(vintage)),
        results=results,
        near=near,
        structures=_shown(sirens, asked, results, near, today),
        facets=tuple(_facets(asked, results, labels)),
        chips=tuple(limits_of(asked, near, labels)),
    )


def values_of(asked: Asked, facet: str) -> FacetPage:
    """List the values of one facet among what a search finds, the most frequent first."""
    vintage = current_vintage()
    near = near_of(asked, vintage) if vintage else Near()
    question = asked.on_page(1).query(keys=near.keys)
    counts = search.index().facet_values(question, facet, limit=MOST_VALUES_LISTED)
    labels = labels_of({facet: [counted.value for counted in counts]})[facet]
    page = reverse("directory")
    return FacetPage(
        asked,
        str(FACETS[facet]),
        tuple(listed_values(asked, facet, counts, labels, page)),
        back_address=page + asked.on_page(1).address,
        is_cut=len(counts) >= MOST_VALUES_LISTED,
        is_incomplete=search.index().lacks(KIND),
    )


def _found(asked: Asked, near: Near) -> tuple[search.Results, tuple[str, ...]]:
    """Give the counts, and the structures of the page."""
    sizes = dict.fromkeys(VALUES_OFFERED, VALUES_COUNTED)
    by_distance = asked.order_in_use is Order.DISTANCE and near.circle is not None
    if asked.is_near and near.centre is None:
        return search.Results(), ()
    if by_distance:
        question = asked.on_page(1).query(keys=near.keys, limit=0, facet_sizes=sizes)
        results = search.index().search(question)  # only the counts are wanted
        return results, sirens_in_order(asked, near) if results.total else ()
    results = search.index().search(asked.query(keys=near.keys, facet_sizes=sizes))
    return results, tuple(hit.document.key for hit in results.hits)


def _shown(
    sirens: Sequence[str], asked: Asked, results: search.Results, near: Near, today: date
) -> tuple[ShownStructure, ...]:
    """Read from the store what is shown of these structures, in their order."""
    units = LegalUnit.objects.current().select_related("commune").filter(siren__in=sirens)
    by_siren = {unit.siren: unit for unit in units}
    editorial = _editorial(sirens)
    approvals: dict[str, dict[str, None]] = {}
    for approval in Approval.objects.filter(siren__in=sirens):
        if is_in_force(approval, today):
            approvals.setdefault(approval.siren, {})[approval.get_kind_display()] = None
    nearest = {siren: near.circle.nearest[siren] for siren in sirens} if near.circle else {}
    places = _places(nearest)
    wanted = Wanted.of(read(asked.text), results.match)
    return tuple(
        _shown_one(
            by_siren[siren],
            editorial=editorial.get(siren, _Editorial()),
            approvals=tuple(approvals.get(siren, ())),
            nearest=nearest.get(siren),
            places=places,
            wanted=wanted,
        )
        for siren in sirens
        if siren in by_siren
    )


def _shown_one(
    unit: LegalUnit,
    *,
    editorial: "_Editorial",
    approvals: tuple[str, ...],
    nearest: Nearest | None,
    places: Mapping[str, Establishment],
    wanted: Wanted,
) -> ShownStructure:
    is_hidden = unit.is_partial or editorial.is_withheld
    name = display_name(unit, is_hidden=is_hidden)
    return ShownStructure(
        unit=unit,
        name=(Part(name, False),) if is_hidden else wanted.highlight(name),
        address="" if is_hidden else reverse("structure", args=[unit.siren]),
        family=capfirst(family_name(unit.family)),
        status=str(STATUS_LABELS[Status(unit.status)]),
        activity=activity_label(unit.activity, unit.nomenclature),
        commune=unit.commune.name if unit.commune else "",
        headcount=band_label(unit.headcount_band),
        approvals=() if is_hidden else approvals,
        tags=() if is_hidden else tuple(editorial.tags),
        place=places.get(nearest.siret) if nearest else None,
        distance=distance_in_words(nearest.distance_km) if nearest else "",
    )


@dataclass(slots=True)
class _Editorial:
    """What editors say of a structure in a list."""

    is_withheld: bool = False
    tags: list[str] = field(default_factory=list)


def _editorial(sirens: Sequence[str]) -> Mapping[str, _Editorial]:
    """Read it of some structures, in one query."""
    held: dict[str, _Editorial] = {}
    profiles = StructureProfile.objects.filter(siren__in=sirens).order_by("siren", "tags__name")
    for siren, is_withheld, tag in profiles.values_list("siren", "is_withheld", "tags__name"):
        one = held.setdefault(siren, _Editorial(is_withheld))
        one.tags += [tag] if tag else []
    return held


def _places(nearest: Mapping[str, Nearest]) -> Mapping[str, Establishment]:
    if not nearest:
        return {}
    sirets = [one.siret for one in nearest.values()]
    places = Establishment.objects.current().select_related("commune").filter(siret__in=sirets)
    return {place.siret: place for place in places}


def distance_in_words(kilometres: float) -> str:
    """Give a distance: to 50 metres below a kilometre, to 100 metres beyond."""
    if kilometres < 0.95:
        return _("%(metres)s m") % {"metres": number(max(50, round(kilometres * 20) * 50))}
    return _("%(kilometres)s km") % {"kilometres": number(kilometres, 1)}


def _values_to_name(asked: Asked, results: search.Results) -> Mapping[str, list[str]]:
    return {
        facet: [
            *asked.chosen.get(facet, ()),
            *(counted.value for counted in results.facets.get(facet, ())),
        ]
        for facet in PARAMETERS
    }


def _facets(
    asked: Asked, results: search.Results, labels: Mapping[str, Mapping[str, str]]
) -> Iterator[ShownFacet]:
    """Give the facets that offer a choice, those of which a value is chosen included."""
    for facet, most in VALUES_OFFERED.items():
        counted = list(results.facets.get(facet, ()))
        if facet in IN_ORDER:
            counted.sort(key=lambda one: IN_ORDER[facet].index(one.value))
        shown = shown_facet(
            asked,
            facet,
            label=str(FACETS[facet]),
            labels=labels[facet],
            counts={one.value: one.count for one in counted},
            most=most,
            more_address=_more_address(asked, facet),
        )
        if shown:
            yield shown


def _more_address(asked: Asked, facet: str) -> str:
    return reverse("directory_values", args=[PARAMETERS[facet]]) + asked.on_page(1).address
