"""One import at a time for each source, whatever process it runs in.

The lock is one that the system frees when its holder dies, however it dies: a run that says it is
running while its source is free was killed.
"""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.db import connection

from essor.catalogue.models import Source

FAMILY = 0x457353
"""The first half of our advisory locks in PostgreSQL: another application has its own."""


class SourceBusy(Exception):
    """Another import of this source is running."""


@contextmanager
def alone_on(source: Source) -> Iterator[None]:
    """Be the only import of this source. Raises SourceBusy at once when there is another."""
    hold = _by_postgresql if connection.vendor == "postgresql" else _by_file
    with hold(source):
        yield


@contextmanager
def _by_file(source: Source) -> Iterator[None]:
    folder = settings.HOME / "imports"
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / f"source-{source.pk}.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise SourceBusy(source.code) from error
        yield


@contextmanager
def _by_postgresql(source: Source) -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [FAMILY, source.pk])
        if not cursor.fetchone()[0]:
            raise SourceBusy(source.code)
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [FAMILY, source.pk])
