"""The structures that a search of the directory finds, as a question to the store: maps count them there.

What the index is asked is asked of the store in the same words, facet by facet, so that maps and lists
agree. Words are the index's own: of these, the structures that answer best, up to a bound.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from types import MappingProxyType
from typing import Any
from urllib.parse import urlencode

from django.db.models import CharField, Lookup, Q, QuerySet
from django.utils import timezone

from essor import search
from essor.register.asked import Asked, View
from essor.register.documents import KIND, OLDEST_DECADE, SIZE_OF_BAND, SIZES, UNKNOWN
from essor.register.models import (
    Approval,
    Establishment,
    LegalUnit,
    StructureProfile,
    Vintage,
)
from essor.register.queries import Near, current_vintage, near_of
from essor.search.engines.remembered import Remembered
from essor.territory.models import Territory
from essor.territory.queries import members_of
from essor.territory.types import Kind

MOST_SIRENS = 100
NAMES_KEPT = 20

_NAMES: Remembered[search.Names] = Remembered(NAMES_KEPT)


@dataclass(frozen=True, slots=True)
class Found:
    """The structures of one vintage that are found. `sirens` are those chosen one by one, if they were.

    `near` is the place asked. `keys` are those that have the words asked, or are near it; None when neither is.
    Of words that more structures have than the index tells, `is_cut`: only the best are here. While
    the index is made, it `is_incomplete`. A question that no address can put has none (`is_nameless`).
    """

    units: QuerySet[LegalUnit]
    vintage: Vintage
    asked: Asked = field(default_factory=Asked)
    sirens: tuple[str, ...] = ()
    near: Near = field(default_factory=Near)
    keys: tuple[str, ...] | None = None
    is_cut: bool = False
    is_incomplete: bool = False
    is_nameless: bool = False

    @property
    def address(self) -> str:
        """The query string that finds them again, with its question mark; empty when everything is found."""
        return self.address_of(self.asked)

    @property
    def is_everything(self) -> bool:
        """Whether nothing limits what is found."""
        return self.asked.is_blank and not (self.sirens or self.is_nameless)

    def in_commune(self, code: str) -> str:
        """Give the query string that finds those of one commune."""
        return self.address_of(self.asked.among("commune", code))

    def among(self, sirens: Iterable[str]) -> "Found":
        """Keep these structures alone."""
        chosen = tuple(sirens)
        return replace(self, units=self.units.filter(siren__in=chosen), sirens=chosen)

    def in_territory(self, territory: Territory) -> "Found":
        """Keep the structures of one territory."""
        if territory.kind == Kind.COMMUNE:
            asked = self.asked.among("commune", territory.code)
            units = self.units.filter(_in_communes((territory.code,), timezone.localdate()))
            return replace(self, units=units, asked=asked)
        units = self.units.filter(commune__in=members_of(territory))
        return replace(self, units=units, is_nameless=True)

    def address_of(self, asked: Asked) -> str:
        """Give the query string of another search, on a map: it has neither order nor page."""
        state = replace(asked, order=None, view=View.CARDS, page=1).state
        if self.sirens:
            state["siren"] = list(self.sirens)
        return f"?{urlencode(state, doseq=True)}" if state else ""


def structures_found(parameters: Any) -> Found | None:
    """Read the state of a search from an address (a QueryDict); None when no vintage is shown."""
    vintage = current_vintage()
    if vintage is None:
        return None
    asked = Asked.in_address(parameters)
    found = _answering(asked, vintage)
    sirens = [one for one in parameters.getlist("siren") if one.isdecimal() and len(one) == 9]
    return found.among(sirens[:MOST_SIRENS]) if sirens else found


def _answering(asked: Asked, vintage: Vintage) -> Found:
    units: QuerySet[LegalUnit] = LegalUnit.objects.filter(vintage=vintage)
    near = near_of(asked, vintage)
    if asked.is_near and near.centre is None:
        return Found(units.none(), vintage, asked, near=near, keys=())
    if asked.text:
        found = _named_by_words(asked, near, vintage)
        return Found(
            units.filter(siren__among=found.keys),
            vintage,
            asked,
            near=near,
            keys=found.keys,
            is_cut=found.total > len(found.keys),
            is_incomplete=found.is_incomplete,
        )
    if near.keys is not None:
        # One withheld since the vintage was loaded is in no circle: that would tell where it is.
        units = units.filter(_is_named(), siren__among=near.keys)
    for facet, values in asked.chosen.items():
        units = limited(units, facet, values)
    return Found(units, vintage, asked, near=near, keys=near.keys)


def _named_by_words(asked: Asked, near: Near, vintage: Vintage) -> search.Names:
    """Ask the index, or remember its answer until it changes: a map is moved many times over the same words.

    Whether structures may still be seen is asked of the store, of which all that is found is read.
    """
    question = replace(asked, page=1).query(keys=near.keys, limit=search.FURTHEST_HIT)
    if search.index().lacks(KIND):
        return search.index().names(question)
    state = search.index().engine.state()
    key = (state, vintage.pk, vintage.loaded_at, asked.on_page(1).address)
    return _NAMES.get(key, lambda: search.index().names(question))


def limited(units: QuerySet[LegalUnit], facet: str, values: tuple[str, ...]) -> QuerySet[LegalUnit]:
    """Keep the structures that have one of these values of a facet."""
    return units.filter(_FACETS[facet](values, timezone.localdate()))


def named(units: QuerySet[LegalUnit]) -> QuerySet[LegalUnit]:
    """Keep the structures whose identity may be shown."""
    return units.filter(_is_named())


def _is_named() -> Q:
    withheld = StructureProfile.objects.filter(is_withheld=True).values("siren")
    return Q(is_partial=False) & ~Q(siren__in=withheld)


def _in_communes(codes: tuple[str, ...], today: date) -> Q:
    """Keep those that have an establishment there: a structure may be in several communes."""
    shown = Vintage.objects.filter(is_current=True).order_by().values("pk")
    communes = Territory.objects.filter(code__in=codes).order_by().values("pk")
    places = Establishment.objects.filter(vintage__in=shown, commune__in=communes)
    return Q(pk__in=places.order_by().values("unit"))


def _of_sizes(sizes: tuple[str, ...], today: date) -> Q:
    bands = [band for size in sizes for band in SIZES.get(size, ())]
    unknown = ~Q(headcount_band__in=tuple(SIZE_OF_BAND)) if UNKNOWN in sizes else Q(pk__in=())
    return Q(headcount_band__in=bands) | unknown


def _created_in(decades: tuple[str, ...], today: date) -> Q:
    condition = Q(pk__in=())
    for decade in decades:
        if decade == UNKNOWN:
            condition |= Q(created_on=None)
        elif decade.isdecimal():
            first = int(decade)
            condition |= Q(created_on__range=(date(first, 1, 1), date(first + 9, 12, 31)))
        else:
            condition |= Q(created_on__lt=date(OLDEST_DECADE, 1, 1))
    return condition


def _approved(kinds: tuple[str, ...], today: date) -> Q:
    """Keep those with an approval in force; nothing is said of structures without identity."""
    begun = Q(starts_on=None) | Q(starts_on__lte=today)
    lasting = Q(ends_on=None) | Q(ends_on__gte=today)
    held = Approval.objects.filter(begun & lasting, kind__in=kinds).order_by().values("siren")
    return Q(siren__in=held) & _is_named()


def _tagged(slugs: tuple[str, ...], today: date) -> Q:
    profiles = StructureProfile.objects.filter(tags__slug__in=slugs).order_by().values("siren")
    return Q(siren__in=profiles) & _is_named()


def _column(name: str) -> Callable[[tuple[str, ...], date], Q]:
    return lambda values, today: Q(**{f"{name}__in": values})


_FACETS: Mapping[str, Callable[[tuple[str, ...], date], Q]] = MappingProxyType(
    {
        "status": _column("status"),
        "family": _column("family"),
        "sector": _column("sector"),
        "commune": _in_communes,
        "headcount": _of_sizes,
        "approval": _approved,
        "tag": _tagged,
        "created": _created_in,
    }
)


@CharField.register_lookup
class Among(Lookup):
    """`siren__among`: one of many texts, given as one parameter (stores refuse some ten thousand of them)."""

    lookup_name = "among"
    prepare_rhs = False

    def as_sqlite(self, compiler: Any, connection: Any) -> Any:
        """Read them from a JSON list."""
        column, parameters = self.process_lhs(compiler, connection)
        values = json.dumps(list(self.rhs))
        return f"{column} IN (SELECT value FROM json_each(%s))", [*parameters, values]  # noqa: S608

    def as_postgresql(self, compiler: Any, connection: Any) -> Any:
        """Give them as an array."""
        column, parameters = self.process_lhs(compiler, connection)
        return f"{column} = ANY(%s)", [*parameters, list(self.rhs)]
