"""Set the demonstration portal up and serve it."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone
from django.utils.translation import gettext as _

from essor.demo.services.accounts import read_accounts
from essor.demo.services.build import build
from essor.demo.services.pages import draw_pictures_at_every_size
from essor.demo.services.site import HOST
from essor.demo.services.steps import once
from essor.portal.processes.ports import AddressRefusedError, check_address_is_free
from essor.portal.services.static_files import gather_static_files

ACCOUNTS = "demo-accounts.txt"


class Command(BaseCommand):
    """One process from an empty folder to a served portal: setting Django up takes 4 s each time."""

    help = "Builds the demonstration portal if it is not built yet, and serves it."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the port, and whether to stop before serving."""
        parser.add_argument("--port", type=int, default=8000, help=_("Port to serve (8000)."))
        parser.add_argument(
            "--build-only", action="store_true", help=_("Build the portal without serving it.")
        )

    def handle(self, *, port: int, build_only: bool, **options: Any) -> None:
        """Refuse a port in use, then build what is missing, tell how to enter, and serve."""
        if not build_only:
            _refuse_port_in_use(port)
        self._prepare_database()
        accounts = settings.HOME / ACCOUNTS
        build(port=port, now=timezone.now(), accounts=accounts, tell=self.stdout.write)
        self.stdout.write(_("Checking style sheets and scripts"))
        gather_static_files()
        once("sizes", self._draw_pictures)
        self._tell_how_to_enter(f"http://{HOST}:{port}", accounts)
        if not build_only:
            call_command("serve", port=port)

    def _prepare_database(self) -> None:
        """Migrate only when something is to be migrated: asking takes a tenth of the time."""
        executor = MigrationExecutor(connections[DEFAULT_DB_ALIAS])
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            self.stdout.write(_("Preparing the database"))
            call_command("migrate", interactive=False, verbosity=0)

    def _draw_pictures(self) -> None:
        self.stdout.write(_("Drawing the pictures at every size"))
        draw_pictures_at_every_size()

    def _tell_how_to_enter(self, address: str, accounts: Path) -> None:
        staff = f"{address}/{settings.STAFF_PATH}/"
        self.stdout.write("\n" + _("Portal: %(address)s") % {"address": f"{address}/"})
        self.stdout.write(_("Staff screens: %(address)s") % {"address": staff})
        kept = read_accounts(accounts)
        if not kept:
            lost = _("The passwords are no longer in %(file)s. Give new ones: essor changepassword")
            self.stdout.write(lost % {"file": accounts})
            return
        self.stdout.write(
            _("Accounts, with the password of the first run (unless you have changed it):")
        )
        for account in kept:
            self.stdout.write(f"  {account.username:<15}{account.password}   {account.role}")
        self.stdout.write(_("They are kept in %(file)s") % {"file": accounts} + "\n")


def _refuse_port_in_use(port: int) -> None:
    try:
        check_address_is_free(host=HOST, port=port)
    except AddressRefusedError as error:
        raise CommandError(str(error)) from error
