"""The application's place in Django."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RegisterConfig(AppConfig):
    name = "essor.register"
    verbose_name = _("Register")

    def ready(self) -> None:
        """Answer for permanent links, let structures be found, listen to edits, forget those who wrote."""
        from essor import schedule
        from essor.presentation import permalinks
        from essor.register import signals  # noqa: F401  # it listens once imported
        from essor.register.contributing.tasks import (
            MAILS_EVERY_MIN,
            forget_contributions,
            send_mails_again,
        )
        from essor.register.initiatives.reading import destination_of_initiative
        from essor.register.list_tasks import forget_lists
        from essor.register.models import INITIATIVE_LETTER, PERMALINK_LETTER
        from essor.register.search import register_source
        from essor.register.structure_links import destination_of_structure
        from essor.register.tasks import UPKEEP_EVERY_MIN, follow_approvals, follow_vintage

        permalinks.register(PERMALINK_LETTER, destination_of_structure)
        permalinks.register(INITIATIVE_LETTER, destination_of_initiative)
        schedule.every(minutes=24 * 60, task=forget_contributions)
        schedule.every(minutes=24 * 60, task=forget_lists)
        schedule.every(minutes=MAILS_EVERY_MIN, task=send_mails_again)
        register_source()
        schedule.every(minutes=UPKEEP_EVERY_MIN, task=follow_vintage)
        schedule.every(minutes=24 * 60, task=follow_approvals)
