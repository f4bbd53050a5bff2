"""The background worker: runs the tasks of the queue, and adds those whose turn has come."""

import logging
import time

from django.db import OperationalError, close_old_connections
from django.utils import timezone
from django.utils.crypto import get_random_string
from django_tasks_db.management.commands.db_worker import Worker
from django_tasks_db.models import DBTaskResult

from essor import schedule

PAUSE_S = 1.0
SCHEDULE_EVERY_S = 15.0

logger = logging.getLogger(__name__)


class BackgroundWorker(Worker):
    """The queue's own worker, which looks at the schedule before and between its tasks.

    A long queue must not delay what comes back: a page is published at its hour.
    """

    def __init__(self) -> None:
        super().__init__(
            queue_names=["*"],
            excluded_queue_names=[],
            interval=PAUSE_S,
            batch=True,
            backend_name="default",
            startup_delay=False,
            max_tasks=None,
            worker_id=get_random_string(32),
        )
        self._next_look = 0.0

    def run(self) -> None:
        """Empty the queue."""
        self._look_at_schedule()
        super().run()

    def run_task(self, db_task_result: DBTaskResult) -> None:
        """Run one task."""
        super().run_task(db_task_result)
        self._look_at_schedule()

    def _look_at_schedule(self) -> None:
        if time.monotonic() < self._next_look:
            return
        self._next_look = time.monotonic() + SCHEDULE_EVERY_S
        close_old_connections()
        try:
            schedule.enqueue_due(timezone.now())
        except OperationalError:
            # The store is busy or away for a moment: the turn is still there at the next look.
            logger.warning("schedule.missed", exc_info=True)


def work() -> None:
    """Work until SIGINT or SIGTERM; the task at hand is finished first, unless told twice."""
    worker = BackgroundWorker()
    worker.configure_signals()
    while worker.running:
        worker.run()
        if worker.running:
            time.sleep(PAUSE_S)
