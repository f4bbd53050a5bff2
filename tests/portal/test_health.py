"""The health address says which part fails, and tells it by its status too."""

from datetime import timedelta

import pytest
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from essor import schedule
from essor.portal.tasks import WORKER_SILENCE, publish_scheduled, tidy_queue

pytestmark = pytest.mark.django_db


def a_finished_task(*, ago=timedelta(0), failed=False):
    row = DBTaskResult.objects.create(
        args_kwargs={"args": [], "kwargs": {}},
        task_path=publish_scheduled.module_path,
        run_after=timezone.now(),
        backend_name="default",
    )
    row.claim("a-worker")
    if failed:
        row.set_failed(ValueError("out of order"))
    else:
        row.set_successful(None)
    DBTaskResult.objects.filter(pk=row.pk).update(finished_at=timezone.now() - ago)
    return row


def test_all_is_well_when_a_worker_has_just_finished_a_task(client):
    a_finished_task()

    answer = client.get("/sante/")

    assert (answer.status_code, answer.json()) == (
        200,
        {"database": "ok", "index": "ok", "worker": "ok"},
    )


def test_a_silent_worker_is_reported(client):
    a_finished_task(ago=WORKER_SILENCE * 2)

    answer = client.get("/sante/")

    assert (answer.status_code, answer.json()["worker"]) == (503, "failed")


def test_an_index_that_cannot_be_written_is_reported(client, settings, tmp_path):
    a_finished_task()
    (tmp_path / "index").write_text("a file, where a folder is expected")
    settings.SEARCH_URL = f"tantivy://{tmp_path / 'index'}"

    answer = client.get("/sante/")

    assert (answer.status_code, answer.json()["index"]) == (503, "failed")


def test_a_database_that_does_not_answer_is_reported(client, monkeypatch):
    from django.db import OperationalError

    from essor.portal.views import health

    def broken():
        raise OperationalError("server closed the connection")

    monkeypatch.setattr(health, "_database", broken)

    assert client.get("/sante/").json()["database"] == "failed"


def test_the_state_is_never_kept_in_a_cache(client):
    first = client.get("/sante/")
    a_finished_task()

    assert first.status_code == 503
    assert client.get("/sante/").status_code == 200
    assert "no-store" in first.headers["Cache-Control"]


def test_a_monitor_behind_the_proxy_is_not_sent_to_https(client, settings):
    settings.SECURE_SSL_REDIRECT = True

    assert client.get("/sante/").status_code == 503
    assert client.get("/").status_code == 301


def test_a_finished_task_is_forgotten_and_a_failed_one_is_kept_longer():
    week = timedelta(days=7)
    a_finished_task(ago=week)
    failed = a_finished_task(ago=week, failed=True)
    recent = a_finished_task()

    tidy_queue.enqueue()

    assert set(DBTaskResult.objects.all()) == {failed, recent}


def test_scheduled_publication_runs_each_minute():
    minutes = {p.task.module_path: p.minutes for p in schedule.periodic_tasks()}

    assert minutes[publish_scheduled.module_path] == 1
