"""What is asked of the directory: the whole state of a search, as its address says it.

What an address or stored criteria cannot mean is left out, never an error.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import Enum
from typing import Self

from essor import search
from essor.register.documents import KIND, NAMED, OLDEST_DECADE, SIZES, UNKNOWN, YES
from essor.register.types import LISTED, ApprovalKind, Family, Sector
from essor.search.addresses import (
    PER_PAGE,
    Addressed,
    State,
    chosen_in,
    last_of,
    page_of,
    text_of,
)

LONGEST_VALUE = 60
RADII_KM = (1, 2, 5, 10, 20, 50)
USUAL_RADIUS_KM = 5

PARAMETERS = {
    "status": "statut",
    "family": "famille",
    "sector": "secteur",
    "commune": "commune",
    "headcount": "effectif",
    "approval": "agrement",
    "tag": "etiquette",
    "created": "creation",
}
"""Every facet of a structure, in the order of the page, and its name in addresses and criteria."""

CLOSED_LISTS = {
    "status": frozenset(LISTED),
    "family": frozenset(Family),
    "sector": frozenset(Sector),
    "headcount": frozenset((*SIZES, UNKNOWN)),
    "approval": frozenset(ApprovalKind),
    "created": frozenset(
        (*(str(year) for year in range(OLDEST_DECADE, 2100, 10)), "before", UNKNOWN)
    ),
}
"""The facets whose values are known beforehand."""


class Order(Enum):
    """The order of the structures; the values are the names in addresses."""

    RELEVANCE = "pertinence"
    NAME = "nom"
    NEWEST = "recentes"
    DISTANCE = "distance"


class View(Enum):
    """How the structures are listed."""

    CARDS = ""
    TABLE = "tableau"


_SORTS = {
    Order.RELEVANCE: search.Sort.RELEVANCE,
    Order.NAME: search.Sort.TITLE,
    Order.NEWEST: search.Sort.NEWEST,
    Order.DISTANCE: search.Sort.TITLE,
}


@dataclass(frozen=True, slots=True)
class Point:
    """A place on Earth, in degrees WGS 84."""

    latitude: float
    longitude: float


@dataclass(frozen=True, slots=True)
class Asked(Addressed):
    """One search: words, values of each facet, a place to be near, order, page, view.

    `near` is a place as people type it; without one, a `point` that was shared counts. `order` is
    None when it was not chosen.
    """

    near: str = ""
    point: Point | None = None
    radius_km: int = USUAL_RADIUS_KM
    order: Order | None = None
    view: View = View.CARDS

    # Read

    @classmethod
    def in_state(cls, state: State) -> Self:
        """Read lists of texts by name of parameter."""
        radius, near = last_of(state, "rayon"), text_of(state, "pres")
        return cls(
            text=text_of(state, "q"),
            chosen=chosen_in(state, PARAMETERS, closed=CLOSED_LISTS, longest=LONGEST_VALUE),
            near=near,
            point=None if near else _point(last_of(state, "lat"), last_of(state, "lon")),
            radius_km=int(radius) if radius in map(str, RADII_KM) else USUAL_RADIUS_KM,
            order=next((one for one in Order if one.value == last_of(state, "tri")), None),
            view=View.TABLE if last_of(state, "vue") == View.TABLE.value else View.CARDS,
            page=page_of(state),
        )

    # Write

    @property
    def state(self) -> dict[str, list[str]]:
        """Give what an address says, without what goes without saying."""
        radius = str(self.radius_km) if self.is_near and self.radius_km != USUAL_RADIUS_KM else ""
        state = {
            "q": [self.text],
            **{PARAMETERS[facet]: list(values) for facet, values in self.chosen.items()},
            "pres": ["" if self.point else self.near],
            "lat": [_degrees(self.point.latitude) if self.point else ""],
            "lon": [_degrees(self.point.longitude) if self.point else ""],
            "rayon": [radius],
            "tri": [self.order.value if self.order else ""],
            "vue": [self.view.value],
            "page": [str(self.page) if self.page > 1 else ""],
        }
        return {name: values for name, values in state.items() if any(values)}

    @property
    def criteria(self) -> dict[str, list[str]]:
        """Give the criteria of a saved search: the state, without its page."""
        return replace(self, page=1).state

    # Ask

    @property
    def is_near(self) -> bool:
        """Say whether a place was given to be near."""
        return bool(self.point or self.near)

    @property
    def is_blank(self) -> bool:
        """Say whether there is no criterion at all."""
        return not (self.text or self.chosen or self.is_near)

    @property
    def order_in_use(self) -> Order:
        """Give the order: as chosen if it makes sense; else the nearest, the most relevant, or by name."""
        makes_sense = {
            Order.RELEVANCE: bool(self.text),
            Order.DISTANCE: self.is_near,
            Order.NAME: True,
            Order.NEWEST: True,
        }
        if self.order and makes_sense[self.order]:
            return self.order
        ways = (Order.RELEVANCE, Order.DISTANCE, Order.NAME)
        return next(order for order in ways if makes_sense[order])

    @property
    def filters(self) -> dict[str, tuple[str, ...]]:
        """Give the filters of the index: structures, with these values."""
        return {"kind": (KIND,), **self.chosen}

    def query(
        self,
        *,
        keys: tuple[str, ...] | None = None,
        limit: int = PER_PAGE,
        facet_sizes: Mapping[str, int] | None = None,
    ) -> search.Query:
        """Put the question to the index: this page of the hits, and the facets to be counted."""
        return search.Query(
            self.text,
            self.filters if keys is None else {**self.filters, NAMED: YES},
            facets=tuple(facet_sizes or ()),
            facet_sizes=facet_sizes or {},
            sort=_SORTS[self.order_in_use],
            offset=(self.page - 1) * PER_PAGE,
            limit=limit,
            keys=keys,
        )

    # Neighbours: the same search but for one thing, from its first page

    def among(self, facet: str, value: str) -> Self:
        """Give the same search with this value alone of a facet."""
        return replace(self, chosen={**self.chosen, facet: (value,)}, page=1)

    def anywhere(self) -> Self:
        """Give the same search without a place to be near."""
        return replace(self, near="", point=None, radius_km=USUAL_RADIUS_KM, page=1)

    def within(self, radius_km: int) -> Self:
        """Give the same search in another radius."""
        return replace(self, radius_km=radius_km, page=1)

    def unlimited(self) -> Self:
        """Give the same words in the whole directory."""
        return type(self)(text=self.text, order=self.order, view=self.view)

    def ordered_by(self, order: Order) -> Self:
        """Give the same search in another order."""
        return replace(self, order=order, page=1)

    def seen_as(self, view: View) -> Self:
        """Give the same page in another view."""
        return replace(self, view=view)


def _point(latitude: str, longitude: str) -> Point | None:
    """Read a position; None when it is none."""
    try:
        north, east = float(latitude), float(longitude)
    except ValueError:
        return None
    if not (math.isfinite(north) and math.isfinite(east) and abs(north) <= 90 and abs(east) <= 180):
        return None
    return Point(round(north, 4), round(east, 4))


def _degrees(value: float) -> str:
    """Write degrees: ten metres are enough to be near."""
    return f"{value:.4f}".rstrip("0").rstrip(".")
