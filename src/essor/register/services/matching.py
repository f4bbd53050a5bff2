"""What matching needs of the store: the commune of each row, and the structures that it may speak of."""

from collections import OrderedDict, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Q

from essor.register.importers import gettext_noop as _
from essor.register.importers.directories import EntryRow
from essor.register.matching import Known, Match, Neighbours, match_of
from essor.register.models import Establishment, LegalUnit
from essor.territory.models import Territory
from essor.territory.queries import contours_of
from essor.territory.rules import fold
from essor.territory.types import Kind

COMMUNES_HELD = 64
"""Communes whose structures are kept at hand: a list goes through them more or less in order."""
MARGIN_DEGREES = 0.02
"""Some two kilometres: outlines are simplified, and addresses at the edge are of either side."""

_NO_SUCH_COMMUNE = (
    _("No commune has this name where the postcode says."),
    _("It was matched by its SIRET only: check the commune and the postcode."),
)
_SEVERAL_COMMUNES = (
    _("Several communes have this name."),
    _("Give their postcode: without it the row is matched by its SIRET only."),
)
_FORMER_COMMUNE = (
    _("The commune is a former one."),
    _("The commune that took its place was taken."),
)
_POINT_ELSEWHERE = (
    _("The coordinates are not in the commune."),
    _("The address was probably looked up in another town."),
)
_PLACES = (Kind.COMMUNE, Kind.FORMER_COMMUNE, Kind.MUNICIPAL_ARRONDISSEMENT)

Fault = tuple[str, str]
Box = tuple[float, float, float, float]
"""West, south, east and north, in degrees."""


@dataclass(frozen=True, slots=True)
class Found:
    """What the store says of a row: its commune, what is wrong with it, the structure it is."""

    commune: Territory | None
    faults: tuple[Fault, ...]
    match: Match


class Matcher:
    """Matches rows, batch after batch, with the structures of the vintage that is shown."""

    def __init__(self) -> None:
        self._neighbours: OrderedDict[int, Neighbours] = OrderedDict()
        self._boxes: dict[int, Box | None] = {}

    def matched(self, entries: Sequence[EntryRow]) -> list[Found]:
        """Give what the store says of each row, in their order."""
        placed = communes_of(entries)
        self._measure({commune.pk: commune for commune, _faults in placed if commune})
        by_siret = _by_siret({entry.siret for entry in entries} - {""})
        sirens = {entry.siren for entry in entries} | {entry.damaged_siret[:9] for entry in entries}
        by_siren = _by_siren(sirens - {""})
        return [
            Found(
                commune,
                (*faults, *self._point_faults(entry, commune)),
                match_of(
                    entry,
                    by_siret=by_siret,
                    by_siren=by_siren,
                    neighbours=self._neighbours_in(commune) if commune else None,
                ),
            )
            for entry, (commune, faults) in zip(entries, placed, strict=True)
        ]

    def _neighbours_in(self, commune: Territory) -> Neighbours:
        if commune.pk not in self._neighbours:
            self._neighbours[commune.pk] = Neighbours(commune.name, _structures_in(commune))
            if len(self._neighbours) > COMMUNES_HELD:
                self._neighbours.popitem(last=False)
        self._neighbours.move_to_end(commune.pk)
        return self._neighbours[commune.pk]

    def _measure(self, communes: Mapping[int, Territory]) -> None:
        unknown = [commune for pk, commune in communes.items() if pk not in self._boxes]
        outlines = contours_of(unknown)
        for commune in unknown:
            outline = outlines.get(commune.pk)
            self._boxes[commune.pk] = _box(outline["coordinates"]) if outline else None

    def _point_faults(self, entry: EntryRow, commune: Territory | None) -> tuple[Fault, ...]:
        box = self._boxes.get(commune.pk) if commune else None
        if box is None or entry.longitude is None or entry.latitude is None:
            return ()
        west, south, east, north = box
        is_inside = west <= entry.longitude <= east and south <= entry.latitude <= north
        return () if is_inside else (_POINT_ELSEWHERE,)


def _box(polygons: Iterable[Iterable[Iterable[tuple[float, float]]]]) -> Box:
    points = [point for polygon in polygons for ring in polygon for point in ring]
    longitudes, latitudes = zip(*points, strict=True)
    return (
        min(longitudes) - MARGIN_DEGREES,
        min(latitudes) - MARGIN_DEGREES,
        max(longitudes) + MARGIN_DEGREES,
        max(latitudes) + MARGIN_DEGREES,
    )


# Structures


def _by_siret(sirets: set[str]) -> dict[str, Known]:
    places = Establishment.objects.current().filter(siret__in=sirets).select_related("unit")
    return {
        place.siret: Known(place.unit.siren, _names(place.unit, place.name))
        for place in places.order_by("siret")
    }


