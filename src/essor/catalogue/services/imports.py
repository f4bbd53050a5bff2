"""Imports from their preparation to their end: started here or in the background, followed, stopped, resumed."""

import logging
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import BinaryIO, cast

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.core.files import File
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from essor.catalogue.importers import gettext_noop
from essor.catalogue.importers.inspection import inspected
from essor.catalogue.importers.opening import NotRecords, OpenedFile, opened
from essor.catalogue.locks import SourceBusy, alone_on
from essor.catalogue.models import ImportRun, MappingProfile, Source
from essor.catalogue.queries import profile_named
from essor.catalogue.services.importing import Importing, Progress, no_progress
from essor.catalogue.services.sources import source_known_as, stored_profile
from essor.catalogue.types import Encoding, FileFormat

logger = logging.getLogger(__name__)

RECORDS_TO_CHOOSE_BY = 200
"""Records looked at to choose the mapping profile of a source that has none yet."""

STILL_RUNNING = gettext_noop(
    "This source is being imported already: wait for the end of that import, or stop it."
)


UNFINISHED = (ImportRun.State.STOPPED, ImportRun.State.INTERRUPTED)


class RunBusy(Exception):
    """The source of this run is being imported already; the message says what to do."""


# Preparing


def prepare_run(
    source: Source,
    *,
    stream: BinaryIO,
    file_name: str,
    is_kept: bool = False,
    profile: MappingProfile | None = None,
    encoding: str = "",
    is_full: bool = False,
    started_by: User | None = None,
) -> ImportRun:
    """Make a run that waits to be started by `run_import`, here or in the background.

    Without a profile, that of the source is taken, else the one that suits the file. With `is_kept`
    the file is copied beside the store, as a run that starts in the background needs. Raises
    NotRecords when the file is of another kind, ValidationError when what is asked makes no sense;
    nothing is stored then.
    """
    file = opened(stream, file_name)
    next(file.received(), None)
    if is_full and file.file_format is FileFormat.ITEMS_CSV:
        raise ValidationError(_("A table of items is never the whole catalogue of a source."))
    if encoding and encoding not in set(Encoding):
        raise ValidationError(_("“%(code)s” is no known encoding.") % {"code": encoding})
    with transaction.atomic():
        run = ImportRun(
            source=source,
            profile=profile or source.profile or _suggested(file),
            file_name=file_name[:255],
            file_format=file.file_format.value,
            encoding=encoding,
            is_full=is_full,
            started_by=started_by,
            state=ImportRun.State.WAITING,
            size=file.total,
        )
        if is_kept:
            stream.seek(0)
            run.file.save(f"{source.code}-{Path(file_name).name}"[-200:], File(stream), save=False)
        run.save()
        Source.objects.filter(pk=source.pk, profile=None).update(profile=run.profile)
        source.profile = source.profile or run.profile
    return run


def _suggested(file: OpenedFile) -> MappingProfile:
    suggested = inspected(file, most_records=RECORDS_TO_CHOOSE_BY).suggested
    return stored_profile(profile_named(suggested.code))


def resumable_run(
    source: Source,
    file_name: str,
    *,
    size: int | None,
    profile: MappingProfile | None = None,
    encoding: str = "",
    is_full: bool = False,
) -> ImportRun | None:
    """Give the last run of a source when it read this very file, as asked now, and not to its end.

    A file whose size is unknown, as a compressed one, may be another of the same name: it is read
    again from its beginning.
    """
    run = source.runs.order_by("-started_at", "-pk").first()
    if run is None or run.state not in (*UNFINISHED, ImportRun.State.RUNNING) or not run.position:
        return None
    asked = (file_name[:255], size, is_full, encoding)
    is_same = (run.file_name, run.size, run.is_full, run.encoding) == asked
    is_same = is_same and profile in (None, run.profile)
    return run if is_same and size is not None else None


# Running


def run_import(
    run: ImportRun,
    *,
    stream: BinaryIO | None = None,
    confirms_withdrawals: bool = False,
    on_progress: Progress = no_progress,
) -> ImportRun:
    """Import, from where the run stands, and give the run with its counts.

    `stream` is the file when the run did not keep it. `on_progress` is told how far in the file the
    import is, in bytes once decompressed. Raises RunBusy when the source is being imported already,
    NotRecords when the file turns out to hold none.
    """
    with only_import_of(run.source), ExitStack() as files:
        _take(run)
        held = stream or cast("BinaryIO", files.enter_context(run.file.open("rb")))
        _import(run, held, confirms_withdrawals, on_progress)
    start_next(run.source)
    return run


@contextmanager
def only_import_of(source: Source) -> Iterator[None]:
    """Be the only import of a source. Raises RunBusy, which says what to do, when another one is at work."""
    try:
        with alone_on(source):
            yield
    except SourceBusy as error:
        raise RunBusy(_(STILL_RUNNING)) from error


