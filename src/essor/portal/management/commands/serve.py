"""Serve the portal: web and background work, together."""

import os
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DEFAULT_DB_ALIAS, OperationalError, connections
from django.db.migrations.executor import MigrationExecutor
from django.utils.translation import gettext as _

from essor.portal.management.commands.serve_web import add_web_arguments
from essor.portal.processes.ports import AddressRefusedError, check_address_is_free
from essor.portal.processes.supervision import Program, run_together

ESSOR = (sys.executable, "-m", "essor")
LOCAL = ("127.0.0.1", "localhost")


class Command(BaseCommand):
    """The command of one machine; past it, `serve_web` and `work` run apart."""

    help = "Serves the portal and does its background work, until Ctrl-C or SIGTERM stops both."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take what the web server takes."""
        add_web_arguments(parser)

    def handle(self, *args: Any, host: str, port: int, workers: int, **options: Any) -> None:
        """Refuse what cannot be served, then run both; one that ends by itself ends the other."""
        try:
            check_address_is_free(host=host, port=port)
        except AddressRefusedError as error:
            raise CommandError(str(error)) from error
        self._check_database()
        web = [*ESSOR, "serve_web", "--host", host, "--port", str(port), "--workers", str(workers)]
        programs = [Program("serve_web", web), Program("work", [*ESSOR, "work"])]
        self._say_where(host, port)
        outcome = run_together(programs, environment=self._environment(host, port))
        if outcome.ended:
            message = _("essor %(name)s has ended by itself: all was stopped.")
            raise CommandError(message % {"name": outcome.ended}, returncode=outcome.code)

    def _check_database(self) -> None:
        try:
            executor = MigrationExecutor(connections[DEFAULT_DB_ALIAS])
        except OperationalError as error:
            message = _("The database does not answer: %(reason)s")
            raise CommandError(message % {"reason": error}) from error
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            raise CommandError(_("The database is not ready for this version: run essor migrate"))
        connections.close_all()

    def _say_where(self, host: str, port: int) -> None:
        address = f"http://{f'[{host}]' if ':' in host else host}:{port}/"
        message = _("The portal is at %(address)s (Ctrl-C stops it)")
        self.stdout.write(message % {"address": address})
        self.stdout.flush()

    def _environment(self, host: str, port: int) -> dict[str, str]:
        """Give that of both processes: on this machine, the public address follows the port."""
        own = {"ESSOR_URL": f"http://{host}:{port}"} if host in LOCAL else {}
        return {**own, **os.environ}
