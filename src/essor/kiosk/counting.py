"""Counts what happens to kiosks, by day and embedding site: no visitor is known, and none is kept.

Each count is one statement that adds to a row, so that none is lost when many come at once; the row
is made first, empty, by whoever needs it first.
"""

from datetime import date, timedelta

from django.db.models import F, QuerySet
from django.db.models.functions import Least

from essor.catalogue.queries import current_records
from essor.kiosk.choosing import OPENED_WITHIN_DAYS
from essor.kiosk.hosts import OTHERS, PORTAL
from essor.kiosk.models import DailyCount, RecordClicks

MOST_HOSTS = 200
"""Sites that are told apart for one kiosk on one day: whoever makes names up fills no disk."""

KEPT_DAYS = 759
"""Twenty-five months, never a day more."""

LARGEST_COUNT = 2_000_000_000
"""A little less than what a row can hold, on every store."""


def count_display(kiosk: int, *, day: date, host: str) -> None:
    """Count that a kiosk was seen."""
    _count(kiosk, "displays", day=day, host=host)


def count_click(kiosk: int, *, record: int, day: date, host: str) -> None:
    """Count that a record was opened from a kiosk; a record that is not of the catalogue is left aside."""
    rows = RecordClicks.objects.filter(record=record, day=day)
    if not _add_to(rows, "clicks"):
        if not current_records().filter(pk=record).exists():
            return
        RecordClicks.objects.bulk_create(
            [RecordClicks(record_id=record, day=day)], ignore_conflicts=True
        )
        _add_to(rows, "clicks")
    _count(kiosk, "clicks", day=day, host=host)


def _count(kiosk: int, what: str, *, day: date, host: str) -> None:
    of_the_day = DailyCount.objects.filter(kiosk=kiosk, day=day)
    if _add_to(of_the_day.filter(host=host), what):
        return
    if host not in (PORTAL, OTHERS) and of_the_day.count() >= MOST_HOSTS:
        host = OTHERS
    DailyCount.objects.bulk_create(
        [DailyCount(kiosk_id=kiosk, day=day, host=host)], ignore_conflicts=True
    )
    _add_to(of_the_day.filter(host=host), what)


def _add_to(rows: QuerySet[DailyCount] | QuerySet[RecordClicks], what: str) -> int:
    return rows.order_by().update(**{what: Least(F(what) + 1, LARGEST_COUNT)})


def forget_old(today: date) -> int:
    """Delete the counts kept for long enough, and give how many rows they were."""
    counts = DailyCount.objects.filter(day__lt=today - timedelta(days=KEPT_DAYS))
    clicks = RecordClicks.objects.filter(day__lte=today - timedelta(days=OPENED_WITHIN_DAYS))
    return sum(rows.delete()[0] for rows in (counts, clicks))
