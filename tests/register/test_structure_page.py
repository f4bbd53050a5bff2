"""The page of a structure: what it is, why it is there, where; and what is kept off it."""

import json
import re
from datetime import date

import pytest

from essor.register.models import StructureProfile, StructureTag
from essor.register.types import Family, Status
from tests.portal.builders import a_portal
from tests.portal.conftest import queries_of  # noqa: F401
from tests.register.factories import (
    ApprovalFactory,
    EstablishmentFactory,
    LegalUnitFactory,
    VintageFactory,
)

pytestmark = pytest.mark.django_db

SIREN = "784412457"
ADDRESS = f"/annuaire/{SIREN}/"


@pytest.fixture(autouse=True)
def portal():
    return a_portal()


def a_structure(**fields):
    return LegalUnitFactory(**{"siren": SIREN, "name": "LES AMIS DU LIVRE", **fields})


def text_of(response):
    body = re.sub(r"<(script|style)[\s\S]*?</\1>|<[^>]+>", " ", response.content.decode())
    return re.sub(r"[\s\u00a0\u202f]+", " ", body)


def test_a_structure_is_told_in_plain_words(client):
    a_structure(
        created_on=date(1998, 3, 1),
        sector="social-action",
        headcount_band="11",
        headcount_year=2023,
        rna="W595000123",
    )
    page = text_of(client.get(ADDRESS))

    assert "LES AMIS DU LIVRE" in page
    assert (
        "Association créée en 1998, active dans l’action sociale,"
        " 10 à 19 salariés (31 décembre 2023)." in page
    )
    assert "784 412 457" in page
    assert "Association déclarée" in page


def test_the_page_says_why_it_is_in_the_directory_and_since_which_files(client):
    a_structure()
    page = text_of(client.get(ADDRESS))

    assert "Reconnue" in page
    assert "indicateur O" in page
    assert "9220, « Association déclarée »" in page
    assert "novembre 2026" in page
    assert "Périmètre : 2026-11" in page


def test_an_absent_flag_is_told_as_silence(client):
    a_structure(
        flag="",
        status=Status.PRESUMED,
        family=Family.COOPERATIVE,
        category="5460",
        reasons=["category=5460", "family=cooperative", "perimeter=2026-11"],
    )
    assert "Un silence n’est pas un « non »" in text_of(client.get(ADDRESS))


def test_synthetic_data_is_labelled_as_such(client):
    a_structure(vintage=VintageFactory(is_synthetic=True))
    assert "n’existe pas" in text_of(client.get(ADDRESS))


def test_the_page_is_in_english_under_en(client):
    a_structure(sector="culture")
    page = text_of(client.get(f"/en{ADDRESS}"))
    assert "Association, active in culture, headcount unknown." in page
    assert "Recognised" in page


def test_its_establishments_are_listed_the_head_office_first(client):
    unit = a_structure()
    EstablishmentFactory(unit=unit, street="3 rue Basse", is_head_office=False)
    EstablishmentFactory(unit=unit, street="1 place du Siège", postcode="59800")
    page = text_of(client.get(ADDRESS))

    assert page.index("1 place du Siège, 59800 Lille") < page.index("3 rue Basse")


def test_a_masked_establishment_of_a_named_unit_is_only_in_its_commune(client):
    unit = a_structure()
    EstablishmentFactory(unit=unit, is_partial=True, street="9 rue Cachée")
    page = text_of(client.get(ADDRESS))
    assert "9 rue Cachée" not in page
    assert "adresse non publiée" in page


def test_approvals_have_their_dates_and_source(client):
    a_structure()
    ApprovalFactory(siren=SIREN, starts_on=date(2024, 1, 1), ends_on=date(2026, 12, 31))
    page = text_of(client.get(ADDRESS))
    assert "du 1er janvier 2024 au 31 décembre 2026" in page
    assert "Direction générale du Trésor" in page


def test_official_pages_are_plain_links(client):
    a_structure(rna="W595000123")
    page = client.get(ADDRESS).content.decode()
    assert f'href="https://annuaire-entreprises.data.gouv.fr/entreprise/{SIREN}"' in page
    assert "associations-recherche/?q=W595000123" in page


