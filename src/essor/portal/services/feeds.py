"""Read feeds and keep what they give. A failure changes nothing but the health of the feed."""

import logging
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection, transaction
from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext as _

from essor.fetching import AddressGone, Client, Fetched, FetchError, NotModified, ServerRefusal
from essor.portal.importers.feed_entries import CLOCK_ERROR, ParsedEntry, ParsedFeed
from essor.portal.importers.feeds import ACCEPT, parse_feed
from essor.portal.models import FeedEntry, FeedSource
from essor.portal.models.feeds import ADDRESS_LENGTH, WORDS_LENGTH
from essor.portal.services.publication import forget_public_pages
from essor.problems import Problem

logger = logging.getLogger(__name__)

LONGEST_WAIT = timedelta(days=2)
KEPT_ENTRIES = 200
BEING_READ = timedelta(minutes=10)
"""A feed that a worker has taken is left to it for that long."""

OWN_PATHS = "https://portal.invalid/"
"""Stands for the portal while the links of a sample are made absolute."""

ENTRY_FIELDS = ("key", "title", "link", "link_key", "summary", "author", "published")


def due_feeds(now: datetime) -> QuerySet[FeedSource]:
    """Give the active feeds whose time has come, those that waited longest first."""
    due = Q(next_attempt=None) | Q(next_attempt__lte=now)
    return FeedSource.objects.filter(due, is_active=True).order_by(
        F("next_attempt").asc(nulls_first=True), "pk"
    )


@transaction.atomic
def take_feed(pk: int, now: datetime) -> FeedSource | None:
    """Take a feed whose time has come, so that no other worker reads it; None when it is not to be read.

    The network is asked outside of any transaction: a slow site must not hold the database.
    """
    rows = due_feeds(now).filter(pk=pk)
    if connection.features.has_select_for_update_skip_locked:
        rows = rows.select_for_update(skip_locked=True, of=("self",))
    source = rows.first()
    if source is not None:
        source.last_attempt, source.next_attempt = now, now + BEING_READ
        source.save(update_fields=["last_attempt", "next_attempt"])
    return source


@transaction.atomic
def bring_forward(source: FeedSource, now: datetime) -> None:
    """Make a feed due at once, unless a worker is reading it."""
    being_read = Q(last_attempt__gt=now - BEING_READ, next_attempt=F("last_attempt") + BEING_READ)
    FeedSource.objects.filter(pk=source.pk).exclude(being_read).update(next_attempt=None)


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
        is_known_remark = not source.failures
        _keep_health(
            source,
            now,
            problem=source.problem if is_known_remark else "",
            advice=source.advice if is_known_remark else "",
        )
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
    """Keep the entries of a feed and its good health, all or nothing.

    What came from an address that staff changed or deleted in the meantime is not kept.
    """
    if FeedSource.objects.select_for_update().filter(**_as_read(source)).first() is None:
        return
    changed = 0
    if source.is_sample:
        changed += source.entries.all().delete()[0]
    changed += _store_entries(source, feed.entries, now)
    _forget_oldest(source, feed.entries)
    _keep_health(
        source,
        now,
        is_sample=False,
        etag=answer.etag,
        last_modified=answer.last_modified,
        site_address=source.site_address or _if_short(feed.site_address),
        address=answer.moved_to if _may_move(source, answer.moved_to) else source.address,
        problem=_(feed.problems[0].what) if feed.problems else "",
        advice=_(feed.problems[0].advice) if feed.problems else "",
    )
    if changed:
        forget_public_pages()
    logger.info("feed.read", extra={"feed": source.pk, "changed": changed})


def _as_read(source: FeedSource) -> dict[str, object]:
    return {"pk": source.pk, "address": source.address}


def _if_short(address: str) -> str:
    return address if len(address) <= ADDRESS_LENGTH else ""


def _may_move(source: FeedSource, address: str) -> bool:
    if not _if_short(address):
        return False
    return not FeedSource.objects.filter(address=address).exclude(pk=source.pk).exists()


def _store_entries(source: FeedSource, entries: Iterable[ParsedEntry], now: datetime) -> int:
    """Add what is new, change what changed; give how many rows were touched."""
    known = _KnownEntries(source.entries.all())
    new, changed = [], []
    for parsed in entries:
        entry = known.take(parsed)
        values = _values_of(parsed, entry)
        if entry is None:
            new.append(FeedEntry(source=source, first_seen=now, **values))
        elif any(getattr(entry, name) != value for name, value in values.items()):
            for name, value in values.items():
                setattr(entry, name, value)
            changed.append(entry)
    FeedEntry.objects.bulk_update(changed, ENTRY_FIELDS)
    # The first entry of a feed is its latest: seen last, it stays first among the undated ones.
    FeedEntry.objects.bulk_create(reversed(new), ignore_conflicts=True)
    return len(new) + len(changed)


