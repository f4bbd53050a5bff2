"""The portal's own work in the background."""

from datetime import timedelta

from axes.models import AccessAttempt, AccessLog
from django.core.management import call_command
from django.utils import timezone
from django_tasks import task

from essor import schedule
from essor.fetching import portal_client
from essor.portal.services.feeds import due_feeds, refresh_feed, take_feed

WORKER_SILENCE = timedelta(minutes=5)
"""Scheduled publication runs each minute: after this long without any work, no worker is running."""

SIGN_INS_KEPT = timedelta(days=30)
AHEAD_OF_ALL = 50


@task(priority=AHEAD_OF_ALL)
def publish_scheduled() -> None:
    """Publish what is due, take back what has expired."""
    call_command("publish_scheduled", verbosity=0)


@task
def read_due_feeds() -> None:
    """Give each feed whose time has come a task of its own: a slow site delays no other."""
    for pk in due_feeds(timezone.now()).values_list("pk", flat=True):
        read_feed.enqueue(pk)


@task
def read_feed(pk: int) -> None:
    """Read one feed, unless another worker is reading it."""
    now = timezone.now()
    source = take_feed(pk, now)
    if source:
        refresh_feed(source, client=portal_client(), now=now)


@task
def tidy_queue() -> None:
    """Forget finished tasks, and give up those whose worker was killed."""
    now = timezone.now()
    schedule.give_up_lost_tasks(now)
    schedule.forget_finished(now)


@task
def forget_people() -> None:
    """Delete ended sessions, and who signed in, from where, or tried to."""
    call_command("clearsessions", verbosity=0)
    long_ago = timezone.now() - SIGN_INS_KEPT
    for trace in (AccessAttempt, AccessLog):
        trace.objects.filter(attempt_time__lt=long_ago).delete()
