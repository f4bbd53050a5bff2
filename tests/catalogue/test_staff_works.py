"""Works and doubles on the staff page of a record: shown with their reason, parted, joined; and by whom."""

import io

import pytest

from essor.catalogue.models import Record
from essor.catalogue.services import import_file
from essor.portal.services.roles import ADMINISTRATORS, EDITORS, MODERATORS, open_section
from tests.catalogue.builders import RecordFactory, a_book
from tests.portal.builders import a_member, a_portal, a_section

pytestmark = pytest.mark.django_db

RECORDS = "/gestion/catalogue/notices/"
ISBN = "9782070401239"


@pytest.fixture(autouse=True)
def portal(own_index):
    return a_portal()


@pytest.fixture
def editor(client):
    """An editor, who has signed in."""
    user = a_member(EDITORS)
    client.force_login(user)
    return user


def imported(source, *books):
    import_file(io.BytesIO(b"".join(books)), source_code=source, file_name="x")


def record_of(source, number):
    return Record.objects.get(source__code=source, control_number=number)


def two_editions():
    imported("ville", a_book("1"), a_book("2"))
    return record_of("ville", "1"), record_of("ville", "2")


def a_double():
    for source in ("ville", "metropole"):
        imported(source, a_book("1", "Germinal", "Zola, Émile", f"010 $a{ISBN}"))
    return record_of("metropole", "1"), record_of("ville", "1")


def test_the_page_shows_the_other_editions_and_why(client, editor):
    one, other = two_editions()
    page = client.get(f"{RECORDS}inspect/{one.pk}/").content.decode()

    assert f"{RECORDS}inspect/{other.pk}/" in page
    assert "le même premier auteur et le même titre" in page


def test_a_record_parted_from_its_work_stays_so_after_an_import(client, editor):
    one, other = two_editions()
    client.post(f"{RECORDS}{one.pk}/part-work/")
    imported("ville", a_book("1", "Germinal", "Zola, Émile", "330 $aUn résumé."), a_book("2"))

    one.refresh_from_db()
    other.refresh_from_db()
    assert one.work != other.work
    assert "Aucune autre édition" in client.get(f"{RECORDS}inspect/{one.pk}/").content.decode()


def test_a_record_joins_the_work_of_another_by_its_number(client, editor):
    imported("ville", a_book("1"), a_book("2", "Germinal, roman"))
    one, other = record_of("ville", "1"), record_of("ville", "2")
    client.post(f"{RECORDS}{one.pk}/join-work/", {"number": " 2 "})

    one.refresh_from_db()
    other.refresh_from_db()
    assert one.work == other.work
    page = client.get(f"{RECORDS}inspect/{one.pk}/").content.decode()
    assert "La rédaction a mis cette notice" in page


@pytest.mark.parametrize("number", ["", "999", "1", "x" * 200])
def test_a_number_that_leads_to_no_other_record_joins_nothing(client, editor, number):
    imported("ville", a_book("1"))
    one = record_of("ville", "1")
    before = one.work
    page = client.post(f"{RECORDS}{one.pk}/join-work/", {"number": number}, follow=True)

    one.refresh_from_db()
    assert one.work == before
    assert "Aucune autre notice n’a ce numéro" in page.content.decode()


def test_a_number_that_two_records_have_joins_nothing(client, editor):
    imported("ville", a_book("1"), a_book("7", "Nana"))
    imported("metropole", a_book("7", "La Terre"))
    one = record_of("ville", "1")
    page = client.post(f"{RECORDS}{one.pk}/join-work/", {"number": "7"}, follow=True)

    assert "Plusieurs notices ont ce numéro" in page.content.decode()


def test_a_double_is_shown_with_the_number_it_shares_and_parted_for_good(client, editor):
    double, first = a_double()
    page = client.get(f"{RECORDS}inspect/{double.pk}/").content.decode()

    assert f"{RECORDS}inspect/{first.pk}/" in page
    assert ISBN in page
    client.post(f"{RECORDS}{double.pk}/part-double/")
    double.refresh_from_db()
    assert (double.duplicate_of, double.is_parted) == (None, True)


@pytest.mark.parametrize("act", ["part-work", "join-work", "part-double"])
def test_who_has_no_right_changes_no_work(client, act):
    record = RecordFactory()
    address = f"{RECORDS}{record.pk}/{act}/"

    assert client.post(address)["Location"].startswith("/gestion/login/")
    for group in (MODERATORS, open_section(a_section()).name):
        client.force_login(a_member(group))
        assert client.post(address)["Location"] == "/gestion/"
        page = client.get(f"{RECORDS}inspect/{record.pk}/").content.decode()
        assert address not in page
    client.force_login(a_member(ADMINISTRATORS))
    assert client.get(address).status_code == 405
    record.refresh_from_db()
    assert not record.is_parted
    assert not record.is_work_chosen
