"""Read the feeds of other sites now, without waiting for the background worker."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from tqdm import tqdm

from essor.fetching import Client, portal_client
from essor.portal.models import FeedSource
from essor.portal.services.feeds import bring_forward, due_feeds, refresh_feed, take_feed


class Command(BaseCommand):
    """A door to what the worker does by itself; a feed that is being read elsewhere is left alone."""

    help = "Reads the feeds whose time has come, and says how each one is."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the choice of all feeds."""
        parser.add_argument(
            "--all", action="store_true", help=_("Read every active feed, due or not.")
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Read them one by one, then report."""
        now, client = timezone.now(), portal_client()
        if options["all"]:
            for source in FeedSource.objects.filter(is_active=True):
                bring_forward(source, now)
        pks = list(due_feeds(now).values_list("pk", flat=True))
        lines = [self._read(pk, client) for pk in tqdm(pks, unit=" feeds", delay=2, disable=None)]
        for line in lines:
            self.stdout.write(line)
        count = ngettext("%(n)d feed to read.", "%(n)d feeds to read.", len(pks))
        self.stdout.write(count % {"n": len(pks)})

    def _read(self, pk: int, client: Client) -> str:
        now = timezone.now()
        source = take_feed(pk, now)
        if source is None:
            return _("Feed %(pk)d: being read elsewhere, or stopped.") % {"pk": pk}
        is_well = refresh_feed(source, client=client, now=now)
        words = _("received") if is_well else _("not received")
        return f"{source.name}: {words}. {source.problem} {source.advice}".rstrip()
