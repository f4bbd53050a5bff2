"""A build of the register becomes the vintage that readers see.

The new vintage is written beside the one that is read, some thousands of rows at a time, so that other
writers wait no longer than that takes; one short transaction then shows it. A vintage that was never
shown is read by nobody: whatever stops a loading, readers keep what they had, and the next one takes out
what is left of it and does the whole again. What takes long and hides nothing comes after: what hangs on
the vintage follows (`following`), then the vintages older than the previous one are removed by parts.
"""

import dataclasses
import json
import logging
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import groupby, islice
from operator import attrgetter
from pathlib import Path
from typing import Any, Protocol, TypeVar

from django.db import DataError, connection, transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from essor.problems import Problem
from essor.register.models import Establishment, LegalUnit, Vintage
from essor.register.models.directory import filing_form
from essor.register.rules import sector_of
from essor.register.services.approvals import store_approvals
from essor.register.services.loading_alone import loading_alone
from essor.register.services.rows import (
    column_of,
    insert_rows,
    removed_by_parts,
    writing_much,
)
from essor.register.types import (
    ApprovalKind,
    ApprovalRow,
    EstablishmentRow,
    Manifest,
    PointSource,
    RegisterError,
    UnitRow,
)
from essor.territory.models import Territory
from essor.territory.types import Kind

logger = logging.getLogger(__name__)

Row = TypeVar("Row")

CHUNK = 8_000
"""Units of one transaction, with their establishments: a second or two of others' patience, and few
enough pages of the store written twice."""

UNIT_FIELDS = (
    "vintage", "siren", "name", "acronym", "usual_name", "filing_name", "rna", "category",
    "activity", "nomenclature", "activity25", "sector", "created_on", "headcount_band",
    "headcount_year", "is_partial", "flag", "is_listed", "family", "status", "reasons",
    "head_office", "updated_on", "commune", "longitude", "latitude", "point_source",
)  # fmt: skip
PLACE_FIELDS = (
    "vintage", "unit", "siret", "is_head_office", "name", "complement", "street", "postcode",
    "commune", "headcount_band", "headcount_year", "is_employer", "activity", "nomenclature",
    "activity25", "created_on", "is_partial", "longitude", "latitude", "point_source",
)  # fmt: skip
COMPARED = (
    "name", "acronym", "usual_name", "rna", "category", "activity", "activity25", "created_on",
    "headcount_band", "is_partial", "flag", "is_listed", "family", "status", "head_office", "commune",
)  # fmt: skip
"""What makes that a structure changed from one vintage to the next."""


class Build(Protocol):
    """A build as it is read from its folder; the rows of both files are in the order of their numbers."""

    @property
    def folder(self) -> Path:
        """Say where it is."""

    @property
    def manifest(self) -> Manifest:
        """Give what it was made from and what it gave."""

    def units(self) -> Iterator[UnitRow]:
        """Give the legal units, by SIREN."""

    def establishments(self) -> Iterator[EstablishmentRow]:
        """Give the establishments, by SIRET."""

    def approvals(self) -> Iterator[ApprovalRow]:
        """Give the approvals."""


@dataclass(frozen=True, slots=True)
class Loading:
    """What loading a build did. Nothing but showing it, when it was kept already (`was_kept`).

    `unknown_communes` counts the establishments by code of a commune that the portal does not know.
    `problem` says why the approvals of the build were left aside, if they were.
    """

    vintage: Vintage
    previous: Vintage | None = None
    was_kept: bool = False
    new: int = 0
    gone: int = 0
    changed: int = 0
    approvals: int = 0
    problem: Problem | None = None
    unknown_communes: Mapping[str, int] = field(default_factory=dict)


def load(build: Build, *, on_progress: Callable[[int], None] = lambda rows: None) -> Loading:
    """Store a build and show it; give what changed since the one before.

    `on_progress` hears of the rows as they are stored. Raises RegisterError, and changes nothing,
    when the rows are not those that the manifest says, or when another loading is going on. The same
    build twice is loaded once.
    """
    with loading_alone():
        kept = _same_build(build.manifest)
        if kept is not None:
            return _show_again(kept)
        _remove(_unfinished())
        writer = _Writer(_new_vintage(build), on_progress)
        try:
            with writing_much():
                writer.write(build)
            loading = _shown(build, writer)
        except DataError as error:  # PostgreSQL says which column is too short, not for which row
            _remove([writer.vintage])
            what = _("A value is longer than official files ever have it: %(said)s")
            raise _damaged(
                str(build.folder), what % {"said": str(error).splitlines()[0]}
            ) from error
        except BaseException:
            _remove([writer.vintage])
            raise
    new, gone, changed = _differences(loading.vintage, loading.previous)
    logger.info("register.loaded", extra={"vintage": writer.vintage.pk, "units": writer.units})
    return replace(loading, new=new, gone=gone, changed=changed)


