"""Match the rows of other directories again, once the register has changed."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import ngettext

from essor.presentation.templatetags.typography import number
from essor.register.services.directories import match_again


class Command(BaseCommand):
    """The door to `match_again`."""

    help = "Match again the rows of other directories that no person has decided, with the vintage shown."

    def handle(self, *args: Any, **options: Any) -> None:
        """Match, and say how many rows changed."""
        count = match_again()
        said = ngettext("%(count)s row changed.", "%(count)s rows changed.", count)
        self.stdout.write(said % {"count": number(count)})
