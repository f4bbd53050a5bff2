"""The public page of a record."""

import json
import re

import pytest

from tests.catalogue.builders import RecordFactory, SourceFactory
from tests.portal.builders import a_portal

pytestmark = pytest.mark.django_db

HOSTILE = "</title></script><script>alert(1)</script>\"'><b>"


@pytest.fixture(autouse=True)
def portal():
    return a_portal()


def a_record(**fields):
    creators = [
        {
            "name": "Viviane Forrester",
            "filing_name": "Forrester, Viviane",
            "roles": ["070"],
            "is_primary": True,
        },
        {"name": "Jo Lu", "filing_name": "Lu, Jo", "roles": ["730"], "is_primary": False},
    ]
    return RecordFactory(**{"title": "L'horreur économique", "creators": creators, **fields})


def linked_data(page):
    return json.loads(re.search(r'application/ld\+json">(.*?)</script>', page, re.DOTALL)[1])


def test_a_record_shows_what_is_known_of_it(client):
    record = a_record(subtitle="essai", publisher="Fayard", year=1996, summary="Un essai.")
    record.identifiers.create(kind="isbn", value="9782070624560", is_valid=True)
    page = client.get(f"/catalogue/{record.pk}/").content.decode()

    for shown in (
        "L&#x27;horreur économique",
        "essai",
        "Viviane Forrester",
        'Jo Lu <span class="record__role">(traduction)</span>',
        "Fayard",
        "1996",
        "978-2-07-062456-0",
        "Un essai.",
        "Réseau des médiathèques",
        'viewBox="0 0 120 180"',
        f"/p/n{record.pk}",
    ):
        assert shown in page


def test_what_is_unknown_says_so(client):
    page = client.get(RecordFactory().get_absolute_url()).content.decode()

    assert page.count("inconnu") == 2


def test_a_wrong_number_is_shown_and_marked(client):
    record = a_record()
    record.identifiers.create(kind="isbn", value="2070624569", is_valid=False)

    assert "numéro faux" in client.get(record.get_absolute_url()).content.decode()


def test_the_page_is_in_english_under_en(client):
    record = a_record()
    page = client.get(f"/en/catalogue/{record.pk}/").content.decode()

    assert "(translation)" in page
    assert '<html lang="en">' in page


def test_a_record_that_does_not_exist_is_not_found(client):
    assert client.get("/catalogue/12345/").status_code == 404


def test_hostile_words_stay_words(client):
    record = a_record(
        title=HOSTILE, subtitle=HOSTILE, statement=HOSTILE, publisher=HOSTILE, summary=HOSTILE
    )
    page = client.get(record.get_absolute_url()).content.decode()

    assert "<script>alert" not in page
    assert "<b>" not in page
    assert linked_data(page)["name"] == f"{HOSTILE} : {HOSTILE}"


def test_machines_read_a_book(client):
    record = a_record(year=1996)
    record.identifiers.create(kind="isbn", value="9782070624560", is_valid=True)
    described = linked_data(client.get(record.get_absolute_url()).content.decode())

    assert described["@type"] == "Book"
    assert described["author"] == [{"name": "Viviane Forrester"}]
    assert described["isbn"] == "9782070624560"
    assert described["@id"] == f"http://testserver/catalogue/{record.pk}/"


def test_an_anonymous_reader_gets_no_cookie(client):
    assert not client.get(a_record().get_absolute_url()).cookies


def test_the_queries_do_not_grow_with_what_is_known(client, django_assert_num_queries):
    def cost(record):
        client.get(record.get_absolute_url())
        with django_assert_num_queries(2):
            from essor.catalogue.queries import records_to_show

            found = records_to_show().get(pk=record.pk)
            assert found.source.name
            return [str(one) for one in found.identifiers.all()]

    few, many = RecordFactory(), RecordFactory(source=SourceFactory())
    for number in range(20):
        many.identifiers.create(kind="ean", value=str(number), is_valid=True)

    assert (len(cost(few)), len(cost(many))) == (0, 20)


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_the_permanent_link_of_a_record_leads_to_it(client, prefix):
    record = a_record()
    response = client.get(f"{prefix}/p/n{record.pk}")
    assert (response.status_code, response["Location"]) == (302, f"{prefix}/catalogue/{record.pk}/")
    assert client.get(f"{prefix}/p/n{record.pk + 1}").status_code == 404


def test_a_shared_record_shows_its_title_in_a_picture(client):
    page = client.get(f"/en/catalogue/{a_record().pk}/").content.decode()
    told = dict(re.findall(r'<meta property="og:([\w:]+)" content="([^"]*)">', page))
    assert told["type"] == "book"
    assert told["title"] == "L&#x27;horreur économique"
    assert told["url"].startswith("http://testserver/catalogue/")
    assert client.get(told["image"])["Content-Type"] == "image/png"
