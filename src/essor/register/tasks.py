"""The register's own work in the background: what hangs on the vintage follows it."""

from datetime import timedelta

from django.db.models import Q
from django.utils import timezone
from django_tasks import task

from essor.register.documents import KIND
from essor.register.models import Approval
from essor.search.services import note_changes

UPKEEP_EVERY_MIN = 10
REMEMBERED = timedelta(days=3)
"""An approval that began or ended is looked at for so long: the worker may have been stopped."""


@task
def draw_charts() -> None:
    """Make what the map of a large vintage is counted in, where this runs."""
    from essor.register.services.charts import keep_charts

    keep_charts()


@task
def follow_vintage() -> None:
    """Have all that hangs on the vintage that is shown follow it."""
    from essor.register.services.following import follow  # what it calls enqueues this task

    follow()


@task
def follow_approvals() -> None:
    """Have the structures whose approval began or ended these days found by it, or no more by it."""
    today = timezone.localdate()
    since = today - REMEMBERED
    changed = Q(starts_on__range=(since, today)) | Q(ends_on__range=(since, today))
    sirens = Approval.objects.filter(changed).order_by("siren").values_list("siren", flat=True)
    note_changes(KIND, sirens.distinct())