@transaction.atomic
def _shown(build: Build, writer: "_Writer") -> Loading:
    """Show what was written, with its approvals."""
    _be_alone()
    previous = Vintage.objects.filter(is_current=True).first()
    approvals, problem = _with_approvals(build)
    show(writer.vintage)
    return Loading(
        writer.vintage,
        previous,
        approvals=approvals,
        problem=problem,
        unknown_communes=writer.unknown_communes,
    )


def _with_approvals(build: Build) -> tuple[int, Problem | None]:
    """Take the list of approvals of a build, if it has one, unless it looks incomplete; give how many are new."""
    rows = list(build.approvals())
    if not rows:
        return 0, None
    try:
        return store_approvals(rows, kind=ApprovalKind.ESUS).new, None
    except RegisterError as error:
        advice = _("None was changed. If it is whole, give it to “essor import_esus”, and say so.")
        return 0, replace(error.problem, what=_(error.problem.what), advice=advice)


@transaction.atomic
def show(vintage: Vintage) -> None:
    """Show this vintage in place of the one that is shown; the search index has to follow."""
    Vintage.objects.filter(is_current=True).update(is_current=False)
    vintage.is_current, vintage.shown_at = True, timezone.now()
    vintage.is_indexed = vintage.is_matched = False
    vintage.save(update_fields=["is_current", "shown_at", "is_indexed", "is_matched"])
    from essor.register.tasks import (
        follow_vintage,
    )  # it indexes through a module that reads this one

    transaction.on_commit(follow_vintage.enqueue)


def restorable() -> Vintage | None:
    """Give the vintage that was shown before the one that is; None when none is kept."""
    shown = Vintage.objects.exclude(shown_at=None).filter(is_current=False)
    return shown.order_by("-shown_at").first()


@transaction.atomic
def restore(pk: int) -> Vintage:
    """Show the previous vintage again. Raises RegisterError when this is not the one that is kept."""
    _be_alone()
    kept = restorable()
    if kept is None or kept.pk != pk:
        raise RegisterError(
            Problem(
                _("vintage %(number)s") % {"number": pk},
                _("It cannot be shown again: only the one shown before is kept."),
                _("List the vintages to see which one it is."),
            )
        )
    show(kept)
    return kept


def remove_older(on_progress: Callable[[int], None] = lambda rows: None) -> int:
    """Remove the vintages older than the previous one, and give how many; none while the index is late.

    Until the index has followed, the older ones tell what must be taken out of it. What is left of a
    loading that was stopped is removed too, while nobody is loading.
    """
    if not Vintage.objects.filter(is_current=True, is_indexed=True).exists():
        return 0
    previous = restorable()
    kept = [previous.pk] if previous else []
    older = Vintage.objects.shown().exclude(pk__in=kept).filter(is_current=False)
    count = _remove(older, on_progress)
    if not _unfinished().exists():
        return count
    try:
        with loading_alone():
            return count + _remove(_unfinished(), on_progress)
    except RegisterError:  # somebody is loading
        return count


def _unfinished() -> QuerySet[Vintage]:
    return Vintage.objects.filter(shown_at=None, is_current=False)


def _remove(
    vintages: Iterable[Vintage], on_progress: Callable[[int], None] = lambda rows: None
) -> int:
    """Take vintages out with their rows, by parts, and give how many."""
    taken_out = list(vintages)
    for vintage in taken_out:
        for rows in (Establishment, LegalUnit):
            for count in removed_by_parts(rows.objects.filter(vintage=vintage)):
                on_progress(count)
        vintage.delete()
    return len(taken_out)


def _batches(rows: Iterable[Row]) -> Iterator[list[Row]]:
    remaining = iter(rows)
    while part := list(islice(remaining, CHUNK)):
        yield part


