"""Reads of the directory that screens, boxes, maps and guides share."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from essor import search
from essor.register.asked import Asked, Order
from essor.register.documents import KIND
from essor.register.models import Vintage
from essor.register.nearby import Centre, Circle, centre_of, circle_around
from essor.search.addresses import PER_PAGE
from essor.search.engines.remembered import Remembered
from essor.territory.models import Territory
from essor.territory.types import Kind

NEAREST_FIRST = 500
"""Of what is near, how many are asked of the index at first, before ten times as many."""


_AREAS: Remembered[str] = Remembered(10)


@dataclass(frozen=True, slots=True)
class Near:
    """What a search is near of; neither centre nor circle when the place is not known."""

    centre: Centre | None = None
    circle: Circle | None = None

    @property
    def keys(self) -> tuple[str, ...] | None:
        """Give the structures that hits are limited to; None when they are not."""
        return self.circle.sirens if self.circle else None


def current_vintage() -> Vintage | None:
    """Give the vintage that is shown; None when the directory is empty."""
    return Vintage.objects.filter(is_current=True).first()


def area_of_vintage(vintage: Vintage) -> str:
    """Give the name of the territory that a vintage covers; remembered, for it is on every page."""
    return _AREAS.get((vintage.pk, vintage.loaded_at), lambda: _area(vintage.area))


def _area(area: str) -> str:
    kind, _colon, code = area.partition(":")
    named = {"kind": kind, "code": code} if code else {"kind": Kind.COUNTRY}
    territory = Territory.objects.filter(**named).first()
    return territory.name if territory else area


def near_of(asked: Asked, vintage: Vintage) -> Near:
    """Find the structures that are near what is asked; all of them when no place is."""
    centre = centre_of(asked, vintage) if asked.is_near else None
    if centre is None:
        return Near()
    return Near(centre, circle_around(centre, asked.radius_km, vintage=vintage))


def sirens_found(asked: Asked, limit: int) -> tuple[str, ...]:
    """Give the first structures of a search, in its order. Raises CannotTellNow."""
    vintage = current_vintage()
    if vintage is None:
        return ()
    near = near_of(asked, vintage)
    if asked.is_near and near.centre is None:
        return ()
    if search.index().lacks(KIND):
        raise search.CannotTellNow
    return sirens_in_order(asked.on_page(1), near, limit=min(limit, search.FURTHEST_HIT))


def count_found(asked: Asked) -> int | None:
    """Count the structures that a search finds; None when that cannot be told now."""
    named = search.index().names(asked.on_page(1).query(limit=1))
    return None if named.is_incomplete else named.total


def sirens_in_order(asked: Asked, near: Near, *, limit: int = PER_PAGE) -> tuple[str, ...]:
    """Give the structures of one page, in the order of the search."""
    if asked.order_in_use is Order.DISTANCE and near.circle:
        first = (asked.page - 1) * PER_PAGE
        return _nearest(asked, near.circle.sirens, first + limit)[first:]
    return search.index().names(asked.query(keys=near.keys, limit=limit)).keys


def _nearest(asked: Asked, sirens: Sequence[str], wanted: int) -> tuple[str, ...]:
    """Give so many of these structures that the search finds, in their order: the index is asked part by part."""
    found: list[str] = []
    start, size = 0, max(NEAREST_FIRST, 2 * wanted)
    while start < len(sirens) and len(found) < wanted:
        part = tuple(sirens[start : start + min(size, search.FURTHEST_HIT)])
        question = asked.on_page(1).query(keys=part, limit=len(part))
        answering = set(search.index().names(question).keys)
        found += [siren for siren in part if siren in answering]
        start, size = start + len(part), size * 10
    return tuple(found[:wanted])


def counts_by_status(results: search.Results) -> Mapping[str, int]:
    """Give how many structures of each status a search finds, whichever it is limited to."""
    return {one.value: one.count for one in results.facets.get("status", ())}
