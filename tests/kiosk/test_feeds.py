"""A kiosk followed from a feed reader, in Atom, RSS and JSON."""

import json
from datetime import UTC, datetime
from xml.etree import ElementTree

import pytest
from django.core.cache import caches
from django.core.files.base import ContentFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from essor.catalogue.models import Cover
from essor.kiosk.types import Draw, Order

from ..portal.builders import the_portal
from .builders import a_kiosk, a_record

pytestmark = pytest.mark.django_db

ATOM = "{http://www.w3.org/2005/Atom}"
DC = "{http://purl.org/dc/elements/1.1/}"
HOSTILE = '</title><script>alert("x")</script>]]>&<a href="javascript:alert(1)">\x01\x08\ufffe'
FORMS = ["atom", "rss", "json"]
PIXEL = bytes.fromhex(
    "47494638396101000100800000000000ffffff21f90401000000002c00000000010001000002024401003b"
)


@pytest.fixture(autouse=True)
def portal():
    return the_portal()


def feed(client, form, slug="ess"):
    return client.get(f"/flux/kiosques/{slug}.{form}")


def titles(client, form, slug="ess"):
    content = feed(client, form, slug).content
    if form == "json":
        return [item["title"] for item in json.loads(content)["items"]]
    root = ElementTree.fromstring(content)
    if form == "rss":
        return [item.findtext("title") for item in root.iter("item")]
    return [entry.findtext(f"{ATOM}title") for entry in root.iter(f"{ATOM}entry")]


@pytest.mark.parametrize("form", FORMS)
def test_a_feed_gives_the_records_of_the_kiosk_in_its_order(client, form):
    a_kiosk([a_record(n) for n in (3, 1, 2)], order=Order.TITLE, limit=2)
    assert titles(client, form) == ["Titre 1", "Titre 2"]


@pytest.mark.parametrize("form", FORMS)
def test_a_feed_draws_nothing(client, form):
    a_kiosk([a_record(n) for n in range(30)], limit=3, draw=Draw.VIEW, pool=30)
    assert titles(client, form) == ["Titre 0", "Titre 1", "Titre 2"]


@pytest.mark.parametrize("form", FORMS)
def test_the_feed_of_a_private_basket_is_empty(client, form):
    a_kiosk([a_record(1, title="Secret")], is_public=False)
    assert feed(client, form).status_code == 200
    assert titles(client, form) == []
    assert "Secret" not in feed(client, form).content.decode()


def test_an_unknown_kiosk_has_no_feed(client):
    assert feed(client, "atom", "inconnu").status_code == 404


@pytest.mark.parametrize("form", FORMS)
def test_hostile_titles_stay_text_and_feeds_stay_readable(client, form):
    record = a_record(1, title=HOSTILE, author=HOSTILE)
    a_kiosk([record], name=HOSTILE)
    clean = HOSTILE.translate(dict.fromkeys([1, 8, 0xFFFE]))
    assert titles(client, form) == [clean]
    if form != "json":
        assert b"<script>" not in feed(client, form).content


def test_an_item_of_rss_has_a_title_an_author_a_link_a_picture_and_a_date(client):
    added = datetime(2026, 3, 4, 5, 6, tzinfo=UTC)
    record = a_record(1, title="Coopérer", author="Camille Dupont", added_at=added)
    a_kiosk([record])
    item = next(ElementTree.fromstring(feed(client, "rss").content).iter("item"))
    assert item.findtext("title") == "Coopérer"
    assert item.findtext(f"{DC}creator") == "Camille Dupont"
    assert item.findtext("link") == f"http://testserver{record.get_absolute_url()}"
    assert item.findtext("pubDate") == "Wed, 04 Mar 2026 05:06:00 +0000"
    enclosure = item.find("enclosure")
    assert enclosure.get("type") == "image/svg+xml"
    picture = client.get(enclosure.get("url"))
    assert picture.status_code == 200
    assert int(enclosure.get("length")) == len(picture.content)


def test_a_json_feed_says_what_the_format_asks(client):
    record = a_record(1, title="Coopérer")
    a_kiosk([record])
    response = feed(client, "json")
    told = json.loads(response.content)
    assert response["Content-Type"] == "application/feed+json; charset=utf-8"
    assert told["version"] == "https://jsonfeed.org/version/1.1"
    assert told["feed_url"] == "http://testserver/flux/kiosques/ess.json"
    assert told["home_page_url"] == "http://testserver/kiosques/ess/"
    [item] = told["items"]
    assert item["id"].startswith("tag:")
    assert item["url"] == f"http://testserver{record.get_absolute_url()}"
    assert item["image"] == f"http://testserver/catalogue/{record.pk}/couverture.svg"
    assert item["authors"] == [{"name": "Camille Dupont"}]
    assert item["date_published"] == record.added_at.isoformat()


def test_a_picture_of_a_cover_goes_with_its_record(client):
    record = a_record(1)
    Cover.objects.create(record=record, picture=ContentFile(PIXEL, name="un.gif"))
    a_kiosk([record])
    [item] = json.loads(feed(client, "json").content)["items"]
    [attachment] = item["attachments"]
    assert attachment["mime_type"] == "image/gif"
    assert attachment["size_in_bytes"] == len(PIXEL)
    assert item["image"].startswith("http://testserver/media/covers/")


def test_a_picture_whose_file_is_gone_does_not_break_the_feed(client):
    record = a_record(1)
    cover = Cover.objects.create(record=record, picture=ContentFile(PIXEL, name="un.gif"))
    cover.picture.storage.delete(cover.picture.name)
    a_kiosk([record])
    assert titles(client, "rss") == ["Titre 1"]


@pytest.mark.parametrize("form", FORMS)
def test_a_feed_that_has_not_changed_is_answered_by_304(client, form):
    a_kiosk([a_record(1)])
    first = feed(client, form)
    tag = first["ETag"]
    address = f"/flux/kiosques/ess.{form}"
    assert first["Last-Modified"]
    assert client.get(address, HTTP_IF_NONE_MATCH=tag).status_code == 304


def test_scripts_of_any_site_may_read_a_feed(client):
    a_kiosk([a_record(1)])
    response = feed(client, "json")
    assert response["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Credentials" not in response
    assert not response.cookies


def test_queries_do_not_grow_with_the_entries(client):
    a_kiosk([a_record(n) for n in range(2)], slug="petit")
    a_kiosk([a_record(n) for n in range(10, 40)], slug="grand", limit=30)
    counts = []
    for slug in ("petit", "petit", "grand"):
        caches["pages"].clear()
        with CaptureQueriesContext(connection) as queries:
            feed(client, "rss", slug)
        counts.append(len(queries))
    assert counts[1] == counts[2]


def test_the_page_of_a_kiosk_announces_its_feeds(client):
    a_kiosk([a_record(1)])
    page = client.get("/kiosques/ess/").content.decode()
    for form, kind in (("atom", "atom+xml"), ("rss", "rss+xml"), ("json", "feed+json")):
        address = f"http://testserver/flux/kiosques/ess.{form}"
        assert f'<link rel="alternate" type="application/{kind}" href="{address}"' in page


def test_the_page_of_feeds_names_public_kiosks_only(client):
    a_kiosk([a_record(1)], slug="vu", name="À lire")
    a_kiosk([a_record(2)], slug="en-cours", name="En cours", is_public=False)
    page = client.get("/flux/").content.decode()
    assert "/flux/kiosques/vu.atom" in page
    assert "/flux/kiosques/vu.rss" in page
    assert "en-cours" not in page
