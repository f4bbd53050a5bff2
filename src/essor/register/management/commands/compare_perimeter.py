"""`essor compare_perimeter BUILD --perimeter F`: what another perimeter would change, before it is applied."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from essor.presentation.problems import said
from essor.presentation.templatetags.typography import nbsp, number
from essor.register.build.built import read_build
from essor.register.build.comparison import Change, Standing, changes
from essor.register.build.perimeter import CURRENT, EXCLUSIONS, read_perimeter
from essor.register.models import FAMILY_LABELS, STATUS_LABELS
from essor.register.types import RegisterError


class Command(BaseCommand):
    """It reads a build and two tables, and changes nothing."""

    help = (
        "Say what another perimeter would change in a build of the register: how many units would go from"
        " one status and family to others, with examples. Nothing is changed."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the build and the two tables of the perimeter."""
        parser.add_argument("build", type=Path, help="folder made by “essor build_register”")
        parser.add_argument(
            "--perimeter", type=Path, default=CURRENT, help="table of legal categories"
        )
        parser.add_argument(
            "--exclusions", type=Path, default=EXCLUSIONS, help="table of excluded activities"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Compare, then print each change."""
        try:
            perimeter = read_perimeter(options["perimeter"], options["exclusions"])
            found = changes(read_build(options["build"]), perimeter)
        except RegisterError as error:
            raise CommandError(nbsp(said(error.problem))) from error
        if not found:
            self.stdout.write(_("This perimeter would change nothing in this build."))
        for change in found:
            self._print(change)

    def _print(self, change: Change) -> None:
        counted = ngettext("%(count)s unit", "%(count)s units", change.units)
        self.stdout.write(
            nbsp(
                f"{_words(change.before)} → {_words(change.after)}: "
                + counted % {"count": number(change.units)}
            )
        )
        for siren, name in change.examples:
            self.stdout.write(f"  {siren} {name}".rstrip())


def _words(standing: Standing) -> str:
    status, family = standing
    words = str(STATUS_LABELS[status])
    return f"{words} ({FAMILY_LABELS[family]})" if family else words
