"""`essor import_old_baskets FILE`: take over the baskets of the founding portal, under their numbers."""

from collections import Counter
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from essor.catalogue.models import Source
from essor.kiosk.importers.old_baskets import OldBasket, UnreadableTable, old_baskets
from essor.kiosk.services import OldBasketTaken, Outcome, take_old_basket
from essor.presentation.problems import said, unreadable
from essor.presentation.templatetags.typography import nbsp, number
from essor.problems import Problem

MOST_PROBLEMS_SAID = 1_000
REFUSED = gettext_noop("This basket was left out; the others were taken.")


class Command(BaseCommand):
    """The door to `take_old_basket`, once for each basket of a table."""

    help = (
        "Make or complete the baskets that snippets of the founding portal name, from a CSV file: number,"
        " title, records (control numbers or ISBNs). Twice is once."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the table, and who may see the new baskets."""
        parser.add_argument(
            "file", type=Path, help="CSV with a heading: number, title, records (or in French)"
        )
        parser.add_argument(
            "--private",
            action="store_true",
            help="make new baskets private: their snippets show nothing until somebody publishes"
            " them (public, since their snippets are)",
        )
        parser.add_argument(
            "--source",
            default="",
            metavar="CODE",
            help="library system that the control numbers belong to (any)",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Take each basket, then report; a line that is wrong keeps no other out."""
        if options["source"] and not Source.objects.filter(code=options["source"]).exists():
            raise CommandError(_("No source has the code %(code)s.") % {"code": options["source"]})
        taken, problems = [], []
        for one in self._read(options["file"]):
            if isinstance(one, Problem):
                problems.append(one)
                continue
            try:
                done = take_old_basket(
                    one, is_public=not options["private"], source_code=options["source"]
                )
            except ValidationError as error:
                problems.append(Problem(str(one.line), " ".join(error.messages), REFUSED))
                continue
            taken.append(done)
            problems += done.problems
        self._report(taken, problems)

    def _read(self, path: Path) -> list[OldBasket | Problem]:
        try:
            return list(old_baskets(path.read_bytes()))
        except OSError as error:
            raise CommandError(unreadable(path, error)) from error
        except UnreadableTable as error:
            raise CommandError(nbsp(f"{path} : {_(str(error))}")) from error

    def _report(self, taken: list[OldBasketTaken], problems: list[Problem]) -> None:
        became = Counter(done.outcome for done in taken)
        for label, count in (
            (_("Baskets created: %(count)s"), became[Outcome.CREATED]),
            (_("Baskets completed: %(count)s"), became[Outcome.COMPLETED]),
            (_("Baskets unchanged: %(count)s"), became[Outcome.UNCHANGED]),
            (_("Records added: %(count)s"), sum(done.added for done in taken)),
            (_("Problems: %(count)s"), len(problems)),
        ):
            self.stdout.write(nbsp(label % {"count": number(count)}))
        self._say_who_sees(taken)
        for problem in problems[:MOST_PROBLEMS_SAID]:
            self.stdout.write(nbsp("  " + _("line %(what)s") % {"what": said(problem)}))
        if len(problems) > MOST_PROBLEMS_SAID:
            rest = number(len(problems) - MOST_PROBLEMS_SAID)
            self.stdout.write("  " + _("and %(count)s more") % {"count": rest})

    def _say_who_sees(self, taken: list[OldBasketTaken]) -> None:
        if any(done.is_public and done.outcome is Outcome.CREATED for done in taken):
            text = _(
                "The new baskets are public, as their snippets are: everyone may read them, follow"
                " them as feeds and harvest them. With --private, only staff see them."
            )
            self.stdout.write(text)
        private = sum(not done.is_public for done in taken)
        if private:
            text = _("Private baskets, whose snippets show nothing for now: %(count)s")
            self.stdout.write(nbsp(text % {"count": number(private)}))
