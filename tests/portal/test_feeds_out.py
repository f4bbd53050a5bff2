"""The portal's own feeds, read back by a feed reader."""

from datetime import UTC, datetime
from xml.etree import ElementTree

import feedparser
import pytest
from bs4 import BeautifulSoup
from django.core.cache import caches
from wagtail.documents.models import Document
from wagtail.models import PageViewRestriction

from essor.portal.models import PortalSettings
from tests.catalogue.builders import a_basket_of

from .builders import a_dossier, a_portal, an_article, the_portal

pytestmark = pytest.mark.django_db

HOSTILE = "<script>alert(1)</script> & ]]> \"'\x0b\x1b"
FORMS = ["atom", "rss"]


def text_box(text, title=""):
    return {"type": "text", "value": {"title": title, "text": text}}


def published(page, year, *tags):
    page.first_published_at = datetime(year, 1, 2, 3, tzinfo=UTC)
    page.last_published_at = datetime(year, 6, 2, 3, tzinfo=UTC)
    page.tags.add(*tags)
    page.save()
    return page


def read(client, address):
    response = client.get(address)
    assert response.status_code == 200
    ElementTree.fromstring(response.content)
    feed = feedparser.parse(response.content)
    assert not feed.bozo, feed.get("bozo_exception")
    return feed


@pytest.mark.parametrize("form", FORMS)
def test_the_feed_of_the_site_gives_dossiers_and_articles_the_latest_first(client, form):
    dossier = published(a_dossier(), 2024)
    published(an_article(dossier, slug="a", title="Ancien"), 2023)
    published(an_article(dossier, slug="b", title="Récent"), 2025)
    feed = read(client, f"/flux/site.{form}")
    assert [entry.title for entry in feed.entries] == [
        "Récent",
        "L’économie sociale et solidaire",
        "Ancien",
    ]


@pytest.mark.parametrize("form", FORMS)
def test_a_feed_says_what_it_is(client, form):
    identity = PortalSettings.for_site(the_portal())
    identity.name, identity.publisher = "À suivre", "Métropole"
    identity.save()
    published(a_dossier(), 2024)
    response = client.get(f"/flux/site.{form}")
    assert response["Content-Type"].startswith(f"application/{form}+xml")
    feed = feedparser.parse(response.content).feed
    assert feed.title == "À suivre"
    assert feed.language == "fr"
    links = {link["rel"]: link["href"] for link in feed.links}
    assert links["self"] == f"http://testserver/flux/site.{form}"
    assert links["alternate"] == "http://testserver/"


@pytest.mark.parametrize("form", FORMS)
def test_an_entry_has_all_that_a_reader_shows(client, form):
    dossier = a_dossier()
    article = an_article(
        dossier,
        introduction="<p>En <b>bref</b>.</p>",
        byline="Médiathèque",
        body=[text_box("<p>Corps</p>", "Un titre")],
    )
    published(article, 2025, "insertion", "livres")
    entry = read(client, f"/flux/site.{form}").entries[0]
    assert entry.link == "http://testserver/dossiers/ess/histoire/"
    assert entry.id == f"tag:testserver,2026:page/{article.pk}"
    assert entry.summary == "En bref."
    assert entry.author == "Médiathèque"
    assert entry.published_parsed[:3] == (2025, 1, 2)
    assert entry.updated_parsed[:3] == (2025, 6, 2)
    assert {tag.term for tag in entry.tags} == {"insertion", "livres"}
    content = BeautifulSoup(entry.content[0].value, "html.parser")
    assert content.select_one("h2").text == "Un titre"
    assert "Corps" in content.text


def test_an_entry_says_its_own_language(client):
    published(a_dossier(language="en"), 2025)
    raw = client.get("/flux/site.atom").content.decode()
    assert '<entry xml:lang="en">' in raw


