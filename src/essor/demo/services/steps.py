"""Do each step once, even when the demonstration is interrupted or started twice."""

from collections.abc import Callable

from django.db import transaction

from essor.demo.models import Step


@transaction.atomic
def once(name: str, act: Callable[[], object]) -> bool:
    """Do this step unless it was done before, and say whether it was done now.

    The step and its work are kept together or not at all. What editors change or delete later
    is theirs: a finished step never comes back.
    """
    _step, is_new = Step.objects.get_or_create(name=name)
    if is_new:
        act()
    return is_new
