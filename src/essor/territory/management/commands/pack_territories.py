"""`essor pack_territories FOLDER`: make the package's own territories from the published files."""

from argparse import ArgumentParser
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from essor.presentation.problems import said
from essor.problems import Problem
from essor.territory.importers import cog, packed
from essor.territory.types import EditionRow, TerritoryFileError

Row = TypeVar("Row")


class Command(BaseCommand):
    """Done once a year, when a new COG comes out (see reference/README.md)."""

    help = "Pack the published files of the COG and of the outlines into the tables of the package."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the folder, the year and what is known of the populations."""
        parser.add_argument("folder", type=Path, help="the folder that holds cog/ and contours/")
        parser.add_argument("--year", type=int, default=datetime.now(tz=UTC).year)
        parser.add_argument(
            "--population-year", type=int, help="the reference year, only if the source states it"
        )
        parser.add_argument("--to", type=Path, default=packed.REFERENCE)

    def handle(self, *args: Any, **options: Any) -> None:
        """Read all before anything is written, then print what was left out."""
        self.problems: list[Problem] = []
        try:
            territories = self._kept(cog.read_cog(options["folder"], options["year"]))
            contours = self._kept(cog.read_outlines(options["folder"]))
        except TerritoryFileError as error:
            raise CommandError(said(error.problem)) from error
        options["to"].mkdir(parents=True, exist_ok=True)
        packed.write_edition(
            options["to"], _edition(options["year"], population_year=options["population_year"])
        )
        packed.write_territories(options["to"], territories)
        packed.write_contours(options["to"], contours)
        for problem in self.problems:
            self.stderr.write(said(problem))
        self.stdout.write(
            _("%(territories)s territories, %(contours)s outlines, %(problems)s problems.")
            % {
                "territories": len(territories),
                "contours": len(contours),
                "problems": len(self.problems),
            }
        )

    def _kept(self, rows: Iterable[Row | Problem]) -> list[Row]:
        kept: list[Row] = []
        for row in rows:
            if isinstance(row, Problem):
                self.problems.append(row)
            else:
                kept.append(row)
        return kept


def _edition(year: int, *, population_year: int | None) -> EditionRow:
    return EditionRow(
        year=year,
        name=f"COG {year}",
        source=f"INSEE, Code officiel géographique {year} ; DGCL, intercommunalités {year} ; etalab",
        licence="Licence Ouverte 2.0",
        population_source="INSEE, population municipale",
        population_year=population_year,
    )