class _KnownEntries:
    """The entries that a feed already gave, found again by key, else as the same article.

    Some sites change the identifier of an article each time: it is not news for all that.
    """

    def __init__(self, entries: Iterable[FeedEntry]) -> None:
        self._by_key = {entry.key: entry for entry in entries}
        self._by_article = {(e.link_key, e.title): e for e in self._by_key.values() if e.link_key}

    def take(self, parsed: ParsedEntry) -> FeedEntry | None:
        """Give the entry that this one continues; each is given once."""
        same = self._by_article.get((parsed.link_key, parsed.title))
        found = self._by_key.get(parsed.key) or (same and self._by_key.get(same.key))
        if found:
            del self._by_key[found.key]
        return found


def _values_of(parsed: ParsedEntry, known: FeedEntry | None) -> dict[str, object]:
    """Give what to keep; the day of a coming event is no date of publication once the day has come."""
    values = {name: getattr(parsed, name) for name in ENTRY_FIELDS}
    if known and known.published is None and parsed.published:
        is_event = parsed.published > known.first_seen + CLOCK_ERROR
        values["published"] = None if is_event else parsed.published
    return values


def _forget_oldest(source: FeedSource, current: Iterable[ParsedEntry]) -> None:
    """Forget the oldest entries, but none that the feed still gives: it would come back as new."""
    others = source.entries.exclude(key__in=[entry.key for entry in current])
    room = max(0, KEPT_ENTRIES - source.entries.count() + others.count())
    kept = others.order_by("-first_seen", "-pk").values_list("pk", flat=True)[:room]
    others.exclude(pk__in=list(kept)).delete()


def _keep_health(source: FeedSource, now: datetime, **more: object) -> None:
    usual = timedelta(minutes=settings.FEED_REFRESH_MINUTES)
    health = {"last_attempt": now, "last_success": now, "next_attempt": now + usual, "failures": 0}
    _keep(source, {**health, **more})


def _keep_failure(source: FeedSource, error: FetchError, now: datetime) -> None:
    failures = min(source.failures + 1, 1_000)
    wait = _wait(failures, error)
    _keep(
        source,
        {
            "last_attempt": now,
            "next_attempt": now + wait,
            "failures": failures,
            "problem": error.what,
            "advice": error.advice,
            "is_active": not isinstance(error, AddressGone),
        },
    )
    logger.warning("feed.failed", extra={"feed": source.pk, "failures": source.failures})


def _keep(source: FeedSource, values: dict[str, object]) -> None:
    """Write these fields and no other: staff may be changing the rest in the meantime."""
    for name in ("problem", "advice"):
        values[name] = str(values[name])[:WORDS_LENGTH]
    FeedSource.objects.filter(**_as_read(source)).update(**values)
    for name, value in values.items():
        setattr(source, name, value)


def _wait(failures: int, error: FetchError) -> timedelta:
    """Wait twice as long after each failure, and at least what the site asks, two days at most."""
    usual = timedelta(minutes=settings.FEED_REFRESH_MINUTES)
    doubled = min(usual * 2 ** min(failures - 1, 10), LONGEST_WAIT)
    asked = error.retry_after_s if isinstance(error, ServerRefusal) else None
    return max(doubled, min(timedelta(seconds=asked or 0), LONGEST_WAIT))


@transaction.atomic
def load_sample(source: FeedSource, content: bytes, *, now: datetime) -> None:
    """Fill a feed that never answered with entries that come with the demonstration, marked as such.

    Their links may be paths of the portal itself. Raises ValueError when the sample is no feed.
    """
    if source.last_success:
        return
    feed = parse_feed(content, address=OWN_PATHS, now=now)
    if feed.fault:
        raise ValueError(feed.fault.what)
    entries = [replace(entry, link=_own_path(entry.link)) for entry in feed.entries]
    _store_entries(source, entries, now)
    source.is_sample = True
    source.save(update_fields=["is_sample"])
    forget_public_pages()


def _own_path(link: str) -> str:
    return f"/{link.removeprefix(OWN_PATHS)}" if link.startswith(OWN_PATHS) else link
