"""The screens of the feeds: who may see, add, change and read now; what the list says."""

from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from essor.portal.models import FeedEntry, FeedSource
from essor.portal.services.roles import (
    ADMINISTRATORS,
    EDITORS,
    LIBRARY_EDITORS_PREFIX,
    MODERATORS,
    provide_roles,
)
from tests.fetching.web_server import WebServer

from .builders import a_member, a_section, the_portal

pytestmark = pytest.mark.django_db

LIST = "wagtailsnippets_portal_feedsource:list"
ADD = "wagtailsnippets_portal_feedsource:add"
EDIT = "wagtailsnippets_portal_feedsource:edit"
DELETE = "wagtailsnippets_portal_feedsource:delete"
READ_NOW = "wagtailsnippets_portal_feedsource:read_now"

SECTION = "Médiathèque des Tilleuls"
ATOM = b"""<feed xmlns="http://www.w3.org/2005/Atom"><title>A</title>
<entry><id>urn:1</id><title>Forum de l'ESS</title></entry></feed>"""


@pytest.fixture
def site(web: WebServer, settings) -> WebServer:
    """A site on this machine that the portal trusts."""
    settings.TRUSTED_SERVERS = list(web.trusted)
    return web


def a_feed(name="Avise", **fields):
    return FeedSource.objects.create(
        **{"name": name, "address": f"https://{name.lower()}.invalid/rss", **fields}
    )


def sign_in(client, role=EDITORS):
    the_portal()
    client.force_login(a_member(role))


def a_form(**fields):
    return {
        "name": "Avise",
        "address": "https://avise.invalid/rss",
        "site_address": "",
        "language": "fr",
        "is_active": "on",
        **fields,
    }


def row_of(client, name):
    page = client.get(reverse(LIST)).content.decode()
    start = page.index(f">{name}<")
    return page[start : page.index("</tr>", start)]


@pytest.mark.parametrize("role", [ADMINISTRATORS, EDITORS])
def test_administrators_and_editors_add_a_feed_that_is_read_at_once(
    client, site, role, django_capture_on_commit_callbacks
):
    sign_in(client, role)
    address = site.answer("/feed", ATOM)
    with django_capture_on_commit_callbacks(execute=True):
        response = client.post(reverse(ADD), a_form(address=address))
    assert response.status_code == 302
    feed = FeedSource.objects.get()
    assert feed.last_success
    assert [entry.title for entry in feed.entries.all()] == ["Forum de l'ESS"]


def test_nothing_is_fetched_while_the_form_is_checked(client, site):
    sign_in(client)
    client.post(reverse(ADD), a_form(address=site.answer("/feed", ATOM)))
    assert site.requests == []


@pytest.mark.parametrize("role", [MODERATORS, LIBRARY_EDITORS_PREFIX + SECTION, None])
@pytest.mark.parametrize("name", [LIST, ADD, EDIT, DELETE, READ_NOW])
def test_nobody_else_has_the_screens(client, site, role, name):
    feed = a_feed(address=site.answer("/feed", ATOM))
    the_portal()
    a_section(title=SECTION)
    provide_roles()
    if role:
        client.force_login(a_member(role))
    arguments = [feed.pk] if name in (EDIT, DELETE, READ_NOW) else []
    for ask in (client.get, client.post):
        response = ask(reverse(name, args=arguments), a_form(name="Changé"))
        assert response.status_code in (302, 403, 405)
        if response.status_code == 302:
            assert "feedsource" not in response.url.partition("?")[0]
    feed.refresh_from_db()
    assert feed.name == "Avise"
    assert site.requests == []


@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1/feed",
        "http://localhost/feed",
        "http://10.0.0.8/feed",
        "http://169.254.169.254/latest/meta-data/",
        "http://[::1]/feed",
        "http://koha.intranet/feed",
        "https://user:secret@example.org/feed",
        "https://example.org:8443/feed",
        "ftp://example.org/feed",
        "javascript:alert(1)",
    ],
)
def test_an_address_that_must_not_be_asked_is_refused_with_words(client, address):
    sign_in(client)
    response = client.post(reverse(ADD), a_form(address=address))
    assert response.status_code == 200
    assert response.context["form"].errors["address"]
    assert not FeedSource.objects.exists()


def test_the_same_feed_is_not_added_twice(client):
    sign_in(client)
    a_feed(address="https://avise.invalid/rss")
    response = client.post(reverse(ADD), a_form())
    assert response.context["form"].errors["address"]