def manifest_as_stored(manifest: Manifest) -> dict[str, Any]:
    """Give a manifest as the store keeps it."""
    held = {each.name: getattr(manifest, each.name) for each in dataclasses.fields(manifest)}
    for name in ("sources", "files", "problems"):
        held[name] = [dataclasses.asdict(one) for one in held[name]]
    return held | {"steps": dict(manifest.steps), "set_aside": dict(manifest.set_aside)}


def _same_build(manifest: Manifest) -> Vintage | None:
    """Give the vintage made of the very same files, if it is the one shown or the one before."""
    previous = restorable()
    files = manifest_as_stored(manifest)["files"]
    candidates = [*Vintage.objects.filter(is_current=True), *([previous] if previous else [])]
    same = (one for one in candidates if one.manifest.get("files") == files and files)
    return next(same, None)


def _show_again(kept: Vintage) -> Loading:
    previous = None
    if not kept.is_current:
        previous = Vintage.objects.filter(is_current=True).first()
        kept = restore(kept.pk)
    return Loading(kept, previous, was_kept=True)


def _be_alone() -> None:
    """Let nobody else show a vintage meanwhile; readers are not disturbed. In SQLite there is one writer anyway."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"LOCK TABLE {Vintage._meta.db_table} IN EXCLUSIVE MODE")


def _new_vintage(build: Build) -> Vintage:
    return Vintage.objects.create(
        area=build.manifest.area,
        month=build.manifest.vintage,
        perimeter=build.manifest.perimeter,
        manifest=manifest_as_stored(build.manifest),
        folder=str(build.folder.resolve()),
        is_synthetic=build.manifest.is_synthetic,
    )


class _Writer:
    """Writes the units with their establishments, read side by side: memory does not grow with them."""

    def __init__(self, vintage: Vintage, on_progress: Callable[[int], None]) -> None:
        self.vintage = vintage
        self.units = self.establishments = 0
        self.unknown_communes: dict[str, int] = {}
        self._on_progress = on_progress
        self._communes = _communes()

    def write(self, build: Build) -> None:
        """Write all rows, and check that they are as many as was said."""
        for part in _batches(_with_places(build)):
            self._write(part)
        self._check(build.manifest)
        self.vintage.units, self.vintage.establishments = self.units, self.establishments
        self.vintage.save(update_fields=["units", "establishments"])

    def _write(self, part: "list[_UnitWithPlaces]") -> None:
        units = [self._unit_values(unit, places) for unit, places in part]
        places = [
            (place.siren, self._place_values(place, is_masked=unit.is_partial or place.is_partial))
            for unit, held in part
            for place in held
        ]
        with transaction.atomic():  # all is ready: other writers wait for the store alone
            insert_rows(LegalUnit, UNIT_FIELDS, units)
            keys = self._keys(part)
            rows = [(self.vintage.pk, keys[siren], *values) for siren, values in places]
            insert_rows(Establishment, PLACE_FIELDS, rows)
        self.units += len(units)
        self.establishments += len(rows)
        self._on_progress(len(units) + len(rows))

    def _keys(self, part: "list[_UnitWithPlaces]") -> dict[str, int]:
        """Give the keys of the units of a part, which is in the order of their numbers."""
        first, last = part[0][0].siren, part[-1][0].siren
        stored = LegalUnit.objects.filter(vintage=self.vintage, siren__range=(first, last))
        return dict(stored.order_by("siren").values_list("siren", "pk"))

    def _unit_values(self, unit: UnitRow, places: list[EstablishmentRow]) -> tuple[Any, ...]:
        here = min(places, key=lambda place: (not place.is_head_office, place.siret), default=None)
        is_located = not (unit.is_partial or (here is not None and here.is_partial))
        name = "" if unit.is_partial else unit.name or unit.usual_name
        return (
            self.vintage.pk,
            unit.siren,
            "" if unit.is_partial else unit.name[:250],
            "" if unit.is_partial else unit.acronym[:120],
            "" if unit.is_partial else unit.usual_name[:250],
            filing_form(name),
            "" if unit.is_partial else unit.rna,
            unit.category,
            unit.activity,
            unit.nomenclature,
            unit.activity25,
            str(sector_of(unit.activity, unit.nomenclature)),
            unit.created_on,
            unit.headcount_band or "",
            unit.headcount_year,
            unit.is_partial,
            unit.flag or "",
            unit.is_listed,
            str(unit.family),
            str(unit.status),
            json.dumps(unit.reasons),
            unit.head_office,
            unit.updated_on,
            self._communes.get(here.commune) if here else None,
            here.longitude if here and is_located else None,
            here.latitude if here and is_located else None,
            str(here.point_source if here and is_located else PointSource.NONE),
        )

    def _place_values(self, place: EstablishmentRow, *, is_masked: bool) -> tuple[Any, ...]:
        """Give the values of all fields but the first two."""
        commune = self._communes.get(place.commune)
        if commune is None:
            self.unknown_communes[place.commune] = self.unknown_communes.get(place.commune, 0) + 1
        return (
            place.siret,
            place.is_head_office,
            "" if is_masked else place.name[:250],
            "" if is_masked else place.complement[:120],
            "" if is_masked else place.street[:250],
            "" if is_masked else place.postcode[:5],
            commune,
            place.headcount_band or "",
            place.headcount_year,
            place.is_employer,
            place.activity,
            place.nomenclature,
            place.activity25,
            place.created_on,
            is_masked,
            None if is_masked else place.longitude,
            None if is_masked else place.latitude,
            str(PointSource.NONE if is_masked else place.point_source),
        )

    def _check(self, manifest: Manifest) -> None:
        said = {file.name: file.rows for file in manifest.files}
        for name, rows in (
            ("units.parquet", self.units),
            ("establishments.parquet", self.establishments),
        ):
            if said.get(name, rows) != rows:
                what = _("It should hold %(said)d rows, and %(rows)d were read.")
                raise _damaged(name, what % {"said": said[name], "rows": rows})


_UnitWithPlaces = tuple[UnitRow, list[EstablishmentRow]]


def _with_places(build: Build) -> Iterator[_UnitWithPlaces]:
    """Give each unit with its establishments. Raises RegisterError when one has no unit, or comes out of order."""
    groups = groupby(_in_order(build.establishments(), "siret"), key=attrgetter("siren"))
    siren, places = next(groups, (None, iter(())))
    for unit in _in_order(build.units(), "siren"):
        if siren is not None and siren < unit.siren:
            break
        if siren == unit.siren:
            yield unit, list(places)
            siren, places = next(groups, (None, iter(())))
        else:
            yield unit, []
    if siren is not None:
        what = _("The establishments of %(siren)s have no legal unit.") % {"siren": siren}
        raise _damaged("establishments.parquet", what)


def _in_order(rows: Iterator[Any], number: str) -> Iterator[Any]:
    before = ""
    for row in rows:
        own = getattr(row, number)
        if own <= before:
            raise _damaged(number, _("%(number)s comes twice, or out of order.") % {"number": own})
        before = own
        yield row


def _damaged(where: str, what: str) -> RegisterError:
    return RegisterError(
        Problem(where, what, _("Build the register again; what readers see has not changed."))
    )


def _communes() -> dict[str, int]:
    """Give the key of each commune by its code; a former one is answered by its successor."""
    kinds = (Kind.FORMER_COMMUNE, Kind.MUNICIPAL_ARRONDISSEMENT, Kind.COMMUNE)
    known: dict[str, int] = {}
    for kind in kinds:  # of a code that two have, the commune of today is meant
        for code, pk, commune in (
            Territory.objects.filter(kind=kind)
            .order_by("in_force", "pk")
            .values_list("code", "pk", "commune")
        ):
            known[code] = (commune or pk) if kind == Kind.FORMER_COMMUNE else pk
    return known


def _differences(vintage: Vintage, previous: Vintage | None) -> tuple[int, int, int]:
    """Count the structures that are new, gone and changed since the previous vintage."""
    if previous is None:
        return vintage.units, 0, 0
    columns = (column_of(LegalUnit, name) for name in COMPARED)
    differ = " OR ".join(f"now.{column} IS DISTINCT FROM old.{column}" for column in columns)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT count(*), sum(CASE WHEN {differ} THEN 1 ELSE 0 END)"  # noqa: S608
            " FROM register_legalunit now JOIN register_legalunit old ON old.siren = now.siren"
            " WHERE now.vintage_id = %s AND old.vintage_id = %s",
            [vintage.pk, previous.pk],
        )
        both, changed = cursor.fetchone()
    return vintage.units - both, previous.units - both, changed or 0
