"""Make a basket from a list of control numbers or ISBNs."""

from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from essor.catalogue.importers.wanted import UnreadableList
from essor.catalogue.report import basket_report
from essor.catalogue.services import import_basket
from essor.presentation.problems import unreadable


class Command(BaseCommand):
    """The door to `import_basket`."""

    help = "Make or complete a basket from a CSV file: one control number or ISBN a line. Twice is once."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the list, the name of the basket, and who may see it."""
        parser.add_argument("file", type=Path, help="CSV in UTF-8; the first column is read")
        parser.add_argument("--name", required=True, help="name of the basket")
        parser.add_argument("--slug", default="", help="short name (made from the name)")
        parser.add_argument(
            "--public",
            action="store_true",
            help="show a new basket to everyone: page, files, feed, OAI-PMH set, kiosks",
        )
        parser.add_argument(
            "--source",
            default="",
            metavar="CODE",
            help="library system that the control numbers belong to (any)",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Fill the basket, and say what was not found."""
        try:
            done = import_basket(
                options["file"].read_bytes(),
                name=options["name"],
                slug=options["slug"],
                is_public=options["public"],
                source_code=options["source"],
            )
        except OSError as error:
            raise CommandError(unreadable(options["file"], error)) from error
        except UnreadableList as error:
            raise CommandError(f"{options['file']} : {_(str(error))}") from error
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        for line in basket_report(done):
            self.stdout.write(line)
