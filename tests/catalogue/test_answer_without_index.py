"""While the index is missing or being made, nobody is told that a saved search is empty; on both engines."""

import shutil
from datetime import UTC, datetime

import pytest
from django.core.cache import cache
from django.db import connection

from essor import search
from essor.catalogue.asked import Asked
from essor.catalogue.finding import count_found, find, latest_found, numbers_found
from essor.catalogue.models import SavedSearch
from essor.portal.services.roles import EDITORS
from essor.search import CannotTellNow
from essor.search.services import keep_whole, rebuild
from tests.catalogue.builders import RecordFactory, a_basket_of
from tests.catalogue.search_builders import a_record, links_in, text_of, titles_in
from tests.portal.builders import a_member, a_portal

pytestmark = pytest.mark.django_db

PAGE = "/catalogue/listes/corons/"
FEED = "/flux/catalogue/corons.atom"
FILE = "/catalogue/listes/corons/notices.ris"
SET = "/oai?verb=ListRecords&metadataPrefix=oai_dc&set=recherche:corons"
REFUSED = [
    FEED,
    FILE,
    SET,
    SET.replace("ListRecords", "ListIdentifiers"),
    "/flux/catalogue.atom",
    "/flux/catalogue.atom?q=coron",
    "/catalogue/notices.csv?q=coron",
]
SEARCHES = "/gestion/catalogue/recherches/"


@pytest.fixture(autouse=True)
def corons(each_engine):
    """A public search that finds one record, in an index that is whole."""
    a_portal()
    a_record("Le coron")
    keep_whole()
    return SavedSearch.objects.create(
        name="Corons", slug="corons", is_public=True, criteria={"q": "coron"}
    )


def removed():
    """The folder, or the table, is gone."""
    if connection.vendor == "postgresql" and search.index().engine.name == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("DROP TABLE search_document")
    else:
        shutil.rmtree(search.index().engine.root)


def without_records():
    """There is an index, made before there were records."""
    for _ in search.index().replace_all([("portal", [])]):
        pass


@pytest.fixture(params=[removed, without_records])
def lost(request):
    """An index that is lost, which nobody mends yet."""
    request.param()
    cache.add("search.upkeep", True)


def written(client, address):
    response = client.get(address)
    assert response.status_code == 200, address
    return b"".join(response) if response.streaming else response.content


# Machines are asked to come back


@pytest.mark.usefixtures("lost")
def test_a_feed_a_file_or_a_set_is_refused_for_a_while(client):
    for address in REFUSED:
        response = client.get(address)

        assert response.status_code == 503, address
        assert int(response["Retry-After"]) > 0
        assert response["Cache-Control"] == "no-store"
        assert "en cours de reconstruction" in response.content.decode()


@pytest.mark.usefixtures("lost")
def test_a_post_of_a_harvester_is_refused_for_a_while_too(client):
    asked = {"verb": "ListRecords", "metadataPrefix": "oai_dc", "set": "recherche:corons"}

    assert client.post("/oai", asked).status_code == 503


@pytest.mark.usefixtures("lost")
def test_what_needs_no_index_is_given_all_the_same(client):
    basket = a_basket_of(1, slug="b", name="Choix")
    title = basket.items.get().record.title.encode()
    SavedSearch.objects.create(name="Sans critère", slug="rien", is_public=True, criteria={})

    for address in (
        "/catalogue/listes/b/",
        "/catalogue/listes/b/notices.ris",
        "/flux/catalogue/b.atom",
        "/oai?verb=ListRecords&metadataPrefix=oai_dc&set=panier:b",
        "/oai?verb=ListRecords&metadataPrefix=oai_dc",
    ):
        assert title in written(client, address), address
    assert b"recherche:corons" in written(client, "/oai?verb=ListSets")
    assert b"noRecordsMatch" in written(client, SET.replace("corons", "rien"))
    assert "vide pour le moment" in written(client, "/catalogue/listes/rien/").decode()


def test_a_set_that_is_harvested_in_pages_waits_for_the_index_in_the_middle(client, monkeypatch):
    monkeypatch.setattr("essor.catalogue.oai.listing.RECORDS_A_PAGE", 1)
    a_record("Autre coron")
    keep_whole()
    first = written(client, SET).decode()
    token = first.split("</resumptionToken>")[0].rpartition(">")[2]
    rest = f"/oai?verb=ListRecords&resumptionToken={token}"
    removed()

    assert client.get(rest).status_code == 503  # and the index is made again in the background
    assert "Autre coron" in written(client, rest).decode()


# Readers are told


@pytest.mark.usefixtures("lost")
def test_the_catalogue_does_not_say_that_nothing_is_found(client):
    text = text_of(client.get("/catalogue/?q=coron").content.decode())

    assert "en cours de reconstruction" in text
    assert "ne peut pas être dit" in text
    assert "Rien trouvé" not in text
    assert "Vérifiez l’orthographe" not in text


