"""The kiosks' own work in the background."""

from django.utils import timezone
from django_tasks import task

from essor.kiosk.counting import forget_old


@task
def forget_old_counts() -> None:
    """Delete the counts that have been kept for long enough."""
    forget_old(timezone.localdate())
