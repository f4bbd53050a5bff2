"""The application's place in Django."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class KioskConfig(AppConfig):
    name = "essor.kiosk"
    verbose_name = _("Kiosks")

    def ready(self) -> None:
        """Listen to what kiosks show, answer for their permanent links."""
        from essor.kiosk import signals  # noqa: F401  # it listens once imported
        from essor.kiosk.models import PERMALINK_LETTER
        from essor.kiosk.queries import destination_of_kiosk
        from essor.presentation import permalinks

        permalinks.register(PERMALINK_LETTER, destination_of_kiosk)
