"""The application's place in Django."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class PortalConfig(AppConfig):
    name = "essor.portal"
    verbose_name = _("Portal")

    def ready(self) -> None:
        """Listen to what is published, and provide the roles after each migration."""
        from essor.portal import signals

        post_migrate.connect(signals.provide_roles_after_migration, sender=self)
