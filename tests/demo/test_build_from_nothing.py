"""From an empty base to the whole demonstration, with what may happen on the way."""

from datetime import date, datetime
from functools import partial
from zoneinfo import ZoneInfo

import pytest
from django.contrib.auth.models import User
from wagtail.models import Page, Site

from essor.demo.models import Step
from essor.portal.models import ArticlePage, DossierPage


def test_an_interrupted_run_is_finished_by_the_next(build_demo) -> None:
    for finished in (6, 8):
        with pytest.raises(KeyboardInterrupt):
            build_demo(tell=partial(interrupt_after, finished))
        assert Step.objects.count() == finished
    build_demo()
    assert ArticlePage.objects.filter(slug="histoire").count() == 1
    assert [m.objects.count() for m in (User, Site, DossierPage)] == [4, 1, 4]


def interrupt_after(finished: int, line: str) -> None:
    """Interrupt the step after so many: it is told once it has begun."""
    if Step.objects.count() > finished:
        raise KeyboardInterrupt


def test_nothing_is_dated_after_today(build_demo) -> None:
    build_demo(now=datetime(2026, 10, 10, 12, tzinfo=ZoneInfo("Europe/Paris")))
    latest = Page.objects.order_by("-first_published_at").exclude(first_published_at=None)[0]
    assert latest.first_published_at.date() == date(2026, 10, 10)
