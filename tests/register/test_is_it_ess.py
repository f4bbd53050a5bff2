"""“Is it of the ESS?”: what is in the directory, what is outside, and what nobody can tell."""

import re

import duckdb
import pytest
from django.core.cache import caches

from essor import search
from essor.register.build.folding import folded
from essor.register.build.manifest import described, write_manifest
from essor.register.documents import KIND
from essor.register.models import StructureProfile, Vintage
from essor.register.services.loading import manifest_as_stored
from essor.register.types import Manifest, Status
from essor.search.services import keep_whole, rebuild
from tests.portal.builders import a_portal
from tests.register.factories import LegalUnitFactory, VintageFactory

pytestmark = pytest.mark.django_db

ADDRESS = "/annuaire/est-ce-de-l-ess/"
INSIDE, OUTSIDE = "784412457", "552100554"
COLUMNS = (
    "siren VARCHAR, name VARCHAR, acronym VARCHAR, category VARCHAR, activity VARCHAR,"
    " nomenclature VARCHAR, is_partial BOOLEAN, flag VARCHAR, is_listed BOOLEAN, family VARCHAR,"
    " status VARCHAR, reasons VARCHAR, folded_name VARCHAR"
)


@pytest.fixture(autouse=True)
def portal(own_index):
    a_portal()


@pytest.fixture
def vintage(tmp_path):
    """A vintage whose build is on this machine, with three units outside."""
    rows = [
        an_outside_row(OUTSIDE, "SOCIETE DU LIVRE"),
        an_outside_row("300000007", "", is_partial=True),
        an_outside_row(
            "300000008",
            "SCOP D'AILLEURS",
            status="recognised",
            family="cooperative",
            flag="O",
            reasons="flag=O category=5458 family=cooperative perimeter=2026-11",
        ),
    ]
    path = tmp_path / "outside.parquet"
    with duckdb.connect() as connection:
        connection.execute(f"CREATE TABLE outside ({COLUMNS})")
        connection.executemany(f"INSERT INTO outside VALUES ({', '.join('?' * 13)})", rows)
        connection.execute(f"COPY outside TO '{path}' (FORMAT parquet)")
    manifest = Manifest(
        vintage="2026-11",
        area="epci:200093201",
        perimeter="2026-11",
        engine="duckdb",
        essor="0",
        sources=(),
        files=(described(path, len(rows)),),
    )
    write_manifest(tmp_path, manifest)
    return VintageFactory(folder=str(tmp_path), manifest=manifest_as_stored(manifest))


def an_outside_row(siren, name, **fields):
    row = {
        "siren": siren,
        "name": name,
        "acronym": "",
        "category": "5710",
        "activity": "47.61Z",
        "nomenclature": "NAFRev2",
        "is_partial": False,
        "flag": None,
        "is_listed": False,
        "family": None,
        "status": "outside",
        "reasons": "flag=unknown category=5710 perimeter=2026-11",
        "folded_name": folded(name),
    }
    return tuple({**row, **fields}.values())


def asked(client, text, prefix=""):
    response = client.get(prefix + ADDRESS, {"q": text})
    assert response.status_code == 200
    body = re.sub(r"<(script|style|head)[\s\S]*?</\1>|<[^>]+>", " ", response.content.decode())
    return re.sub(r"[\s\u00a0\u202f]+", " ", body)


@pytest.mark.parametrize(
    "text",
    [INSIDE, "784 412 457", f"{INSIDE}00011", "784.412.457", "les amis du livre", "W595000123"],
)
def test_a_structure_of_the_directory_is_told_with_its_status_and_reasons(client, vintage, text):
    LegalUnitFactory(vintage=vintage, siren=INSIDE, name="LES AMIS DU LIVRE", rna="W595000123")
    page = asked(client, text)
    assert "LES AMIS DU LIVRE" in page
    assert "Reconnue" in page
    assert "indicateur O" in page
    assert "Voir sa fiche" in page


@pytest.mark.parametrize("text", [OUTSIDE, "Société du livre"])
def test_one_outside_is_told_with_its_reasons_too(client, vintage, text):
    page = asked(client, text)
    assert "SOCIETE DU LIVRE" in page
    assert "Hors ESS" in page
    assert "Un silence n’est pas un « non »" in page
    assert "Voir sa fiche" not in page


def test_the_index_tells_which_names_to_look_at_and_an_activity_is_no_name(client, vintage):
    LegalUnitFactory(
        vintage=vintage, siren=INSIDE, name="LES AMIS DU LIVRE", usual_name="La Page blanche"
    )
    LegalUnitFactory(vintage=vintage, siren="300000003", name="ADHÉSION ET VOLONTÉ")
    sum(1 for _document in rebuild())
    for text in ("amis du livre", "page blanche", "Les Amis"):
        assert "LES AMIS DU LIVRE" in asked(client, text)
    assert "LES AMIS DU LIVRE" not in asked(client, "adhésion")


def test_one_of_the_ess_elsewhere_is_not_called_outside(client, vintage):
    page = asked(client, "300000008")
    assert "Reconnue" in page
    assert "pas d’établissement dans le territoire" in page


def test_without_a_question_each_answer_is_explained(client):
    page = asked(client, "")
    for label in ("Reconnue", "Déclarée", "Présumée", "Hors ESS"):
        assert label in page
    assert "Présumée" not in asked(client, INSIDE)


