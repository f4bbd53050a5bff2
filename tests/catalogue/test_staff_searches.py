"""Saved searches in the staff screens: criteria written, counted, kept; and by whom."""

import io
from datetime import timedelta

import pytest
from django.utils import timezone

from essor.catalogue.asked import Asked
from essor.catalogue.finding import count_found, numbers_found
from essor.catalogue.models import Record, SavedSearch
from essor.catalogue.services import import_file
from essor.portal.services.roles import ADMINISTRATORS, EDITORS, MODERATORS, open_section
from essor.search import index, sources
from essor.search.services import keep_whole
from tests.catalogue.builders import a_book
from tests.portal.builders import a_member, a_portal, a_section

pytestmark = pytest.mark.django_db

SEARCHES = "/gestion/catalogue/recherches/"


@pytest.fixture(autouse=True)
def portal(own_index):
    return a_portal()


@pytest.fixture
def editor(client):
    """An editor, who has signed in."""
    user = a_member(EDITORS)
    client.force_login(user)
    return user


@pytest.fixture
def books():
    """Three books of the catalogue, found by the index."""
    content = b"".join(
        [
            a_book("1", "Le jardin partagé", "Martin, Léa", "210 $cRepas$d2024"),
            a_book("2", "Un jardin en ville", "Durand, Paul", "210 $cAuto$d2019"),
            a_book("3", "La mer", "Martin, Léa", "210 $cRepas$d2021"),
        ]
    )
    import_file(io.BytesIO(content), source_code="ville", file_name="x")
    keep_whole()


def written(editor=None, **changes):
    form = {"name": "Jardins", "slug": "jardins", "text": "", **changes}
    return form | ({"owner": editor.pk} if editor else {})


def test_what_is_written_is_kept_as_the_public_search_reads_it(client, editor, books):
    form = written(
        editor,
        text="jardin",
        years_from="2020",
        facet_publisher=["Repas"],
        facet_document_type=["book"],
        facet_creator="Martin, Léa\n\n  Durand, Paul ",
        days="30",
        sort="titre",
    )
    client.post(f"{SEARCHES}new/", form)

    saved = SavedSearch.objects.get()
    asked = Asked.in_criteria(saved.criteria)
    assert (asked.text, asked.first_year, asked.days) == ("jardin", 2020, 30)
    assert asked.chosen["creator"] == ("Martin, Léa", "Durand, Paul")
    assert numbers_found(asked, 9) == (Record.objects.get(title="Le jardin partagé").pk,)


def test_the_form_shows_the_criteria_again(client, editor, books):
    client.post(
        f"{SEARCHES}new/",
        written(editor, text="jardin", facet_publisher=["Repas"], facet_creator="Martin, Léa"),
    )
    saved = SavedSearch.objects.get()
    page = client.get(f"{SEARCHES}edit/{saved.pk}/")
    form = page.context["form"]

    assert form["text"].value() == "jardin"
    assert form["facet_publisher"].value() == ["Repas"]
    assert "Martin, Léa" in page.content.decode()
    assert "Cette recherche trouve 1 notice" in page.content.decode()


@pytest.mark.parametrize("address", ["new/", "preview/"])
def test_without_criterion_a_search_finds_nothing_and_says_so(client, editor, books, address):
    page = client.post(SEARCHES + address, written(editor, preview="on")).content.decode()

    assert "Aucun critère" in page
    assert "La mer" not in page
    assert not SavedSearch.objects.exists()


@pytest.mark.parametrize("address", ["new/", "preview/"])
def test_the_preview_counts_and_shows_without_storing(client, editor, books, address):
    form = written(editor, text="jardin", name="", preview="on")
    page = client.post(SEARCHES + address, form).content.decode()

    assert "Cette recherche trouve 2 notices" in page
    assert "Le jardin partagé" in page
    assert not SavedSearch.objects.exists()


def test_the_preview_of_a_search_that_is_there_changes_nothing(client, editor, books):
    saved = SavedSearch.objects.create(name="Jardins", slug="j", criteria={"q": "jardin"})
    page = client.post(f"{SEARCHES}edit/{saved.pk}/", written(text="mer", preview="on"))

    assert "Cette recherche trouve 1 notice" in page.content.decode()
    saved.refresh_from_db()
    assert saved.criteria == {"q": "jardin"}


