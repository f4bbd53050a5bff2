"""The catalogue in the staff screens: who sees it, what can be done, what cannot."""

import io
import re
import shutil
from datetime import UTC, datetime

import pytest
from django.core.cache import cache

from essor import search
from essor.catalogue.models import BasketItem, ImportRun, Record
from essor.catalogue.services import import_file
from essor.portal.services.roles import ADMINISTRATORS, EDITORS, MODERATORS, open_section
from essor.search.services import keep_whole
from tests.catalogue.builders import MARC, ItemFactory, RecordFactory, a_basket_of
from tests.portal.builders import a_member, a_portal, a_section

pytestmark = pytest.mark.django_db

NEW_YEAR = datetime(2026, 1, 1, tzinfo=UTC)
LISTS = ["notices/", "notices/?q=économie", "imports/", "paniers/", "sources/"]


@pytest.fixture(autouse=True)
def portal(own_index):
    return a_portal()


@pytest.fixture
def run():
    content = (MARC / "three_cut_off.mrc").read_bytes()
    return import_file(io.BytesIO(content), source_code="koha", file_name="notices.mrc")


def without_index():
    """Leave the index missing: nobody mends it yet."""
    shutil.rmtree(search.index().engine.root, ignore_errors=True)
    cache.add("search.upkeep", True)


def signed_in(client, group):
    client.force_login(a_member(group))
    return client


def address_of(path):
    return f"/gestion/catalogue/{path}"


def shown(client, path):
    answer = client.get(address_of(path))
    assert answer.status_code == 200, path
    return answer.content.decode()


def is_refused(client, path):
    answer = client.get(address_of(path))
    return answer.status_code == 302 and answer["Location"] in (
        "/gestion/",
        f"/gestion/login/?next={address_of(path)}",
    )


@pytest.mark.parametrize("path", LISTS)
def test_editors_see_every_list_and_find_in_it(client, run, path):
    group = ADMINISTRATORS if path == "sources/" else EDITORS

    assert shown(signed_in(client, group), path)


@pytest.mark.parametrize("state", [keep_whole, without_index])
@pytest.mark.parametrize("query", ["économie petit", "4206", "2742750053", "Le Duc", "B-4206"])
def test_a_record_is_found_by_words_or_number(client, query, state):
    content = (MARC / "three.mrc").read_bytes()
    import_file(io.BytesIO(content), source_code="koha", file_name="notices.mrc")
    wanted = Record.objects.get(control_number="4206")
    ItemFactory(record=wanted, barcode="B-4206")
    state()
    isbn = wanted.identifiers.first()
    page = shown(
        signed_in(client, EDITORS), f"notices/?q={isbn.value if query == '2742750053' else query}"
    )

    assert page.count("/notices/inspect/") >= 1
    assert f"/notices/inspect/{wanted.pk}/" in page


def titles_listed(client, path):
    return re.findall(r"notices/inspect/\d+/[^>]*>\s*(Titre \w+)", shown(client, path))


def test_the_records_that_answer_best_come_first_unless_another_order_is_chosen(client):
    RecordFactory(title="Titre aa", filing_title="a", notes=["Un jardin."], year=1990)
    RecordFactory(
        title="Titre zz", filing_title="z", subjects=[{"label": "Jardin", "kind": "topic"}]
    )
    RecordFactory(title="Titre mm")
    keep_whole()
    signed_in(client, EDITORS)

    assert titles_listed(client, "notices/?q=jardin") == ["Titre zz", "Titre aa"]
    assert titles_listed(client, "notices/?q=jardin&ordering=title") == ["Titre aa", "Titre zz"]


def test_what_is_found_is_filtered_too(client):
    book = RecordFactory(title="Titre livre", document_type="book")
    RecordFactory(title="Titre film", document_type="film")
    keep_whole()
    signed_in(client, EDITORS)

    page = "notices/?q=titre&document_type=book"
    assert titles_listed(client, page) == ["Titre livre"]
    assert titles_listed(client, f"{page}&source={book.source_id}") == ["Titre livre"]


@pytest.mark.parametrize("state", [keep_whole, without_index])
@pytest.mark.parametrize("number", ["N-12", "9782070624560", "2-07-062456-0", "B-12"])
def test_a_withdrawn_record_is_found_by_its_numbers(client, number, state):
    gone = RecordFactory(title="Titre retiré", control_number="N-12", withdrawn_at=NEW_YEAR)
    gone.identifiers.create(kind="isbn", value="9782070624560", is_valid=True)
    ItemFactory(record=gone, barcode="B-12")
    RecordFactory(title="Titre resté")
    state()
    signed_in(client, EDITORS)

    assert titles_listed(client, f"notices/?q={number}") == ["Titre retiré"]


def test_words_near_those_typed_are_not_what_staff_looks_for(client):
    RecordFactory(title="Titre jardin")
    keep_whole()
    signed_in(client, EDITORS)

    assert titles_listed(client, "notices/?q=jardn") == []
    assert titles_listed(client, "notices/?q=titre+introuvable") == []


def test_a_search_that_finds_too_much_says_so_and_lists_the_best(client, monkeypatch):
    monkeypatch.setattr("essor.catalogue.finding.MOST_FOR_STAFF", 2)
    monkeypatch.setattr("essor.catalogue.admin.records.MOST_FOR_STAFF", 2)
    for number in range(3):
        RecordFactory(title=f"Titre {number}")
    keep_whole()
    signed_in(client, EDITORS)

    assert len(titles_listed(client, "notices/?q=titre")) == 2
    assert "Les 2 notices qui répondent le mieux" in shown(client, "notices/?q=titre")
    assert "qui répondent le mieux" not in shown(client, "notices/?q=titre+1")


