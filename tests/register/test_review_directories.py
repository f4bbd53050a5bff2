"""Other directories in the staff screens: dropped, checked, started, reported, reviewed; and by whom."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from essor.portal.services.roles import ADMINISTRATORS, EDITORS, MODERATORS, open_section
from essor.register.admin.directories import dropping
from essor.register.models import DirectoryEntry, DirectoryImport, ImportedDirectory, LegalUnit
from tests.portal.builders import a_member, a_portal, a_section
from tests.register.directory_lists import OTHER_SIREN, SIREN, SIRET, a_list, import_rows
from tests.register.factories import EstablishmentFactory, LegalUnitFactory

pytestmark = pytest.mark.django_db

SCREENS = "/gestion/register/directories/"
State = DirectoryEntry.State


@pytest.fixture(autouse=True)
def portal(tmp_path, settings):
    settings.HOME = tmp_path
    return a_portal()


@pytest.fixture
def administrator(client):
    user = a_member(ADMINISTRATORS)
    client.force_login(user)
    return user


def dropped(client, content=None, kind="csv"):
    content = a_list({"siret": SIRET, "Qui": "Été", "Où": "Lille"}) if content is None else content
    return client.post(
        f"{SCREENS}new/", {"file": SimpleUploadedFile("liste.csv", content), "kind": kind}
    )


def choices(**changes):
    return {
        "name": "Liste de la ville",
        "licence": "Licence Ouverte 2.0",
        "source_date": "2026-01-31",
        "column_siret": "siret",
        "act": "start",
        **changes,
    }


def a_doubt(**fields):
    LegalUnitFactory(siren=SIREN, name="PAPILLONS BLANCS NORD EST")
    LegalUnitFactory(siren=OTHER_SIREN, name="Rien à voir")
    import_rows({"nom": "Papillons Blancs de Lille", "commune": "Lille", **fields})
    return DirectoryEntry.objects.get()


def test_a_doubtful_row_is_beside_where_each_structure_is(client, administrator):
    entry = a_doubt()
    unit = LegalUnit.objects.get(siren=SIREN)
    EstablishmentFactory(unit=unit, is_head_office=True, street="7 rue des Papillons")
    page = client.get(f"{SCREENS}review/{entry.directory_id}/").content.decode()
    assert "7 rue des Papillons" in page
    assert f'href="{unit.get_absolute_url()}"' in page


def test_a_list_is_shown_before_anything_is_imported_then_ends_in_its_report(
    client, administrator, django_capture_on_commit_callbacks
):
    EstablishmentFactory(unit__siren=SIREN, siret=SIRET)
    address = dropped(client)["Location"]
    page = client.get(address).content.decode()
    assert "utf-8" in page
    assert SIRET in page
    assert "Été" not in page.split("<datalist")[0].split("<tbody>")[1].split("</tbody>")[0]
    looked = client.post(address, choices(act="look", column_name="Qui")).content.decode()
    assert "Été" in looked
    assert not ImportedDirectory.objects.exists()

    with django_capture_on_commit_callbacks(execute=True):
        report = client.post(address, choices(column_name="Qui", column_commune="Où"))["Location"]

    run = DirectoryImport.objects.get()
    assert (run.state, run.new, run.matched, run.started_by) == ("finished", 1, 1, administrator)
    assert client.get(report).status_code == 200
    assert client.get(address).status_code == 404
    table = b"".join(client.get(f"{SCREENS}import/{run.pk}/csv/").streaming_content).decode()
    assert f"Été;;;{SIRET}" in table


def test_what_is_no_table_and_what_nothing_tells_is_refused(client, administrator):
    assert dropped(client, b"%PDF-1.4").status_code == 200
    assert not DirectoryImport.objects.exists()
    address = dropped(client)["Location"]
    page = client.post(address, choices(column_siret=""))

    assert page.status_code == 200
    assert not ImportedDirectory.objects.exists()


def test_a_page_of_doubts_is_decided_at_once(client, administrator):
    entry = a_doubt()
    review = f"{SCREENS}review/{entry.directory_id}/"
    page = client.get(review).content.decode()
    assert "PAPILLONS BLANCS NORD EST" in page
    assert f'name="row-{entry.pk}"' in page

    client.post(review, {"entry": entry.pk, f"row-{entry.pk}": "later"})
    entry.refresh_from_db()
    assert entry.state == State.DOUBTFUL
    client.post(review, {"entry": entry.pk, f"row-{entry.pk}": SIREN})
    entry.refresh_from_db()
    assert (entry.state, entry.chosen_siren, entry.reviewed_by) == (
        State.MATCHED,
        SIREN,
        administrator,
    )
    row = f"{SCREENS}row/{entry.pk}/"
    assert "Papillons Blancs de Lille" in client.get(row).content.decode()
    client.post(row, {f"row-{entry.pk}": "none"})
    entry.refresh_from_db()
    assert entry.state == State.REFUSED
    client.post(row, {f"row-{entry.pk}": "other", f"siren-{entry.pk}": "443 061 841"})
    entry.refresh_from_db()
    assert entry.chosen_siren == OTHER_SIREN
    assert client.get(row).content.decode().count(administrator.username) >= 3


def test_a_structure_that_the_register_lacks_is_refused_and_said(client, administrator):
    entry = a_doubt()
    asked = {"entry": entry.pk, f"row-{entry.pk}": "other", f"siren-{entry.pk}": "123456789"}
    page = client.post(f"{SCREENS}review/{entry.directory_id}/", asked).content.decode()

    entry.refresh_from_db()
    assert entry.state == State.DOUBTFUL
    assert page.count("123456789") >= 2


def test_a_page_of_doubts_takes_as_many_queries_for_two_rows_as_for_ten(
    client, administrator, django_assert_max_num_queries
):
    LegalUnitFactory(siren=SIREN, name="PAPILLONS BLANCS NORD EST")

    def reviewed(count):
        rows = [{"nom": f"Papillons Blancs {n}", "commune": "Lille"} for n in range(count)]
        run = import_rows(*rows, name=f"Liste {count}")
        return f"{SCREENS}review/{run.directory_id}/"

    few, many = reviewed(2), reviewed(10)
    client.get(few)
    with django_assert_max_num_queries(60) as queries:
        client.get(few)
    with django_assert_max_num_queries(len(queries)):
        client.get(many)


def test_editors_review_and_start_no_import(client):
    entry = a_doubt()
    client.force_login(a_member(EDITORS))
    client.post(f"{SCREENS}row/{entry.pk}/", {f"row-{entry.pk}": SIREN})

    entry.refresh_from_db()
    assert entry.chosen_siren == SIREN
    assert client.get(f"{SCREENS}new/")["Location"] == "/gestion/"


def test_moderators_read_and_decide_nothing(client):
    entry = a_doubt()
    run = DirectoryImport.objects.get()
    client.force_login(a_member(MODERATORS))

    looks = ["", f"import/{run.pk}/", f"review/{entry.directory_id}/", f"row/{entry.pk}/"]
    for look in looks:
        assert client.get(SCREENS + look).status_code == 200
    asked = {"entry": entry.pk, f"row-{entry.pk}": SIREN}
    for act in (
        "new/",
        f"review/{entry.directory_id}/",
        f"row/{entry.pk}/",
        f"import/{run.pk}/resume/",
    ):
        assert client.post(SCREENS + act, asked)["Location"] == "/gestion/"
    entry.refresh_from_db()
    assert entry.state == State.DOUBTFUL


def test_a_library_editor_and_an_anonymous_reader_are_refused(client):
    entry = a_doubt()
    run = DirectoryImport.objects.get()
    pk = entry.directory_id
    doors = ["", "new/", f"import/{run.pk}/", f"import/{run.pk}/progress/", f"import/{run.pk}/csv/"]
    doors += [f"import/{run.pk}/resume/", f"review/{pk}/", f"row/{entry.pk}/", f"edit/{pk}/"]

    for door in doors:
        assert client.get(SCREENS + door)["Location"].startswith("/gestion/login/")
    client.force_login(a_member(open_section(a_section()).name))
    for door in doors:
        for method in (client.get, client.post):
            answer = method(SCREENS + door)
            assert answer.status_code == 405 or answer["Location"] == "/gestion/"


def test_an_import_whose_task_was_lost_is_started_again_by_hand(
    client, administrator, django_capture_on_commit_callbacks
):
    address = dropped(client)["Location"]
    report = client.post(address, choices(column_name="Qui"))["Location"]  # no worker takes it
    assert "resume/" not in client.get(report).content.decode()

    DirectoryImport.objects.update(updated_at=timezone.now() - timedelta(minutes=3))
    assert "resume/" in client.get(report).content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        client.post(f"{report}resume/")
    assert DirectoryImport.objects.get().state == "finished"


def test_a_list_larger_than_any_is_not_even_read(client, administrator, monkeypatch):
    monkeypatch.setattr(dropping, "LARGEST_TABLE", 10)

    assert dropped(client).status_code == 200
    assert not DirectoryImport.objects.exists()
