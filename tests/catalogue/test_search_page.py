"""The page where a reader finds a document, on both engines."""

import json
import re
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, quote, urlsplit
from xml.etree import ElementTree

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from essor import search
from essor.catalogue.answers import years_in_words
from essor.catalogue.asked import Asked
from essor.catalogue.finding import count_found, numbers_found
from essor.catalogue.holdings import Holding, holdings_of
from essor.catalogue.models import Item
from essor.catalogue.types import Availability
from essor.search.services import index_pending, keep_whole
from tests.catalogue.builders import BranchFactory, ItemFactory, RecordFactory
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

HOSTILE = "</script><script>alert(1)</script>\"'><b>"


@pytest.fixture(autouse=True)
def portal():
    return a_portal()


@pytest.fixture(autouse=True)
def engine(each_engine, portal):
    """Search on each engine, in an index that is whole."""
    keep_whole()


# What is found


def test_a_document_is_found_by_title_author_subject_and_words_of_its_summary(client):
    a_record("Germinal", by="Zola, Émile", subjects=["Mines"], summary="La grève des corons.")
    a_record("Nana", by="Zola, Émile")

    for typed in ("germinal", "zola mine", "mines", "coron greve"):
        assert titles_at(client, f"/catalogue/?q={typed}") == ["Germinal"], typed


@pytest.mark.parametrize(
    "typed",
    ["9782070624560", "978-2-07-062456-0", "2070624560", "2-07-062456-0", "ISBN 2070624560"],
)
def test_an_isbn_in_any_form_finds_the_document(client, typed):
    a_record("Germinal", isbn="9782070624560")
    a_record("Nana")

    assert titles_at(client, f"/catalogue/?q={quote(typed)}") == ["Germinal"]


def test_without_a_question_the_latest_arrivals_come_first(client):
    for day, title in ((1, "Ancien"), (3, "Nouveau"), (2, "Moyen")):
        a_record(title, added_at=datetime(2026, 1, day, tzinfo=UTC))
    page = main_of(client, "/catalogue/")

    assert titles_in(page) == ["Nouveau", "Moyen", "Ancien"]
    assert "Derniers arrivés 3 notices dans le catalogue" in text_of(page)


def test_the_count_and_the_matching_words_are_shown(client):
    a_record("Histoire des corons", summary="Une histoire de mineurs et de coron.")
    a_record("Histoire de la mer")
    page = main_of(client, "/catalogue/?q=coron")

    assert "1 notice pour « coron »" in text_of(page)
    assert "<mark>corons</mark>" in page
    assert "mineurs et de <mark>coron</mark>." in page


def test_the_matching_words_of_a_subtitle_are_marked_and_not_repeated(client):
    a_record("Germinal", subtitle="chronique des corons", publisher="Corons et fils")
    page = main_of(client, "/catalogue/?q=coron")

    assert "chronique des <mark>corons</mark>" in page
    assert "entry__excerpt" not in page


def test_a_withdrawn_document_is_not_shown_even_before_the_index_hears_of_it(client):
    record = a_record("Germinal")
    assert titles_at(client, "/catalogue/?q=germinal") == ["Germinal"]

    type(record).objects.filter(pk=record.pk).update(withdrawn_at=datetime(2026, 1, 2, tzinfo=UTC))

    assert titles_at(client, "/catalogue/?q=germinal") == []
    assert numbers_found(Asked("germinal"), 10) == ()


def test_pages_of_the_portal_are_not_among_documents(client):
    assert titles_at(client, "/catalogue/?q=bibliothèques") == []


def test_hostile_words_stay_words(client):
    a_record(f"Piège {HOSTILE}", by=HOSTILE, subjects=[HOSTILE], publisher=HOSTILE, summary=HOSTILE)
    page = main_of(client, f"/catalogue/?q={quote('piège ' + HOSTILE)}&sujet={quote(HOSTILE)}")

    assert titles_in(page) == [f"Piège {HOSTILE}"]
    assert "<script" not in page
    assert "<b>" not in page


# Where it is


def test_the_libraries_are_told_in_words_the_best_first(client):
    mer, houblon = a_branch("Médiathèque de la mer"), a_branch("Médiathèque du houblon")
    record = a_record("Germinal", branches=[houblon, mer])
    ItemFactory(record=record, branch=mer, availability="on_loan")
    ItemFactory(record=record, branch=a_branch("Bibliobus"), availability="on_loan")
    ItemFactory(record=record, branch=a_branch("Réserve"), availability="gone")
    page = text_of(main_of(client, "/catalogue/?q=germinal"))

    assert "Disponible : Médiathèque de la mer, Médiathèque du houblon" in page
    assert "En prêt : Bibliobus" in page
    assert "Réserve" not in page


