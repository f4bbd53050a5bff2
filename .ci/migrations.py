"""Fail when a change of a model has no migration. It asks no database, and leaves nothing."""

import os
import sys
import tempfile

with tempfile.TemporaryDirectory() as home:
    os.environ.update(DJANGO_SETTINGS_MODULE="essor.settings", ESSOR_HOME=home)
    os.environ.pop("DATABASE_URL", None)

    import django
    from django.apps import apps
    from django.core.management import call_command

    django.setup()
    ours = [config.label for config in apps.get_app_configs() if config.name.startswith("essor.")]
    try:
        call_command("makemigrations", *ours, check_changes=True, dry_run=True)
    except SystemExit as found:
        sys.exit(found.code)
