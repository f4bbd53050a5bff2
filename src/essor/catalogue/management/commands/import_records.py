"""Bring the records of a library system into the catalogue."""

from pathlib import Path
from typing import Any, BinaryIO

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _
from tqdm import tqdm

from essor.catalogue.importers.inspection import Inspection, inspected
from essor.catalogue.importers.opening import NotRecords, opened
from essor.catalogue.importers.profiles import UnusableProfile
from essor.catalogue.models import ImportRun
from essor.catalogue.queries import profile_named, profile_of_source
from essor.catalogue.report import (
    import_report,
    inspection_report,
    report_heading,
    report_table,
)
from essor.catalogue.services import RunBusy, import_file
from essor.catalogue.services.sources import stored_profile
from essor.catalogue.types import Encoding
from essor.presentation.problems import unreadable
from essor.presentation.spreadsheets import csv_lines


class Command(BaseCommand):
    """The door to `import_file`: a file in, a report out."""

    help = (
        "Import the records of a file, with their items: UNIMARC or MARC21 in ISO 2709 or XML, XML of "
        "PMB, items in CSV; as they are, or in gzip or zip. Twice is once. Sent again after it was "
        "stopped or killed, a file is gone on with from where it was left."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the file, the library system it comes from, and how it is read."""
        parser.add_argument("file", type=Path, help="file of records or of items")
        parser.add_argument(
            "--source",
            default="catalogue",
            metavar="CODE",
            help="short name of the library system; control numbers are unique within it (%(default)s)",
        )
        parser.add_argument(
            "--source-name", default="", metavar="NAME", help="its name, as readers know it"
        )
        parser.add_argument(
            "--profile",
            default="",
            metavar="CODE",
            help="mapping profile; by default the one of the source, else the one that fits the file",
        )
        parser.add_argument(
            "--encoding",
            default="",
            choices=[one.value for one in Encoding],
            help="impose an encoding; by default it is recognised record by record",
        )
        parser.add_argument(
            "--full",
            action="store_true",
            help="the file is the whole catalogue: withdraw the records that it does not hold",
        )
        parser.add_argument(
            "--confirm-withdrawals",
            action="store_true",
            help="withdraw them even when they are so many that the file looks incomplete",
        )
        parser.add_argument(
            "--dry-run", action="store_true", help="say what would be read, and store nothing"
        )
        parser.add_argument(
            "--report", type=Path, metavar="FILE.csv", help="write the whole report as a table"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Import, and say what came in and what stayed out."""
        path: Path = options["file"]
        try:
            with path.open("rb") as stream:
                if options["dry_run"]:
                    self._say(inspection_report(_seen(stream, path.name, options)))
                    return
                run = _imported(stream, path, options)
            self._say(import_report(run))
            if options["report"]:
                _write_report(options["report"], run)
        except OSError as error:
            raise CommandError(unreadable(path, error)) from error
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        except UnusableProfile as error:
            raise CommandError(f"{_(error.what)} ({error.detail})") from error
        except NotRecords as error:
            raise CommandError(f"{path} : {_(str(error))}") from error
        except RunBusy as error:
            raise CommandError(str(error)) from error
        if run.read == run.rejected and not run.items_read:
            raise CommandError(_("No record of this file could be read."))

    def _say(self, lines: Any) -> None:
        for line in lines:
            self.stdout.write(line)


def _seen(stream: BinaryIO, name: str, options: dict[str, Any]) -> Inspection:
    named = options["profile"]
    profile = profile_named(named) if named else profile_of_source(options["source"])
    encoding = Encoding(options["encoding"]) if options["encoding"] else None
    return inspected(opened(stream, name), profile, encoding)


def _imported(stream: BinaryIO, path: Path, options: dict[str, Any]) -> ImportRun:
    profile = stored_profile(profile_named(options["profile"])) if options["profile"] else None
    with tqdm(total=path.stat().st_size, unit="B", unit_scale=True, delay=2, disable=None) as bar:
        return import_file(
            stream,
            source_code=options["source"],
            source_name=options["source_name"],
            file_name=path.name,
            profile=profile,
            encoding=options["encoding"],
            is_full=options["full"],
            confirms_withdrawals=options["confirm_withdrawals"],
            on_progress=lambda position: bar.update(position - bar.n),
        )


def _write_report(path: Path, run: ImportRun) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        file.writelines(csv_lines(report_heading(), report_table(run)))