def test_what_editors_wrote_is_shown(client):
    a_structure()
    profile = StructureProfile.objects.create(
        siren=SIREN,
        description="Une librairie.\n\nEt un café.",
        web_site="https://amis.example.org/",
        opening_hours="Lundi : 10 h",
    )
    profile.tags.add(StructureTag.objects.get_or_create(slug="amap", name="AMAP")[0])
    page = client.get(ADDRESS).content.decode()

    assert "<p>Et un café.</p>" in page
    assert 'href="https://amis.example.org/"' in page
    assert "AMAP" in page


def test_linked_data_says_what_is_known_and_no_more(client):
    unit = a_structure(created_on=date(1998, 3, 1), headcount_band="11")
    EstablishmentFactory(unit=unit)
    page = client.get(ADDRESS).content.decode()
    told = json.loads(re.search(r'ld\+json">(.*?)</script>', page)[1])

    assert told["@type"] == "NGO"
    assert told["iso6523Code"] == f"0002:{SIREN}"
    assert told["numberOfEmployees"] == {
        "@type": "QuantitativeValue",
        "minValue": 10,
        "maxValue": 19,
    }
    assert told["address"]["addressLocality"] == "Lille"
    assert told["location"]["geo"]["latitude"] == pytest.approx(50.6292)
    assert "logo" not in told


@pytest.mark.parametrize("masked_by", ["sirene", "request"])
def test_a_hidden_structure_has_no_name_no_address_no_point_no_link(client, masked_by):
    unit = a_structure(is_partial=masked_by == "sirene", rna="W595000123", acronym="LADL")
    EstablishmentFactory(unit=unit, street="9 rue Cachée")
    ApprovalFactory(siren=SIREN, source="Liste qui nomme")
    StructureProfile.objects.create(
        siren=SIREN,
        description="Chez Jeanne",
        web_site="https://jeanne.example.org/",
        is_withheld=masked_by == "request",
    )
    response = client.get(ADDRESS)
    page = response.content.decode()

    assert response.status_code == 200
    for secret in (
        "AMIS DU LIVRE",
        "LADL",
        "9 rue Cachée",
        "59000",
        "50.6292",
        "W595000123",
        "784\u00a0412\u00a0457",
        "annuaire-entreprises",
        "Jeanne",
        "jeanne.example",
        "Liste qui nomme",
        "ld+json",
    ):
        assert secret not in page, secret
    assert "Lille" in page
    assert "noindex" in page


def test_an_unknown_structure_is_not_found(client):
    assert client.get(ADDRESS).status_code == 404
    assert client.get("/annuaire/12345678/").status_code == 404


def test_a_structure_that_left_the_register_says_so(client):
    a_structure(vintage=VintageFactory(is_current=False, month="2026-10"))
    VintageFactory(is_current=True)
    response = client.get(ADDRESS)

    assert response.status_code == 410
    assert "n’est plus dans l’annuaire" in text_of(response)
    assert "LES AMIS DU LIVRE" not in text_of(response)


def test_a_structure_known_by_its_profile_alone_says_so_too(client):
    VintageFactory()
    StructureProfile.objects.create(siren=SIREN)
    assert client.get(ADDRESS).status_code == 410


def test_the_permanent_link_outlives_the_vintage(client):
    a_structure(siren="005420021")
    response = client.get("/p/s5420021")
    assert response.status_code == 302
    assert response["Location"] == "/annuaire/005420021/"


def test_the_permanent_link_of_one_that_left_says_so(client):
    VintageFactory()
    StructureProfile.objects.create(siren=SIREN)
    assert client.get(f"/p/s{SIREN}").status_code == 410
    assert client.get("/p/s1").status_code == 404
    assert client.get("/p/s123456789012").status_code == 404


def test_hostile_names_stay_text(client):
    a_structure(name="</script><script>alert(1)</script>", acronym='"><b>')
    page = client.get(ADDRESS).content.decode()
    assert "<script>alert" not in page
    assert '"><b>' not in page


def test_a_reader_gets_no_cookie(client):
    a_structure()
    assert not client.get(ADDRESS).cookies


def test_the_page_asks_the_store_few_times_however_many_places_it_has(queries_of):  # noqa: F811
    unit = a_structure()
    for number in range(80):
        EstablishmentFactory(unit=unit, siret=f"{SIREN}{number:05}", is_head_office=False)
    ApprovalFactory.create_batch(3, siren=SIREN)
    profile = StructureProfile.objects.create(siren=SIREN, description="x")
    for number in range(4):
        profile.tags.add(StructureTag.objects.create(slug=f"mot-{number}", name=f"Mot {number}"))
    assert queries_of(ADDRESS) <= 15
