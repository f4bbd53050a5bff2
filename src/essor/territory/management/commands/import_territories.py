"""`essor import_territories`: store the territories that the package carries, or those of a folder."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from tqdm import tqdm

from essor.presentation.problems import said
from essor.territory.importers import packed
from essor.territory.models import KIND_LABELS
from essor.territory.services import store_territories
from essor.territory.types import Count, ImportReport, TerritoryFileError


class Command(BaseCommand):
    """Store all of France in some seconds; nothing is changed when anything fails."""

    help = (
        "Store the communes, EPCIs, departments and regions of the COG; again, only what changed."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take another folder than the package's own."""
        parser.add_argument(
            "--folder",
            type=Path,
            default=packed.REFERENCE,
            help="a folder made by pack_territories, instead of the one in the package",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Import, then print the report."""
        folder = options["folder"]
        try:
            report = store_territories(
                packed.read_edition(folder),
                tqdm(packed.read_territories(folder), unit="", delay=2, disable=None),
                aliases=packed.read_aliases(folder),
                contours=packed.read_contours(folder),
            )
        except TerritoryFileError as error:
            raise CommandError(said(error.problem)) from error
        self._print(report)

    def _print(self, report: ImportReport) -> None:
        self.stdout.write(report.edition)
        for kind, count in report.territories.items():
            self.stdout.write(_line(str(KIND_LABELS[kind]), count))
        self.stdout.write(_line(_("aliases"), report.aliases))
        self.stdout.write(_line(_("contours"), report.contours))
        for problem in report.problems:
            self.stderr.write(said(problem))
        self.stdout.write(_line(_("territories in all"), report.total))
        self.stdout.write(_("problems: %(count)s") % {"count": len(report.problems)})


def _line(label: str, count: Count) -> str:
    words = _("%(label)s: %(new)s new, %(changed)s changed, %(same)s the same, %(gone)s gone")
    return words % {
        "label": label,
        "new": count.new,
        "changed": count.changed,
        "same": count.same,
        "gone": count.gone,
    }
