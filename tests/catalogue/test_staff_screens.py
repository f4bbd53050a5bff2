"""The catalogue in the staff screens: who sees it, what can be done, what cannot."""

import io

import pytest

from essor.catalogue.models import ImportRun, Record
from essor.catalogue.services import import_file
from essor.portal.services.roles import ADMINISTRATORS, EDITORS, MODERATORS, open_section
from tests.catalogue.builders import MARC, RecordFactory, a_basket_of
from tests.portal.builders import a_member, a_portal, a_section

pytestmark = pytest.mark.django_db

LISTS = ["notices/", "notices/?q=économie", "imports/", "paniers/", "sources/"]


@pytest.fixture(autouse=True)
def portal():
    return a_portal()


@pytest.fixture
def run():
    content = (MARC / "three_cut_off.mrc").read_bytes()
    return import_file(io.BytesIO(content), source_code="koha", file_name="notices.mrc")


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


@pytest.mark.parametrize("query", ["économie petit", "4206", "2742750053", "Le Duc"])
def test_a_record_is_found_by_words_or_number(client, query):
    content = (MARC / "three.mrc").read_bytes()
    import_file(io.BytesIO(content), source_code="koha", file_name="notices.mrc")
    wanted = Record.objects.get(control_number="4206")
    isbn = wanted.identifiers.first()
    page = shown(
        signed_in(client, EDITORS), f"notices/?q={isbn.value if query == '2742750053' else query}"
    )

    assert page.count("/notices/inspect/") >= 1
    assert f"/notices/inspect/{wanted.pk}/" in page


def test_a_record_shows_its_fields_as_received(client, run):
    record = Record.objects.get(control_number="886")
    page = shown(signed_in(client, EDITORS), f"notices/inspect/{record.pk}/")

    assert "Champs tels que reçus" in page
    assert "L&#x27;horreur économique" in page
    assert "<code>$a</code>" in page


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


def test_the_chooser_finds_records(client):
    RecordFactory(title="L’Élégance du hérisson")
    RecordFactory(title="Germinal")
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
