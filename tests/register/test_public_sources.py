"""Other directories as readers see them: named with licence and date, their rows without a structure by pages."""

import pytest
from django.core.cache import caches
from django.template.loader import render_to_string

from essor.portal.services.roles import EDITORS
from essor.register.entry_queries import entries_of
from essor.register.models import DirectoryEntry, ImportedDirectory, StructureProfile
from essor.register.services.directories import match_again
from essor.register.services.reviews import refuse
from tests.portal.builders import a_member, a_portal
from tests.register.directory_lists import OTHER_SIREN, SIREN, SIRET, import_rows
from tests.register.factories import EstablishmentFactory, LegalUnitFactory

pytestmark = pytest.mark.django_db
SOURCES = "/annuaire/sources/"


@pytest.fixture(autouse=True)
def portal():
    return a_portal()


def test_directories_are_named_with_licence_date_and_counts(client):
    EstablishmentFactory(unit__siren=SIREN, siret=SIRET)
    import_rows({"siret": SIRET, "nom": "Dedans"}, {"nom": "Dehors"}, name="FINESS", origin="ARS")
    page = client.get(SOURCES).content.decode()
    listed = client.get(f"{SOURCES}finess/").content.decode()

    for told in ("FINESS", "Licence Ouverte 2.0", "18\u00a0décembre 2020", "ARS"):
        assert told in page
    assert "Dehors" in listed
    assert "Dedans" not in listed
    assert "no-store" not in client.get(SOURCES).headers.get("Cache-Control", "")
    assert not client.cookies


def test_a_directory_kept_for_staff_is_not_found(client):
    import_rows({"nom": "A"})
    ImportedDirectory.objects.update(is_public=False)

    assert client.get(f"{SOURCES}liste/").status_code == 404
    assert "Liste" not in client.get(SOURCES).content.decode().split("<main")[1]
    assert entries_of(SIREN) == ()


def test_a_long_list_is_read_by_pages_in_a_number_of_queries_that_does_not_grow(
    client, django_assert_max_num_queries
):
    import_rows(*({"nom": f"Structure {n:03}"} for n in range(60)))
    import_rows({"nom": "A"}, name="Courte")
    client.get(SOURCES)
    with django_assert_max_num_queries(15) as few:
        client.get(f"{SOURCES}courte/")
    with django_assert_max_num_queries(len(few)):
        first = client.get(f"{SOURCES}liste/").content.decode()
    second = client.get(f"{SOURCES}liste/?page=2").content.decode()

    assert "Structure 049" in first
    assert "Structure 050" in second
    assert client.get(f"{SOURCES}liste/?page=9")["Location"] == "?page=2"
    assert client.get(f"{SOURCES}liste/?page=x").status_code == 200


def test_what_other_directories_say_of_a_structure_is_told_unless_its_identity_is_withheld(
    django_assert_max_num_queries,
):
    EstablishmentFactory(unit__siren=SIREN, siret=SIRET)
    import_rows({"siret": SIRET, "nom": "Chez nous", "type_siae": "ACI"})
    with django_assert_max_num_queries(2):
        entries = entries_of(SIREN)

    part = render_to_string("register/_entries.html", {"entries": entries})
    assert "Chez nous" in part
    assert SOURCES in part
    StructureProfile.objects.create(siren=SIREN, is_withheld=True)
    assert entries_of(SIREN) == ()
    assert not render_to_string("register/_entries.html", {"entries": ()}).strip()


def test_the_page_of_a_structure_tells_what_other_directories_say_of_it(client):
    EstablishmentFactory(unit__siren=SIREN, siret=SIRET)
    import_rows({"siret": SIRET, "nom": "Chez nous"}, name="FINESS")

    page = client.get(f"/annuaire/{SIREN}/").content.decode()
    assert "Chez nous" in page
    assert f"{SOURCES}finess/" in page
    StructureProfile.objects.create(siren=SIREN, is_withheld=True)
    caches["pages"].clear()
    assert "Chez nous" not in client.get(f"/annuaire/{SIREN}/").content.decode()


def test_a_row_never_names_a_structure_that_is_withheld_or_masked(client):
    EstablishmentFactory(unit__siren=SIREN, unit__name="LES AMIS", siret=SIRET)
    LegalUnitFactory(siren=OTHER_SIREN, name="", is_partial=True)
    import_rows({"nom": "Les amis", "commune": "Lille"}, {"siren": OTHER_SIREN, "nom": "Masquée"})
    StructureProfile.objects.create(siren=SIREN, is_withheld=True)
    refuse(DirectoryEntry.objects.get(siren=OTHER_SIREN), by=a_member(EDITORS))
    match_again()
    import_rows({"nom": "Les amis", "commune": "Lille"}, {"siren": OTHER_SIREN, "nom": "Masquée"})

    listed = client.get(f"{SOURCES}liste/").content.decode()
    assert "Les amis" not in listed
    assert "Masquée" not in listed
