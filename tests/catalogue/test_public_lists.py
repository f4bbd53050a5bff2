"""Baskets and saved searches as anyone reads them: pages, feeds, files."""

import csv
import io
import json
import re
from datetime import UTC, datetime
from xml.etree import ElementTree

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from essor.catalogue.models import BasketItem, Record, SavedSearch
from essor.catalogue.taking import MOST_TAKEN
from essor.search.services import index_pending, keep_whole
from tests.catalogue.builders import ItemFactory, a_basket_of
from tests.catalogue.search_builders import (
    a_branch,
    a_record,
    links_in,
    main_of,
    text_of,
    titles_at,
    titles_in,
)
from tests.portal.builders import a_portal

pytestmark = pytest.mark.django_db

ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture(autouse=True)
def portal(own_index):
    """A portal whose index is whole."""
    a_portal()
    keep_whole()


def a_search(criteria, *, name="Corons", slug="corons", is_public=True):
    return SavedSearch.objects.create(name=name, slug=slug, is_public=is_public, criteria=criteria)


def withdraw(record):
    Record.objects.filter(pk=record.pk).update(withdrawn_at=datetime(2026, 1, 2, tzinfo=UTC))


def body_of(response):
    assert response.status_code == 200
    return b"".join(response.streaming_content)


# Pages


def test_a_public_basket_shows_its_documents_in_its_order(client):
    basket = a_basket_of(3, name="Pour la rentrée", slug="rentree")
    BasketItem.objects.filter(basket=basket, sort_order=0).update(sort_order=9)
    page = main_of(client, "/catalogue/listes/rentree/")

    assert titles_in(page) == ["Titre 001", "Titre 002", "Titre 000"]
    assert "Pour la rentrée 3 notices" in text_of(page)


def test_a_public_search_shows_what_it_finds_and_leads_to_the_catalogue(client):
    a_record("Le coron")
    a_record("La mer")
    a_search({"q": "coron", "tri": "titre"})
    page = main_of(client, "/catalogue/listes/corons/")

    assert titles_in(page) == ["Le coron"]
    more = links_in(page)["L’affiner ou la trier dans le catalogue"]
    assert more == "/catalogue/?q=coron&tri=titre"
    assert titles_at(client, more) == ["Le coron"]


@pytest.mark.parametrize("end", ["", "notices.ris", "notices.csv"])
def test_a_private_list_is_not_found(client, end):
    a_basket_of(1, slug="prive", is_public=False)
    a_search({"q": "x"}, slug="privee", is_public=False)

    for slug in ("prive", "privee", "inconnue"):
        assert client.get(f"/catalogue/listes/{slug}/{end}").status_code == 404
        assert client.get(f"/flux/catalogue/{slug}.atom").status_code == 404


def test_private_lists_are_not_named(client):
    a_basket_of(1, name="Public", slug="public")
    a_basket_of(1, name="Secret", slug="prive", is_public=False)
    a_search({}, name="Secrète", slug="privee", is_public=False)

    for address in ("/catalogue/listes/", "/catalogue/"):
        page = text_of(main_of(client, address))
        assert "Public" in page
        assert "Secr" not in page


def test_a_withdrawn_document_leaves_lists_feeds_and_files_at_once(client):
    basket = a_basket_of(2, slug="b")
    a_search({"q": "titre"})
    index_pending()
    withdraw(basket.items.order_by("sort_order").first().record)

    for slug in ("b", "corons"):
        assert titles_at(client, f"/catalogue/listes/{slug}/") == ["Titre 001"]
        assert "Titre 000" not in client.get(f"/flux/catalogue/{slug}.atom").content.decode()
        assert b"Titre 000" not in body_of(client.get(f"/catalogue/listes/{slug}/notices.ris"))


def test_a_search_without_criterion_is_an_empty_list(client):
    a_record("Germinal")
    a_search({})
    page = main_of(client, "/catalogue/listes/corons/")

    assert titles_in(page) == []
    assert "vide pour le moment" in text_of(page)
    assert b"<entry>" not in client.get("/flux/catalogue/corons.atom").content


def test_the_pages_of_a_list_are_turned(client):
    a_basket_of(25, slug="b")

    assert len(titles_at(client, "/catalogue/listes/b/")) == 20
    page = main_of(client, "/catalogue/listes/b/?page=2")
    assert len(titles_in(page)) == 5
    assert links_in(page)["Page précédente"] == "?page=1"
    far = client.get("/catalogue/listes/b/?page=9")
    assert (far.status_code, far["Location"]) == (302, "?page=2")


def test_a_basket_comes_before_a_search_of_the_same_short_name(client):
    a_basket_of(1, slug="corons")
    a_search({"q": "rien"})

    assert titles_at(client, "/catalogue/listes/corons/") == ["Titre 000"]


def test_machines_read_a_list(client):
    a_basket_of(2, slug="b", name="Choix </script>")
    html = client.get("/en/catalogue/listes/b/").content.decode()
    told = json.loads(re.search(r'application/ld\+json">(.*?)</script>', html, re.DOTALL)[1])

    assert (told["@type"], told["name"], told["numberOfItems"]) == (
        "ItemList",
        "Choix </script>",
        2,
    )
    assert [one["position"] for one in told["itemListElement"]] == [1, 2]
    assert 'type="application/atom+xml"' in html


