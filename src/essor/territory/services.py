"""Store one edition of the territories: all of it or nothing, and storing it twice is storing it once."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import asdict

from django.db import transaction
from django.utils.translation import gettext_noop as _

from essor.problems import Problem
from essor.territory.models import Alias, Contour, Edition, Territory
from essor.territory.rules import fold, folded_aliases
from essor.territory.types import (
    PARENT_KINDS,
    STORING_ORDER,
    AliasRow,
    ContourRow,
    Count,
    EditionRow,
    ImportReport,
    Kind,
    TerritoryFileError,
    TerritoryRow,
)

BATCH = 2_000
LEAST_KEPT = 0.9
"""Share of the territories in force that a new edition must still list: less is a truncated file."""

_WRITTEN = (
    "name",
    "nature",
    "folded",
    "population",
    *(f"{p}_id" for p in PARENT_KINDS),
    "in_force",
)
_UPDATED = [column.removesuffix("_id") for column in _WRITTEN] + ["edition"]
Key = tuple[Kind, str]


@transaction.atomic
def store_territories(
    edition: EditionRow,
    territories: Iterable[TerritoryRow | Problem],
    *,
    aliases: Iterable[AliasRow | Problem] = (),
    contours: Iterable[ContourRow | Problem] = (),
) -> ImportReport:
    """Store an edition and say what changed; territories that it leaves out are no longer in force.

    Raises TerritoryFileError, and leaves all as it was, when more than a tenth would go.
    """
    report = ImportReport(edition.name)
    stored_edition, _made = Edition.objects.update_or_create(
        year=edition.year, defaults=asdict(edition)
    )
    rows = _by_kind(territories, report)
    store = _Store(stored_edition, report)
    for kind in STORING_ORDER:
        store.take(kind, rows[kind])
    store.retire_missing()
    _store_aliases(store.ids, [*_own_aliases(rows), *aliases], report)
    _store_contours(store.ids, contours, report)
    return report


def _by_kind(
    territories: Iterable[TerritoryRow | Problem], report: ImportReport
) -> dict[Kind, dict[str, TerritoryRow]]:
    """Sort rows by kind and code; of two rows with the same key, the first is taken."""
    rows: dict[Kind, dict[str, TerritoryRow]] = defaultdict(dict)
    for row in territories:
        if isinstance(row, Problem):
            report.problems.append(row)
        elif row.code in rows[row.kind]:
            report.problems.append(
                Problem(
                    f"{row.kind} {row.code} {row.name}",
                    _("This territory comes twice."),
                    _("The first line is taken. Remove the other."),
                )
            )
        else:
            rows[row.kind][row.code] = row
    return rows


class _Store:
    """The territories kept so far, by key, and those that the edition has named."""

    def __init__(self, edition: Edition, report: ImportReport) -> None:
        self.edition = edition
        self.report = report
        self.before = {
            (Kind(kind), code): values
            for kind, code, *values in Territory.objects.values_list("kind", "code", *_WRITTEN)
        }
        self.ids: dict[Key, int] = {
            (Kind(kind), code): pk
            for pk, kind, code in Territory.objects.values_list("pk", "kind", "code")
        }
        self.seen: set[Key] = set()

    def take(self, kind: Kind, rows: dict[str, TerritoryRow]) -> None:
        """Write what is new or changed among the territories of one kind."""
        count = self.report.territories[kind] = Count()
        to_write = []
        for code, row in rows.items():
            territory = self._territory(row)
            before = self.before.get((kind, code))
            self.seen.add((kind, code))
            if before == [getattr(territory, name) for name in _WRITTEN]:
                count.same += 1
                continue
            to_write.append(territory)
            count.new += before is None
            count.changed += before is not None
        Territory.objects.bulk_create(
            to_write,
            batch_size=BATCH,
            update_conflicts=True,
            unique_fields=["kind", "code"],
            update_fields=_UPDATED,
        )
        if to_write:
            kept = Territory.objects.filter(kind=kind).values_list("code", "pk")
            self.ids.update({(kind, code): pk for code, pk in kept})

    def retire_missing(self) -> None:
        """Take out of force what the edition no longer names, and date the rest."""
        in_force = {key for key, values in self.before.items() if values[-1]}
        gone = in_force - self.seen
        if len(gone) > len(in_force) * (1 - LEAST_KEPT):
            raise TerritoryFileError(
                Problem(
                    f"{self.edition.name} ({len(in_force)} − {len(gone)})",
                    _("More than a tenth of the territories in force are not in this file."),
                    _("Check that it is whole: nothing has been changed."),
                )
            )
        Territory.objects.filter(pk__in=[self.ids[key] for key in gone]).update(in_force=False)
        for kind, _code in gone:
            self.report.territories[kind].gone += 1
        others = Territory.objects.filter(in_force=True).exclude(edition=self.edition)
        others.update(edition=self.edition)

    def _territory(self, row: TerritoryRow) -> Territory:
        return Territory(
            kind=row.kind,
            code=row.code,
            name=row.name,
            nature=row.nature,
            folded=fold(row.name),
            population=row.population,
            edition=self.edition,
            **{f"{parent}_id": self._parent_of(row, parent) for parent in PARENT_KINDS},
        )

    def _parent_of(self, row: TerritoryRow, parent: str) -> int | None:
        code = getattr(row, parent)
        key = PARENT_KINDS[parent], code
        if not code or key in self.seen:
            return self.ids[key] if code else None
        self.report.problems.append(
            Problem(
                f"{row.kind} {row.code} {row.name}, {PARENT_KINDS[parent]} {code}",
                _("What it belongs to is not in this edition."),
                _("It is kept without it. Check the code."),
            )
        )
        return None


def _own_aliases(rows: dict[Kind, dict[str, TerritoryRow]]) -> Iterator[AliasRow]:
    for kind, by_code in rows.items():
        for row in by_code.values():
            for alias in sorted(folded_aliases(kind, row.name)):
                yield AliasRow(kind, row.code, alias)


def _store_aliases(
    ids: dict[Key, int], aliases: Iterable[AliasRow | Problem], report: ImportReport
) -> None:
    wanted: set[tuple[int, str]] = set()
    for row in aliases:
        if isinstance(row, Problem):
            report.problems.append(row)
        elif territory := ids.get((row.kind, row.code)):
            wanted.add((territory, fold(row.alias)))
        else:
            report.problems.append(_nowhere(f"alias {row.alias!r}", row.kind, row.code))
    before = set(Alias.objects.values_list("territory_id", "folded"))
    Alias.objects.bulk_create(
        [Alias(territory_id=territory, folded=name) for territory, name in sorted(wanted - before)],
        batch_size=BATCH,
    )
    for territory, name in before - wanted:
        Alias.objects.filter(territory_id=territory, folded=name).delete()
    report.aliases = Count(
        new=len(wanted - before), same=len(wanted & before), gone=len(before - wanted)
    )


def _store_contours(
    ids: dict[Key, int], contours: Iterable[ContourRow | Problem], report: ImportReport
) -> None:
    before = {contour.territory_id: contour for contour in Contour.objects.all()}
    count, to_write = report.contours, []
    for row in contours:
        if isinstance(row, Problem):
            report.problems.append(row)
            continue
        territory = ids.get((row.kind, row.code))
        if territory is None:
            report.problems.append(_nowhere("contour", row.kind, row.code))
            continue
        contour = Contour(
            territory_id=territory,
            polygons=[list(polygon) for polygon in row.polygons],
            source=row.source,
            is_complete=row.is_complete,
        )
        known = before.get(territory)
        if known and _is_same(known, contour):
            count.same += 1
            continue
        count.new += known is None
        count.changed += known is not None
        to_write.append(contour)
    Contour.objects.bulk_create(
        to_write,
        batch_size=200,
        update_conflicts=True,
        unique_fields=["territory"],
        update_fields=["polygons", "source", "is_complete"],
    )


def _is_same(one: Contour, other: Contour) -> bool:
    return (one.polygons, one.source, one.is_complete) == (
        other.polygons,
        other.source,
        other.is_complete,
    )


def _nowhere(where: str, kind: Kind, code: str) -> Problem:
    return Problem(
        f"{where}, {kind} {code}",
        _("There is no such territory in this edition."),
        _("It is left out. Check the kind and the code."),
    )
