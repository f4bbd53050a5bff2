"""The public page of a record."""

import json
import re
from datetime import UTC, date, datetime
from html import unescape
from urllib.parse import parse_qs

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from essor.catalogue.exports import FORMATS
from essor.catalogue.models import Cover, Work
from tests.catalogue.builders import BranchFactory, ItemFactory, RecordFactory, SourceFactory
from tests.catalogue.search_builders import a_record as found_record
from tests.catalogue.search_builders import main_of
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
        'Jo Lu</a> <span class="record__role">(traduction)</span>',
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


def a_picture(record, **fields):
    """A cover whose file is of no importance."""
    cover = Cover.objects.create(record=record)
    shown = {"picture": "covers/a.webp", "width": 400, "height": 600, **fields}
    Cover.objects.filter(pk=cover.pk).update(**shown)


def surrounded(count):
    """A record that has so many of everything: items, identifiers, editions, records of other sources."""
    work = Work.objects.create(key=f"work {count}")
    record = a_record(work=work)
    for number in range(count):
        record.identifiers.create(kind="ean", value=str(number), is_valid=True)
        ItemFactory(record=record, branch=BranchFactory(source=record.source))
        other = SourceFactory(code=f"other-{count}-{number}", name=f"Ailleurs {number}")
        same = RecordFactory(source=other, duplicate_of=record)
        ItemFactory(record=same, branch=BranchFactory(source=other))
        a_picture(RecordFactory(work=work))
    return record


def test_the_queries_do_not_grow_with_what_is_known(client):
    def cost(record):
        with CaptureQueriesContext(connection) as queries:
            page = client.get(record.get_absolute_url()).content.decode()
        return len(queries), page

    client.get(surrounded(1).get_absolute_url())  # the caches of the first request
    few, _ = cost(surrounded(2))
    many, page = cost(surrounded(20))

    assert few == many
    assert page.count("Ailleurs") >= 12
    assert page.count("covers/a.webp") == 12


def test_a_day_of_return_that_is_past_is_not_promised(client):
    record = a_record()
    ItemFactory(record=record, availability="on_loan", due=date(2018, 6, 16))
    page = client.get(record.get_absolute_url()).content.decode()

    assert "Tous les exemplaires sont en prêt." in page
    assert "2018" not in page


def test_items_say_where_they_stand_and_whether_they_can_be_had(client):
    record = a_record()
    due = date(timezone.localdate().year + 1, 12, 1)
    ItemFactory(
        record=record,
        branch=BranchFactory(name="Médiathèque des Tilleuls"),
        section="Société",
        call_number="330 FOR",
        availability="on_loan",
        due=due,
    )
    ItemFactory(record=record, branch=BranchFactory(name="Bibliothèque du Port"))
    ItemFactory(record=record, call_number="PARTI", availability="gone")
    ItemFactory(record=record, call_number="RETIRÉ", withdrawn_at=timezone.now())
    page = client.get(record.get_absolute_url()).content.decode()

    for shown in ("Médiathèque des Tilleuls", "Société", "330 FOR", "En prêt"):
        assert shown in page
    assert f"retour prévu le 1er\u00a0décembre {due.year}" in page
    assert "Disponible\u00a0: Bibliothèque du Port." in page
    assert page.index("Bibliothèque du Port") < page.index("Médiathèque des Tilleuls")
    assert "PARTI" not in page
    assert "RETIRÉ" not in page


@pytest.mark.parametrize(
    ("items", "said"),
    [
        ([], ""),
        ([("available", "A"), ("available", "B")], "Disponible dans 2\u00a0bibliothèques."),
        ([("on_site", "A"), ("on_loan", "A")], "À consulter sur place."),
        ([("on_loan", "A")], "Tous les exemplaires sont en prêt."),
        ([("unknown", "A")], ""),
        ([("unavailable", "A"), ("on_loan", "B")], ""),
    ],
)
def test_one_line_says_whether_it_can_be_had_now(client, items, said):
    record = a_record()
    for availability, branch in items:
        ItemFactory(record=record, branch=BranchFactory(name=branch), availability=availability)
    page = client.get(record.get_absolute_url()).content.decode()

    found = re.search(r'<p class="record__where">(.*?)</p>', page)
    assert (found[1] if found else "") == said


def test_the_same_edition_elsewhere_is_told_from_both_sides(client):
    here = a_record()
    other = SourceFactory(code="sud", name="Bibliothèques du Sud")
    there = RecordFactory(source=other, duplicate_of=here)
    ItemFactory(record=there, branch=BranchFactory(source=other, name="Annexe du Sud"))
    page = client.get(here.get_absolute_url()).content.decode()
    back = client.get(there.get_absolute_url()).content.decode()

    assert f'href="/catalogue/{there.pk}/">Bibliothèques du Sud</a>' in page
    assert "Annexe du Sud" in page
    assert f'href="/catalogue/{here.pk}/">Réseau des médiathèques</a>' in back


def test_other_editions_are_shown_and_the_withdrawn_ones_are_not(client):
    work = Work.objects.create(key="germinal")
    record = a_record(work=work)
    other = RecordFactory(title="Édition de poche", work=work, year=2001)
    RecordFactory(title="Édition perdue", work=work, withdrawn_at=timezone.now())
    page = client.get(record.get_absolute_url()).content.decode()

    assert "Autres éditions" in page
    assert "Édition perdue" not in page
    example = linked_data(page)["exampleOfWork"]["workExample"]
    assert [one["@id"] for one in example] == [f"http://testserver/catalogue/{other.pk}/"]


