"""Bring in the national list of solidarity enterprises of social utility (ESUS)."""

from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from essor.presentation.problems import said, unreadable
from essor.register.importers.esus import read_esus
from essor.register.list_report import approvals_report
from essor.register.services.approvals import store_approvals
from essor.register.types import ApprovalKind, RegisterError


class Command(BaseCommand):
    """The door to the approvals of ESUS: a list in, a report out."""

    help = (
        "Import the national list of ESUS, as the Treasury publishes it (xlsx) or as CSV. Twice is once. "
        "An approval does not make a structure one of the ESS."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the list, its date and who publishes it."""
        parser.add_argument("file", type=Path, help="spreadsheet (xlsx) or CSV")
        parser.add_argument(
            "--date", type=date.fromisoformat, default=None, help="date of the list"
        )
        parser.add_argument(
            "--source",
            default="Direction générale du Trésor, liste nationale des ESUS",
            help="who publishes it (%(default)s)",
        )
        parser.add_argument(
            "--confirm-departures",
            action="store_true",
            help="remove the approvals that are not in the list, even when they are most of them",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Import, and say what changed."""
        try:
            content = options["file"].read_bytes()
            read = read_esus(content, source=options["source"], source_date=options["date"])
            report = store_approvals(
                read, kind=ApprovalKind.ESUS, confirms_departures=options["confirm_departures"]
            )
        except OSError as error:
            raise CommandError(unreadable(options["file"], error)) from error
        except RegisterError as error:
            raise CommandError(said(error.problem)) from error
        for line in approvals_report(report):
            self.stdout.write(line)
