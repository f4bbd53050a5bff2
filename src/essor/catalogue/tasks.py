"""The catalogue's own work in the background: imports, and what became of those that were killed."""

import logging
from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext as _
from django_tasks import task

from essor.catalogue.importers.opening import NotRecords
from essor.catalogue.locks import SourceBusy, alone_on
from essor.catalogue.models import CoverSettings, Harvest, ImportRun, Source
from essor.catalogue.services.covers import Turn, look_for_covers
from essor.catalogue.services.dropped import forget_old_files
from essor.catalogue.services.harvests import harvest, harvest_client, is_due
from essor.catalogue.services.imports import (
    STILL_RUNNING,
    RunBusy,
    give_up_killed,
    resume,
    run_import,
)
from essor.catalogue.services.withdrawals import withdrawn_at_the_end
from essor.fetching import Limits, portal_client

LONGEST_TURN = timedelta(seconds=20)
COVER_LIMITS = Limits(total_s=8, size_bytes=3 * 1024 * 1024, redirects=3)
COVERS_EVERY_MIN = 1

logger = logging.getLogger(__name__)

SHIFT = timedelta(minutes=5)
"""A harvest lets the other tasks of the portal pass after so long, then goes on."""


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
    """Go on with the imports whose process was killed, if they kept their file, and start the forgotten ones."""
    silent = timezone.now() - SHIFT
    waiting = ImportRun.objects.filter(state=ImportRun.State.WAITING, updated_at__lt=silent)
    for pk in waiting.exclude(file="").order_by("pk").values_list("pk", flat=True):
        import_file_task.enqueue(pk)
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
    try:
        with alone_on(run.source):
            said = withdrawn_at_the_end(run, is_confirmed=True)
    except SourceBusy:
        said = _(STILL_RUNNING)
    ImportRun.objects.filter(pk=run_pk).update(message=said)


@task
def forget_old_import_files() -> None:
    """Free the place of the files that no import needs any more."""
    forget_old_files(timezone.now())


@task
def look_for_some_covers() -> None:
    """Ask the providers that the network chose for a few covers: little, since other work waits."""
    providers = CoverSettings.load().chosen
    if not providers:
        return
    turn = Turn(
        providers,
        client=portal_client(COVER_LIMITS),
        clock=timezone.now,
        until=timezone.now() + LONGEST_TURN,
    )
    found = look_for_covers(turn)
    logger.info("catalogue.covers.looked_for", extra={"asked": turn.asked, "found": found})


@task
def harvest_due() -> None:
    """Give each harvest whose time has come a task of its own: a slow server delays no other."""
    now = timezone.now()
    held = Harvest.objects.filter(is_active=True).select_related("last_run").order_by("pk")
    for one in held:
        if is_due(one, now):
            harvest_task.enqueue(one.pk)


@task
def harvest_task(pk: int, *, is_full: bool = False) -> None:
    """Harvest one catalogue, by turns with the other tasks; the run tells what became of it."""
    held = Harvest.objects.filter(pk=pk).select_related("source").first()
    if held is None:
        return
    try:
        run = harvest(held, client=harvest_client(), is_full=is_full, longest=SHIFT)
    except RunBusy:
        logger.info("catalogue.harvest.busy", extra={"harvest": pk})
        return
    if run.state == ImportRun.State.WAITING:
        harvest_task.enqueue(pk)
