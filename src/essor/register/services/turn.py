"""One process at a time loads or removes vintages.

The lock is one that the system frees when its holder dies, however it dies: rows that were left half
written are then known to have nobody who writes on.
"""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.db import connection
from django.utils.translation import gettext as _

from essor.problems import Problem
from essor.register.types import RegisterError

LOCK = 0x45735265
"""Our advisory lock in PostgreSQL: another application has its own."""


@contextmanager
def writing_alone() -> Iterator[None]:
    """Be the only one. Raises RegisterError at once when another process is at it."""
    hold = _by_postgresql if connection.vendor == "postgresql" else _by_file
    with hold():
        yield


@contextmanager
def _by_file() -> Iterator[None]:
    folder = settings.HOME / "register"
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "vintages.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise _busy() from error
        yield


@contextmanager
def _by_postgresql() -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [LOCK])
        if not cursor.fetchone()[0]:
            raise _busy()
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])


def _busy() -> RegisterError:
    return RegisterError(
        Problem(
            _("the directory"),
            _("Another vintage is being loaded, or an old one removed."),
            _("Try again when that is done; what readers see has not changed."),
        )
    )
