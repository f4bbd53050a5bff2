"""`essor build_register --legal-units F --establishments F`: make the register of an area from official files."""

import re
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from essor.presentation.problems import said
from essor.presentation.templatetags.typography import nbsp, number
from essor.register.build.building import VINTAGE, Inputs, build
from essor.register.build.built import Build
from essor.register.build.perimeter import CURRENT, EXCLUSIONS, read_perimeter
from essor.register.perimeter_page import ORIGIN_LABELS
from essor.register.perimeter_queries import perimeter_of_next_build
from essor.register.reports import words_of_reason, words_of_step
from essor.register.rules import area_of
from essor.register.types import Area, Perimeter, RegisterError

_VINTAGE = re.compile(r"20[0-9]{2}-(0[1-9]|1[0-2])")


class Command(BaseCommand):
    """The door to `build`: it writes a folder, and nothing in the store."""

    help = (
        "Build the register of an area from the stock files of SIRENE (Parquet, CSV or zip), in a folder"
        " that “essor load_register” reads. ESSOR_ENGINE chooses DuckDB or Spark."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the official files, the area and the rules."""
        parser.add_argument("--legal-units", type=Path, required=True, help="StockUniteLegale")
        parser.add_argument("--establishments", type=Path, required=True, help="StockEtablissement")
        parser.add_argument("--ess-list", type=Path, help="the list of ESS France, a CSV")
        parser.add_argument("--esus", type=Path, help="the list of ESUS approvals, a CSV")
        parser.add_argument(
            "--area",
            default="france",
            help="epci:200093201, region:32, departement:59, commune:59350 or france (france)",
        )
        parser.add_argument(
            "--perimeter",
            type=Path,
            help="own table of legal categories (that chosen in the staff screens, else the package's)",
        )
        parser.add_argument(
            "--exclusions", type=Path, help="own table of excluded activities (as above)"
        )
        parser.add_argument(
            "--vintage", default="", help="month of the files, as 2026-11 (told by the files)"
        )
        parser.add_argument(
            "--output", type=Path, help="folder to make (register/VINTAGE-AREA in ESSOR_HOME)"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Build, then say where every row went."""
        vintage = options["vintage"]
        if vintage and not _VINTAGE.fullmatch(vintage):
            raise CommandError(_("--vintage is a month, as in 2026-11."))
        try:
            area = area_of(options["area"])
            perimeter = _perimeter(options["perimeter"], options["exclusions"])
            self.stdout.write(_perimeter_line(perimeter))
            inputs = Inputs(
                options["legal_units"],
                options["establishments"],
                area,
                perimeter,
                options["ess_list"],
                options["esus"],
                vintage,
            )
            built = build(
                inputs,
                options["output"] or _own_folder(area),
                engine=settings.REGISTER_ENGINE,
                say=self._progress,
            )
        except RegisterError as error:
            raise CommandError(nbsp(said(error.problem))) from error
        self._report(built)

    def _progress(self, step: str, rows: int) -> None:
        line = _("%(step)s: %(count)s") % {"step": words_of_step(step), "count": number(rows)}
        self.stdout.write(nbsp(line))
        self.stdout.flush()

    def _report(self, built: Build) -> None:
        manifest = built.manifest
        for problem in manifest.problems:
            self.stderr.write(nbsp(said(problem)))
        self.stdout.write(_("Left out:"))
        for reason, rows in manifest.set_aside.items():
            self.stdout.write(nbsp(f"  {words_of_reason(reason)}: {number(rows)}"))
        if manifest.is_synthetic:
            self.stdout.write(_("These rows are made up: the register says so."))
        self.stdout.write(
            nbsp(
                _(
                    "Register of %(vintage)s, %(area)s, perimeter %(perimeter)s: %(units)s legal units and"
                    " %(establishments)s establishments, in %(seconds)s seconds by %(engine)s: %(folder)s"
                )
                % {
                    "vintage": manifest.vintage,
                    "area": manifest.area,
                    "perimeter": manifest.perimeter,
                    "units": number(manifest.steps["units"]),
                    "establishments": number(manifest.steps["establishments"]),
                    "seconds": number(manifest.duration_s),
                    "engine": manifest.engine,
                    "folder": built.folder,
                }
            )
        )


def _own_folder(area: Area) -> Path:
    return settings.HOME / "register" / f"{VINTAGE}-{str(area).replace(':', '-')}"


def _perimeter(categories: Path | None, exclusions: Path | None) -> Perimeter:
    """Give the perimeter of the files that were named, completed by those of the package; else the chosen one."""
    if categories is None and exclusions is None:
        return perimeter_of_next_build()
    return read_perimeter(categories or CURRENT, exclusions or EXCLUSIONS)


def _perimeter_line(perimeter: Perimeter) -> str:
    said = _("Perimeter %(version)s: %(origin)s.")
    return nbsp(said % {"version": perimeter.version, "origin": ORIGIN_LABELS[perimeter.origin]})