def test_the_pages_of_what_is_found_are_turned(client):
    for number in range(60):
        RecordFactory(title=f"Titre {number:02}")
    keep_whole()
    signed_in(client, EDITORS)
    first, second = (titles_listed(client, f"notices/?q=titre&p={page}") for page in (1, 2))

    assert (len(first), len(second), len({*first, *second})) == (50, 10, 60)


def test_all_that_is_found_goes_into_a_basket(client):
    for title in ("Titre un", "Titre deux", "Autre"):
        RecordFactory(title=title)
    keep_whole()
    signed_in(client, EDITORS)
    client.post(address_of("notices/?q=titre"), {"all_found": "on", "name": "Choix"})

    assert {item.record.title for item in BasketItem.objects.all()} == {"Titre un", "Titre deux"}


@pytest.mark.parametrize("state", [keep_whole, without_index])
def test_the_queries_of_a_search_do_not_grow_with_what_it_finds(
    client, state, django_assert_max_num_queries
):
    def fill(count):
        for _ in range(count):
            ItemFactory(record=RecordFactory(title="Titre"))
        state()

    signed_in(client, EDITORS)
    fill(2)
    shown(client, "notices/?q=titre")
    with django_assert_max_num_queries(70) as few:
        shown(client, "notices/?q=titre")
    fill(18)
    with django_assert_max_num_queries(len(few)):
        shown(client, "notices/?q=titre")


def test_a_record_shows_its_fields_as_received(client, run):
    record = Record.objects.get(control_number="886")
    page = shown(signed_in(client, EDITORS), f"notices/inspect/{record.pk}/")

    assert "Champs tels que reçus" in page
    assert "L&#x27;horreur économique" in page
    assert "<code>$a</code>" in page


def test_a_record_tells_its_moments_in_the_time_of_the_portal(client, run):
    record = Record.objects.get(control_number="886")
    Record.objects.filter(pk=record.pk).update(added_at=datetime(2026, 7, 1, 6, 30, tzinfo=UTC))
    page = shown(signed_in(client, EDITORS), f"notices/inspect/{record.pk}/")

    assert "1 juillet 2026 08:30" in page


def test_an_import_shows_what_stayed_out_and_why(client, run):
    page = shown(signed_in(client, EDITORS), f"imports/inspect/{run.pk}/")

    assert "Le fichier s’arrête au milieu de cette notice." in page
    assert "4750" in page


@pytest.mark.parametrize("group", [ADMINISTRATORS, EDITORS, MODERATORS])
@pytest.mark.parametrize("act", ["notices/new/", "notices/edit/{}/", "notices/delete/{}/"])
def test_nobody_changes_a_record_here(client, group, act):
    record = RecordFactory()

    assert is_refused(signed_in(client, group), act.format(record.pk))
    assert Record.objects.filter(pk=record.pk).exists()


def test_nobody_deletes_a_source(client):
    record = RecordFactory()

    assert is_refused(signed_in(client, ADMINISTRATORS), f"sources/delete/{record.source_id}/")


@pytest.mark.parametrize("path", ["paniers/", "paniers/new/", "sources/"])
def test_moderators_do_not_make_baskets(client, path):
    assert is_refused(signed_in(client, MODERATORS), path)


@pytest.mark.parametrize("path", [*LISTS, "paniers/new/"])
def test_an_anonymous_reader_is_refused(client, path):
    assert is_refused(client, path.split("?")[0])


@pytest.mark.parametrize("path", ["imports/", "sources/"])
def test_a_library_editor_is_refused(client, path):
    group = open_section(a_section())
    assert is_refused(signed_in(client, group.name), path)


@pytest.mark.parametrize("state", [keep_whole, without_index])
def test_the_chooser_finds_records(client, state):
    RecordFactory(title="L’Élégance du hérisson")
    RecordFactory(title="Germinal")
    state()
    page = signed_in(client, EDITORS).get("/gestion/record_chooser/results/?q=elegance")

    assert "hérisson" in page.content.decode()
    assert "Germinal" not in page.content.decode()


@pytest.mark.parametrize("path", ["notices/", "paniers/", "imports/"])
def test_the_queries_of_a_list_do_not_grow_with_it(client, path, django_assert_max_num_queries):
    def fill(count):
        for _ in range(count):
            record = RecordFactory()
            ImportRun.objects.create(source=record.source, file_name="x")
            a_basket_of(1)

    signed_in(client, EDITORS)
    fill(2)
    client.get(address_of(path))
    with django_assert_max_num_queries(60) as few:
        client.get(address_of(path))
    fill(17)
    with django_assert_max_num_queries(len(few)):
        client.get(address_of(path))


def test_the_code_of_a_source_is_given_once(client):
    """It is part of the identity of each record: another would bring them all in again."""
    source = RecordFactory().source
    address = address_of(f"sources/edit/{source.pk}/")
    signed_in(client, ADMINISTRATORS).post(address, {"name": "Réseau", "code": "autre"})

    source.refresh_from_db()
    assert (source.name, source.code) == ("Réseau", "reseau")


@pytest.mark.parametrize("asked", ["", "?q=germinal"])
def test_the_list_of_records_says_what_it_counts(client, asked):
    signed_in(client, EDITORS)
    RecordFactory(title="Germinal")
    RecordFactory(title="Germinal, film")
    keep_whole()

    assert re.search(r">\s*2 notices\s*<", shown(client, f"notices/{asked}"))