def test_made_up_structures_are_told_to_be(client, vintage):
    LegalUnitFactory(vintage=vintage, siren=INSIDE)
    assert "n’existent pas" not in asked(client, INSIDE)
    vintage.is_synthetic = True
    vintage.save()
    assert "n’existent pas" in asked(client, f"{INSIDE}00011")


def test_several_are_listed_each_with_its_own_address(client, vintage):
    LegalUnitFactory(vintage=vintage, siren=INSIDE, name="LES AMIS DU LIVRE")
    response = client.get(ADDRESS, {"q": "livre"})
    page = response.content.decode()
    assert f'href="?q={INSIDE}"' in page
    assert f'href="?q={OUTSIDE}"' in page


def test_a_number_that_is_nowhere_is_unknown_and_never_a_no(client, vintage):
    page = asked(client, "732829320")
    assert "Nous ne pouvons pas le dire" in page
    assert "personne physique" in page
    assert "Hors ESS" not in page


@pytest.mark.parametrize("text", ["732829321", "1234567", "7328293200007412"])
def test_a_mistyped_number_is_told_as_such(client, vintage, text):
    assert "Relisez-le" in asked(client, text)


@pytest.mark.parametrize("gone", ["never", "removed", "damaged"])
def test_without_the_files_of_the_build_only_the_directory_is_told(client, vintage, tmp_path, gone):
    if gone == "never":
        vintage.folder = ""
        vintage.save()
    elif gone == "removed":
        (tmp_path / "outside.parquet").unlink()
    else:
        (tmp_path / "outside.parquet").write_bytes(b"x")
    LegalUnitFactory(vintage=vintage, siren=INSIDE, name="LES AMIS DU LIVRE")
    assert "Reconnue" in asked(client, INSIDE)
    page = asked(client, OUTSIDE)
    assert "Seules les structures de l’annuaire" in page
    assert "Hors ESS" not in page


def test_a_portal_without_register_says_so(client):
    assert "pas encore de registre" in asked(client, INSIDE)


@pytest.mark.parametrize("text", ["", "  ", "a", "'", "ab"])
def test_too_little_finds_nothing(client, vintage, text):
    assert "LIVRE" not in asked(client, text)


@pytest.mark.parametrize("masked_by", ["sirene", "request"])
def test_a_hidden_identity_is_not_told_by_any_way(client, vintage, masked_by):
    LegalUnitFactory(
        vintage=vintage,
        siren=INSIDE,
        name="" if masked_by == "sirene" else "CHEZ JEANNE",
        is_partial=masked_by == "sirene",
        rna="" if masked_by == "sirene" else "W595000123",
    )
    StructureProfile.objects.create(siren=INSIDE, is_withheld=masked_by == "request")
    assert "784 412 457" not in asked(client, "chez jeanne")
    assert "784 412 457" not in asked(client, "W595000123")
    page = asked(client, INSIDE)
    assert "JEANNE" not in page
    assert "identité n’est pas publiée" in page
    assert "Reconnue" in page


def test_an_identity_withheld_outside_is_not_told_either(client, vintage):
    StructureProfile.objects.create(siren=OUTSIDE, is_withheld=True)
    assert "552 100 554" not in asked(client, "societe du livre")
    assert "SOCIETE DU LIVRE" not in asked(client, OUTSIDE)


@pytest.mark.parametrize(
    "text",
    ["<script>alert(1)</script>", "' OR 1=1 --", "%_%", "\x00livre", "é" * 5_000, "livre " * 90],
)
def test_hostile_questions_are_inert(client, vintage, text):
    LegalUnitFactory(vintage=vintage, siren=INSIDE, name="AUTRE CHOSE")
    response = client.get(ADDRESS, {"q": text})
    assert response.status_code == 200
    assert "<script>alert" not in response.content.decode()
    assert "AUTRE CHOSE" not in response.content.decode()


def test_the_question_is_answered_in_english_under_en(client, vintage):
    page = asked(client, OUTSIDE, prefix="/en")
    assert "Outside the ESS" in page


def test_many_namesakes_are_cut_and_it_is_said(client, vintage, django_assert_max_num_queries):
    for number in range(30):
        LegalUnitFactory(vintage=vintage, siren=f"{310000000 + number}", name=f"CLUB {number}")
    client.get(ADDRESS, {"q": "autre"})  # the index is made by whoever asks first
    with django_assert_max_num_queries(15):
        assert "ajoutez un mot" in asked(client, "club")


def test_every_status_has_words():
    from essor.register.labels import STATUS_EXPLANATIONS

    assert set(STATUS_EXPLANATIONS) == set(Status)


def test_another_build_made_in_the_same_folder_since_tells_nothing(client, vintage):
    vintage.manifest = {"files": []}
    vintage.save()

    assert "SOCIETE DU LIVRE" not in asked(client, OUTSIDE)


def test_a_number_of_the_rna_is_looked_up_in_the_index_unless_it_is_late(client, vintage):
    LegalUnitFactory(vintage=vintage, siren=INSIDE, name="LES AMIS DU LIVRE", rna="W595000123")
    keep_whole()
    assert "LES AMIS DU LIVRE" in asked(client, "W595000123")
    Vintage.objects.update(is_indexed=False)
    search.index().remove(KIND, [INSIDE])
    caches["pages"].clear()
    assert "LES AMIS DU LIVRE" in asked(client, "W595000123")
