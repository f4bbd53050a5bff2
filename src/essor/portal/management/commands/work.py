"""Do the background work: what the portal put in the queue, and what is due."""

from typing import Any

from django.core.management.base import BaseCommand

from essor.portal.processes.worker import work


class Command(BaseCommand):
    """One worker; several may run, on one machine or on many (see `essor.schedule`)."""

    help = (
        "Do the background work: feeds, scheduled publication, indexes. Ends on Ctrl-C or SIGTERM."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        """Work until stopped."""
        work()
