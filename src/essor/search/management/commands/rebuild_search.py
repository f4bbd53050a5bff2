"""`essor rebuild_search`: write the search index anew from the store."""

import time

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from tqdm import tqdm

from essor.search.services import index_pending, rebuild
from essor.search.types import IndexBusyError


class Command(BaseCommand):
    """Readers keep the old index until the new one is complete."""

    help = "Write the search index anew from everything the portal holds."

    def handle(self, **options: object) -> None:
        """Rebuild with a progress bar, then index what changed meanwhile."""
        start = time.monotonic()
        try:
            count = sum(1 for _document in tqdm(rebuild(), unit=" doc", delay=2, disable=None))
            index_pending()
        except IndexBusyError as error:
            raise CommandError(
                _("The search index is being written by another process: try again in a moment.")
            ) from error
        done = ngettext(
            "%(count)d document indexed in %(seconds).1f s.",
            "%(count)d documents indexed in %(seconds).1f s.",
            count,
        )
        self.stdout.write(done % {"count": count, "seconds": time.monotonic() - start})
