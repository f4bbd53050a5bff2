"""Serve the web pages alone, in production."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from essor.portal.processes.ports import AddressRefusedError, check_address_is_free
from essor.portal.processes.web import serve_web, usual_worker_count
from essor.portal.services.static_files import gather_static_files


def add_web_arguments(parser: ArgumentParser) -> None:
    """Declare where to serve, and with how many processes."""
    parser.add_argument("--host", default="127.0.0.1", help=_("Address to serve (127.0.0.1)."))
    parser.add_argument("--port", type=int, default=8000, help=_("Port to serve (8000)."))
    parser.add_argument(
        "--workers",
        type=int,
        default=usual_worker_count(),
        help=_("Number of web processes (one for each processor, 4 at most)."),
    )


class Command(BaseCommand):
    """Door of the web process."""

    help = "Serves the web pages, without the background worker (see serve and work)."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the options."""
        add_web_arguments(parser)

    def handle(self, *, host: str, port: int, workers: int, **options: Any) -> None:
        """Serve until stopped."""
        try:
            check_address_is_free(host=host, port=port)
        except AddressRefusedError as error:
            raise CommandError(str(error)) from error
        gather_static_files()
        serve_web(host=host, port=port, workers=workers)
