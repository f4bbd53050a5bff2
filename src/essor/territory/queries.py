"""Which territory is meant, what it belongs to, what it is made of, and its outline."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import Case, IntegerField, Q, Value, When

from essor.territory.models import KIND_RANK, Alias, Contour, Territory, TerritoryQuerySet
from essor.territory.rules import decode_ring, fold, is_code, tidy_code
from essor.territory.types import PARENT_KINDS, Kind

_NOTHING = Q(pk__in=())


def territory_at(kind: str, code: str) -> Territory | None:
    """Give the territory of exactly this kind and code, in force or not."""
    return Territory.objects.with_parents().filter(kind=kind, code=code).first()


def find_territory(text: str, *, kind: Kind | None = None) -> Territory | None:
    """Give the territory that a code or a full name means, whatever the case, accents and hyphens.

    Of several, the most populous, and the commune before the department of the same name: give the
    kind to be sure. A former commune is answered by its successor. Nothing for a part of a name.
    """
    return (
        _with_code(text, kind=kind)
        or _with_name(text, kind=kind)
        or _succeeding_a_name(fold(text), kind=kind)
    )


def territories_named(text: str, *, kind: Kind | None = None) -> TerritoryQuerySet:
    """Give the territories that a code or name, whole or begun, may mean: the likeliest first.

    Exact names come before those that a former commune bore, those that begin so, and those that
    have words beginning so in any order; then the most populous. Former communes are not given:
    their successors are. Nothing for a text without a letter or a digit.
    """
    exact, begins, words = _ways_to_call(text)
    return _by_tier(
        _of_kind(Territory.objects.current(), kind),
        exact,
        Q(pk__in=_succeeding(exact)),
        begins,
        words | Q(pk__in=_succeeding(begins | words)),
    )


def territories_spelt(text: str) -> TerritoryQuerySet:
    """Give the territories that themselves bear a name or code like this one, former communes among them.

    Exact names come first, then those that begin so, then those that have such words.
    """
    return _by_tier(Territory.objects.all(), *_ways_to_call(text))


def parents_of(territory: Territory) -> tuple[Territory, ...]:
    """Give what a territory belongs to, nearest first, up to France."""
    ids = [getattr(territory, f"{parent}_id") for parent in PARENT_KINDS]
    wanted = Q(pk__in=[pk for pk in ids if pk])
    if territory.kind != Kind.COUNTRY:
        wanted |= Q(kind=Kind.COUNTRY)
    found = {parent.kind: parent for parent in Territory.objects.filter(wanted)}
    order = (*PARENT_KINDS.values(), Kind.COUNTRY)
    return tuple(found[kind] for kind in order if kind in found)


def members_of(territory: Territory, *, kind: Kind = Kind.COMMUNE) -> TerritoryQuerySet:
    """Give the territories of one kind that belong to this one, by name; none for a kind without link."""
    members = Territory.objects.in_force().filter(kind=kind).order_by("folded", "code")
    if territory.kind == Kind.COUNTRY:
        return members.exclude(pk=territory.pk)
    column = next((name for name, of in PARENT_KINDS.items() if of == territory.kind), None)
    return members.filter(**{column: territory}) if column else members.none()


def contours_of(territories: Iterable[Territory]) -> Mapping[int, dict[str, Any]]:
    """Give the outlines of territories as GeoJSON geometries, by primary key, in one query.

    A territory without an outline is absent.
    """
    wanted = [territory.pk for territory in territories]
    return {
        contour.territory_id: _geometry(contour)
        for contour in Contour.objects.filter(territory__in=wanted)
    }


def _geometry(contour: Contour) -> dict[str, Any]:
    polygons = [[decode_ring(ring) for ring in polygon] for polygon in contour.polygons]
    return {"type": "MultiPolygon", "coordinates": polygons}


def _with_code(text: str, *, kind: Kind | None) -> Territory | None:
    if not is_code(text):
        return None
    found = _of_kind(Territory.objects.in_force(), kind).filter(code=tidy_code(text))
    first = found.with_parents().order_by(KIND_RANK).first()
    return first.successor if first else None


def _with_name(text: str, *, kind: Kind | None) -> Territory | None:
    """Give the most populous; of "Le Ham" and "Ham", which fold alike, the one spelt as asked."""
    exact = Q(folded=fold(text)) | Q(pk__in=_bearing(Q(folded=fold(text))))
    found = list(_of_kind(Territory.objects.current().filter(exact), kind).with_parents().ranked())
    spelt = [near for near in found if _spelling(near.name) == _spelling(text)]
    return next(iter(spelt or found), None)


def _succeeding_a_name(name: str, *, kind: Kind | None) -> Territory | None:
    successors = Territory.objects.current().filter(pk__in=_succeeding(Q(folded=name)))
    return _of_kind(successors, kind).with_parents().ranked().first()


def _of_kind(territories: TerritoryQuerySet, kind: Kind | None) -> TerritoryQuerySet:
    return territories.filter(kind=kind) if kind else territories


def _ways_to_call(text: str) -> tuple[Q, Q, Q]:
    """Give what holds of a territory called so exactly, of one whose name or code begins so, or has such words."""
    name = fold(text)
    if not name:
        return _NOTHING, _NOTHING, _NOTHING
    exact = Q(folded=name) | Q(pk__in=_bearing(Q(folded=name)))
    begins = Q(folded__startswith=name) | Q(pk__in=_bearing(Q(folded__startswith=name)))
    if is_code(text):
        exact |= Q(code=tidy_code(text))
        begins |= Q(code__startswith=tidy_code(text))
    return exact, begins, _words(name)


def _by_tier(territories: TerritoryQuerySet, *ways: Q) -> TerritoryQuerySet:
    """Keep the territories of which one condition holds; those of the first condition first."""
    tier = Case(
        *(When(way, then=Value(rank)) for rank, way in enumerate(ways)),
        output_field=IntegerField(),
    )
    kept = territories.with_parents().annotate(tier=tier).filter(tier__isnull=False)
    return kept.ranked("tier")


def _bearing(condition: Q) -> Any:
    return Alias.objects.filter(condition).values("territory")


def _succeeding(condition: Q) -> Any:
    former = Territory.objects.in_force().filter(condition, kind=Kind.FORMER_COMMUNE)
    return former.values("commune")


def _words(name: str) -> Q:
    """Keep names that have a word beginning with each word of this one."""
    condition = Q()
    for word in name.split()[:8]:
        condition &= Q(folded__startswith=word) | Q(folded__contains=f" {word}")
    return condition


def _spelling(name: str) -> str:
    """Give a name in plain words with its articles: what folding leaves of each word on its own."""
    words = name.replace("'", " ").replace("’", " ").replace("-", " ").split()
    return " ".join(fold(word) for word in words)