def test_many_libraries_are_counted_past_the_first_ones():
    record = a_record("Germinal", branches=[a_branch(f"Bibliothèque {n:02}") for n in range(10)])
    (holding,) = holdings_of([record])[record.pk]

    assert (len(holding.libraries), holding.others) == (6, 4)


def test_an_item_without_a_branch_has_its_state_only():
    record = RecordFactory()
    ItemFactory(record=record, branch=None)

    assert holdings_of([record]) == {record.pk: (Holding(Availability.AVAILABLE, ()),)}


def test_a_withdrawn_item_is_nowhere():
    record = RecordFactory()
    ItemFactory(record=record, withdrawn_at=datetime(2026, 1, 2, tzinfo=UTC))

    assert holdings_of([record]) == {}


# Facets


def test_the_facets_are_named_in_words(client):
    a_record(
        "Germinal",
        document_type="book",
        languages=["fre"],
        classification="334.7",
        publisher="Fayard",
        branches=[a_branch("Bibliobus")],
    )
    a_record("Grass", document_type="film", languages=["eng"], classification="810")
    page = links_in(main_of(client, "/catalogue/"))

    for label in (
        "Livre 1",
        "Film 1",
        "français 1",
        "anglais 1",
        "300 Sciences sociales 1",
        "800 Littérature 1",
        "Bibliobus 1",
        "Disponible 1",
        "Fayard 1",
    ):
        assert label in page


def test_several_values_of_one_facet_are_any_of_them_and_facets_all_hold(client):
    for title, kind, code in (
        ("Un livre", "book", "fre"),
        ("Un film", "film", "fre"),
        ("Un disque", "music", "fre"),
        ("A book", "book", "eng"),
    ):
        a_record(title, document_type=kind, languages=[code])

    assert set(titles_at(client, "/catalogue/?type=book&type=film")) == {
        "Un livre",
        "Un film",
        "A book",
    }
    assert titles_at(client, "/catalogue/?type=book&langue=eng") == ["A book"]


def test_what_is_available_in_a_library_is_available_there_not_elsewhere(client):
    here, elsewhere = a_branch("Ici"), a_branch("Ailleurs")
    lent = a_record("Prêté ici", branches=[elsewhere])
    ItemFactory(record=lent, branch=here, availability="on_loan")
    a_record("Disponible ici", branches=[here])

    at_hand = f"/catalogue/?bibliotheque={here.pk}&disponibilite=available"
    page = main_of(client, at_hand)
    assert titles_in(page) == ["Disponible ici"]
    assert {"Retirer : Ici 1", "Ailleurs 1"} <= links_in(page).keys()
    assert len(titles_at(client, f"{at_hand}&disponibilite=on_loan")) == 2


def test_what_is_gone_is_offered_by_no_facet(client):
    ItemFactory(record=a_record("Germinal"), branch=a_branch("Réserve"), availability="gone")
    page = text_of(main_of(client, "/catalogue/"))

    assert "Réserve" not in page
    assert "Disponibilité" not in page


def test_a_chosen_value_is_first_and_its_link_removes_it(client):
    for number in range(3):
        a_record(f"Film {number}", document_type="film")
    a_record("Livre", document_type="book")
    page = main_of(client, "/catalogue/?type=book")
    links = links_in(page)

    assert page.index("facet__value--chosen") < page.index('facet__label">Film')
    assert links["Retirer : Livre 1"] == "?"
    assert links["Retirer : Type de document Livre"] == "?"
    assert parse_qs(urlsplit(links["Film 3"]).query) == {"type": ["book", "film"]}


def test_a_chosen_value_that_finds_nothing_can_still_be_removed(client):
    a_record("Germinal")
    page = main_of(client, "/catalogue/?q=germinal&auteur=Personne")
    links = links_in(page)

    assert titles_in(page) == []
    assert links["Retirer : Auteur Personne"] == "?q=germinal"
    assert links["Chercher « germinal » dans tout le catalogue, sans rien retenir"] == "?q=germinal"


def test_years_are_offered_by_decades_and_asked_as_a_range(client):
    for year in (1885, 1994, 1996, 2003):
        a_record(f"Paru en {year}", year=year)
    links = links_in(main_of(client, "/catalogue/"))

    assert parse_qs(urlsplit(links["1990–1999 2"]).query) == {"de": ["1990"], "a": ["1999"]}
    assert set(titles_at(client, "/catalogue/?de=1990&a=1999")) == {"Paru en 1994", "Paru en 1996"}
    assert titles_at(client, "/catalogue/?a=1900") == ["Paru en 1885"]
    assert "Retirer : Année de parution de 1990 à 1999" in links_in(
        main_of(client, "/catalogue/?de=1990&a=1999")
    )


