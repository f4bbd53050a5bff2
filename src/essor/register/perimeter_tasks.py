"""Comparisons of perimeters in the background: a build of the whole country takes a minute or so."""

from django_tasks import task

from essor.register.models import PerimeterComparison
from essor.register.services.perimeters import run_comparison


@task
def compare_perimeter(pk: int) -> None:
    """Run a comparison that waits; one that was forgotten meanwhile is not run."""
    waiting = PerimeterComparison.objects.filter(pk=pk, state=PerimeterComparison.State.WAITING)
    comparison = waiting.select_related("draft", "vintage").first()
    if comparison:
        run_comparison(comparison)