@pytest.mark.parametrize("form", FORMS)
def test_links_in_the_content_are_absolute_and_harmless(client, form):
    dossier = published(a_dossier(), 2023)
    document = Document.objects.create(title="Guide", file="documents/guide.pdf")
    article = an_article(
        dossier,
        body=[
            text_box(
                f'<p><a linktype="page" id="{dossier.pk}">dossier</a>'
                f'<a linktype="document" id="{document.pk}">guide</a>'
                '<a href="#suite">suite</a><a href="javascript:alert(1)">non</a>'
                '<img src="x" onerror="alert(1)"><script>alert(1)</script></p>'
            )
        ],
    )
    published(article, 2025)
    html = read(client, f"/flux/site.{form}").entries[0].content[0].value
    raw = client.get(f"/flux/site.{form}").content.decode()
    links = {a.text: a.get("href") for a in BeautifulSoup(html, "html.parser").select("a")}
    assert links["dossier"] == "http://testserver/dossiers/ess/"
    assert links["guide"].startswith("http://testserver/documents/")
    assert links["suite"] == "http://testserver/dossiers/ess/histoire/#suite"
    assert "javascript" not in raw
    assert "onerror" not in raw
    assert "alert" not in raw


@pytest.mark.parametrize("form", FORMS)
def test_hostile_words_leave_a_valid_feed(client, form):
    identity = PortalSettings.for_site(the_portal())
    identity.name, identity.publisher = HOSTILE, HOSTILE
    identity.save()
    dossier = published(a_dossier(title=HOSTILE, introduction=HOSTILE), 2024, HOSTILE[:40])
    published(
        an_article(dossier, title=HOSTILE, byline=HOSTILE, body=[text_box(HOSTILE, HOSTILE)]), 2025
    )
    for address in ("site", "dossiers/ess"):
        feed = read(client, f"/flux/{address}.{form}")
        assert len(feed.entries) == 2
    raw = client.get(f"/flux/site.{form}").content.decode()
    assert "<script" not in raw


@pytest.mark.parametrize("form", FORMS)
def test_only_what_the_public_may_read_is_given(client, form, settings):
    settings.ALLOWED_HOSTS = ["*"]
    dossier = published(a_dossier(), 2024)
    an_article(dossier, slug="brouillon", title="Brouillon", live=False)
    private = an_article(dossier, slug="reserve", title="Réservé")
    PageViewRestriction.objects.create(page=private, restriction_type=PageViewRestriction.LOGIN)
    other = a_portal("deux.example", title="Le second")
    published(a_dossier(other, title="Ailleurs"), 2025)
    titles = [entry.title for entry in read(client, f"/flux/site.{form}").entries]
    assert titles == [dossier.title]


@pytest.mark.parametrize("form", FORMS)
def test_a_dossier_has_its_own_feed(client, form):
    dossier = published(a_dossier(), 2024)
    published(an_article(dossier, title="Dedans"), 2025)
    published(a_dossier(slug="autre", title="Autre"), 2025)
    feed = read(client, f"/flux/dossiers/ess.{form}")
    assert [entry.title for entry in feed.entries] == ["Dedans", dossier.title]
    assert client.get(f"/flux/dossiers/inconnu.{form}").status_code == 404


def test_the_feed_of_a_renamed_dossier_is_still_found(client, django_capture_on_commit_callbacks):
    dossier = a_dossier()
    dossier.slug = "economie-sociale"
    with django_capture_on_commit_callbacks(execute=True):
        dossier.save_revision().publish()
    response = client.get("/flux/dossiers/ess.atom")
    assert (response.status_code, response["Location"]) == (
        301,
        "/flux/dossiers/economie-sociale.atom",
    )


def test_the_feed_of_a_restricted_dossier_is_not_found(client):
    dossier = a_dossier()
    PageViewRestriction.objects.create(page=dossier, restriction_type=PageViewRestriction.LOGIN)
    assert client.get("/flux/dossiers/ess.atom").status_code == 404


