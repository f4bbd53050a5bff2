"""Store published figures: twice is once, and what staff have corrected since is kept.

A line of a file that has not changed since it was imported changes nothing, so that a correction
made in the staff screens stays. A line that has changed replaces the figure.
"""

import hashlib
from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_noop as _

from essor.observatory.models import PublishedFigure
from essor.observatory.types import FigureFileError, FigureReport, FigureRow, FormerName, PlacedRow
from essor.problems import Problem
from essor.territory.models import Territory
from essor.territory.queries import find_territory, territory_at
from essor.territory.rules import fold

_NO_TERRITORIES = Problem(
    "essor import_territories",
    _("No territory has been imported yet: figures would have no place."),
    _("Run this command first, then start over."),
)
_UNKNOWN_TERRITORY = (
    _("This territory is not known."),
    _("The line is left out. Use the name of a territory of today, as “Hauts-de-France”."),
)
_TWICE = (
    _("This figure comes twice: same territory, measure, family, unit, date and source."),
    _("The first line is taken. Remove the other."),
)
_REFUSED = (_("The figure is refused."), _("The line is left out. Correct it."))


@transaction.atomic
def store_figures(
    rows: Iterable[PlacedRow | Problem], *, former_names: Iterable[FormerName]
) -> FigureReport:
    """Store figures and say what changed. Raises FigureFileError when no territory is stored."""
    if not Territory.objects.exists():
        raise FigureFileError(_NO_TERRITORIES)
    report = FigureReport()
    places = _Places(former_names)
    seen: set[int] = set()
    for placed in rows:
        if isinstance(placed, Problem):
            report.problems.append(placed)
        elif territory := places.called(placed.row.territory):
            _store(placed, territory, report=report, seen=seen)
        else:
            where = f"{placed.where} ({placed.row.territory})"
            report.problems.append(Problem(where, *_UNKNOWN_TERRITORY))
    return report


class _Places:
    """The territories that sources name, each looked for once."""

    def __init__(self, former_names: Iterable[FormerName]) -> None:
        self.former = {fold(former.name): former for former in former_names}
        self.known: dict[str, Territory | None] = {}

    def called(self, name: str) -> Territory | None:
        """Give the territory of this name, None when nobody knows it."""
        key = fold(name)
        if key not in self.known:
            former = self.former.get(key)
            self.known[key] = (
                territory_at(former.kind, former.code) if former else find_territory(name)
            )
        return self.known[key]


def _store(
    placed: PlacedRow, territory: Territory, *, report: FigureReport, seen: set[int]
) -> None:
    row = placed.row
    figure = _figure_of(row, territory) or PublishedFigure()
    if figure.pk in seen:
        report.problems.append(Problem(placed.where, *_TWICE))
        return
    is_new, imported_as = figure.pk is None, _fingerprint(row)
    if figure.imported_as == imported_as:
        report.same += 1
        seen.add(figure.pk)
        return
    _fill(figure, row, territory)
    figure.imported_as = imported_as
    try:
        figure.full_clean()
    except ValidationError as error:
        where = f"{placed.where} ({' '.join(error.messages)})"
        report.problems.append(Problem(where, *_REFUSED))
        return
    figure.save()
    seen.add(figure.pk)
    report.new += is_new
    report.changed += not is_new


def _figure_of(row: FigureRow, territory: Territory) -> PublishedFigure | None:
    """Give the figure that a line states, by its natural key, whatever its value."""
    return PublishedFigure.objects.filter(
        territory=territory,
        measure=row.measure,
        family=row.family or "",
        unit=row.unit,
        vintage=row.vintage,
        source=row.source,
    ).first()


def _fill(figure: PublishedFigure, row: FigureRow, territory: Territory) -> None:
    figure.territory = territory
    figure.territory_as_published = _other_name(row.territory, territory)
    figure.measure, figure.family, figure.unit = row.measure, row.family or "", row.unit
    figure.value, figure.qualifier = row.stated.value, row.stated.qualifier
    figure.low, figure.high = row.stated.low, row.stated.high
    figure.vintage, figure.year, figure.note = row.vintage, row.year, row.note
    figure.source, figure.address, figure.perimeter = row.source, row.address, row.perimeter
    figure.as_stated, figure.provenance = bool(row.provenance), row.provenance


def _other_name(published: str, territory: Territory) -> str:
    """Give the published name when it says more than another spelling or an alias of today's."""
    names = {territory.folded, *territory.aliases.values_list("folded", flat=True)}
    return "" if fold(published) in names else published


def _fingerprint(row: FigureRow) -> str:
    return hashlib.sha256(repr(row).encode()).hexdigest()
