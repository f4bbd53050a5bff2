"""Do the background work: what the portal put in the queue, and what is due."""

import time
from typing import Any

from django.core.management.base import BaseCommand
from django.db import OperationalError, close_old_connections
from django.utils import timezone
from django.utils.crypto import get_random_string
from django_tasks_db.management.commands.db_worker import Worker

from essor import schedule

PAUSE_S = 1.0
SCHEDULE_EVERY_S = 15.0


class Command(BaseCommand):
    """One worker; several may run, on one machine or on many (see `essor.schedule`)."""

    help = (
        "Do the background work: feeds, scheduled publication, indexes. Ends on Ctrl-C or SIGTERM."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        """Empty the queue, look at the schedule, rest, and again."""
        worker = Worker(
            queue_names=["*"],
            excluded_queue_names=[],
            interval=PAUSE_S,
            batch=True,
            backend_name="default",
            startup_delay=False,
            max_tasks=None,
            worker_id=get_random_string(32),
        )
        worker.configure_signals()
        next_look = 0.0
        while worker.running:
            if time.monotonic() >= next_look:
                self._look_at_schedule()
                next_look = time.monotonic() + SCHEDULE_EVERY_S
            worker.run()
            if worker.running:
                time.sleep(PAUSE_S)

    def _look_at_schedule(self) -> None:
        close_old_connections()
        try:
            schedule.enqueue_due(timezone.now())
        except OperationalError as error:
            # The store is busy or away for a moment: the turn is still there at the next look.
            self.stderr.write(
                f"The schedule is looked at again in {SCHEDULE_EVERY_S:.0f} s: {error}"
            )