@pytest.mark.parametrize(
    ("ends", "words"),
    [
        ((1990, None), "depuis 1990"),
        ((None, 1990), "jusqu’en 1990"),
        ((1990, 1990), "1990"),
        ((1990, 2000), "de 1990 à 2000"),
    ],
)
def test_a_range_of_years_in_words(ends, words):
    assert years_in_words(*ends) == words


def some_arrivals():
    """Records that came in today, three weeks ago and two months ago."""
    for title, days in (("Nouveau coron", 0), ("Coron récent", 21), ("Vieux coron", 60)):
        a_record(title, added_at=timezone.now() - timedelta(days=days), languages=["fre"])


def days_in(html):
    """The choice of days of a page: what is offered, and what is chosen."""
    (select,) = re.findall(r'<select [^>]*name="jours".*?</select>', html, re.DOTALL)
    offered = re.findall(r'<option value="(\d*)" *(selected)?>(.*?)</option>', select)
    chosen = [words for _value, is_chosen, words in offered if is_chosen]
    return [(value, words) for value, _chosen, words in offered], chosen


def test_what_came_in_within_some_days_is_chosen_among_the_filters(client):
    some_arrivals()
    page = main_of(client, "/catalogue/?q=coron&langue=fre&tri=nouveautes")

    assert days_in(page) == (
        [
            ("", "indifférente"),
            ("7", "7 derniers jours"),
            ("30", "30 derniers jours"),
            ("90", "90 derniers jours"),
            ("365", "365 derniers jours"),
        ],
        [],
    )
    (form,) = re.findall(r'<form class="days".*?</form>', page, re.DOTALL)
    kept = re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', form)
    assert kept == [("q", "coron"), ("langue", "fre"), ("tri", "nouveautes")]
    found = main_of(client, "/catalogue/?q=coron&langue=fre&tri=nouveautes&jours=30")
    assert titles_in(found) == ["Nouveau coron", "Coron récent"]
    assert days_in(found)[1] == ["30 derniers jours"]


def test_the_days_are_kept_by_facets_orders_pages_and_words_and_removed_by_their_chip(client):
    some_arrivals()
    for number in range(20):
        a_record(f"Coron {number}", added_at=timezone.now(), languages=["eng"], year=2001)
    page = main_of(client, "/catalogue/?q=coron&jours=30")
    links = links_in(page)

    for label in ("anglais 20", "titre", "Page suivante"):
        assert "jours=30" in links[label], label
    assert (
        page.count('type="hidden" name="jours" value="30"') == 2
    )  # with the words, with the years
    assert links["Retirer : Date d’entrée 30 derniers jours"] == "?q=coron"


@pytest.mark.parametrize(("days", "words"), [("45", "45 derniers jours"), ("1", "1 dernier jour")])
def test_days_that_are_not_offered_are_shown_as_chosen(client, days, words):
    some_arrivals()

    assert days_in(main_of(client, f"/catalogue/?jours={days}"))[1] == [words]


def test_when_nothing_came_in_the_days_can_still_be_changed(client):
    a_record("Vieux coron", added_at=timezone.now() - timedelta(days=60))
    page = main_of(client, "/catalogue/?jours=7")

    assert titles_in(page) == []
    assert days_in(page)[1] == ["7 derniers jours"]


def test_any_time_is_no_limit(client):
    some_arrivals()
    page = main_of(client, "/catalogue/?jours=&q=coron")

    assert len(titles_in(page)) == 3
    assert "Retirer" not in text_of(page)


def test_all_the_values_of_a_large_facet_have_a_page_without_script(client):
    for number in range(12):
        a_record(f"Titre {number}", by=f"Auteur, {chr(65 + number)}", languages=["fre"])
    more = links_in(main_of(client, "/catalogue/?langue=fre"))["Plus de choix Auteur"]
    page = main_of(client, more)
    values = links_in(page)

    assert len([label for label in values if label.startswith("Auteur, ")]) == 12
    assert parse_qs(urlsplit(values["Auteur, L 1"]).query) == {
        "auteur": ["Auteur, L"],
        "langue": ["fre"],
    }
    assert titles_at(client, values["Auteur, L 1"]) == ["Titre 11"]
    assert values["Revenir au catalogue"] == "/catalogue/?langue=fre"


