"""The application's place in Django."""

from django.apps import AppConfig, apps
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class PortalConfig(AppConfig):
    name = "essor.portal"
    verbose_name = _("Portal")

    def ready(self) -> None:
        """Listen to what is published, schedule, answer for links, provide roles after each migration."""
        from essor import schedule
        from essor.portal import search, signals, tasks
        from essor.portal.queries.destinations import destination_of_page
        from essor.presentation import permalinks

        schedule.every(minutes=1, task=tasks.publish_scheduled)
        schedule.every(minutes=5, task=tasks.read_due_feeds)
        schedule.every(minutes=60, task=tasks.tidy_queue)
        schedule.every(minutes=24 * 60, task=tasks.forget_people)
        search.register_sources()
        permalinks.register("", destination_of_page)

        # Roles need the permissions of every app: wait for the last one's turn.
        last = [config for config in apps.get_app_configs() if config.models_module][-1]
        post_migrate.connect(signals.provide_roles_after_migration, sender=last)
