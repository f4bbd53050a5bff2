"""The background worker runs what waits and what is due."""

import pytest
from django_tasks import task
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from essor import schedule
from essor.portal.processes import worker

pytestmark = pytest.mark.django_db(transaction=True)

done: list[str] = []


@task
def ring() -> None:
    done.append("ring")


@task
def plan() -> None:
    """Stand for the time that passes while a task runs."""
    done.append("plan")
    schedule.every(minutes=1, task=ring.using(priority=50))


@task
def print_label(title: str) -> None:
    done.append(title)


@pytest.fixture(autouse=True)
def own_queue(settings, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": []}}
    monkeypatch.setattr(schedule, "_registered", {})
    done.clear()


def test_a_task_of_the_schedule_is_run_when_it_is_due() -> None:
    schedule.every(minutes=1, task=ring)

    worker.BackgroundWorker().run()

    assert done == ["ring"]
    assert DBTaskResult.objects.get().status == TaskResultStatus.SUCCESSFUL


def test_a_long_queue_does_not_delay_the_schedule(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker, "SCHEDULE_EVERY_S", 0)
    plan.enqueue()
    for number in range(2):
        print_label.enqueue(f"Livre {number}")

    worker.BackgroundWorker().run()

    assert done == ["plan", "ring", "Livre 0", "Livre 1"]


def test_a_failed_task_stops_neither_the_worker_nor_the_queue(
    failed_tasks: list[object], monkeypatch: pytest.MonkeyPatch
) -> None:
    print_label.enqueue()  # without its title
    ring.enqueue()

    worker.BackgroundWorker().run()

    assert done == ["ring"]
    assert len(failed_tasks) == 1
    failed_tasks.clear()
