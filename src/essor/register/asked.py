"""What is asked of the directory: the whole state of a search, as its address says it.

What an address or stored criteria cannot mean is left out, never an error.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import Enum
from typing import Any
from urllib.parse import urlencode

from essor import search
from essor.register.documents import KIND, NAMED, OLDEST_DECADE, SIZES, UNKNOWN, YES
from essor.register.types import LISTED, ApprovalKind, Family, Sector
from essor.search.words import clean

LONGEST_TEXT = 200
LONGEST_VALUE = 60
MOST_VALUES = 30
"""Values of one facet that a search can name."""
PER_PAGE = 20
LAST_PAGE = search.FURTHEST_HIT // PER_PAGE
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

State = Mapping[str, Sequence[str]]
"""Values by name of parameter, as an address has them: all of them are lists."""


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
class Asked:
    """One search: words, values of each facet, a place to be near, order, page, view.

    Any of the values of one facet will do, all facets must hold. `near` is a place as people type
    it; a `point` that was shared counts in its stead. `order` is None when it was not chosen.
    """

    text: str = ""
    chosen: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    near: str = ""
    point: Point | None = None
    radius_km: int = USUAL_RADIUS_KM
    order: Order | None = None
    view: View = View.CARDS
    page: int = 1

    # Read

    @classmethod
    def in_state(cls, state: State) -> "Asked":
        """Read lists of texts by name of parameter."""
        chosen = {facet: _values(facet, state.get(name, ())) for facet, name in PARAMETERS.items()}
        radius, page = _last(state, "rayon"), _last(state, "page")
        return cls(
            text=_text(_last(state, "q")),
            chosen={facet: values for facet, values in chosen.items() if values},
            near=_text(_last(state, "pres")),
            point=_point(_last(state, "lat"), _last(state, "lon")),
            radius_km=int(radius) if radius in map(str, RADII_KM) else USUAL_RADIUS_KM,
            order=next((one for one in Order if one.value == _last(state, "tri")), None),
            view=View.TABLE if _last(state, "vue") == View.TABLE.value else View.CARDS,
            page=min(max(_number(page), 1), LAST_PAGE),
        )

    @classmethod
    def in_address(cls, parameters: Any) -> "Asked":
        """Read the parameters of an address (a QueryDict)."""
        return cls.in_state(dict(parameters.lists()))

    @classmethod
    def in_criteria(cls, criteria: object) -> "Asked":
        """Read stored criteria: the same state, in JSON."""
        if not isinstance(criteria, Mapping):
            return cls()
        state = {
            str(name): [str(value) for value in ([held] if isinstance(held, str) else held)]
            for name, held in criteria.items()
            if isinstance(held, str | list | tuple)
        }
        return replace(cls.in_state(state), page=1)

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

    def among(self, facet: str, value: str) -> "Asked":
        """Give the same search with this value alone of a facet."""
        return replace(self, chosen={**self.chosen, facet: (value,)}, page=1)

    def anywhere(self) -> "Asked":
        """Give the same search without a place to be near."""
        return replace(self, near="", point=None, radius_km=USUAL_RADIUS_KM, page=1)

    def within(self, radius_km: int) -> "Asked":
        """Give the same search in another radius."""
        return replace(self, radius_km=radius_km, page=1)

    def unlimited(self) -> "Asked":
        """Give the same words in the whole directory."""
        return Asked(text=self.text, order=self.order, view=self.view)

    def ordered_by(self, order: Order) -> "Asked":
        """Give the same search in another order."""
        return replace(self, order=order, page=1)

    def seen_as(self, view: View) -> "Asked":
        """Give the same page in another view."""
        return replace(self, view=view)

    def on_page(self, page: int) -> "Asked":
        """Give another page of the same search."""
        return replace(self, page=page)


def _last(state: State, name: str) -> str:
    values = state.get(name, ())
    return values[-1] if values else ""


def _text(written: str) -> str:
    return " ".join(clean(written).split())[:LONGEST_TEXT].strip()


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


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 1


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
