"""Reading feeds from a real site: what is kept, what a failure changes, when the next reading is."""

import threading
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from django.core.cache import caches
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from essor.fetching import Client, Limits
from essor.portal.models import FeedEntry, FeedSource
from essor.portal.queries.feeds import latest_entries
from essor.portal.services.feeds import (
    BEING_READ,
    KEPT_ENTRIES,
    LONGEST_WAIT,
    bring_forward,
    due_feeds,
    load_sample,
    refresh_feed,
    take_feed,
)
from essor.portal.tasks import read_due_feeds, read_feed
from tests.fetching.web_server import Handler, WebServer

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


@pytest.fixture
def asker(web: WebServer) -> Client:
    limits = Limits(total_s=0.5, size_bytes=100_000)
    return Client(agent="Essor/test", trusted=web.trusted, limits=limits)


def item(title, *, guid="", link="", date=None, text=""):
    dated = f"<pubDate>{format_datetime(date)}</pubDate>" if date else ""
    linked = f"<link>{link}</link>" if link else ""
    named = f"<guid isPermaLink='false'>{guid}</guid>" if guid else ""
    return f"<item><title>{title}</title>{named}{linked}{dated}<description>{text}</description></item>"


def rss(*items, site=""):
    head = f"<link>{site}</link>" if site else ""
    return f"<rss version='2.0'><channel>{head}{''.join(items)}</channel></rss>".encode()


def a_feed(address, **fields):
    return FeedSource.objects.create(**{"name": "Avise", "address": address, **fields})


def read(feed, asker, now=NOW):
    """Read as the worker does, and give the feed as the base has it."""
    refresh_feed(feed, client=asker, now=now)
    feed.refresh_from_db()
    return feed


def titles(feed):
    return {entry.title for entry in feed.entries.all()}


# What is kept


def test_what_a_feed_gives_is_kept_with_its_good_health(web, asker):
    answer = {"etag": '"v1"', "last_modified": "x"}
    address = web.answer(
        "/feed", rss(item("Un"), item("Deux"), site="https://a.example/"), **answer
    )

    feed = read(a_feed(address), asker)

    assert titles(feed) == {"Un", "Deux"}
    assert feed.last_success == NOW
    assert feed.next_attempt == NOW + HOUR
    assert (feed.failures, feed.problem) == (0, "")
    assert (feed.etag, feed.last_modified) == ('"v1"', "x")
    assert feed.site_address == "https://a.example/"


def test_an_unchanged_feed_is_not_sent_again_and_changes_nothing(web, asker):
    address = web.answer("/feed", rss(item("Un")), etag='"v1"')
    feed = read(a_feed(address), asker)
    web.answer("/feed", status=304)

    feed = read(feed, asker, NOW + HOUR)

    assert web.requests[1][1]["If-None-Match"] == '"v1"'
    assert titles(feed) == {"Un"}
    assert feed.last_success == NOW + HOUR
    assert feed.etag == '"v1"'


def test_reading_twice_is_reading_once(web, asker):
    feed = a_feed(web.answer("/feed", rss(item("Un"), item("Deux", guid="2"))))
    before = list(read(feed, asker).entries.order_by("pk").values())

    after = list(read(feed, asker, NOW + HOUR).entries.order_by("pk").values())

    assert before == after


def test_an_entry_that_its_publisher_corrects_is_corrected(web, asker):
    feed = read(a_feed(web.answer("/feed", rss(item("Faux", guid="1")))), asker)
    web.answer("/feed", rss(item("Juste", guid="1", text="Enfin.")))

    entry = read(feed, asker, NOW + HOUR).entries.get()

    assert (entry.title, entry.summary, entry.first_seen) == ("Juste", "Enfin.", NOW)


def test_an_article_whose_identifier_changes_each_time_is_not_news(web, asker):
    link = "https://a.example/1"
    feed = read(a_feed(web.answer("/feed", rss(item("Un", guid="a", link=link)))), asker)
    for guid in "bcd":
        web.answer("/feed", rss(item("Un", guid=guid, link=link)))
        read(feed, asker, NOW + HOUR)

    assert [entry.first_seen for entry in feed.entries.all()] == [NOW]