def _import(
    run: ImportRun, stream: BinaryIO, confirms_withdrawals: bool, on_progress: Progress
) -> None:
    try:
        importing = Importing(run, opened(stream, run.file_name))
        state, message = importing.go(confirms_withdrawals, on_progress)
    except NotRecords as error:
        close_run(run, ImportRun.State.FAILED, str(error))
        raise
    except BaseException as error:
        close_run(run, ImportRun.State.INTERRUPTED, str(error))
        raise
    close_run(run, state, message)


@transaction.atomic
def _take(run: ImportRun) -> None:
    """Start a run; since it is alone on its source, those that say they are running were killed."""
    give_up_killed(run.source, but=run)
    ImportRun.objects.filter(pk=run.pk).update(
        state=ImportRun.State.RUNNING,
        is_asked_to_stop=False,
        message="",
        updated_at=timezone.now(),
    )
    run.refresh_from_db()


def give_up_killed(source: Source, *, but: ImportRun | None = None) -> int:
    """Say that the runs of a source are interrupted, when nobody holds the source; give how many."""
    killed = source.runs.filter(state=ImportRun.State.RUNNING).order_by()
    if but:
        killed = killed.exclude(pk=but.pk)
    return killed.update(state=ImportRun.State.INTERRUPTED)


@transaction.atomic
def close_run(run: ImportRun, state: ImportRun.State, message: str) -> None:
    """Close a run, with what is to be said of it beside its counts."""
    run.refresh_from_db()
    run.state, run.message = state, message[:500]
    run.save(update_fields=["state", "message", "updated_at"])
    logger.info(
        "catalogue.import.%s",
        state.value,
        extra={"run": run.pk, "read": run.read, "rejected": run.rejected},
    )


def start_next(source: Source) -> None:
    """Start the import of this source that was waiting for the end of another one."""
    from essor.catalogue.tasks import import_file_task  # it runs imports through this module

    waiting = source.runs.filter(state=ImportRun.State.WAITING).exclude(file="")
    following = waiting.order_by("started_at", "pk").first()
    if following:
        import_file_task.enqueue(following.pk)


@transaction.atomic
def ask_to_stop(run: ImportRun) -> None:
    """Have a run stopped within a second or so; one that has not begun is stopped at once."""
    run = ImportRun.objects.select_for_update(of=("self",)).get(pk=run.pk)
    run.is_asked_to_stop = True
    if run.state == ImportRun.State.WAITING:
        run.state = ImportRun.State.STOPPED
    run.save(update_fields=["is_asked_to_stop", "state", "updated_at"])


@transaction.atomic
def resume(run: ImportRun) -> ImportRun:
    """Have a run that kept its file gone on with in the background, from where it stands.

    Raises ValidationError for a run that is at its end, still at work, or kept no file.
    """
    from essor.catalogue.tasks import import_file_task  # it runs imports through this module

    run = ImportRun.objects.select_for_update(of=("self",)).get(pk=run.pk)
    if run.state not in UNFINISHED:
        raise ValidationError(_("Only an import that was stopped or interrupted can go on."))
    if not run.file:
        raise ValidationError(_("This import did not keep its file: import the file again."))
    run.state, run.is_asked_to_stop = ImportRun.State.WAITING, False
    run.save(update_fields=["state", "is_asked_to_stop", "updated_at"])
    transaction.on_commit(lambda: import_file_task.enqueue(run.pk))
    return run


def import_file(
    stream: BinaryIO,
    *,
    source_code: str,
    source_name: str = "",
    file_name: str,
    profile: MappingProfile | None = None,
    encoding: str = "",
    is_full: bool = False,
    confirms_withdrawals: bool = False,
    on_progress: Progress = no_progress,
) -> ImportRun:
    """Bring in a file at one stroke, and give the run with its counts.

    The same file, sent again after it was stopped or killed half-way, goes on from there. Raises as
    `prepare_run` and `run_import` do; nothing is changed when the source is being imported already.
    """
    file = opened(stream, file_name)
    next(file.received(), None)
    known = Source.objects.filter(code=source_code).first()
    source = known or source_known_as(source_code, source_name)
    with only_import_of(source):
        source = source_known_as(source_code, source_name)
        run = resumable_run(
            source,
            file_name,
            size=file.total,
            profile=profile,
            encoding=encoding,
            is_full=is_full,
        )
        run = run or prepare_run(
            source,
            stream=stream,
            file_name=file_name,
            profile=profile,
            encoding=encoding,
            is_full=is_full,
        )
        _take(run)
        _import(run, stream, confirms_withdrawals, on_progress)
    start_next(source)
    return run
