"""Make a portal on this base."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from essor.portal.services.sites import create_portal


class Command(BaseCommand):
    """The door to `create_portal`."""

    help = "Make a portal: its site, home page and list of dossiers. Twice is once."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the name of the portal and its host."""
        parser.add_argument("name", help="name of the portal, as “À suivre”")
        parser.add_argument("hostname", help="host name it answers, as ess.example.org")
        parser.add_argument("--port", type=int, default=80, help="port, if not the usual one")

    def handle(self, *args: Any, **options: Any) -> None:
        """Make it, or say why not."""
        try:
            site = create_portal(
                name=options["name"], hostname=options["hostname"], port=options["port"]
            )
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        self.stdout.write(f"{site.site_name}: {site.root_url}")