def test_the_values_of_a_facet_are_found_by_their_beginning(client):
    a_record("Germinal", by="Zola, Émile")
    a_record("Emma", by="Austen, Jane")
    page = text_of(main_of(client, "/catalogue/valeurs/auteur/?debut=zo"))

    assert "Zola, Émile 1" in page
    assert "Austen" not in page
    assert "Rien ne commence ainsi." in text_of(
        main_of(client, "/catalogue/valeurs/auteur/?debut=xyz")
    )


@pytest.mark.parametrize(
    ("parameter", "typed", "label"),
    [("langue", "esp", "espagnol 1"), ("bibliotheque", "Tïl", "Médiathèque des Tilleuls 1")],
)
def test_coded_values_are_found_by_their_words(client, parameter, typed, label):
    a_record("Germinal", languages=["spa"], branches=[a_branch("Médiathèque des Tilleuls")])
    a_record("Emma", languages=["eng"], branches=[a_branch("Bibliobus")])
    links = links_in(main_of(client, f"/catalogue/valeurs/{parameter}/?debut={typed}"))

    assert set(links) == {"Revenir au catalogue", label}


@pytest.mark.parametrize("parameter", ["annee", "creator", "tri", "rien"])
def test_what_is_no_facet_has_no_page(client, parameter):
    assert client.get(f"/catalogue/valeurs/{parameter}/").status_code == 404


def test_a_branch_of_another_kind_of_number_is_no_error(client):
    a_record("Germinal")
    for value in ("9" * 30, "²", "-1", "x"):
        assert client.get(f"/catalogue/?bibliotheque={quote(value)}").status_code == 200


# Orders and pages


def test_the_orders(client):
    a_record("Le zèbre", year=1990, loans=3, filing_title="zebre")
    a_record("L’abeille", year=2000, loans=None, filing_title="abeille")
    a_record("La mouche", year=1995, loans=9, filing_title="mouche")

    def order(name):
        return titles_at(client, f"/catalogue/?tri={name}")

    assert order("titre") == ["L’abeille", "La mouche", "Le zèbre"]
    assert order("annee") == ["L’abeille", "La mouche", "Le zèbre"]
    assert order("prets") == ["La mouche", "Le zèbre", "L’abeille"]


def test_pages_are_turned_and_one_too_far_leads_to_the_last(client):
    for number in range(45):
        a_record(f"Titre {number:02}", filing_title=f"titre {number:02}")
    index_pending()

    assert titles_at(client, "/catalogue/?q=titre&tri=titre&page=3") == [
        f"Titre {number}" for number in range(40, 45)
    ]
    links = links_in(main_of(client, "/catalogue/?q=titre&page=2"))
    assert (links["Page précédente"], links["Page suivante"]) == ("?q=titre", "?q=titre&page=3")
    far = client.get("/catalogue/?q=titre&page=9")
    assert (far.status_code, far["Location"]) == (302, "?q=titre&page=3")


# Nothing, or nearly


def test_a_word_with_a_mistake_is_understood(client):
    a_record("Germinal")
    page = main_of(client, "/catalogue/?q=germnal")

    assert titles_in(page) == ["Germinal"]
    assert links_in(page)["Germinal"]
    assert "tels qu’ils sont écrits" in text_of(page)


def test_a_much_more_frequent_spelling_is_suggested(client):
    a_record("Un choclat")
    for number in range(30):
        a_record(f"Le chocolat {number}")
    page = main_of(client, "/catalogue/?q=choclat")

    assert titles_in(page) == ["Un choclat"]
    assert links_in(page)["chocolat"] == "?q=chocolat"


def test_an_empty_answer_offers_next_steps(client):
    page = main_of(client, "/catalogue/?q=xyzxyz")
    links = links_in(page)

    assert "Rien trouvé pour « xyzxyz »" in text_of(page)
    assert links["Chercher dans les dossiers et les articles du portail"] == "/recherche/?q=xyzxyz"
    assert links["Voir les derniers arrivés"] == "/catalogue/"


def test_an_empty_catalogue_says_so(client):
    page = main_of(client, "/catalogue/")

    assert titles_in(page) == []
    assert "<h2" in page


def test_while_the_index_is_rebuilt_the_page_says_what_can_be_found(client, monkeypatch):
    a_record("Germinal")
    index_pending()
    monkeypatch.setattr("essor.search.interface.ask_for_upkeep", lambda: None)
    lost = search.index().engine
    monkeypatch.setattr(type(lost), "state", lambda self: None)

    assert "en cours de reconstruction" in text_of(main_of(client, "/catalogue/?q=germinal"))


# Suggestions


