"""The application's place in Django."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RegisterConfig(AppConfig):
    name = "essor.register"
    verbose_name = _("Register")

    def ready(self) -> None:
        """Answer for permanent links, listen to edits, forget those who wrote."""
        from essor import schedule
        from essor.presentation import permalinks
        from essor.register import signals  # noqa: F401  # it listens once imported
        from essor.register.contributing.tasks import forget_contributions
        from essor.register.models import PERMALINK_LETTER
        from essor.register.structure_links import destination_of_structure

        permalinks.register(PERMALINK_LETTER, destination_of_structure)
        schedule.every(minutes=24 * 60, task=forget_contributions)