def test_a_newsletter_with_the_same_title_each_week_gives_each_issue(web, asker):
    feed = a_feed(web.answer("/feed", rss(item("Lettre", guid="1"), item("Lettre", guid="2"))))

    assert read(feed, asker).entries.count() == 2


def test_an_entry_that_leaves_the_feed_is_kept(web, asker):
    feed = read(a_feed(web.answer("/feed", rss(item("Un")))), asker)
    web.answer("/feed", rss(item("Deux")))

    assert titles(read(feed, asker, NOW + HOUR)) == {"Un", "Deux"}


def test_only_the_last_entries_are_kept_but_never_fewer_than_the_feed_gives(web, asker):
    always = item("Épinglée", guid="always")
    feed = a_feed("")
    for week in range(3):
        items = [item(f"{week}-{n}", guid=f"{week}-{n}") for n in range(150)]
        feed.address = web.answer("/feed", rss(always, *items))
        feed.save()
        read(feed, asker, NOW + week * DAY)

    assert feed.entries.count() == KEPT_ENTRIES
    assert feed.entries.get(title="Épinglée").first_seen == NOW
    assert feed.entries.filter(title__startswith="2-").count() == 150


def test_the_first_of_the_undated_entries_stays_the_first(web, asker):
    feed = read(a_feed(web.answer("/feed", rss(*[item(f"{n}") for n in range(5)]))), asker)

    assert [entry.title for entry in latest_entries([feed], 3).entries] == ["0", "1", "2"]


def test_an_event_announced_for_later_does_not_come_back_on_its_day(web, asker):
    event = item("Salon du livre", guid="1", date=NOW + 30 * DAY)
    feed = read(a_feed(web.answer("/feed", rss(event))), asker)

    entry = read(feed, asker, NOW + 31 * DAY).entries.get()

    assert entry.published is None
    assert entry.placed_at == NOW


def test_a_date_that_its_publisher_adds_is_taken(web, asker):
    feed = read(a_feed(web.answer("/feed", rss(item("Un", guid="1")))), asker)
    web.answer("/feed", rss(item("Un", guid="1", date=NOW - DAY)))

    assert read(feed, asker, NOW + HOUR).entries.get().published == NOW - DAY


def test_the_same_link_in_two_feeds_is_shown_once_even_under_two_titles(web, asker):
    link = "https://a.example/1"
    one = read(a_feed(web.answer("/a", rss(item("Un", link=link)))), asker)
    two = read(
        a_feed(web.answer("/b", rss(item("Titre repris", link=link + "?utm_source=b")))), asker
    )

    assert len(latest_entries([one, two], 5).entries) == 1


def test_entries_of_one_feed_that_share_a_link_are_all_shown(web, asker):
    home = "https://a.example/"
    feed = a_feed(web.answer("/a", rss(item("Un", link=home), item("Deux", link=home, guid="2"))))

    assert len(latest_entries([read(feed, asker)], 5).entries) == 2


def test_many_doubles_leave_the_box_full(web, asker):
    shared = [item(f"{n}", link=f"https://a.example/{n}") for n in range(10)]
    feeds = [read(a_feed(web.answer(f"/{n}", rss(*shared))), asker) for n in range(6)]

    assert len(latest_entries(feeds, 10).entries) == 10


def test_pages_are_forgotten_when_entries_changed_and_only_then(
    web, asker, django_capture_on_commit_callbacks
):
    feed = a_feed(web.answer("/feed", rss(item("Un"))))
    for is_kept in (False, True):
        caches["pages"].set("page", "kept")
        with django_capture_on_commit_callbacks(execute=True):
            read(feed, asker)
        assert bool(caches["pages"].get("page")) == is_kept


# Failures