@pytest.mark.parametrize(
    "wrong",
    [
        {"years_from": "x"},
        {"years_from": "-1"},
        {"days": "0"},
        {"facet_document_type": ["licorne"]},
        {"facet_branch": ["999"]},
        {"sort": "x"},
        {"facet_subject": "\n".join(map(str, range(31)))},
        {"name": ""},
    ],
)
def test_what_makes_no_sense_is_refused_and_the_preview_survives_it(client, editor, books, wrong):
    form = written(editor, text="jardin") | wrong

    assert client.post(f"{SEARCHES}new/", form).status_code == 200
    assert client.post(f"{SEARCHES}preview/", form).status_code == 200
    assert not SavedSearch.objects.exists()


def test_a_window_of_days_finds_only_what_came_in_within_it(editor, books):
    Record.objects.filter(title="La mer").update(added_at=timezone.now() - timedelta(days=40))
    index().write(sources()["record"].documents())

    assert count_found(Asked(days=30)) == 2
    assert count_found(Asked(days=50)) == 3
    assert count_found(Asked.in_criteria({"jours": "30"})) == 2
    assert count_found(Asked()) == 0


def test_a_library_editor_keeps_private_searches_of_their_own(client):
    person = a_member(open_section(a_section()).name)
    client.force_login(person)
    client.post(f"{SEARCHES}new/", written(text="jardin", is_public="on", owner=""))

    saved = SavedSearch.objects.get()
    assert (saved.owner, saved.is_public) == (person, False)


@pytest.mark.parametrize(
    "screen", ["edit/{}/", "delete/{}/", "usage/{}/", "history/{}/", "look/{}/"]
)
def test_the_private_search_of_another_is_not_there(client, editor, screen):
    hidden = SavedSearch.objects.create(
        name="Secrète", slug="secrete", owner=a_member(EDITORS), criteria={"q": "jardin"}
    )

    assert client.get(SEARCHES + screen.format(hidden.pk)).status_code == 404
    assert client.post(f"{SEARCHES}copy/{hidden.pk}/").status_code == 404
    assert "Secrète" not in client.get(SEARCHES).content.decode()
    client.force_login(a_member(ADMINISTRATORS))
    assert client.get(SEARCHES + screen.format(hidden.pk)).status_code in (200, 302)


def test_a_public_search_of_another_is_looked_at_and_copied_by_a_library_editor(client):
    saved = SavedSearch.objects.create(
        name="Jardins", slug="j", is_public=True, criteria={"q": "jardin"}
    )
    person = a_member(open_section(a_section()).name)
    client.force_login(person)

    assert client.get(f"{SEARCHES}look/{saved.pk}/")["Location"] == "/catalogue/?q=jardin"
    assert client.get(f"{SEARCHES}edit/{saved.pk}/").status_code == 404
    client.post(f"{SEARCHES}copy/{saved.pk}/")
    copy = SavedSearch.objects.get(owner=person)
    assert (copy.criteria, copy.is_public) == (saved.criteria, False)


@pytest.mark.parametrize("act", ["edit/{}/", "delete/{}/", "history/{}/"])
def test_who_may_not_publish_changes_nothing_of_their_search_once_it_is_public(client, act):
    person = a_member(open_section(a_section()).name)
    saved = SavedSearch.objects.create(
        name="Jardins", slug="j", owner=person, is_public=True, criteria={"q": "jardin"}
    )
    client.force_login(person)
    address = SEARCHES + act.format(saved.pk)

    assert client.get(address).status_code == 404
    assert client.post(address, written(text="mer")).status_code in (404, 405)
    saved.refresh_from_db()
    assert saved.criteria == {"q": "jardin"}
    assert client.get(f"{SEARCHES}look/{saved.pk}/")["Location"] == "/catalogue/?q=jardin"


@pytest.mark.parametrize("path", ["", "new/", "edit/{}/", "look/{}/", "preview/", "copy/{}/"])
def test_who_has_no_right_is_refused(client, path):
    saved = SavedSearch.objects.create(name="Jardins", slug="j", is_public=True)
    address = SEARCHES + path.format(saved.pk)

    for method in (client.get, client.post):
        assert method(address)["Location"].startswith("/gestion/login/")
    client.force_login(a_member(MODERATORS))
    for method in (client.get, client.post):
        answer = method(address)
        assert answer.status_code == 405 or answer["Location"] == "/gestion/"
    assert SavedSearch.objects.count() == 1


def test_the_queries_of_the_list_do_not_grow_with_it(client, editor, django_assert_max_num_queries):
    def fill(first, last):
        for n in range(first, last):
            SavedSearch.objects.create(name=f"R{n}", slug=f"r{n}", owner=editor)

    fill(0, 2)
    client.get(SEARCHES)
    with django_assert_max_num_queries(60) as few:
        client.get(SEARCHES)
    fill(2, 19)
    with django_assert_max_num_queries(len(few)):
        client.get(SEARCHES)
