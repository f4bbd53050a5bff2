"""`essor import_published_figures [FILE...]`: store figures that somebody has published."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from essor.observatory.importers.published_figures import (
    PACKAGED,
    read_figures,
    read_former_names,
)
from essor.observatory.services import store_figures
from essor.observatory.types import FigureFileError, FigureReport
from essor.presentation.problems import said


class Command(BaseCommand):
    """Store each file whole; a line that cannot be taken is said, and the others are stored."""

    help = "Store published figures from CSV files; without a file, those that the package carries."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the files."""
        parser.add_argument(
            "files", nargs="*", type=Path, default=PACKAGED, help="CSV files of figures"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Import each file, then print its report."""
        for path in options["files"] or PACKAGED:
            self._print(path.name, self._imported(path))

    def _imported(self, path: Path) -> FigureReport:
        try:
            rows = read_figures(path.read_bytes(), path.name)
            return store_figures(rows, former_names=read_former_names())
        except OSError as error:
            raise CommandError(
                _("%(path)s cannot be read (%(error)s). Check the name of the file.")
                % {"path": path, "error": error.strerror}
            ) from error
        except FigureFileError as error:
            raise CommandError(said(error.problem)) from error

    def _print(self, name: str, report: FigureReport) -> None:
        for problem in report.problems:
            self.stderr.write(said(problem))
        self.stdout.write(
            _(
                "%(name)s: %(new)s new figures, %(changed)s changed, %(same)s the same,"
                " %(problems)s problems"
            )
            % {
                "name": name,
                "new": report.new,
                "changed": report.changed,
                "same": report.same,
                "problems": len(report.problems),
            }
        )