@pytest.mark.parametrize("status", [404, 403, 500, 503])
def test_a_failure_keeps_the_last_good_entries_and_says_why(web, asker, status):
    feed = read(a_feed(web.answer("/feed", rss(item("Un")), etag='"v1"')), asker)
    web.answer("/feed", status=status)

    feed = read(feed, asker, NOW + HOUR)

    assert titles(feed) == {"Un"}
    assert (feed.last_attempt, feed.last_success) == (NOW + HOUR, NOW)
    assert feed.etag == '"v1"'
    assert str(status) in feed.problem
    assert feed.advice
    assert latest_entries([feed], 5).silent_since == NOW


@pytest.mark.parametrize(
    "body",
    [b"", b"<html><p>Maintenance</html>", b"Bonjour", b"<!DOCTYPE r [<!ENTITY a 'b'>]><rss/>"],
)
def test_what_is_no_feed_keeps_the_last_good_entries(web, asker, body):
    feed = read(a_feed(web.answer("/feed", rss(item("Un")))), asker)
    web.answer("/feed", body)

    feed = read(feed, asker, NOW + HOUR)

    assert titles(feed) == {"Un"}
    assert feed.failures == 1
    assert feed.problem
    assert feed.advice


def test_a_web_page_in_place_of_a_feed_is_told_with_the_address_to_use(web, asker):
    page = b'<html><link rel=alternate type="application/rss+xml" href="/rss.xml"></html>'

    feed = read(a_feed(web.answer("/", page)), asker)

    assert web.url("/rss.xml") in feed.advice


def test_each_failure_waits_twice_as_long_up_to_two_days(web, asker):
    feed = a_feed(web.answer("/feed", status=500))
    waits = [read(feed, asker).next_attempt - NOW for _ in range(20)]

    assert waits[:4] == [HOUR, 2 * HOUR, 4 * HOUR, 8 * HOUR]
    assert waits[-1] == LONGEST_WAIT
    assert feed.failures == 20


@pytest.mark.parametrize(
    ("asked", "waited"),
    [("7200", 2 * HOUR), ("10", HOUR), ("99999999", LONGEST_WAIT), ("soon", HOUR)],
)
def test_what_the_site_asks_is_waited_within_reason(web, asker, asked, waited):
    feed = read(a_feed(web.answer("/feed", status=429, retry_after=asked)), asker)

    assert feed.next_attempt == NOW + waited


def test_a_feed_that_is_gone_for_good_is_not_asked_again(web, asker):
    feed = read(a_feed(web.answer("/feed", rss(item("Un")))), asker)
    web.answer("/feed", status=410)

    feed = read(feed, asker)

    assert not feed.is_active
    assert not due_feeds(NOW + 365 * DAY).exists()
    assert titles(feed) == {"Un"}
    assert feed.problem


def test_a_feed_that_answers_again_is_well_again(web, asker):
    feed = a_feed(
        web.answer("/feed", rss(item("Un"))), failures=5, problem="Panne.", advice="Rien."
    )

    feed = read(feed, asker)

    assert (feed.failures, feed.problem, feed.advice) == (0, "", "")


def test_a_remark_stays_while_the_feed_does_not_change(web, asker):
    damaged = rss(item("Un")).replace(b"</channel></rss>", b"<item>&<")
    feed = read(a_feed(web.answer("/feed", damaged, etag='"v1"')), asker)
    remark = feed.problem
    web.answer("/feed", status=304)

    assert remark
    assert read(feed, asker, NOW + HOUR).problem == remark


def test_a_drip_of_bytes_is_a_failure_like_another(web, asker):
    def silence(handler: Handler) -> None:
        web.released.wait()

    assert read(a_feed(web.behave("/feed", silence)), asker).failures == 1


# Addresses that change


def test_a_permanent_move_is_followed_and_kept(web, asker):
    end = web.answer("/end", rss(item("Un")))

    feed = read(a_feed(web.answer("/feed", status=301, location=end)), asker)

    assert feed.address == end


def test_a_passing_move_is_followed_and_not_kept(web, asker):
    end = web.answer("/end", rss(item("Un")))
    start = web.answer("/feed", status=302, location=end)

    feed = read(a_feed(start), asker)

    assert feed.address == start
    assert titles(feed) == {"Un"}


