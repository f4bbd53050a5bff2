"""The application's place in Django."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CatalogueConfig(AppConfig):
    name = "essor.catalogue"
    verbose_name = _("Catalogue")

    def ready(self) -> None:
        """Answer for permanent links, let records be found; tidy up, harvest, resume imports, look for covers."""
        from essor import schedule
        from essor.catalogue.models import PERMALINK_LETTER
        from essor.catalogue.queries import destination_of_record
        from essor.catalogue.search import register_source
        from essor.catalogue.tasks import (
            COVERS_EVERY_MIN,
            forget_old_import_files,
            harvest_due,
            look_for_some_covers,
            resume_killed_imports,
        )
        from essor.presentation import permalinks

        permalinks.register(PERMALINK_LETTER, destination_of_record)
        register_source()
        schedule.every(minutes=24 * 60, task=forget_old_import_files)
        schedule.every(minutes=COVERS_EVERY_MIN, task=look_for_some_covers)
        schedule.every(minutes=60, task=harvest_due)
        schedule.every(minutes=5, task=resume_killed_imports)