def _by_siren(sirens: set[str]) -> dict[str, Known]:
    units = LegalUnit.objects.current().filter(siren__in=sirens).order_by("siren")
    return {unit.siren: Known(unit.siren, _names(unit)) for unit in units}


def _structures_in(commune: Territory) -> dict[str, Known]:
    """Give the structures of a commune by SIREN, with all they are called there.

    Those whose identity is withheld on request are among them: a row that is no structure is shown to
    readers as its list names it, and would name them.
    """
    names: dict[str, dict[str, None]] = defaultdict(dict)
    called = ("siren", "name", "usual_name", "acronym")
    shown = LegalUnit.objects.current().filter(is_partial=False)
    for siren, *given in shown.filter(commune=commune).order_by("siren").values_list(*called):
        names[siren].update(dict.fromkeys(given))
    of_unit = [f"unit__{column}" for column in called]
    places = Establishment.objects.current().filter(commune=commune, unit__in=shown)
    for siren, *given in places.order_by("siret").values_list(*of_unit, "name"):
        names[siren].update(dict.fromkeys(given))
    return {siren: Known(siren, tuple(filter(None, given))) for siren, given in names.items()}


def _names(unit: LegalUnit, *others: str) -> tuple[str, ...]:
    given = (unit.name, unit.usual_name, unit.acronym, *others)
    return tuple(dict.fromkeys(filter(None, given)))


# Communes


def communes_of(entries: Sequence[EntryRow]) -> list[tuple[Territory | None, tuple[Fault, ...]]]:
    """Give the commune of today of each row, by its code, else by its name and postcode; and what is wrong."""
    names = {fold(entry.commune) for entry in entries} - {""}
    codes = {entry.commune_code for entry in entries} - {""}
    wanted = Q(folded__in=names) | Q(code__in=codes)
    by_code: dict[str, Territory] = {}
    by_name: dict[str, list[Territory]] = defaultdict(list)
    territories = Territory.objects.in_force().filter(wanted, kind__in=_PLACES)
    for place in territories.select_related("commune").order_by("pk"):
        by_name[place.folded].append(place)
        # A delegated commune may bear the code of the commune that it joined.
        if place.kind == Kind.COMMUNE or place.code not in by_code:
            by_code[place.code] = place
    return [_commune_of(entry, by_code, by_name) for entry in entries]


def _commune_of(
    entry: EntryRow, by_code: Mapping[str, Territory], by_name: Mapping[str, list[Territory]]
) -> tuple[Territory | None, tuple[Fault, ...]]:
    if place := by_code.get(entry.commune_code):
        return _of_today(place)
    if not entry.commune:
        return None, ()
    named = [
        place
        for place in by_name.get(fold(entry.commune), ())
        if not entry.postcode or _is_of_department(place.code, entry.postcode)
    ]
    today = {_of_today(place)[0].pk for place in named}
    if len(today) > 1:
        # A commune still so named comes before those that another name has taken in.
        named = [place for place in named if place.kind == Kind.COMMUNE]
    if len(named) > 1 and len(today) > 1:
        return None, (_SEVERAL_COMMUNES,)
    place = named[0] if named else _nearly_named(entry)
    return _of_today(place) if place else (None, (_NO_SUCH_COMMUNE,))


def _nearly_named(entry: EntryRow) -> Territory | None:
    """Give the one commune of the department of which one name begins the other: Berck-sur-Mer is Berck."""
    name = fold(entry.commune)
    if not name or not entry.postcode:
        return None
    near = Territory.objects.in_force().filter(
        kind=Kind.COMMUNE, folded__startswith=name.split()[0], code__startswith=entry.postcode[:2]
    )
    found = [
        place
        for place in near.select_related("commune").order_by("pk")
        if f"{name} ".startswith(f"{place.folded} ") or f"{place.folded} ".startswith(f"{name} ")
    ]
    return found[0] if len(found) == 1 else None


def _of_today(place: Territory) -> tuple[Territory, tuple[Fault, ...]]:
    if place.kind == Kind.COMMUNE or place.commune is None:
        return place, ()
    return place.commune, (_FORMER_COMMUNE,) if place.kind == Kind.FORMER_COMMUNE else ()


def _is_of_department(code: str, postcode: str) -> bool:
    """Say whether a commune may have this postcode: that of its department, Corsica having one for its two."""
    if postcode.startswith("20"):
        return code[:2] in ("2A", "2B")
    size = 3 if postcode.startswith(("97", "98")) else 2
    return code[:size] == postcode[:size]
