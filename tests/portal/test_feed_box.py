"""The feed box: entries merged, dated, kept when a site falls silent."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.cache import caches
from django.db import connection
from django.test.utils import CaptureQueriesContext

from essor.portal.models import FeedEntry, FeedSource

from .builders import a_dossier

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 10, 1, 12, tzinfo=UTC)


def a_feed(name="Avise", **fields):
    return FeedSource.objects.create(
        name=name, address=f"https://{name.lower()}.example/rss", **{"last_success": NOON, **fields}
    )


def an_entry(source, title, *, published=None, first_seen=NOON, link="", **fields):
    return FeedEntry.objects.create(
        source=source,
        key=f"{title}-{source.pk}",
        title=title,
        link=link,
        link_key=link.removeprefix("https://"),
        published=published,
        first_seen=first_seen,
        **fields,
    )


def the_box(client, sources, **options):
    dossier = a_dossier()
    value = {
        "title": "Actualités",
        "sources": sources,
        "count": 5,
        "with_summaries": True,
        **options,
    }
    dossier.side = [("feed", value)]
    dossier.save_revision().publish()
    page = client.get(dossier.url).content.decode()
    return page[page.index("box--feed") :]


def test_entries_of_several_feeds_are_merged_by_date(client):
    one, two = a_feed("Un"), a_feed("Deux")
    an_entry(one, "Ancienne", published=NOON - timedelta(days=3))
    an_entry(two, "Récente", published=NOON - timedelta(days=1))
    an_entry(one, "Moyenne", published=NOON - timedelta(days=2))
    box = the_box(client, [one, two])
    assert box.index("Récente") < box.index("Moyenne") < box.index("Ancienne")


def test_an_undated_entry_is_kept_at_the_day_it_was_first_seen(client):
    feed = a_feed()
    an_entry(feed, "Datée", published=NOON - timedelta(days=2))
    an_entry(feed, "Sans date", first_seen=NOON - timedelta(days=1))
    box = the_box(client, [feed])
    assert box.index("Sans date") < box.index("Datée")
    assert box.count("<time") == 1


def test_the_same_article_in_two_feeds_is_shown_once(client):
    one, two = a_feed("Un"), a_feed("Deux")
    for source in (one, two):
        an_entry(source, "Partagée", link="https://example.org/a", published=NOON)
    assert the_box(client, [one, two]).count(">Partagée<") == 1


def test_no_more_entries_than_asked_are_shown(client):
    feed = a_feed()
    for n in range(8):
        an_entry(feed, f"Entrée {n}", published=NOON - timedelta(days=n))
    assert the_box(client, [feed], count=3).count("feed__entry") == 3


def test_a_feed_that_fails_keeps_its_entries_and_says_since_when(client):
    feed = a_feed(failures=2, problem="Le site ne répond pas.")
    an_entry(feed, "Toujours là", published=NOON)
    box = the_box(client, [feed])
    assert "Toujours là" in box
    assert "2026" in box[box.index("Toujours là") :]
    assert "ne répond pas" not in box


def test_entries_of_the_demonstration_are_labelled(client):
    feed = a_feed(is_sample=True, last_success=None)
    an_entry(feed, "Exemple", published=NOON)
    assert "feed__note" in the_box(client, [feed])


def test_an_empty_box_says_so(client):
    assert "feed__note" in the_box(client, [a_feed()])


def test_an_entry_without_link_is_text(client):
    feed = a_feed()
    an_entry(feed, "Sans lien", published=NOON)
    box = the_box(client, [feed])
    entry = box[box.index("feed__title") : box.index("</li>")]
    assert "href" not in entry[: entry.index("feed__origin")]


def test_queries_do_not_grow_with_the_feeds(client):
    counts = []
    dossier = a_dossier()
    for names in (["a", "b"], [f"c{n}" for n in range(9)]):
        sources = [a_feed(name) for name in names]
        for source in sources:
            an_entry(source, f"Entrée de {source.name}", published=NOON)
        value = {"title": "", "sources": sources, "count": 20, "with_summaries": True}
        dossier.side = [("feed", value)]
        dossier.save_revision().publish()
        client.get(dossier.url)
        caches["pages"].clear()
        with CaptureQueriesContext(connection) as queries:
            client.get(dossier.url)
        counts.append(len(queries))
    assert counts[0] == counts[1]
