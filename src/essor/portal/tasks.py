"""The portal's own work in the background."""

from datetime import timedelta

from django.core.management import call_command
from django.utils import timezone
from django_tasks import task

from essor import schedule

WORKER_SILENCE = timedelta(minutes=5)
"""Scheduled publication runs each minute: after this long without any work, no worker is running."""


@task
def publish_scheduled() -> None:
    """Publish what is due, take back what has expired."""
    call_command("publish_scheduled", verbosity=0)


@task
def tidy_queue() -> None:
    """Forget finished tasks, and give up those whose worker was killed."""
    now = timezone.now()
    schedule.give_up_lost_tasks(now)
    schedule.forget_finished(now)
