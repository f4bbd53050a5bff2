"""What the portal does by itself, in the background."""

from datetime import timedelta

import pytest
from axes.models import AccessAttempt, AccessLog
from django.contrib.sessions.models import Session
from django.utils import timezone
from wagtail.models import Page

from essor.portal import tasks
from essor.schedule import periodic_tasks

pytestmark = pytest.mark.django_db


def a_page_to_publish_at(moment) -> Page:
    home = Page.objects.filter(depth=1).get()
    page = home.add_child(instance=Page(title="À l'heure", slug="a-l-heure", live=False))
    page.go_live_at = moment
    page.save_revision(approved_go_live_at=moment)
    return page


def test_a_page_is_published_once_its_hour_has_come() -> None:
    due = a_page_to_publish_at(timezone.now() - timedelta(minutes=1))

    tasks.publish_scheduled.enqueue()

    due.refresh_from_db()
    assert due.live


def test_a_page_waits_for_its_hour() -> None:
    later = a_page_to_publish_at(timezone.now() + timedelta(hours=1))

    tasks.publish_scheduled.enqueue()

    later.refresh_from_db()
    assert not later.live


def test_old_sign_ins_and_ended_sessions_are_forgotten_and_recent_ones_kept() -> None:
    for days in (1, 60):
        moment = timezone.now() - timedelta(days=days)
        who = {"username": f"lise{days}", "ip_address": "192.0.2.1", "path_info": "/"}
        attempt = AccessAttempt.objects.create(failures_since_start=1, **who)
        sign_in = AccessLog.objects.create(**who)
        for trace in (attempt, sign_in):
            type(trace).objects.filter(pk=trace.pk).update(attempt_time=moment)
        ends = moment + timedelta(days=14)
        Session.objects.create(session_key=f"session-{days}", session_data="", expire_date=ends)

    tasks.forget_people.enqueue()

    kept = AccessAttempt.objects.get(), AccessLog.objects.get(), Session.objects.get()
    assert [trace.username for trace in kept[:2]] == ["lise1", "lise1"]
    assert kept[2].session_key == "session-1"


def test_all_this_is_on_the_schedule() -> None:
    planned = {periodic.task.name: periodic.minutes for periodic in periodic_tasks()}

    assert planned["publish_scheduled"] == 1
    assert {"tidy_queue", "forget_people"} <= planned.keys()
