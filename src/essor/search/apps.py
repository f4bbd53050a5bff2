"""The application's place in Django."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

UPKEEP_EVERY_MIN = 5


class SearchConfig(AppConfig):
    name = "essor.search"
    verbose_name = _("Full-text search")

    def ready(self) -> None:
        """Look after the index from time to time: heal it, and catch up with what was missed."""
        from essor import schedule
        from essor.search.tasks import keep_whole

        schedule.every(minutes=UPKEEP_EVERY_MIN, task=keep_whole)
