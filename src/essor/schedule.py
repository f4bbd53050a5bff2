"""Periodic work: each app says in `AppConfig.ready` which task to run, and how often.

Time is cut into turns of the same length, and the identifier of a task's row in the queue is made
from its name and the start of its turn. The primary key is therefore what makes this safe: several
workers may announce the same turn at the same moment, or one may be started again in the middle of
it, and the task is still enqueued once. Turns missed while no worker ran are not made up for: the
current one is enough. Turns of different tasks, and of different portals, start at different moments,
so that the hosts of feeds do not see everyone come on the hour.
"""

import logging
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django_tasks.base import Task, TaskResultStatus
from django_tasks_db.backend import DatabaseBackend

logger = logging.getLogger(__name__)

LONGEST_MINUTES = 24 * 60
"""A turn is at most a day: the rows of finished tasks, which remember it, are kept for two."""

KEEP_FINISHED = timedelta(days=2)
KEEP_FAILED = timedelta(days=14)
"""A failed task is kept longer, for who looks for the reason."""

LOST_AFTER = timedelta(hours=6)
_TURNS = uuid.UUID("5f0c7f39-6c1f-4d6e-9c0b-3d1f7f0f4e55")


@dataclass(frozen=True, slots=True)
class Periodic:
    """A task and the length of its turn."""

    task: Task[Any, Any]
    minutes: int

    def turn(self, now: datetime) -> uuid.UUID:
        """Give the identifier of the turn that `now` falls in, the same for every worker."""
        name, length_s = self.task.module_path, self.minutes * 60
        shift_s = uuid.uuid5(_TURNS, f"{settings.URL} {name}").int % length_s
        number = (int(now.timestamp()) + shift_s) // length_s
        return uuid.uuid5(_TURNS, f"{name} {self.minutes} {number}")


class WorkerLostError(Exception):
    """The worker was stopped before the end of the task."""


_registered: dict[str, Periodic] = {}


def every(*, minutes: int, task: Task[Any, Any]) -> None:
    """Run the task, which takes no argument, once in each turn of so many minutes.

    Raises ValueError unless a turn lasts from a minute to a day.
    """
    if not 1 <= minutes <= LONGEST_MINUTES:
        raise ValueError(f"{task.module_path}: a turn lasts from 1 minute to a day, not {minutes}.")
    _registered[task.module_path] = Periodic(task, minutes)


def periodic_tasks() -> tuple[Periodic, ...]:
    """Give what the apps registered, in the order of the names."""
    return tuple(_registered[name] for name in sorted(_registered))


def enqueue_due(now: datetime) -> tuple[str, ...]:
    """Enqueue the tasks whose turn has come, and give their names.

    A task still waiting from an earlier turn is not enqueued again: a queue that is late must not grow.
    """
    waiting = set(_rows().ready().values_list("task_path", flat=True))
    due = (each for each in periodic_tasks() if each.task.module_path not in waiting)
    return tuple(each.task.module_path for each in due if _take_turn(each, now))


def _take_turn(periodic: Periodic, now: datetime) -> bool:
    turn = periodic.turn(now)
    if _rows().filter(pk=turn).exists():
        return False
    options = {"QUEUES": [], "OPTIONS": {"id_function": lambda: turn}}
    backend = DatabaseBackend(periodic.task.backend, options)
    try:
        with transaction.atomic():
            backend.enqueue(periodic.task, (), {})  # type: ignore[arg-type]
    except IntegrityError:
        return False  # another worker has just taken this turn
    return True


def give_up_lost_tasks(now: datetime) -> int:
    """Mark as failed the tasks whose worker was killed before it could, and give their number."""
    lost = _rows().running().filter(started_at__lt=now - LOST_AFTER)
    for row in lost:
        row.set_failed(WorkerLostError(f"Not finished {LOST_AFTER} after its start."))
        logger.warning("task.lost", extra={"task": row.task_path, "started": row.started_at})
    return len(lost)


def forget_finished(now: datetime) -> int:
    """Delete the rows of tasks finished long ago, and give their number."""
    done = _rows().successful().filter(finished_at__lt=now - KEEP_FINISHED)
    failed = _rows().failed().filter(finished_at__lt=now - KEEP_FAILED)
    return sum(rows.delete()[0] for rows in (done, failed))


def shows_life(now: datetime, *, within: timedelta) -> bool:
    """Say whether some worker finished a task lately, or is in the middle of one."""
    since = now - within
    finished = _rows().finished().filter(finished_at__gte=since)
    busy = _rows().filter(status=TaskResultStatus.RUNNING, started_at__gte=now - LOST_AFTER)
    return finished.exists() or busy.exists()


def _rows() -> Any:
    from django_tasks_db.models import DBTaskResult

    return DBTaskResult.objects.order_by("enqueued_at")
