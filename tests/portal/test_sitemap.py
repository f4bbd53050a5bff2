"""What search engines find and what they are asked to leave."""

from xml.etree import ElementTree

import pytest
from django.core.cache import caches
from wagtail.models import PageViewRestriction

from tests.catalogue.builders import RecordFactory

from .builders import a_dossier, a_portal, an_article, the_portal

pytestmark = pytest.mark.django_db

NAMESPACE = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9"}


def addresses(client, **headers):
    response = client.get("/sitemap.xml", **headers)
    assert response["Content-Type"] == "application/xml"
    return [
        loc.text for loc in ElementTree.fromstring(response.content).findall(".//s:loc", NAMESPACE)
    ]


def test_each_public_page_is_there_once_at_its_canonical_address(client):
    dossier = a_dossier()
    an_article(dossier)
    an_article(dossier, slug="brouillon", live=False)
    private = an_article(dossier, slug="reserve")
    PageViewRestriction.objects.create(page=private, restriction_type=PageViewRestriction.LOGIN)
    found = addresses(client)
    assert len(found) == len(set(found))
    pages = ["", "dossiers/", "dossiers/ess/", "dossiers/ess/histoire/"]
    assert [f"http://testserver/{page}" for page in pages] == found[:4]
    assert not any("brouillon" in address or "reserve" in address for address in found)
    assert not any("/en/dossiers/" in address for address in found)


def test_the_portals_own_words_are_there_in_both_languages(client):
    the_portal()
    found = addresses(client)
    for name in ("mentions-legales", "accessibilite", "confidentialite", "flux"):
        assert f"http://testserver/{name}/" in found
        assert f"http://testserver/en/{name}/" in found


def test_the_catalogue_is_there_once_it_has_a_record(client):
    the_portal()
    assert "http://testserver/catalogue/" not in addresses(client)

    RecordFactory()
    caches["pages"].clear()
    found = addresses(client)
    assert {"http://testserver/catalogue/", "http://testserver/en/catalogue/"} <= set(found)


def test_a_second_portal_has_its_own_map(client, settings):
    settings.ALLOWED_HOSTS = ["*"]
    a_dossier()
    other = a_portal("deux.example", title="Le second")
    a_dossier(other, slug="ailleurs")
    found = addresses(client, HTTP_HOST="deux.example")
    assert "http://deux.example/dossiers/ailleurs/" in found
    assert not any("testserver" in address for address in found)


def test_every_address_of_the_map_answers(client):
    an_article()
    for address in addresses(client):
        assert client.get(address).status_code == 200, address


def test_the_queries_of_the_map_do_not_grow_with_the_pages(client, queries_of):
    dossier = a_dossier()
    few = queries_of("/sitemap.xml")
    for i in range(20):
        an_article(dossier, slug=f"a{i}")
    assert queries_of("/sitemap.xml") == few


def test_robots_are_led_to_the_map_and_away_from_staff_and_searches(client):
    the_portal()
    text = client.get("/robots.txt").content.decode()
    assert "Sitemap: http://testserver/sitemap.xml" in text
    for path in ("/gestion/", "/recherche/", "/en/recherche/", "/partager/"):
        assert f"Disallow: {path}\n" in text
    assert "Disallow: /partage/" not in text.replace("/partager/", "")