def suggested(client, typed):
    index_pending()
    response = client.get(f"/catalogue/suggestions?q={quote(typed)}")
    assert response["Content-Type"] == "application/x-suggestions+json"
    return json.loads(response.content)


def test_authors_subjects_and_titles_are_suggested_while_typing(client):
    record = a_record("Misère et révoltes", by="Hugo, Victor", subjects=["Misère -- Histoire"])
    text, titles, kinds, addresses = suggested(client, "mis")

    assert text == "mis"
    assert list(zip(titles, kinds, strict=True)) == [
        ("Misère -- Histoire", "Sujet, 1 notice"),
        ("Misère et révoltes", "Victor Hugo"),
    ]
    assert addresses == [
        "http://testserver/catalogue/?sujet=Mis%C3%A8re+--+Histoire",
        f"http://testserver/catalogue/{record.pk}/",
    ]
    assert suggested(client, "victor hu")[1] == ["Hugo, Victor"]


@pytest.mark.parametrize("typed", ["", " ", "m", "xyz", "\x00", "x" * 5000])
def test_nothing_is_suggested_for_nothing(client, typed):
    a_record("Germinal")

    assert suggested(client, typed)[1:] == [[], [], []]


def test_browsers_read_how_to_search_and_to_suggest(client):
    response = client.get("/catalogue/opensearch.xml")
    root = ElementTree.fromstring(response.content)
    urls = {
        one.get("type"): one.get("template")
        for one in root.iter("{http://a9.com/-/spec/opensearch/1.1/}Url")
    }

    said = root.findtext("{http://a9.com/-/spec/opensearch/1.1/}Description")
    assert (said or "").startswith("Le catalogue de ")
    assert urls["text/html"].startswith("http://testserver/catalogue/?q={searchTerms}")
    assert "catalogue/suggestions?q={searchTerms}" in urls["application/x-suggestions+json"]
    assert "flux/catalogue.atom?q={searchTerms}" in urls["application/atom+xml"]


# The whole state, for other apps


def test_a_saved_search_without_criterion_finds_nothing():
    a_record("Germinal")
    index_pending()

    for criteria in ({}, {"tri": "titre"}, {"q": ""}, {"type": []}):
        asked = Asked.in_criteria(criteria)
        assert (numbers_found(asked, 10), count_found(asked)) == ((), 0)


def test_records_are_found_in_the_order_of_the_search():
    second, first, _other = (
        a_record(title, filing_title=title.lower()).pk for title in ("Coron B", "Coron A", "Autre")
    )
    index_pending()
    asked = Asked.in_criteria({"q": "coron", "tri": "titre"})

    assert numbers_found(asked, 1) == (first,)
    assert numbers_found(asked, 10) == (first, second)
    assert count_found(asked) == 2


# The page itself


def test_the_page_is_in_english_under_en(client):
    a_record("Germinal", languages=["fre"], classification="334")
    page = text_of(main_of(client, "/en/catalogue/?q=germinal"))

    assert "1 record for “germinal”" in page
    assert "French 1" in page
    assert "300 Social sciences" in page


def test_questions_are_not_kept_and_not_indexed_but_the_front_page_is(client):
    a_record("Germinal")
    index_pending()
    front, asked = client.get("/catalogue/"), client.get("/catalogue/?q=germinal")

    assert b"noindex" not in front.content
    assert b"noindex, follow" in asked.content
    assert "max-age=0" in asked["Cache-Control"]
    assert "max-age=60" in front["Cache-Control"]
    assert not front.cookies
    assert not asked.cookies
    again = client.get("/catalogue/?q=germinal", headers={"If-None-Match": asked["ETag"]})
    assert again.status_code == 304


@pytest.mark.parametrize("address", ["/catalogue/", "/catalogue/suggestions", "/catalogue/listes/"])
def test_only_reading_is_answered(client, address):
    assert client.post(address).status_code == 405


def test_the_queries_do_not_grow_with_what_is_found(client):
    branches = [BranchFactory() for _ in range(3)]

    def more(count):
        for number in range(count):
            a_record(
                f"Coron {number} {count}",
                by=f"Auteur, {number} {count}",
                subjects=[f"Sujet {number}"],
                isbn="9782070624560",
                branches=branches,
            )
        index_pending()
        client.get("/catalogue/?q=coron")
        with CaptureQueriesContext(connection) as queries:
            assert client.get("/catalogue/?q=coron").status_code == 200
        return len(queries)

    few = more(3)  # with fewer hits, another spelling is looked for
    many = more(17)
    assert Item.objects.count() == 60
    # What PostgreSQL asks of its own index is counted too.
    assert few == many <= (18 if search.index().engine.name == "postgresql" else 15)
