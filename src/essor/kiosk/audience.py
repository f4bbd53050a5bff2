"""How often a kiosk was seen, and its records opened: by day or by month, and by embedding site."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from itertools import groupby

from django.db.models import Q, QuerySet, Sum

from essor.kiosk.hosts import OTHERS
from essor.kiosk.models import DailyCount

DAYS = 30
MONTHS = 12
MOST_SITES = 50
"""Sites that the screen lists; the table to take away has them all."""


class Period(StrEnum):
    """What is looked at: so many days up to today, or so many months up to this one."""

    DAYS = "30-jours"
    MONTHS = "12-mois"


@dataclass(frozen=True, slots=True)
class Step:
    """One day, or one month by its first day."""

    day: date
    displays: int
    clicks: int


@dataclass(frozen=True, slots=True)
class SiteCount:
    """One embedding site; see `essor.kiosk.hosts` for the two names that are none."""

    host: str
    displays: int
    clicks: int

    @property
    def rate(self) -> float | None:
        """Records opened for one display; None when it was never seen."""
        return self.clicks / self.displays if self.displays else None


@dataclass(frozen=True, slots=True)
class Audience:
    """What happened to a kiosk in a period. `sites_left_out` are those that saw it least."""

    period: Period
    steps: tuple[Step, ...]
    sites: tuple[SiteCount, ...]
    sites_left_out: int

    @property
    def displays(self) -> int:
        """How often it was seen."""
        return sum(step.displays for step in self.steps)

    @property
    def clicks(self) -> int:
        """How many records were opened."""
        return sum(step.clicks for step in self.steps)


def audience_of(kiosk: int, period: Period, *, today: date) -> Audience:
    """Give what happened to a kiosk (by its key) until today, the days without anything included."""
    counts = counts_of(kiosk, period, today=today)
    by_day = counts.values("day").annotate(seen=Sum("displays"), opened=Sum("clicks"))
    known = {row["day"]: (row["seen"], row["opened"]) for row in by_day.order_by("day")}
    days = days_of(period, today=today)
    steps = [Step(day, *known.get(day, (0, 0))) for day in days]
    sites = tuple(_by_site(counts))
    return Audience(
        period,
        tuple(_by_month(steps) if period is Period.MONTHS else steps),
        sites[:MOST_SITES],
        max(len(sites) - MOST_SITES, 0),
    )


def counts_of(kiosk: int, period: Period, *, today: date) -> QuerySet[DailyCount]:
    """Give the counts of a kiosk (by its key) in a period that ends today."""
    days = days_of(period, today=today)
    return DailyCount.objects.filter(kiosk=kiosk, day__range=(days[0], days[-1])).order_by(
        "day", "host"
    )


def days_of(period: Period, *, today: date) -> tuple[date, ...]:
    """Give the days of a period that ends today."""
    first = today - timedelta(days=DAYS - 1)
    if period is Period.MONTHS:
        year, month = divmod(today.year * 12 + today.month - MONTHS, 12)
        first = date(year, month + 1, 1)
    return tuple(first + timedelta(days=n) for n in range((today - first).days + 1))


def _by_month(steps: Iterable[Step]) -> Iterable[Step]:
    for first, days in groupby(steps, key=lambda step: step.day.replace(day=1)):
        of_month = tuple(days)
        displays, clicks = (sum(d.displays for d in of_month), sum(d.clicks for d in of_month))
        yield Step(first, displays, clicks)


def _by_site(counts: QuerySet[DailyCount]) -> Iterable[SiteCount]:
    rows = counts.values("host").annotate(seen=Sum("displays"), opened=Sum("clicks"))
    named = rows.filter(~Q(host=OTHERS)).order_by("-seen", "-opened", "host")
    for row in (*named, *rows.filter(host=OTHERS).order_by("host")):
        yield SiteCount(row["host"], row["seen"], row["opened"])
