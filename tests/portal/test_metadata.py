"""What each page tells machines: Open Graph, linked data, canonical address, feeds."""

import json
from datetime import UTC, datetime
from html import escape
from uuid import uuid4

import pytest
from bs4 import BeautifulSoup
from wagtail.rich_text import RichText

from essor.portal.models import PortalSettings

from ..observatory.factories import PublishedFigureFactory
from .builders import a_dossier, a_section, an_article, the_portal

pytestmark = pytest.mark.django_db

HOSTILE = "</script><script>alert(1)</script>\"'&\u2028<!--"


def head_of(client, address, **headers):
    return BeautifulSoup(client.get(address, **headers).content, "html.parser").head


def properties_of(head):
    return {m["property"]: m["content"] for m in head.select("meta[property]")}


def nodes_of(head):
    graph = json.loads(head.select_one('script[type="application/ld+json"]').string)["@graph"]
    return {node["@type"]: node for node in graph}


def named(**fields):
    identity = PortalSettings.for_site(the_portal())
    for name, value in fields.items():
        setattr(identity, name, value)
    identity.save()


def test_a_dossier_says_what_a_share_of_it_shows(client):
    named(name="À suivre")
    dossier = a_dossier(introduction="<p>Une autre <b>économie</b> &amp; ses acteurs.</p>")
    told = properties_of(head_of(client, "/dossiers/ess/"))
    assert told["og:title"] == "L’économie sociale et solidaire"
    assert told["og:description"] == "Une autre économie & ses acteurs."
    assert told["og:type"] == "website"
    assert told["og:locale"] == "fr_FR"
    assert told["og:site_name"] == "À suivre"
    assert told["og:url"] == "http://testserver/dossiers/ess/"
    assert told["og:image"].startswith(f"http://testserver/partage/{dossier.pk}.png?v=")
    assert (told["og:image:width"], told["og:image:height"]) == ("1200", "630")
    assert told["og:image:alt"] == "Dossier – L’économie sociale et solidaire – À suivre"


def test_the_picture_told_is_the_one_that_is_given(client):
    a_dossier()
    for address in ("/", "/dossiers/", "/dossiers/ess/", "/en/dossiers/ess/", "/flux/"):
        picture = properties_of(head_of(client, address))["og:image"]
        assert client.get(picture)["Content-Type"] == "image/png", address


def test_an_article_says_when_and_by_whom(client):
    article = an_article(byline="Médiathèque des Tilleuls", title="Une histoire " * 15)
    article.first_published_at = datetime(2026, 3, 1, 8, tzinfo=UTC)
    article.last_published_at = datetime(2026, 4, 2, 8, tzinfo=UTC)
    article.tags.add("insertion")
    article.save()
    head = head_of(client, "/dossiers/ess/histoire/")
    told, node = properties_of(head), nodes_of(head)["Article"]
    assert told["og:type"] == "article"
    assert told["article:published_time"].startswith("2026-03-01")
    assert told["article:tag"] == "insertion"
    assert node["datePublished"].startswith("2026-03-01")
    assert node["dateModified"].startswith("2026-04-02")
    assert node["author"] == {"name": "Médiathèque des Tilleuls"}
    assert len(node["headline"]) <= 110
    assert node["inLanguage"] == "fr"
    assert node["publisher"]["@type"] == "Organization"


def test_the_home_page_tells_how_to_search(client):
    a_dossier()
    website = nodes_of(head_of(client, "/"))["WebSite"]
    assert website["url"] == "http://testserver/"
    target = website["potentialAction"]["target"]["urlTemplate"]
    assert target == "http://testserver/recherche/?q={search_term_string}"


def test_the_way_to_an_article_is_told(client):
    an_article()
    nodes = nodes_of(head_of(client, "/en/dossiers/ess/histoire/"))
    way = nodes["BreadcrumbList"]["itemListElement"]
    assert [step["position"] for step in way] == [1, 2, 3, 4]
    assert [step["item"] for step in way] == [
        "http://testserver/",
        "http://testserver/dossiers/",
        "http://testserver/dossiers/ess/",
        "http://testserver/dossiers/ess/histoire/",
    ]


def test_a_dossier_and_the_list_of_dossiers_are_collections(client):
    a_dossier()
    for address in ("/dossiers/", "/dossiers/ess/"):
        assert "CollectionPage" in nodes_of(head_of(client, address))


@pytest.mark.parametrize("address", ["/dossiers/ess/", "/en/dossiers/ess/"])
def test_the_canonical_address_of_content_is_without_a_language(client, address):
    a_dossier()
    head = head_of(client, address)
    assert head.select_one("link[rel=canonical]")["href"] == "http://testserver/dossiers/ess/"
    assert not head.select("link[hreflang]")