def test_a_withdrawn_record_still_answers_and_says_so(client):
    record = a_record(withdrawn_at=datetime(2026, 3, 1, tzinfo=UTC))
    ItemFactory(record=record, call_number="330 FOR")
    response = client.get(record.get_absolute_url())
    page = response.content.decode()

    assert response.status_code == 200
    assert "1er\u00a0mars 2026" in page
    assert '<meta name="robots" content="noindex">' in page
    assert "330 FOR" not in page
    assert "offers" not in linked_data(page)


def test_links_of_the_record_lead_to_the_web_only(client):
    links = [
        {"address": "https://example.org/extrait", "label": "Extrait"},
        {"address": "javascript:alert(1)", "label": "Piège"},
        {"address": "data:text/html,x", "label": "Piège"},
        {"address": 'https://example.org/"onclick=', "label": "Piège"},
    ]
    page = client.get(a_record(links=links).get_absolute_url()).content.decode()

    assert '<a href="https://example.org/extrait" rel="nofollow noopener external">Extrait' in page
    assert "Piège" not in page
    assert "javascript:" not in page


def test_languages_are_named(client):
    record = a_record(languages=["fre"], original_languages=["eng"])

    assert (
        "français (traduit de\u00a0: anglais)"
        in client.get(record.get_absolute_url()).content.decode()
    )
    english = client.get(f"/en/catalogue/{record.pk}/").content.decode()
    assert "French (translated from: English)" in english


def test_creators_and_subjects_lead_to_searches(client):
    record = a_record(subjects=[{"label": "Travail & loisirs", "kind": "topic"}])
    page = client.get(record.get_absolute_url()).content.decode()

    assert 'href="/catalogue/?auteur=Forrester%2C+Viviane"' in page
    assert 'href="/catalogue/?sujet=Travail+%26+loisirs"' in page


def test_a_picture_is_shown_with_its_size_and_its_origin(client):
    record = a_record()
    a_picture(record, origin="open_library", licence="rights of the publisher")
    page = client.get(record.get_absolute_url()).content.decode()

    assert '<img src="/media/covers/a.webp" width="400" height="600"' in page
    assert 'alt="Couverture de «\u00a0L&#x27;horreur économique\u00a0»"' in page
    assert "Open Library (droits de l’éditeur)" in page
    assert linked_data(page)["image"] == "http://testserver/media/covers/a.webp"
    assert 'viewBox="0 0 120 180"' not in page


def test_the_memory_that_no_picture_was_found_shows_the_drawn_cover(client):
    record = a_record()
    Cover.objects.create(record=record, origin="open_library")

    assert 'viewBox="0 0 120 180"' in client.get(record.get_absolute_url()).content.decode()


def test_reference_managers_find_the_record_in_its_page(client):
    record = a_record()
    page = client.get(record.get_absolute_url()).content.decode()

    told = parse_qs(unescape(re.search(r'class="Z3988" title="([^"]*)"', page)[1]))
    assert told["rft.btitle"] == ["L'horreur économique"]
    assert told["rft_id"] == [f"http://testserver/catalogue/{record.pk}/"]
    assert f'type="application/x-research-info-systems" href="/catalogue/{record.pk}.ris"' in page


def test_only_what_is_known_is_offered_to_machines(client):
    record = a_record()
    ItemFactory(record=record, call_number="330 FOR")
    ItemFactory(record=record, availability="unknown")
    (offer,) = linked_data(client.get(record.get_absolute_url()).content.decode())["offers"]

    assert offer["availability"] == "https://schema.org/InStock"
    assert offer["businessFunction"].endswith("#LeaseOut")
    assert "price" not in offer


@pytest.mark.parametrize("extension", sorted(FORMATS))
def test_a_record_is_downloaded_in_every_format(client, extension):
    record = a_record()
    response = client.get(f"/catalogue/{record.pk}.{extension}")

    assert response.status_code == 200
    assert response["Content-Type"] == FORMATS[extension].content_type
    assert (
        response["Content-Disposition"] == f'attachment; filename="notice-{record.pk}.{extension}"'
    )
    assert not response.cookies
    # MARC is as it was received, where the title is another.
    assert b"horreur" in response.content or FORMATS[extension].needs_marc
    assert client.get(f"/catalogue/{record.pk + 1}.{extension}").status_code == 404


def test_a_format_that_is_none_is_not_found(client):
    assert client.get(f"/catalogue/{a_record().pk}.exe").status_code == 404
    assert client.post(f"/catalogue/{a_record().pk}.ris").status_code == 405


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


def test_more_by_the_same_hand_and_on_the_same_subject(client):
    record = found_record("L'horreur économique", by="Forrester, Viviane", subjects=["Travail"])
    found_record("Une étrange dictature", by="Forrester, Viviane")
    found_record("La fin du travail", by="Rifkin, Jeremy", subjects=["Travail"])
    found_record("Retiré", by="Forrester, Viviane", withdrawn_at=timezone.now())
    page = main_of(client, record.get_absolute_url())

    by_creator, on_subject = re.findall(r'<section class="kin".*?</section>', page, re.DOTALL)
    assert "Une étrange dictature" in by_creator
    assert "La fin du travail" in on_subject
    assert page.count('class="covers__item"') == 2


def test_the_neighbours_are_few_and_none_comes_twice(client):
    # Names of their own: the index may still hold the records of other tests.
    hands = {"by": "Polanyi, Karl", "subjects": ["Marché"]}
    record = found_record("La grande transformation", **hands)
    for number in range(20):
        found_record(f"Suite {number:02}", **hands)
    page = main_of(client, record.get_absolute_url())

    titles = re.findall(r'covers__title">(.*?)<', page)
    assert len(titles) == len(set(titles)) == 12
