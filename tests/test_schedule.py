"""Periodic work is enqueued once for each turn, whoever announces it and how often."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from django.db import connection
from django.utils import timezone
from django_tasks import task
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult
from hypothesis import given
from hypothesis import strategies as st

from essor import schedule

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


@task
def water_plants() -> None:
    """Something to do."""


@task
def wind_clock() -> None:
    """Something else to do."""


@pytest.fixture(autouse=True)
def nothing_else_to_do(monkeypatch):
    monkeypatch.setattr(schedule, "_registered", {})


def finish_all():
    for row in DBTaskResult.objects.ready():
        row.claim("a-worker")
        row.set_successful(None)


@pytest.mark.django_db
def test_a_task_is_enqueued_in_each_turn():
    schedule.every(minutes=10, task=water_plants)

    for minutes in (0, 10, 20):
        schedule.enqueue_due(NOON + timedelta(minutes=minutes))
        finish_all()

    assert DBTaskResult.objects.count() == 3


@pytest.mark.django_db
def test_a_turn_announced_again_after_a_restart_is_not_enqueued_twice():
    schedule.every(minutes=10, task=water_plants)
    start = first_moment_of_a_turn()
    schedule.enqueue_due(start)
    finish_all()

    assert schedule.enqueue_due(start + timedelta(minutes=9, seconds=59)) == ()
    assert DBTaskResult.objects.count() == 1


def first_moment_of_a_turn():
    periodic = schedule.periodic_tasks()[0]
    moments = [NOON + timedelta(seconds=second) for second in range(periodic.minutes * 60 + 1)]
    pairs = pairwise(moments)
    return next(new for old, new in pairs if periodic.turn(old) != periodic.turn(new))


@pytest.mark.django_db
def test_a_turn_that_another_worker_takes_meanwhile_is_left_to_it(monkeypatch):
    schedule.every(minutes=10, task=water_plants)
    schedule.every(minutes=10, task=wind_clock)
    waters = next(p for p in schedule.periodic_tasks() if p.task == water_plants)
    real_rows = schedule._rows

    def rows_before_the_other_worker():
        return real_rows().none()

    DBTaskResult.objects.create(
        id=waters.turn(NOON), args_kwargs={}, task_path="x", run_after=NOON, backend_name="default"
    )
    monkeypatch.setattr(schedule, "_rows", rows_before_the_other_worker)

    assert schedule.enqueue_due(NOON) == (wind_clock.module_path,)


@pytest.mark.django_db(transaction=True)
def test_workers_that_look_together_enqueue_a_turn_once():
    schedule.every(minutes=10, task=water_plants)

    def look(_):
        try:
            return schedule.enqueue_due(NOON)
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as workers:
        enqueued = list(workers.map(look, range(16)))

    assert sum(map(len, enqueued)) == 1
    assert DBTaskResult.objects.count() == 1


def test_two_portals_do_not_start_their_turns_together(settings):
    periodic = schedule.Periodic(water_plants, 60)

    def starts_of_turns():
        moments = [NOON + timedelta(minutes=minute) for minute in range(61)]
        turns = [periodic.turn(moment) for moment in moments]
        return [place for place in range(1, 61) if turns[place] != turns[place - 1]]

    here = starts_of_turns()
    settings.URL = "https://ess.example.org"

    assert here != starts_of_turns()


@pytest.mark.django_db
def test_a_task_that_still_waits_is_not_piled_up():
    schedule.every(minutes=1, task=water_plants)
    schedule.enqueue_due(NOON)

    assert schedule.enqueue_due(NOON + timedelta(hours=3)) == ()


@pytest.mark.django_db
def test_turns_missed_while_no_worker_ran_are_not_made_up_for():
    schedule.every(minutes=1, task=water_plants)
    schedule.enqueue_due(NOON)
    finish_all()

    schedule.enqueue_due(NOON + timedelta(hours=3))

    assert DBTaskResult.objects.ready().count() == 1


@pytest.mark.parametrize("minutes", [0, -1, 24 * 60 + 1])
def test_a_turn_shorter_than_a_minute_or_longer_than_a_day_is_refused(minutes):
    with pytest.raises(ValueError, match="from 1 minute to a day"):
        schedule.every(minutes=minutes, task=water_plants)


@given(minutes=st.integers(1, 24 * 60), seconds=st.integers(0, 10**9))
def test_two_moments_a_turn_apart_are_never_in_the_same_turn(minutes, seconds):
    periodic = schedule.Periodic(water_plants, minutes)
    moment = NOON + timedelta(seconds=seconds)

    assert periodic.turn(moment) != periodic.turn(moment + timedelta(minutes=minutes))
    assert periodic.turn(moment) == periodic.turn(moment)


@pytest.mark.django_db
def test_a_task_whose_worker_was_killed_is_given_up():
    schedule.every(minutes=1, task=water_plants)
    schedule.enqueue_due(NOON)
    DBTaskResult.objects.get().claim("killed")
    now = timezone.now()

    assert schedule.give_up_lost_tasks(now) == 0
    assert schedule.give_up_lost_tasks(now + schedule.LOST_AFTER + timedelta(minutes=1)) == 1
    assert DBTaskResult.objects.get().status == TaskResultStatus.FAILED
