"""One loading at a time, on whatever machine; the system frees the lock of a loading that was killed."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from django.db import connection
from django.utils.translation import gettext as _

from essor.alone import alone
from essor.problems import Problem
from essor.register.types import RegisterError

LOADING = 5_271_826
"""The number by which PostgreSQL knows that somebody is loading."""


@contextmanager
def loading_alone() -> Iterator[None]:
    """Be the only one to load. Raises RegisterError when somebody else is loading."""
    with ExitStack() as held:
        try:
            if connection.vendor == "postgresql":
                held.enter_context(_alone_in_the_store())
            else:
                held.enter_context(alone(Path(f"{connection.settings_dict['NAME']}-loading")))
        except BlockingIOError as error:
            raise RegisterError(
                Problem(
                    _("loading"),
                    _("Another build is being loaded."),
                    _("Wait for its end: nothing has been changed."),
                )
            ) from error
        yield


@contextmanager
def _alone_in_the_store() -> Iterator[None]:
    """Hold a lock that the store frees when the connection ends, however that comes."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [LOADING])
        (is_mine,) = cursor.fetchone()
        if not is_mine:
            raise BlockingIOError
        try:
            yield
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [LOADING])
