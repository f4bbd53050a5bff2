"""Files that librarians drop in, from the dry run to the start of their import; forgotten after a day.

They stand beside the store, never where the web serves files, each in a folder named by its key.
"""

import shutil
import uuid
from datetime import datetime, timedelta
from pathlib import Path
from typing import BinaryIO

from django.conf import settings
from django.core.exceptions import SuspiciousFileOperation
from django.core.files.base import File
from django.core.files.storage import FileSystemStorage
from django.utils.text import get_valid_filename

from essor.catalogue.models import ImportRun

LONGEST_FILE_NAME = 100
UNNAMED = "notices"
DROPPED_KEPT = timedelta(days=1)
RECEIVED_KEPT = timedelta(days=30)
"""How long the file of an import is kept once nothing has moved, so that it can go on."""


def _dropped() -> FileSystemStorage:
    return FileSystemStorage(location=settings.HOME / "imports" / "dropped")


def keep_dropped(file: File, *, file_name: str) -> uuid.UUID:
    """Keep a file that was sent, and give its key."""
    key = uuid.uuid4()
    _dropped().save(f"{key}/{_safe(file_name)}", file)
    return key


def _safe(file_name: str) -> str:
    """Give the end of a name as a file of any system may bear it."""
    try:
        return get_valid_filename(Path(file_name).name[-LONGEST_FILE_NAME:])
    except SuspiciousFileOperation:
        return UNNAMED


def dropped_name(key: uuid.UUID) -> str:
    """Give the name of a file that was dropped. Raises FileNotFoundError when it is no more there."""
    return _path(key).name


def open_dropped(key: uuid.UUID) -> BinaryIO:
    """Open a file that was dropped, to read it. Raises FileNotFoundError when it is no more there."""
    return _path(key).open("rb")


def _path(key: uuid.UUID) -> Path:
    folder = Path(_dropped().path(str(key)))
    for path in folder.iterdir():
        return path
    raise FileNotFoundError(folder)


def forget_dropped(key: uuid.UUID) -> None:
    """Remove a file that was dropped."""
    shutil.rmtree(_dropped().path(str(key)), ignore_errors=True)


def forget_old_files(now: datetime) -> int:
    """Remove dropped files of which nothing was made, and files of imports that ended long ago; say how many."""
    folders = Path(_dropped().location)
    old = [
        folder
        for folder in (folders.iterdir() if folders.is_dir() else ())
        if folder.stat().st_mtime < (now - DROPPED_KEPT).timestamp()
    ]
    for folder in old:
        shutil.rmtree(folder, ignore_errors=True)
    at_work = (ImportRun.State.WAITING, ImportRun.State.RUNNING)
    ended = ImportRun.objects.exclude(file="").exclude(state__in=at_work)
    runs = list(ended.filter(updated_at__lt=now - RECEIVED_KEPT))
    for run in runs:
        run.file.delete(save=False)
        ImportRun.objects.filter(pk=run.pk).update(file="")
    return len(old) + len(runs)
