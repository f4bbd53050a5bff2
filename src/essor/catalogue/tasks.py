"""The catalogue's own work in the background: imports, and what became of those that were killed."""

import logging

from django.utils import timezone
from django_tasks import task

from essor.catalogue.importers.opening import NotRecords
from essor.catalogue.locks import SourceBusy, alone_on
from essor.catalogue.models import ImportRun, Source
from essor.catalogue.services.dropped import forget_old_files
from essor.catalogue.services.imports import RunBusy, give_up_killed, resume, run_import
from essor.catalogue.services.withdrawals import withdrawn_at_the_end

logger = logging.getLogger(__name__)


@task
def import_file_task(run_pk: int) -> None:
    """Run an import that kept its file; one whose source is busy waits for the end of that import."""
    run = ImportRun.objects.filter(pk=run_pk, state=ImportRun.State.WAITING).first()
    if run is None:
        return
    try:
        run_import(run)
    except RunBusy:
        logger.info("catalogue.import.waits", extra={"run": run_pk})
    except NotRecords:
        logger.info("catalogue.import.failed", extra={"run": run_pk})  # the run says why


@task
def resume_killed_imports() -> None:
    """Go on with the imports whose process was killed, if they kept their file."""
    for source in Source.objects.filter(runs__state=ImportRun.State.RUNNING).distinct():
        try:
            with alone_on(source):
                killed = list(source.runs.filter(state=ImportRun.State.RUNNING))
                give_up_killed(source)
        except SourceBusy:
            continue
        for run in killed:
            run.refresh_from_db()
            if run.file:
                resume(run)


@task
def withdraw_missing_task(run_pk: int) -> None:
    """Withdraw what the whole catalogue of a source lacks, once staff has confirmed it."""
    run = ImportRun.objects.get(pk=run_pk)
    said = withdrawn_at_the_end(run, is_confirmed=True)
    ImportRun.objects.filter(pk=run_pk).update(message=said)


@task
def forget_old_import_files() -> None:
    """Free the place of the files that no import needs any more."""
    forget_old_files(timezone.now())