def test_the_queries_of_a_list_do_not_grow_with_it(client):
    def cost(count, slug):
        basket = a_basket_of(count, slug=slug)
        for item in basket.items.all():
            ItemFactory(record=item.record, branch=a_branch(f"Bibliothèque {item.pk}"))
        client.get(f"/catalogue/listes/{slug}/?page=1")
        with CaptureQueriesContext(connection) as queries:
            assert client.get(f"/en/catalogue/listes/{slug}/?page=1").status_code == 200
        return len(queries)

    client.get("/en/catalogue/")  # the menu is kept from here on
    assert cost(2, "peu") == cost(20, "beaucoup") <= 15


# Feeds


def entries_of(response):
    assert response["Content-Type"].startswith("application/atom+xml")
    root = ElementTree.fromstring(response.content)
    return root, [entry.findtext(f"{ATOM}title") for entry in root.iter(f"{ATOM}entry")]


def test_a_search_is_followed_by_its_latest_documents(client):
    for day, title in ((1, "Coron ancien"), (3, "Coron nouveau")):
        moment = datetime(2026, 1, day, tzinfo=UTC)
        a_record(
            title, by="Zola, Émile", added_at=moment, changed_at=moment, summary="\x0bUn\ufffe."
        )
    a_record("La mer")
    index_pending()
    root, titles = entries_of(client.get("/flux/catalogue.atom?q=coron&tri=titre"))

    assert titles == ["Coron nouveau", "Coron ancien"]
    assert root.findtext(f"{ATOM}updated") == "2026-01-03T00:00:00+00:00"
    entry = next(root.iter(f"{ATOM}entry"))
    record = Record.objects.get(title="Coron nouveau")
    assert entry.findtext(f"{ATOM}id") == f"tag:testserver,2026:record/{record.pk}"
    assert entry.find(f"{ATOM}link").get("href") == f"http://testserver/catalogue/{record.pk}/"
    assert entry.findtext(f"{ATOM}author/{ATOM}name") == "Émile Zola"
    assert "Un" in entry.findtext(f"{ATOM}summary")


def test_the_words_of_a_record_are_no_html_for_feed_readers(client):
    a_record("Germinal", summary="<b onmouseover=alert(1)>Le & la</b>\n\nfin")
    index_pending()
    root, _titles = entries_of(client.get("/flux/catalogue.atom"))
    summary = next(root.iter(f"{ATOM}summary"))

    assert summary.get("type") == "html"
    assert "<b" not in summary.text
    assert "&lt;b onmouseover=alert(1)&gt;Le &amp; la&lt;/b&gt;</p>" in summary.text
    assert summary.text.endswith("<p>fin</p>")


def test_the_whole_catalogue_is_followed_when_nothing_is_asked(client):
    a_record("Germinal")
    index_pending()

    assert entries_of(client.get("/flux/catalogue.atom"))[1] == ["Germinal"]


def test_an_empty_feed_does_not_follow_the_clock(client):
    root, titles = entries_of(client.get("/flux/catalogue.atom?q=rien"))

    assert titles == []
    assert root.findtext(f"{ATOM}updated") == "2026-01-01T00:00:00+00:00"


def test_the_pages_announce_their_feeds(client):
    a_record("Germinal")
    index_pending()
    html = client.get("/catalogue/?q=germinal&tri=titre").content.decode()

    assert 'href="/flux/catalogue.atom?q=germinal&amp;tri=titre"' in html


# Files


@pytest.mark.parametrize(
    "extension", ["ris", "bib", "csl.json", "csv", "mrc", "xml", "txt", "json"]
)
def test_a_list_is_taken_away_in_every_format(client, extension):
    a_basket_of(3, slug="b")
    response = client.get(f"/catalogue/listes/b/notices.{extension}")
    body = body_of(response)

    assert f'filename="b.{extension}"' in response["Content-Disposition"]
    assert all(f"Titre {number:03}".encode() in body for number in range(3))


def test_a_file_keeps_the_order_of_its_list(client, monkeypatch):
    monkeypatch.setattr("essor.catalogue.taking.READ_AT_ONCE", 2)
    basket = a_basket_of(5, slug="b")
    BasketItem.objects.filter(basket=basket, sort_order=0).update(sort_order=9)
    rows = csv.DictReader(
        io.StringIO(body_of(client.get("/catalogue/listes/b/notices.csv")).decode("utf-8-sig"))
    )

    assert [row["title"][-1] for row in rows] == ["1", "2", "3", "4", "0"]


def test_what_a_search_finds_is_taken_away(client):
    a_record("Le coron", languages=["fre"])
    a_record("Autre coron", languages=["eng"])
    page = main_of(client, "/catalogue/?q=coron&langue=fre")
    body = body_of(client.get(links_in(page)["CSL-JSON"]))

    assert [one["title"] for one in json.loads(body)] == ["Le coron"]


def test_nothing_asked_takes_nothing_away(client):
    a_record("Germinal")
    index_pending()

    assert body_of(client.get("/catalogue/notices.ris")) == b""
    assert "RIS" not in links_in(main_of(client, "/catalogue/"))


def test_a_file_is_bounded(client, monkeypatch):
    monkeypatch.setattr("essor.catalogue.list_views.MOST_TAKEN", 2)
    a_basket_of(3, slug="b")

    assert body_of(client.get("/catalogue/listes/b/notices.ris")).count(b"TY  - ") == 2
    assert MOST_TAKEN == 1_000


def test_an_unknown_format_is_not_found(client):
    assert client.get("/catalogue/notices.exe?q=x").status_code == 404