@pytest.mark.parametrize("path", ["/" + "x" * 600, "/other"])
def test_a_move_that_cannot_be_kept_does_no_harm(web, asker, path):
    end = web.answer(path, rss(item("Un"), site="https://a.example/" + "y" * 600))
    a_feed(web.url("/other"), name="Un autre")
    start = web.answer("/feed", status=301, location=end)

    feed = read(a_feed(start), asker)

    assert feed.address == start
    assert titles(feed) == {"Un"}


def test_what_comes_from_an_address_changed_in_the_meantime_is_not_kept(web, asker):
    def change(handler: Handler) -> None:
        handler.reply(200, {}, rss(item("Ancien site")))

    feed = a_feed(web.behave("/feed", change))
    stale = FeedSource.objects.get()
    FeedSource.objects.update(address="https://autre.invalid/rss")

    refresh_feed(stale, client=asker, now=NOW)

    feed.refresh_from_db()
    assert feed.last_success is None
    assert not feed.entries.exists()


def test_a_feed_deleted_in_the_meantime_is_no_accident(web, asker):
    feed = a_feed(web.answer("/feed", rss(item("Un"))))
    FeedSource.objects.all().delete()

    refresh_feed(feed, client=asker, now=NOW)

    assert not FeedEntry.objects.exists()


def test_what_staff_change_in_the_meantime_is_not_undone(web, asker):
    feed = a_feed(web.answer("/feed", rss(item("Un"))))
    FeedSource.objects.update(name="Nouveau nom", language="en")

    feed = read(feed, asker)

    assert (feed.name, feed.language) == ("Nouveau nom", "en")


# Turns


def test_a_feed_is_due_when_its_time_has_come_and_those_never_read_first():
    later = a_feed("https://a.invalid/", next_attempt=NOW + HOUR)
    due = a_feed("https://b.invalid/", next_attempt=NOW)
    never = a_feed("https://c.invalid/")
    a_feed("https://d.invalid/", is_active=False)

    assert list(due_feeds(NOW)) == [never, due]
    assert list(due_feeds(NOW + HOUR)) == [never, due, later]


def test_a_feed_taken_by_a_worker_is_left_to_it():
    feed = a_feed("https://a.invalid/")

    assert take_feed(feed.pk, NOW) == feed
    assert take_feed(feed.pk, NOW + timedelta(minutes=1)) is None
    assert not due_feeds(NOW + timedelta(minutes=1)).exists()


def test_a_feed_whose_worker_was_lost_is_taken_again_later():
    feed = a_feed("https://a.invalid/")
    take_feed(feed.pk, NOW)

    assert take_feed(feed.pk, NOW + BEING_READ) == feed


@pytest.mark.parametrize("fields", [{"is_active": False}, {"next_attempt": NOW + HOUR}])
def test_a_feed_that_is_stopped_or_not_due_is_not_taken(fields):
    assert take_feed(a_feed("https://a.invalid/", **fields).pk, NOW) is None


def test_a_feed_brought_forward_is_due_unless_a_worker_has_it():
    waiting = a_feed("https://a.invalid/", next_attempt=NOW + HOUR, last_attempt=NOW - HOUR)
    taken = a_feed("https://b.invalid/")
    take_feed(taken.pk, NOW)

    for feed in (waiting, taken):
        bring_forward(feed, NOW)

    assert list(due_feeds(NOW)) == [waiting]