def test_the_portals_own_words_have_an_address_in_each_language(client):
    the_portal()
    head = head_of(client, "/en/mentions-legales/")
    assert (
        head.select_one("link[rel=canonical]")["href"] == "http://testserver/en/mentions-legales/"
    )
    others = {a["hreflang"]: a["href"] for a in head.select("link[hreflang]")}
    assert others == {
        "fr": "http://testserver/mentions-legales/",
        "en": "http://testserver/en/mentions-legales/",
        "x-default": "http://testserver/mentions-legales/",
    }


def test_the_locale_is_that_of_the_content(client):
    a_dossier(language="en")
    assert properties_of(head_of(client, "/dossiers/ess/"))["og:locale"] == "en_GB"


def test_a_shared_box_shows_itself(client):
    block_id = str(uuid4())
    box = {"type": "text", "id": block_id, "value": {"title": "Le mot", "text": "<p>x</p>"}}
    dossier = a_dossier(main=[box])
    head = head_of(client, f"/dossiers/ess/?boite={block_id[:8]}")
    told = properties_of(head)
    assert told["og:title"] == "Le mot"
    assert told["og:url"] == f"http://testserver/dossiers/ess/?boite={block_id[:8]}"
    assert f"/partage/{dossier.pk}-{block_id[:8]}.png" in told["og:image"]
    assert head.select_one("link[rel=canonical]")["href"] == "http://testserver/dossiers/ess/"


def test_a_box_of_key_figures_shows_its_first_figure(client):
    figure = PublishedFigureFactory(source="Insee")
    block_id = str(uuid4())
    chosen = {"type": "item", "id": str(uuid4()), "value": {"figure": figure.pk, "label": ""}}
    value = {"title": "En chiffres", "figures": [chosen]}
    a_dossier(main=[{"type": "key_figures", "id": block_id, "value": value}])
    told = properties_of(head_of(client, f"/dossiers/ess/?boite={block_id[:8]}"))
    assert told["og:title"] == "En chiffres"
    assert told["og:image:alt"].startswith("60\u202f878 – personnes salariées")
    assert client.get(told["og:image"]).status_code == 200


@pytest.mark.parametrize("asked", ["zzzzzzzz", "", "0", "<script>", "a" * 500])
def test_an_unknown_box_shows_the_page(client, asked):
    a_dossier()
    response = client.get("/dossiers/ess/", {"boite": asked})
    told = properties_of(BeautifulSoup(response.content, "html.parser").head)
    assert told["og:url"] == "http://testserver/dossiers/ess/"


@pytest.mark.parametrize("address", ["/dossiers/ess/", "/dossiers/ess/histoire/", "/"])
def test_hostile_titles_stay_words(client, address):
    dossier = a_dossier(title=HOSTILE, introduction=f"<p>{escape(HOSTILE)}</p>")
    an_article(dossier, title=HOSTILE, byline=HOSTILE, text=RichText("<p>x</p>"))
    named(name=HOSTILE[:80], publisher=HOSTILE)
    page = client.get(address).content.decode()
    assert "<script>alert" not in page
    head = BeautifulSoup(page, "html.parser").head
    kinds = {script.get("type") for script in head.select("script")}
    assert kinds == {"module", "application/ld+json"}
    nodes = nodes_of(head)
    if "CollectionPage" in nodes:
        assert nodes["CollectionPage"]["name"] == HOSTILE


def test_pages_announce_the_feeds_that_follow_them(client):
    dossier = a_dossier()
    article = an_article(dossier)
    article.tags.add("insertion")
    article.save()

    def announced(address):
        links = head_of(client, address).select("link[type='application/atom+xml']")
        return [link["href"].removeprefix("http://testserver") for link in links]

    site = "/flux/site.atom"
    assert announced("/") == [site]
    assert announced("/dossiers/ess/") == [site, "/flux/dossiers/ess.atom"]
    assert announced("/dossiers/ess/histoire/") == [site, "/flux/dossiers/ess.atom"]
    assert announced("/etiquettes/insertion/") == [site, "/flux/etiquettes/insertion.atom"]


def test_a_second_host_name_gives_the_first_one(client, settings):
    settings.ALLOWED_HOSTS = ["*"]
    a_dossier()
    head = head_of(client, "/dossiers/ess/", HTTP_HOST="alias.example")
    assert head.select_one("link[rel=canonical]")["href"] == "http://testserver/dossiers/ess/"


def test_every_kind_of_page_is_told(client):
    a_section()
    an_article()
    for address in ("/", "/dossiers/", "/dossiers/ess/", "/dossiers/ess/histoire/", "/tilleuls/"):
        told = properties_of(head_of(client, address))
        assert {"og:title", "og:url", "og:image", "og:image:alt", "og:type"} <= told.keys(), address
