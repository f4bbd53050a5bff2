"""Imports of other directories in the background."""

import logging

from django.core.exceptions import ValidationError
from django.utils import timezone
from django_tasks import task

from essor.register.models import DirectoryImport
from essor.register.services.directories import forget_old_lists, run_import
from essor.register.types import RegisterError

logger = logging.getLogger(__name__)


@task
def import_list_task(run_pk: int) -> None:
    """Run an import that kept its file; one that is refused says why itself."""
    waiting = DirectoryImport.objects.filter(pk=run_pk, state=DirectoryImport.State.WAITING)
    run = waiting.first()
    if run is None:
        return
    try:
        run_import(run)
    except (RegisterError, ValidationError):
        logger.info("register.directory.refused", extra={"run": run_pk})


@task
def forget_lists() -> None:
    """Forget the lists that were dropped and never started, and the files of imports that ended long ago."""
    forget_old_lists(timezone.now())
