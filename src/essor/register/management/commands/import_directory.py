"""Bring in a directory that somebody else keeps: SIAE, FINESS, or any table with SIRET or name and commune."""

from datetime import date
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from tqdm import tqdm

from essor.presentation.problems import said, unreadable
from essor.presentation.spreadsheets import csv_lines
from essor.register.importers.directories import Column, ListKind, columns_named, columns_recognised
from essor.register.importers.tables import ENCODINGS, table_of
from essor.register.list_report import list_report, rows_heading, rows_table
from essor.register.models import DirectoryImport
from essor.register.services.directories import ListAsked, import_list
from essor.register.types import RegisterError


class Command(BaseCommand):
    """The door to `import_list`: a file in, a report out."""

    help = (
        "Import another directory and match its rows with the structures of the register, by SIRET or by "
        "name and commune. Twice is once; a new edition of a list (same --name) updates it and keeps what "
        "people have reviewed. A row is never left out."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the file, what list it is, and what may be done with it."""
        parser.add_argument("file", type=Path, help="table in CSV")
        parser.add_argument(
            "--kind", default=ListKind.OTHER.value, choices=[one.value for one in ListKind]
        )
        parser.add_argument("--name", required=True, help="name of the list, as readers see it")
        parser.add_argument("--licence", required=True, help="licence of the list")
        parser.add_argument(
            "--origin", default="", help="who publishes it, where it was taken from"
        )
        parser.add_argument("--date", type=_day, default=None, help="date of the list, 2020-12-18")
        parser.add_argument(
            "--columns",
            default="",
            metavar="MEANING=HEADING,...",
            help="what columns mean, by default recognised by their headings; meanings: "
            + ", ".join(one.value for one in Column),
        )
        parser.add_argument("--encoding", default="", choices=ENCODINGS)
        parser.add_argument(
            "--confirm-departures",
            action="store_true",
            help="mark as left the rows that are not in the file, even when they are most of the list",
        )
        parser.add_argument(
            "--report", type=Path, metavar="FILE.csv", help="write each row as a table"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Import, and say what became of the rows."""
        path: Path = options["file"]
        try:
            run = _imported(path, options)
            for line in list_report(run):
                self.stdout.write(line)
            if options["report"]:
                _write_report(options["report"], run)
        except OSError as error:
            raise CommandError(unreadable(path, error)) from error
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        except RegisterError as error:
            raise CommandError(said(error.problem)) from error


def _day(text: str) -> date:
    return date.fromisoformat(text)


def _imported(path: Path, options: dict[str, Any]) -> DirectoryImport:
    content = path.read_bytes()
    table = table_of(content, encoding=options["encoding"])
    named = columns_named(options["columns"], table) if options["columns"] else {}
    asked = ListAsked(
        name=options["name"],
        licence=options["licence"],
        kind=ListKind(options["kind"]),
        origin=options["origin"],
        source_date=options["date"],
        encoding=options["encoding"],
        columns={**columns_recognised(table), **named},
        confirms_departures=options["confirm_departures"],
    )
    with tqdm(total=len(table.rows), unit="row", delay=2, disable=None) as bar:
        return import_list(
            content,
            file_name=path.name,
            asked=asked,
            on_progress=lambda stored, _rows: bar.update(stored - bar.n),
        )


def _write_report(path: Path, run: DirectoryImport) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        file.writelines(csv_lines(rows_heading(), rows_table(run)))