@pytest.mark.django_db(transaction=True)
def test_of_two_workers_only_one_takes_a_feed():
    feed = a_feed("https://a.invalid/")
    start, taken = threading.Barrier(2), []

    def work() -> None:
        try:
            start.wait()
            taken.append(take_feed(feed.pk, NOW))
        finally:
            connection.close()

    workers = [threading.Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    assert len(taken) == 2
    assert taken.count(None) == 1


# Doors


@pytest.fixture
def trusted(web, settings):
    settings.TRUSTED_SERVERS = list(web.trusted)


def test_the_worker_reads_each_feed_that_is_due(web, trusted):
    feeds = [a_feed(web.answer(f"/{n}", rss(item("Un")))) for n in range(3)]

    read_due_feeds.enqueue()

    assert all(feed.entries.count() == 1 for feed in feeds)
    read_due_feeds.enqueue()
    assert len(web.requests) == 3


def test_one_site_that_fails_does_not_keep_the_others_waiting(web, trusted):
    a_feed("https://dead.invalid/rss")
    well = a_feed(web.answer("/feed", rss(item("Un"))))

    read_due_feeds.enqueue()

    assert titles(well) == {"Un"}


def test_a_task_left_over_from_an_earlier_turn_does_not_ask_again(web, trusted):
    feed = a_feed(web.answer("/feed", rss(item("Un"))))

    read_feed.enqueue(feed.pk)
    read_feed.enqueue(feed.pk)
    read_feed.enqueue(999)

    assert len(web.requests) == 1


def test_a_private_address_kept_from_elsewhere_is_never_asked(web):
    feed = a_feed(web.answer("/feed", rss(item("Un"))))

    read_feed.enqueue(feed.pk)

    feed.refresh_from_db()
    assert web.requests == []
    assert feed.failures == 1


def test_the_command_reads_what_is_due_and_tells_how_each_feed_is(web, trusted, capsys):
    a_feed(web.answer("/feed", rss(item("Un"))), name="Avise")
    a_feed(web.answer("/dead", status=404), name="Fermé")
    later = a_feed(web.answer("/later", rss(item("Un"))), name="Plus tard")
    FeedSource.objects.filter(pk=later.pk).update(next_attempt=datetime(2100, 1, 1, tzinfo=UTC))

    call_command("refresh_feeds")

    told = capsys.readouterr().out
    assert "Avise" in told
    assert "404" in told
    assert "Plus tard" not in told
    call_command("refresh_feeds", "--all")
    assert "Plus tard" in capsys.readouterr().out


def test_the_number_of_questions_does_not_grow_with_the_entries(web, asker):
    counts = []
    for size in (2, 20):
        feed = a_feed(web.answer(f"/{size}", rss(*[item(f"{size}-{n}") for n in range(size)])))
        with CaptureQueriesContext(connection) as queries:
            read(feed, asker)
        counts.append(len(queries))

    assert counts[0] == counts[1]


# Samples


SAMPLE = b"""<feed xmlns="http://www.w3.org/2005/Atom"><title>Exemples</title>
<entry><id>tag:1</id><title>Exemple : un don</title><link href="/dons/"/></entry>
<entry><id>tag:2</id><title>Exemple : une charte</title><link href="https://a.example/"/></entry>
</feed>"""


def test_a_sample_fills_a_feed_that_never_answered_and_says_that_it_is_one():
    feed = a_feed("https://dead.invalid/rss")

    load_sample(feed, SAMPLE, now=NOW)
    load_sample(feed, SAMPLE, now=NOW)

    feed.refresh_from_db()
    latest = latest_entries([feed], 5)
    assert latest.is_sample
    assert [entry.link for entry in latest.entries] == ["/dons/", "https://a.example/"]
    assert latest.silent_since is None


def test_a_sample_stays_while_the_feed_fails_and_goes_when_it_answers(web, asker):
    feed = a_feed(web.answer("/feed", status=503))
    load_sample(feed, SAMPLE, now=NOW)
    read(feed, asker)
    assert len(titles(feed)) == 2

    web.answer("/feed", rss(item("Vrai")))
    read(feed, asker)

    assert titles(feed) == {"Vrai"}
    assert not latest_entries([feed], 5).is_sample


def test_a_sample_never_replaces_what_a_feed_gave(web, asker):
    feed = read(a_feed(web.answer("/feed", rss(item("Vrai")))), asker)

    load_sample(feed, SAMPLE, now=NOW)

    assert titles(feed) == {"Vrai"}


def test_a_sample_that_is_no_feed_is_refused():
    with pytest.raises(ValueError, match=r"not a feed|pas un flux"):
        load_sample(a_feed("https://dead.invalid/rss"), b"Bonjour", now=NOW)
