"""The shape of the project that no other tool checks."""

import pytest
from django.apps import apps
from django.core.management import call_command


@pytest.mark.django_db
def test_every_change_of_a_model_has_its_migration() -> None:
    ours = [config.label for config in apps.get_app_configs() if config.name.startswith("essor.")]
    call_command("makemigrations", *ours, check_changes=True, dry_run=True)
