"""A kiosk on its page, in a box and in a frame of another site."""

import re
from datetime import timedelta

import pytest
from django.core.cache import caches
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from essor.kiosk.kept_frames import kept_frames
from essor.kiosk.types import Order

from ..portal.builders import a_dossier, the_portal
from .builders import a_kiosk, a_record

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def portal():
    return the_portal()


def titles(page):
    return re.findall(r'kiosk__title">([^<]*)', page)


def asked(client, address):
    return client.get(address).content.decode()


def test_a_kiosk_shows_the_records_of_its_basket_in_their_order(client):
    a_kiosk([a_record(n) for n in (3, 1, 2)])
    assert titles(asked(client, "/kiosques/ess/")) == ["Titre 3", "Titre 1", "Titre 2"]


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        (Order.TITLE, ["Titre 1", "Titre 2", "Titre 3"]),
        (Order.NEWEST, ["Titre 2", "Titre 3", "Titre 1"]),
    ],
)
def test_a_kiosk_follows_its_order(client, order, expected):
    now = timezone.now()
    ages = {3: 2, 1: 5, 2: 0}
    a_kiosk(
        [a_record(n, added_at=now - timedelta(days=age)) for n, age in ages.items()], order=order
    )
    assert titles(asked(client, "/kiosques/ess/")) == expected


def test_a_kiosk_shows_no_more_than_its_limit(client):
    a_kiosk([a_record(n) for n in range(5)], limit=2)
    assert len(titles(asked(client, "/kiosques/ess/"))) == 2


def test_each_cover_leads_to_its_record_and_says_its_title_once(client):
    record = a_record(1, title="Coopérer")
    a_kiosk([record])
    page = asked(client, "/kiosques/ess/")
    assert f'href="{record.get_absolute_url()}"' in page
    link = page[
        page.index('class="kiosk__link"') : page.index("</a>", page.index('class="kiosk__link"'))
    ]
    read_aloud = re.sub(
        r'<span class="kiosk__cover" aria-hidden="true">.*?</svg></span>', "", link, flags=re.S
    )
    assert read_aloud.count("Coopérer") == 1


@pytest.mark.parametrize("address", ["/kiosques/ess/", "/kiosques/ess/cadre"])
def test_a_private_basket_is_not_shown(client, address):
    a_kiosk([a_record(1, title="Secret")], is_public=False)
    response = client.get(address)
    assert response.status_code == 200
    assert "Secret" not in response.content.decode()
    assert 'href="/"' in response.content.decode()


def test_an_unknown_kiosk_is_not_found(client):
    assert client.get("/kiosques/inconnu/cadre").status_code == 404


def test_any_site_may_frame_the_frame_and_only_the_frame(client):
    a_kiosk([a_record(1)])
    frame = client.get("/kiosques/ess/cadre")
    assert "X-Frame-Options" not in frame
    assert "frame-ancestors *" in frame["Content-Security-Policy"]
    page = client.get("/kiosques/ess/")
    assert page["X-Frame-Options"] == "DENY"
    assert "frame-ancestors 'self'" in page["Content-Security-Policy"]


def test_the_frame_sets_no_cookie_and_is_answered_by_304(client):
    a_kiosk([a_record(1)])
    frame = client.get("/kiosques/ess/cadre")
    assert not frame.cookies
    again = client.get("/kiosques/ess/cadre", HTTP_IF_NONE_MATCH=frame["ETag"])
    assert again.status_code == 304


def test_a_frame_that_has_not_changed_may_still_be_framed(client):
    """A browser puts the headers of a 304 in place of those it kept."""
    a_kiosk([a_record(1)])
    tag = client.get("/kiosques/ess/cadre")["ETag"]
    again = client.get("/kiosques/ess/cadre", HTTP_IF_NONE_MATCH=tag)
    assert "Content-Security-Policy" not in again
    assert "X-Frame-Options" not in again


def test_links_of_the_frame_open_in_the_page_around_it(client):
    a_kiosk([a_record(1)])
    assert 'target="_parent"' in asked(client, "/kiosques/ess/cadre")
    assert "_parent" not in asked(client, "/kiosques/ess/")


def test_the_code_to_copy_is_an_iframe_with_a_whole_address(client):
    a_kiosk([a_record(1)], name='Lire & "agir"')
    page = asked(client, "/kiosques/ess/")
    code = page[page.index("<textarea") : page.index("</textarea>")]
    assert "&lt;iframe src=&quot;http://testserver/kiosques/ess/cadre&quot;" in code
    assert "Lire &amp;amp; &amp;quot;agir&amp;quot;" in code


HOSTILE = '</span></textarea><script>alert("x")</script>'


@pytest.mark.parametrize("address", ["/kiosques/ess/", "/kiosques/ess/cadre"])
def test_hostile_titles_stay_text(client, address):
    a_kiosk([a_record(1, title=HOSTILE, author=HOSTILE)], name=HOSTILE)
    page = asked(client, address)
    assert "<script>alert" not in page
    assert page.count("</textarea>") == page.count("<textarea")


@pytest.mark.parametrize("address", ["/kiosques/{}/", "/kiosques/{}/cadre"])
def test_queries_do_not_grow_with_the_covers(client, address):
    a_kiosk([a_record(n) for n in range(2)], slug="petit")
    a_kiosk([a_record(n) for n in range(10, 40)], slug="grand", limit=30)
    counts = []
    for slug in ("petit", "petit", "grand"):
        caches["pages"].clear()
        kept_frames.forget()
        with CaptureQueriesContext(connection) as queries:
            client.get(address.format(slug))
        counts.append(len(queries))
    assert counts[1] == counts[2]
    assert counts[2] <= 10


def test_the_frame_of_thirty_books_takes_at_most_six_queries(client):
    a_kiosk([a_record(n) for n in range(30)], limit=30)
    client.get("/kiosques/ess/cadre")
    caches["pages"].clear()
    with CaptureQueriesContext(connection) as queries:
        client.get("/kiosques/ess/cadre")
    assert len(queries) <= 6, [query["sql"] for query in queries]


def test_a_kiosk_in_a_box_follows_the_kiosk(client):
    kiosk = a_kiosk([a_record(1, title="Coopérer")])
    dossier = a_dossier()
    dossier.main = [("kiosk", {"title": "À lire", "kiosk": kiosk})]
    dossier.save_revision().publish()
    page = asked(client, dossier.url)
    assert titles(page) == ["Coopérer"]
    assert "http://testserver/kiosques/ess/cadre" in page


def test_the_permanent_link_of_a_kiosk_leads_to_it_and_has_a_picture(client):
    kiosk = a_kiosk([a_record(1)])
    assert client.get(f"/p/{kiosk.permalink_id}")["Location"] == kiosk.get_absolute_url()
    assert client.get("/p/k424242").status_code == 404
    picture = re.search(r'og:image" content="([^"]*)"', asked(client, kiosk.get_absolute_url()))
    assert client.get(picture[1])["Content-Type"] == "image/png"