@pytest.mark.usefixtures("lost")
def test_the_page_of_a_search_says_that_it_cannot_tell(client):
    response = client.get(PAGE)
    text = text_of(response.content.decode())

    assert "ne peut pas être dit" in text
    assert "en cours de reconstruction" in text
    assert "vide" not in text
    assert "numberOfItems" not in response.content.decode()
    assert "max-age=0" in response["Cache-Control"]


@pytest.mark.usefixtures("lost")
def test_the_second_page_of_a_search_stays_where_it_is(client):
    assert client.get(f"{PAGE}?page=2").status_code == 200


@pytest.mark.usefixtures("lost")
def test_the_search_page_offers_no_file_that_would_be_refused(client):
    response = client.get("/catalogue/")

    assert "en cours de reconstruction" in response.content.decode()
    assert "max-age=0" in response["Cache-Control"]
    assert "RIS" not in links_in(response.content.decode())


def test_a_page_that_is_half_indexed_says_that_it_is_so_far(client):
    removed()
    cache.add("search.upkeep", True)
    search.index().write(search.sources()["record"].documents())

    response = client.get(PAGE)
    assert titles_in(response.content.decode()) == ["Le coron"]
    assert "1 notice trouvée à ce stade" in text_of(response.content.decode())
    assert "RIS" not in links_in(response.content.decode())
    assert client.get(FILE).status_code == 503


def test_a_record_has_its_page_without_what_surrounds_it(client):
    beside = a_record("Germinal", by="Zola, Émile")
    a_record("Nana", by="Zola, Émile")
    removed()

    assert client.get(f"/catalogue/{beside.pk}/").status_code == 200


def test_the_search_of_the_portal_says_that_records_cannot_be_counted(client):
    kinds = [kind for kind in search.sources() if kind != "record"]
    for _ in search.index().replace_all([(kind, []) for kind in kinds]):
        pass
    cache.add("search.upkeep", True)
    text = text_of(client.get("/recherche/?q=coron").content.decode())

    assert "Encore incomplet : Documents du catalogue." in text
    assert "notice dans le catalogue" not in text


# Staff is told


@pytest.mark.usefixtures("lost")
def test_the_form_says_that_it_cannot_count(client):
    client.force_login(a_member(EDITORS))
    form = {"name": "Corons", "slug": "c", "text": "coron", "preview": "on"}

    for screen in ("new/", "preview/"):
        page = client.post(SEARCHES + screen, form).content.decode()
        assert "ne peut pas être compté pour le moment" in page
        assert "0 notice" not in page


@pytest.mark.usefixtures("lost")
def test_a_search_that_is_kept_is_opened_all_the_same(client, corons):
    client.force_login(a_member(EDITORS))
    page = client.get(f"{SEARCHES}edit/{corons.pk}/").content.decode()

    assert "ne peut pas être compté pour le moment" in page


def test_a_form_without_criterion_says_so_whatever_the_index(client):
    removed()
    client.force_login(a_member(EDITORS))

    assert "Aucun critère" in client.get(f"{SEARCHES}new/").content.decode()


# For other apps


@pytest.mark.usefixtures("lost")
def test_what_cannot_be_told_is_unknown_not_nothing():
    asked = Asked("coron")

    assert count_found(asked) is None
    assert find(asked).is_incomplete
    for found in (numbers_found, latest_found):
        with pytest.raises(CannotTellNow):
            found(asked, 10)
    assert (count_found(Asked()), numbers_found(Asked(), 10)) == (0, ())


# And back


def test_the_first_who_asks_has_the_index_made_and_the_second_is_answered(client):
    removed()
    assert client.get(FEED).status_code == 503

    assert "Le coron" in written(client, FEED).decode()
    assert "Le coron" in written(client, FILE).decode()
    assert "Le coron" in written(client, SET).decode()
    assert titles_in(client.get(PAGE).content.decode()) == ["Le coron"]
    client.force_login(a_member(EDITORS))
    page = client.post(f"{SEARCHES}preview/", {"name": "C", "text": "coron"}).content.decode()
    assert "Cette recherche trouve 1 notice" in page


def test_the_answer_is_refused_for_as_long_as_the_index_is_being_made(client):
    for number in range(3):
        RecordFactory(title=f"Coron {number}", added_at=datetime(2026, 1, 1, tzinfo=UTC))
    removed()
    cache.add("search.upkeep", True)
    statuses = [client.get(FILE).status_code for _ in rebuild()]

    assert set(statuses) == {503}
    assert written(client, FILE).decode().count("TY  - ") == 4


def test_suggestions_that_lack_something_are_not_kept(client):
    removed()
    assert "max-age=0" in client.get("/catalogue/suggestions?q=cor")["Cache-Control"]

    keep_whole()
    assert "max-age=60" in client.get("/catalogue/suggestions?q=cor")["Cache-Control"]


def test_the_values_of_a_facet_are_not_said_to_be_none(client):
    removed()
    said = text_of(client.get("/catalogue/valeurs/auteur/?q=coron").content.decode())

    assert "Rien ne commence ainsi" not in said
    assert "en cours de reconstruction" in said
