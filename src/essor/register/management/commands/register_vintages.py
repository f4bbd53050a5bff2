"""List the vintages of the register, or show the previous one again."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from essor.register.loading_report import problem_in_words, vintage_line, vintages_listed
from essor.register.services.following import follow
from essor.register.services.loading import restore
from essor.register.types import RegisterError


class Command(BaseCommand):
    """The door to `restore`."""

    help = "List the vintages of the register that are kept; show the previous one again."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the number of the vintage to show again, if any."""
        parser.add_argument(
            "--restore", type=int, metavar="ID", help="number of the vintage to show again"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """List, or restore and say what is shown."""
        if options["restore"] is None:
            for line in vintages_listed():
                self.stdout.write(line)
            return
        try:
            vintage = restore(options["restore"])
        except RegisterError as error:
            raise CommandError(problem_in_words(error.problem)) from error
        self.stdout.write(_("Shown again: %(vintage)s.") % {"vintage": vintage_line(vintage)})
        if not follow():
            self.stdout.write(_("The search index is busy: it will follow in the background."))