def test_a_new_address_starts_without_the_past_of_the_old_one(
    client, site, django_capture_on_commit_callbacks
):
    sign_in(client)
    feed = a_feed(etag='"old"', failures=4, problem="Le site ne répond pas.")
    address = site.answer("/feed", ATOM)
    with django_capture_on_commit_callbacks(execute=True):
        client.post(reverse(EDIT, args=[feed.pk]), a_form(address=address))
    feed.refresh_from_db()
    assert (feed.etag, feed.failures, feed.problem) == ("", 0, "")
    assert "If-None-Match" not in site.requests[0][1]


def test_a_new_name_does_not_read_the_feed_again(client, site, django_capture_on_commit_callbacks):
    sign_in(client)
    feed = a_feed(address=site.answer("/feed", ATOM))
    with django_capture_on_commit_callbacks(execute=True):
        client.post(reverse(EDIT, args=[feed.pk]), a_form(name="Autre", address=feed.address))
    feed.refresh_from_db()
    assert feed.name == "Autre"
    assert site.requests == []


def test_read_now_reads_in_the_background_and_comes_back_to_the_list(client, site):
    sign_in(client)
    feed = a_feed(address=site.answer("/feed", ATOM))
    response = client.post(reverse(READ_NOW, args=[feed.pk]), follow=True)
    assert response.redirect_chain[-1][0] == reverse(LIST)
    assert "Avise" in str(*response.context["messages"])
    assert feed.entries.count() == 1


def test_read_now_is_not_for_a_link_that_somebody_follows(client, site):
    sign_in(client)
    feed = a_feed(address=site.answer("/feed", ATOM))
    assert client.get(reverse(READ_NOW, args=[feed.pk])).status_code == 405
    assert site.requests == []


def test_read_now_of_a_stopped_feed_says_what_to_do(client, site):
    sign_in(client)
    feed = a_feed(address=site.answer("/feed", ATOM), is_active=False)
    response = client.post(reverse(READ_NOW, args=[feed.pk]), follow=True)
    assert len(list(response.context["messages"])) == 1
    assert site.requests == []


def test_a_feed_that_is_gone_from_the_portal_is_not_found(client):
    sign_in(client)
    assert client.post(reverse(READ_NOW, args=[999])).status_code in (302, 404)


@pytest.mark.parametrize(
    ("fields", "icon"),
    [
        ({}, "icon-time"),
        ({"is_sample": True}, "icon-time"),
        ({"last_success": datetime(2026, 10, 1, tzinfo=UTC)}, "icon-circle-check"),
        (
            {"last_success": datetime(2026, 10, 1, tzinfo=UTC), "problem": "Abîmé."},
            "icon-info-circle",
        ),
        ({"failures": 3, "problem": "Le site ne répond pas."}, "icon-warning"),
        ({"is_active": False, "problem": "Retiré."}, "icon-minus"),
    ],
)
def test_the_list_says_how_each_feed_is(client, fields, icon):
    sign_in(client)
    a_feed(**fields)
    row = row_of(client, "Avise")
    assert icon in row
    assert fields.get("problem", "") in row


def test_the_list_counts_the_entries_and_says_when_they_came(client):
    sign_in(client)
    feed = a_feed(last_success=datetime(2026, 10, 1, 12, tzinfo=UTC))
    for n in range(3):
        FeedEntry.objects.create(source=feed, key=str(n), title="T", first_seen=feed.last_success)
    row = row_of(client, "Avise")
    assert "2026" in row
    assert ">3<" in row.replace("\n", "").replace(" ", "")


def test_a_stopped_feed_announces_no_reading(client):
    sign_in(client)
    a_feed("Actif", next_attempt=datetime(2100, 1, 1, tzinfo=UTC))
    a_feed(
        "Arrêté",
        address="https://a.invalid/",
        next_attempt=datetime(2100, 1, 1, tzinfo=UTC),
        is_active=False,
    )
    assert "2100" in row_of(client, "Actif")
    assert "2100" not in row_of(client, "Arrêté")


def test_the_list_is_in_the_order_of_names(client):
    sign_in(client)
    for name in ("B", "C", "A"):
        a_feed(name)
    page = client.get(reverse(LIST)).content.decode()
    assert page.index(">A<") < page.index(">B<") < page.index(">C<")


def test_the_form_shows_the_health_of_the_feed(client):
    sign_in(client)
    feed = a_feed(failures=3, problem="Le site ne répond pas.", advice="Réessayez.")
    page = client.get(reverse(EDIT, args=[feed.pk])).content.decode()
    assert "Le site ne répond pas." in page
    assert "Réessayez." in page


def test_the_list_asks_the_same_number_of_questions_for_any_number_of_feeds(client):
    sign_in(client)
    counts = []
    for names in (["a", "b"], [f"c{n}" for n in range(18)]):
        for name in names:
            a_feed(name)
        client.get(reverse(LIST))
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse(LIST))
        counts.append(len(queries))
    assert counts[0] == counts[1]
