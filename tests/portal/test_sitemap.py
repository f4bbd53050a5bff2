"""What search engines find and what they are asked to leave."""

from itertools import chain
from xml.etree import ElementTree

import pytest
from django.core.cache import caches
from wagtail.models import PageViewRestriction

from essor.register import structure_addresses
from essor.register.models import Guide, StructureProfile
from essor.register.services.loading import load
from tests.catalogue.builders import RecordFactory
from tests.register.builds import HeldBuild, a_unit

from .builders import a_dossier, a_portal, an_article, the_portal

pytestmark = pytest.mark.django_db

NAMESPACE = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9"}


PAGES = "/sitemap-pages.xml"


def addresses(client, path=PAGES, **headers):
    response = client.get(path, **headers)
    assert response["Content-Type"] == "application/xml"
    content = b"".join(response)
    return [loc.text for loc in ElementTree.fromstring(content).findall(".//s:loc", NAMESPACE)]


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
    few = queries_of(PAGES)
    for i in range(20):
        an_article(dossier, slug=f"a{i}")
    assert queries_of(PAGES) == few


def test_robots_are_led_to_the_map_and_away_from_staff_and_searches(client):
    the_portal()
    text = client.get("/robots.txt").content.decode()
    assert "Sitemap: http://testserver/sitemap.xml" in text
    for path in ("/gestion/", "/recherche/", "/en/recherche/", "/partager/"):
        assert f"Disallow: {path}\n" in text
    assert "Disallow: /partage/" not in text.replace("/partager/", "")


def the_directory(count, **of_the_third):
    sirens = [f"{300000001 + number}" for number in range(count)]
    others = [a_unit(siren) for siren in sirens if siren != "300000003"]
    third = [a_unit("300000003", **of_the_third)]
    load(HeldBuild(sorted([*others, *third], key=lambda unit: unit.siren)))
    caches["pages"].clear()
    return [f"http://testserver/annuaire/{siren}/" for siren in sirens]


def test_the_maps_of_structures_hold_each_once_and_none_too_many(client, monkeypatch):
    monkeypatch.setattr(structure_addresses, "MOST_IN_FILE", 3)
    monkeypatch.setattr(structure_addresses, "CHUNK", 2)
    the_portal()
    assert addresses(client, "/sitemap.xml") == [f"http://testserver{PAGES}"]

    structures = the_directory(7)
    maps = addresses(client, "/sitemap.xml")[1:]
    held = [addresses(client, one) for one in maps]
    assert [len(one) for one in held] == [3, 3, 1]
    assert sorted(chain.from_iterable(held)) == structures
    assert client.get("/sitemap-annuaire-4.xml").status_code == 404
    assert client.get("/sitemap-annuaire-0.xml").status_code == 404


def test_the_map_tells_nobody_whose_identity_is_hidden(client):
    the_portal()
    _withheld, second, _masked, fourth = the_directory(4, is_partial=True)
    StructureProfile.objects.create(siren="300000001", is_withheld=True)

    assert addresses(client, "/sitemap-annuaire-1.xml") == [second, fourth]


def test_the_map_of_structures_asks_as_much_for_few_as_for_many(client, queries_of):
    the_portal()
    the_directory(3)
    few = queries_of("/sitemap-annuaire-1.xml")
    the_directory(30)
    assert queries_of("/sitemap-annuaire-1.xml") == few


def test_the_directory_its_guides_and_their_list_are_on_the_map_once_there_are_any(client):
    the_portal()
    assert "http://testserver/annuaire/" not in addresses(client)

    the_directory(3)
    Guide.objects.create(title="Lille", slug="lille", is_published=True)
    Guide.objects.create(title="Brouillon", slug="brouillon")
    found = addresses(client)
    assert {
        "http://testserver/annuaire/",
        "http://testserver/en/annuaire/carte/",
        "http://testserver/annuaire/guides/",
        "http://testserver/annuaire/guides/lille/",
    } <= set(found)
    assert not any("brouillon" in address for address in found)
    for address in found:
        assert client.get(address).status_code == 200, address


def test_a_second_portal_sends_nobody_to_the_same_directory(client, settings):
    settings.ALLOWED_HOSTS = ["*"]
    the_portal()
    the_directory(3)
    a_portal("deux.example", title="Le second")

    assert len(addresses(client, "/sitemap.xml", HTTP_HOST="deux.example")) == 1
