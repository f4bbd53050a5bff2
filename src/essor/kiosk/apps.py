"""The application's place in Django."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class KioskConfig(AppConfig):
    name = "essor.kiosk"
    verbose_name = _("Kiosks")

    def ready(self) -> None:
        """Listen to what kiosks show, answer for their permanent links, forget old counts."""
        from essor import schedule
        from essor.kiosk import signals  # noqa: F401  # it listens once imported
        from essor.kiosk.models import PERMALINK_LETTER
        from essor.kiosk.queries import destination_of_kiosk
        from essor.kiosk.tasks import forget_old_counts
        from essor.presentation import permalinks

        permalinks.register(PERMALINK_LETTER, destination_of_kiosk)
        schedule.every(minutes=24 * 60, task=forget_old_counts)
