"""From an empty base to the whole demonstration, with what may happen on the way."""

import stat
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.contrib.auth import authenticate
from django.contrib.auth.models import User
from wagtail.models import Page, Site

from essor.demo.models import Step
from essor.demo.services.accounts import read_accounts
from essor.portal.models import ArticlePage, DossierPage


@pytest.mark.parametrize("moment", [6, 8])
def test_an_interrupted_run_is_finished_by_the_next(build_demo, moment: int) -> None:
    told: list[str] = []

    def interrupt(line: str) -> None:
        told.append(line)
        if len(told) == moment + 1:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        build_demo(tell=interrupt)
    assert Step.objects.count() == moment
    build_demo()
    assert ArticlePage.objects.filter(slug="histoire").count() == 1
    assert [m.objects.count() for m in (User, Site, DossierPage)] == [4, 1, 3]


def test_nothing_is_dated_after_today(build_demo) -> None:
    build_demo(now=datetime(2026, 10, 10, 12, tzinfo=ZoneInfo("Europe/Paris")))
    latest = Page.objects.order_by("-first_published_at").exclude(first_published_at=None)[0]
    assert latest.first_published_at.date() == date(2026, 10, 10)


def test_passwords_written_before_an_interruption_are_kept_and_closed_to_others(
    build_demo, tmp_path: Path
) -> None:
    path = tmp_path / "accounts.txt"
    path.write_text("redaction  abcd-efgh-jkmn-pqrs\n")
    path.chmod(0o644)
    build_demo()
    assert authenticate(username="redaction", password="abcd-efgh-jkmn-pqrs")
    assert len(read_accounts(path)) == 4
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