@pytest.mark.parametrize("form", FORMS)
def test_a_tag_has_its_own_feed(client, form):
    dossier = published(a_dossier(), 2024, "livres")
    published(an_article(dossier, title="Dedans"), 2025, "livres", "dons")
    published(an_article(dossier, slug="autre", title="Autre"), 2026, "dons")
    feed = read(client, f"/flux/etiquettes/livres.{form}")
    assert [entry.title for entry in feed.entries] == ["Dedans", dossier.title]
    assert feed.feed.link == "http://testserver/etiquettes/livres/"
    assert client.get(f"/flux/etiquettes/inconnu.{form}").status_code == 404


@pytest.mark.parametrize("form", FORMS)
def test_an_unchanged_feed_is_answered_by_304(client, form):
    published(a_dossier(), 2024)
    address = f"/flux/site.{form}"
    first = client.get(address)
    assert client.get(address, HTTP_IF_NONE_MATCH=first["ETag"]).status_code == 304
    assert client.get(address, HTTP_IF_MODIFIED_SINCE=first["Last-Modified"]).status_code == 304


@pytest.mark.parametrize("form", FORMS)
def test_an_empty_feed_is_valid_and_does_not_follow_the_clock(client, form, monkeypatch):
    the_portal()
    before = client.get(f"/flux/site.{form}")
    caches["pages"].clear()
    assert read(client, f"/flux/site.{form}").entries == []
    assert client.get(f"/flux/site.{form}")["ETag"] == before["ETag"]


@pytest.mark.parametrize(
    "address", ["/flux/site.atom", "/flux/dossiers/ess.rss", "/flux/etiquettes/dons.atom"]
)
def test_the_queries_of_a_feed_do_not_grow_with_its_entries(client, queries_of, address):
    dossier = published(a_dossier(), 2024)
    link = f'<p><a linktype="page" id="{dossier.pk}">x</a></p>'

    def grow(count):
        for i in range(count):
            box = text_box(link, "t")
            article = an_article(dossier, slug=f"a{i}-{count}", title=f"A{i}", body=[box])
            published(article, 2025, "dons", f"tag{i}")

    grow(2)
    few = queries_of(address)
    grow(18)
    assert queries_of(address) == few
    assert few <= 25


def test_a_feed_is_bounded(client):
    dossier = a_dossier()
    for i in range(35):
        an_article(dossier, slug=f"a{i}", title=f"A{i}")
    assert len(read(client, "/flux/site.atom").entries) == 30


def test_a_page_lists_the_feeds(client, queries_of):
    dossier = published(a_dossier(), 2024, "livres")
    draft = an_article(dossier, live=False)
    draft.tags.add("secret")
    draft.save()
    page = BeautifulSoup(client.get("/flux/").content, "html.parser").main
    links = [a["href"] for a in page.select("a")]
    assert links == [
        f"/flux/{name}.{form}"
        for name in ("site", "dossiers/ess", "etiquettes/livres")
        for form in FORMS
    ]
    few = queries_of("/flux/")
    for i in range(10):
        published(a_dossier(slug=f"d{i}", title=f"D{i}"), 2024, f"tag{i}")
    assert queries_of("/flux/") == few


def test_feeds_have_one_address_whatever_the_language(client):
    the_portal()
    assert client.get("/en/flux/site.atom").status_code == 404
    page = BeautifulSoup(client.get("/en/flux/").content, "html.parser").main
    assert page.select_one("a[href='/flux/site.atom']")


def test_the_page_of_feeds_names_those_of_the_catalogue_once_it_has_records(client):
    the_portal()
    assert "/flux/catalogue.atom" not in client.get("/flux/").content.decode()

    a_basket_of(1, name="Pour la rentrée", slug="rentree")
    a_basket_of(1, slug="prive", is_public=False)
    caches["pages"].clear()
    page = client.get("/flux/").content.decode()

    assert "/flux/catalogue.atom" in page
    assert "/flux/catalogue/rentree.atom" in page
    assert "prive.atom" not in page
