"""Bring in the records of the catalogues that are harvested by OAI-PMH."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from essor.catalogue.importers.oai import OaiError
from essor.catalogue.models import Harvest, ImportRun
from essor.catalogue.report import harvest_report, import_report
from essor.catalogue.services import RunBusy, source_known_as
from essor.catalogue.services.harvests import harvest, harvest_client, set_up, tested_address
from essor.fetching import FetchError

FAILURES = (ImportRun.State.FAILED, ImportRun.State.INTERRUPTED)


class Command(BaseCommand):
    """The door to `harvest`."""

    help = (
        "Harvest by OAI-PMH what has changed in a library system, or in all of them; "
        "with --address, say first where it is harvested. Twice is once."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the source, where it is harvested, and how much of it."""
        parser.add_argument(
            "source", nargs="?", default="", help="short name of the library system (all)"
        )
        parser.add_argument("--address", metavar="URL", help="base address of the OAI-PMH server")
        parser.add_argument(
            "--prefix",
            default="marcxml",
            help="metadata prefix: marcxml, pmb_xml_unimarc or oai_dc (%(default)s)",
        )
        parser.add_argument("--set", default="", help="set of the server (everything)")
        parser.add_argument(
            "--source-name", default="", metavar="NAME", help="name of the source, for readers"
        )
        parser.add_argument(
            "--test", action="store_true", help="say what answers at the address, and stop there"
        )
        parser.add_argument(
            "--full", action="store_true", help="read all records, and withdraw those that are gone"
        )
        parser.add_argument(
            "--confirm-withdrawals",
            action="store_true",
            help="withdraw them even if there are so many that the list looks incomplete",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Harvest, and say what came in and what stayed out."""
        if options["test"]:
            self._test(options["address"] or self._wanted(options["source"])[0].address)
            return
        if options["address"]:
            self._set_up(options)
        states = [self._harvest(one, options) for one in self._wanted(options["source"])]
        if any(state in FAILURES for state in states):
            raise CommandError(_("Not everything could be harvested: see above."))

    def _wanted(self, source: str) -> list[Harvest]:
        held = Harvest.objects.select_related("source").order_by("source__code")
        wanted = held.filter(source__code=source) if source else held.filter(is_active=True)
        if not wanted:
            raise CommandError(_("Nothing is harvested: give a source and its --address."))
        return list(wanted)

    def _test(self, address: str) -> None:
        try:
            tested = tested_address(address, client=harvest_client())
        except (FetchError, OaiError) as error:
            raise CommandError(f"{_(error.what)} {_(error.advice)}") from error
        for line in harvest_report(tested):
            self.stdout.write(line)

    def _set_up(self, options: dict[str, Any]) -> None:
        if not options["source"]:
            raise CommandError(_("Give the short name of the source, too."))
        try:
            set_up(
                source_known_as(options["source"], options["source_name"]),
                address=options["address"],
                metadata_prefix=options["prefix"],
                set_spec=options["set"],
            )
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error

    def _harvest(self, wanted: Harvest, options: dict[str, Any]) -> str:
        try:
            run = harvest(
                wanted,
                client=harvest_client(),
                is_full=options["full"],
                confirms_withdrawals=options["confirm_withdrawals"],
            )
        except RunBusy as error:
            raise CommandError(str(error)) from error
        for line in import_report(run):
            self.stdout.write(line)
        return run.state
