"""The register's own work in the background: the search index follows what is shown."""

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
    """Have the index follow the vintage that is shown; then remove what is older than the previous one."""
    from essor.register.services.charts import keep_charts
    from essor.register.services.indexing import index_vintage
    from essor.register.services.loading import remove_older  # it enqueues this task

    keep_charts()
    if index_vintage():
        remove_older()


@task
def follow_approvals() -> None:
    """Have the structures whose approval began or ended these days found by it, or no more by it."""
    today = timezone.localdate()
    since = today - REMEMBERED
    changed = Q(starts_on__range=(since, today)) | Q(ends_on__range=(since, today))
    sirens = Approval.objects.filter(changed).order_by("siren").values_list("siren", flat=True)
    note_changes(KIND, sirens.distinct())
