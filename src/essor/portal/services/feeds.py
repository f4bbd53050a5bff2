"""Read feeds and keep what they give. A failure changes nothing but the health of the feed."""

import logging
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection, transaction
from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext as _

from essor.fetching import AddressGone, Client, Fetched, FetchError, NotModified, ServerRefusal
from essor.portal.importers.feed_entries import ParsedEntry, ParsedFeed
from essor.portal.importers.feeds import ACCEPT, parse_feed
from essor.portal.models import FeedEntry, FeedSource
from essor.portal.services.publication import forget_public_pages
from essor.problems import Problem

logger = logging.getLogger(__name__)

LONGEST_WAIT = timedelta(days=2)
KEPT_ENTRIES = 200
BEING_READ = timedelta(minutes=10)
"""A feed that a worker has taken is left to it for that long."""

ENTRY_FIELDS = ("title", "link", "link_key", "summary", "author", "published")


def due_feeds(now: datetime) -> QuerySet[FeedSource]:
    """Give the active feeds whose time has come, those that waited longest first."""
    due = Q(next_attempt=None) | Q(next_attempt__lte=now)
    return FeedSource.objects.filter(due, is_active=True).order_by(
        F("next_attempt").asc(nulls_first=True), "pk"
    )


@transaction.atomic
def take_feed(pk: int, now: datetime) -> FeedSource | None:
    """Take a feed to read it, so that no other worker does; None when another has it or it is gone.

    The network is asked outside of any transaction: a slow site must not hold the database.
    """
    rows = FeedSource.objects.filter(pk=pk, is_active=True)
    if connection.features.has_select_for_update_skip_locked:
        rows = rows.select_for_update(skip_locked=True, of=("self",))
    source = rows.first()
    if source is None or (source.last_attempt and _is_being_read(source, now)):
        return None
    source.last_attempt = now
    source.next_attempt = now + BEING_READ
    source.save(update_fields=["last_attempt", "next_attempt"])
    return source


def _is_being_read(source: FeedSource, now: datetime) -> bool:
    expected = source.last_attempt + BEING_READ if source.last_attempt else None
    return source.next_attempt == expected and now < source.next_attempt


def refresh_feed(source: FeedSource, *, client: Client, now: datetime) -> bool:
    """Read a feed once and keep what it gave; say whether it answered well.

    Twice is once: an unchanged feed changes nothing. Failures are kept with the feed, in words.
    """
    try:
        answer = client.fetch(
            source.address, accept=ACCEPT, etag=source.etag, last_modified=source.last_modified
        )
    except FetchError as error:
        _keep_failure(source, error, now)
        return False
    if isinstance(answer, NotModified):
        _keep_health(source, now)
        return True
    feed = parse_feed(
        answer.content, content_type=answer.content_type, address=answer.address, now=now
    )
    if feed.fault:
        _keep_failure(source, _as_error(feed), now)
        return False
    store_feed(source, feed, answer=answer, now=now)
    return True


def _as_error(feed: ParsedFeed) -> FetchError:
    fault = feed.fault or Problem("", "", "")
    advice = _(fault.advice)
    if feed.suggested:
        advice = _("Try this address, which the page announces: %(address)s") % {
            "address": feed.suggested
        }
    return FetchError(_(fault.what), advice)


@transaction.atomic
def store_feed(source: FeedSource, feed: ParsedFeed, *, answer: Fetched, now: datetime) -> None:
    """Keep the entries of a feed and its good health, all or nothing."""
    if source.is_sample:
        source.entries.all().delete()
    changed = _store_entries(source, feed.entries, now)
    _forget_oldest(source)
    source.is_sample = False
    source.etag, source.last_modified = answer.etag, answer.last_modified
    source.site_address = source.site_address or feed.site_address
    source.address = answer.moved_to if _may_move(source, answer.moved_to) else source.address
    first = feed.problems[0] if feed.problems else None
    _keep_health(source, now, problem=first)
    if changed:
        forget_public_pages()
    logger.info("feed.read", extra={"feed": source.pk, "changed": changed})


def _may_move(source: FeedSource, address: str) -> bool:
    return (
        bool(address)
        and not FeedSource.objects.filter(address=address).exclude(pk=source.pk).exists()
    )


def _store_entries(source: FeedSource, entries: Iterable[ParsedEntry], now: datetime) -> int:
    """Add what is new, change what changed; give how many rows were touched."""
    known = {entry.key: entry for entry in source.entries.all()}
    new, changed = [], []
    for parsed in entries:
        values = {name: getattr(parsed, name) for name in ENTRY_FIELDS}
        entry = known.get(parsed.key)
        if entry is None:
            new.append(FeedEntry(source=source, key=parsed.key, first_seen=now, **values))
        elif any(getattr(entry, name) != value for name, value in values.items()):
            for name, value in values.items():
                setattr(entry, name, value)
            changed.append(entry)
    # The first entry of a feed is its latest: seen last, it stays first among the undated ones.
    FeedEntry.objects.bulk_create(reversed(new), ignore_conflicts=True)
    FeedEntry.objects.bulk_update(changed, ENTRY_FIELDS)
    return len(new) + len(changed)


def _forget_oldest(source: FeedSource) -> None:
    kept = source.entries.order_by("-first_seen", "-pk").values_list("pk", flat=True)[:KEPT_ENTRIES]
    source.entries.exclude(pk__in=list(kept)).delete()


def _keep_health(source: FeedSource, now: datetime, *, problem: Problem | None = None) -> None:
    source.last_attempt = source.last_success = now
    source.next_attempt = now + timedelta(minutes=settings.FEED_REFRESH_MINUTES)
    source.failures = 0
    source.problem = _(problem.what)[:300] if problem else ""
    source.advice = _(problem.advice)[:300] if problem else ""
    source.save()


def _keep_failure(source: FeedSource, error: FetchError, now: datetime) -> None:
    source.last_attempt = now
    source.failures = min(source.failures + 1, 1000)
    source.next_attempt = now + _wait(source.failures, error)
    source.problem, source.advice = error.what[:300], error.advice[:300]
    source.is_active = not isinstance(error, AddressGone)
    source.save(
        update_fields=["last_attempt", "failures", "next_attempt", "problem", "advice", "is_active"]
    )
    logger.warning("feed.failed", extra={"feed": source.pk, "failures": source.failures})


def _wait(failures: int, error: FetchError) -> timedelta:
    """Wait twice as long after each failure, and at least what the site asks, two days at most."""
    usual = timedelta(minutes=settings.FEED_REFRESH_MINUTES)
    doubled = min(usual * 2 ** min(failures - 1, 10), LONGEST_WAIT)
    asked = error.retry_after_s if isinstance(error, ServerRefusal) else None
    return max(doubled, min(timedelta(seconds=asked or 0), LONGEST_WAIT))


@transaction.atomic
def load_sample(source: FeedSource, content: bytes, *, now: datetime) -> None:
    """Fill a feed that never answered with entries that come with the demonstration, marked as such.

    Raises ValueError when the sample is no feed.
    """
    if source.last_success:
        return
    feed = parse_feed(content, address=source.address, now=now)
    if feed.fault:
        raise ValueError(feed.fault.what)
    _store_entries(source, feed.entries, now)
    source.is_sample = True
    source.save(update_fields=["is_sample"])
    forget_public_pages()
