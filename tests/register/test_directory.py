"""The page where a reader finds a structure, on both engines."""

import re
from datetime import date
from html import unescape

import pytest
from django.contrib.auth.models import Permission, User
from django.db import connection

from essor import search
from essor.register.models import Establishment, LegalUnit, StructureProfile, StructureTag
from essor.register.nearby import Point, commune_in, distance_km, middle_of_places
from essor.register.queries import current_vintage
from essor.register.types import Family, Status
from essor.search.services import index_pending, keep_whole
from essor.territory.models import Contour, Territory
from essor.territory.rules import encode_ring
from tests.portal.builders import a_portal
from tests.portal.conftest import queries_of  # noqa: F401
from tests.register.factories import (
    ApprovalFactory,
    EstablishmentFactory,
    LegalUnitFactory,
    VintageFactory,
)
from tests.territory.factories import TerritoryFactory

pytestmark = pytest.mark.django_db

LILLE = Point(50.6292, 3.0573)


@pytest.fixture(autouse=True)
def portal():
    return a_portal()


@pytest.fixture(autouse=True)
def engine(each_engine, portal):
    """Search on each engine, in an index that is whole."""
    keep_whole()


def a_structure(name, *, at=None, **fields):
    """A structure with its head office, `at` a point when it is said."""
    VintageFactory(is_indexed=True)
    unit = LegalUnitFactory(name=name, **fields)
    place = {"longitude": at.longitude, "latitude": at.latitude} if at else {}
    EstablishmentFactory(unit=unit, siret=f"{unit.siren}00011", **place)
    return unit


def page_of(client, address):
    keep_whole_now()
    response = client.get(address)
    assert response.status_code == 200, response
    html = response.content.decode()
    return html[html.index("<main") : html.index("</main>")]


def keep_whole_now():
    """Index what the builders stored: a vintage is never written one by one elsewhere."""
    from essor.register.documents import KIND
    from essor.register.models import LegalUnit
    from essor.search.services import note_changes

    note_changes(KIND, LegalUnit.objects.values_list("siren", flat=True).order_by("siren"))
    index_pending()


def text_of(html):
    return re.sub(r"[\s\u00a0\u202f]+", " ", unescape(re.sub(r"<[^>]+>", " ", html))).strip()


def names_in(html):
    return [
        text_of(found) for found in re.findall(r'<h3 class="card-of__name">(.*?)</h3>', html, re.S)
    ]


def names_at(client, address):
    return names_in(page_of(client, address))


def facet_in(html, name):
    section = re.search(rf'id="facet-{name}".*?</section>', html, re.S)
    return text_of(section[0].partition(">")[2]) if section else ""


# What is found


def test_a_structure_is_found_by_its_names_its_activity_and_its_tags(client):
    unit = a_structure("LES AMIS DU LIVRE", acronym="ADL", usual_name="La Bouquinerie")
    a_structure("CLUB DE VOILE", activity="93.12Z", sector="sport-and-leisure")
    tag = StructureTag.objects.create(slug="ressourcerie-essai", name="Ressourcerie")
    profile = StructureProfile.objects.create(siren=unit.siren)
    profile.tags.add(tag)

    for typed in ("amis livre", "adl", "bouquinerie", "ressourceries"):
        assert names_at(client, f"/annuaire/?q={typed}") == ["LES AMIS DU LIVRE ADL"], typed
    assert names_at(client, "/annuaire/?q=club+de+sport") == ["CLUB DE VOILE"]


@pytest.mark.parametrize("typed", ["784412457", "784 412 457", "78441245700011", "W595000123"])
def test_a_structure_is_found_by_its_numbers_however_they_are_typed(client, typed):
    a_structure("LES AMIS DU LIVRE", siren="784412457", rna="W595000123")
    a_structure("AUTRE")

    assert names_at(client, f"/annuaire/?q={typed}") == ["LES AMIS DU LIVRE"]


def test_without_a_question_all_come_by_name(client):
    for name in ("Zèbre", "Abeille", "Écureuil"):
        a_structure(name)

    assert names_at(client, "/annuaire/") == ["Abeille", "Écureuil", "Zèbre"]


def test_the_newest_come_first_when_asked(client):
    for year in (2001, 2020, 1999):
        a_structure(f"De {year}", created_on=date(year, 1, 1))

    assert names_at(client, "/annuaire/?tri=recentes") == ["De 2020", "De 2001", "De 1999"]


def test_values_of_one_facet_add_up_and_facets_narrow_each_other(client):
    a_structure("Mutuelle A", family=Family.MUTUAL, headcount_band="12")
    a_structure("Scop B", family=Family.COOPERATIVE, headcount_band="12")
    a_structure("Scop C", family=Family.COOPERATIVE, headcount_band="01")
    a_structure("Asso D")

    page = page_of(client, "/annuaire/?famille=mutual&famille=cooperative")
    assert names_in(page) == ["Mutuelle A", "Scop B", "Scop C"]
    assert "Associations 1" in facet_in(page, "family")
    assert names_at(client, "/annuaire/?famille=cooperative&effectif=10-49") == ["Scop B"]


def test_approvals_that_hold_today_can_be_chosen(client):
    now, past = a_structure("Agréée"), a_structure("Autrefois")
    ApprovalFactory(siren=now.siren)
    ApprovalFactory(siren=past.siren, ends_on=date(2020, 1, 1))

    assert names_at(client, "/annuaire/?agrement=esus") == ["Agréée"]


def test_a_structure_is_in_each_commune_where_it_works(client):
    roubaix = TerritoryFactory(code="59512", name="Roubaix")
    unit = a_structure("Partout")
    EstablishmentFactory(
        unit=unit, siret=f"{unit.siren}00029", commune=roubaix, is_head_office=False
    )

    page = page_of(client, "/annuaire/?commune=59512")
    assert names_in(page) == ["Partout"]
    assert "Lille 1" in facet_in(page, "commune")


def test_each_limit_can_be_removed(client):
    a_structure("Scop B", family=Family.COOPERATIVE)
    page = page_of(client, "/annuaire/?q=scop&famille=cooperative&secteur=associative-life")
    chips = re.findall(r'class="chip".*?href="([^"]+)"', page)

    assert [unescape(chip) for chip in chips] == [
        "?q=scop&secteur=associative-life",
        "?q=scop&famille=cooperative",
    ]


# Figures


def test_the_headline_counts_the_recognised_and_tells_the_others_apart(client):
    a_structure("Reconnue 1")
    a_structure("Reconnue 2")
    a_structure("Déclarée", status=Status.DECLARED, family=Family.COMMERCIAL)
    a_structure("Présumée", status=Status.PRESUMED)
    page = text_of(page_of(client, "/annuaire/"))

    assert "2 structures reconnues de l’ESS" in page
    assert "1 déclarée 1 présumée" in page
    assert "SIRENE novembre 2026, périmètre 2026-11" in page


def test_without_any_recognised_the_headline_counts_the_others(client):
    a_structure("Déclarée", status=Status.DECLARED, family=Family.COMMERCIAL)
    page = text_of(page_of(client, "/annuaire/"))
    assert "1 structure 1 déclarée" in page
    assert "comptées à part" not in page


def test_with_the_recognised_alone_nothing_is_counted_apart(client):
    a_structure("Reconnue")
    assert "comptées à part" not in text_of(page_of(client, "/annuaire/"))


def test_a_masked_structure_is_counted_and_listed_but_found_by_no_name(client):
    a_structure("Connue")
    a_structure("", is_partial=True, siren="390000001", filing_name="zzzzzzzz")
    hidden = a_structure("Retirée", siren="390000002")
    StructureProfile.objects.create(siren=hidden.siren, is_withheld=True)

    page = page_of(client, "/annuaire/")
    assert names_in(page) == ["Connue", "Identité non publiée", "Identité non publiée"]
    assert "3 structures reconnues" in text_of(page)
    assert "39000000" not in page
    assert names_at(client, "/annuaire/?q=retirée") == []
    assert names_at(client, "/annuaire/?q=390000002") == []


def test_synthetic_figures_say_so(client):
    VintageFactory(is_synthetic=True, is_indexed=True)
    a_structure("Inventée")

    assert "Données fictives" in text_of(page_of(client, "/annuaire/"))


def test_an_empty_directory_is_polite_to_readers_and_tells_staff_what_to_do(client):
    reader = text_of(page_of(client, "/annuaire/"))
    assert "essor load_register" not in reader
    assert "sessionid" not in client.cookies

    user = User.objects.create_user("ada")
    user.user_permissions.add(Permission.objects.get(codename="view_vintage"))
    client.force_login(user)
    assert "essor load_register" in text_of(page_of(client, "/annuaire/"))


def test_while_the_index_follows_a_new_vintage_the_page_says_so(client):
    VintageFactory(is_indexed=False)
    a_structure("Une")

    assert "mis à jour" in text_of(page_of(client, "/annuaire/"))


# Near


def some_places():
    near, far = (
        a_structure("Près", at=Point(50.6302, 3.0573)),
        a_structure("Loin", at=Point(50.70, 3.0573)),
    )
    a_structure("Ici", at=LILLE)
    a_structure("Très loin", at=Point(51.5, 3.0573))
    return near, far


def test_what_is_near_a_position_comes_nearest_first_with_its_distance(client):
    some_places()
    page = page_of(client, "/annuaire/?lat=50.6292&lon=3.0573&rayon=10")

    assert names_in(page) == ["Ici", "Près", "Loin"]
    assert "3 structures reconnues" in text_of(page)
    assert "100 m" in text_of(page)
    assert "7,9 km" in text_of(page)
    assert "Associations 3" in facet_in(page, "family")


def test_the_radius_and_the_words_both_limit(client):
    some_places()

    assert names_at(client, "/annuaire/?lat=50.6292&lon=3.0573&rayon=1") == ["Ici", "Près"]
    assert names_at(client, "/annuaire/?lat=50.6292&lon=3.0573&rayon=50&q=loin") == ["Loin"]
    assert names_at(client, "/annuaire/?lat=50.6292&lon=3.0573&rayon=50&q=loin&tri=nom") == ["Loin"]


def test_of_a_structure_the_nearest_establishment_counts(client):
    unit = a_structure("Deux lieux", at=Point(51.5, 3.0573))
    EstablishmentFactory(
        unit=unit, siret=f"{unit.siren}00029", is_head_office=False, street="3 rue Proche"
    )
    page = page_of(client, "/annuaire/?lat=50.6292&lon=3.0573&rayon=1")

    assert names_in(page) == ["Deux lieux"]
    assert "3 rue Proche" in page


def test_a_withheld_structure_is_in_no_circle(client):
    unit = a_structure("Retirée", at=LILLE)
    StructureProfile.objects.create(siren=unit.siren, is_withheld=True)

    assert names_at(client, "/annuaire/?lat=50.6292&lon=3.0573") == []


def a_square_commune():
    lille = TerritoryFactory(code="59350", name="Lille")
    ring = [
        (3.0473, 50.6192),
        (3.0673, 50.6192),
        (3.0673, 50.6392),
        (3.0473, 50.6392),
        (3.0473, 50.6192),
    ]
    Contour.objects.create(
        territory=lille, polygons=[[encode_ring(ring)]], source="IGN", is_complete=True
    )
    return lille


@pytest.mark.parametrize(
    "typed", ["Lille", "lille", "12 rue Nationale, 59000 Lille", "12 rue Nationale, Lille", "59350"]
)
def test_a_commune_is_found_alone_or_at_the_end_of_an_address(typed):
    lille = a_square_commune()

    assert commune_in(typed) == lille


def test_near_a_commune_is_around_its_middle(client):
    a_square_commune()
    some_places()
    page = page_of(client, "/annuaire/?pres=59000+Lille&rayon=2")

    assert names_in(page) == ["Ici", "Près"]
    assert "2 km autour de Lille" in text_of(page)


def test_near_a_commune_without_outline_is_around_the_structures_there(client):
    some_places()
    lille = Territory.objects.get(code="59350")
    loin = TerritoryFactory(code="59001", name="Ailleurs")
    for name, at in (("A", Point(48.0, 2.0)), ("B", Point(48.01, 2.0))):
        unit = a_structure(name, at=at)
        Establishment.objects.filter(unit=unit).update(commune=loin)
    middle = middle_of_places(loin, current_vintage())

    assert sorted(names_at(client, "/annuaire/?pres=Ailleurs&rayon=1")) == ["A", "B"]
    assert middle == Point(48.005, 2.0)
    assert middle_of_places(lille, current_vintage()) is not None


@pytest.mark.skipif(
    connection.vendor == "postgresql", reason="what PostgreSQL asks of its own index is counted too"
)
def test_the_first_search_near_a_commune_without_outline_takes_few_queries(
    client, monkeypatch, django_assert_max_num_queries
):
    monkeypatch.setattr("essor.register.nearby.MOST_NEAR", 1)  # as where there are many
    some_places()
    elsewhere = TerritoryFactory(code="59001", name="Ailleurs")
    unit = a_structure("A", at=Point(48.0, 2.0))
    Establishment.objects.filter(unit=unit).update(commune=elsewhere)
    keep_whole_now()
    client.get("/annuaire/")
    with django_assert_max_num_queries(15):
        page = client.get("/annuaire/?pres=Ailleurs&tri=distance").text
    assert names_in(page) == ["A"]


def test_a_structure_withheld_does_not_tell_where_a_commune_is(client):
    a_structure("Ici", at=LILLE)
    alone = a_structure("Retirée", at=Point(48.0, 2.0))
    elsewhere = TerritoryFactory(code="59001", name="Ailleurs")
    Establishment.objects.filter(unit=alone).update(commune=elsewhere)
    assert middle_of_places(elsewhere, current_vintage()) == Point(48.0, 2.0)

    StructureProfile.objects.create(siren=alone.siren, is_withheld=True)

    assert middle_of_places(elsewhere, current_vintage()) is None


def test_structures_are_looked_up_by_number_without_reading_all_of_them():
    a_structure("Une")
    asked = LegalUnit.objects.current().filter(siren__in=["300000001", "300000002"])

    plan = asked.explain()

    if connection.vendor == "sqlite":  # of so few rows PostgreSQL reads all
        assert "SCAN register_legalunit" not in plan


def test_a_place_that_nobody_knows_is_said_to_be_so(client):
    a_structure("Une")
    page = page_of(client, "/annuaire/?pres=Nullepart")

    assert "Aucune commune" in text_of(page)
    assert names_in(page) == []


@pytest.mark.parametrize(
    "position", ["lat=nan&lon=3", "lat=91&lon=3", "lat=x&lon=", "lat=inf&lon=inf"]
)
def test_a_position_that_is_none_is_left_out(client, position):
    a_structure("Une")

    assert names_at(client, f"/annuaire/?{position}") == ["Une"]


def test_distances_are_those_of_the_sphere():
    paris = Point(48.8566, 2.3522)

    assert distance_km(LILLE, LILLE) == 0
    assert distance_km(LILLE, paris) == pytest.approx(203.6, abs=0.5)


# Around


def test_the_table_has_the_same_rows(client):
    a_structure("Une", created_on=date(1998, 3, 1))
    page = text_of(page_of(client, "/annuaire/?vue=tableau"))

    assert "Une Lille Association Reconnue" in page
    assert "1998" in page


def test_pages_are_turned_and_the_last_one_is_not_passed(client):
    for n in range(21):
        a_structure(f"Structure {n:02}")

    assert names_at(client, "/annuaire/?page=2") == ["Structure 20"]
    assert client.get("/annuaire/?page=9")["Location"] == "?page=2"
    nearest = names_at(client, "/annuaire/?lat=50.6292&lon=3.0573&page=2")
    assert len(nearest) == 1


def test_all_the_values_of_a_facet_have_a_page(client):
    for n in range(10):
        commune = TerritoryFactory(code=f"5960{n}", name=f"Village {n}")
        EstablishmentFactory(unit=a_structure(f"De {n}"), siret=f"9{n:08}00029", commune=commune)
    page = page_of(client, "/annuaire/")
    more = unescape(re.search(r'href="([^"]*valeurs[^"]*)"', page)[1])

    assert "Village 9 1" in text_of(page_of(client, more))


def test_the_number_of_queries_is_small_and_does_not_grow(client, queries_of):  # noqa: F811
    a_square_commune()
    tag = StructureTag.objects.create(slug="essai", name="Essai")
    VintageFactory(is_indexed=True)
    addresses = (
        "/annuaire/",
        "/annuaire/?q=structure&famille=association&commune=59350&etiquette=essai",
        "/annuaire/?pres=12+rue+Nationale,+59000+Lille&rayon=10&etiquette=essai&q=structure&tri=distance",
    )

    def counts(first, last):
        for n in range(first, last):
            unit = a_structure(f"Structure {n}", at=LILLE)
            ApprovalFactory(siren=unit.siren)
            StructureProfile.objects.create(siren=unit.siren).tags.add(tag)
        keep_whole_now()
        return [queries_of(address) for address in addresses]

    few, many = counts(0, 2), counts(2, 20)
    assert few == many
    # What PostgreSQL asks of its own index is counted too.
    assert max(many) <= (30 if search.index().engine.name == "postgresql" else 15), many


def test_the_portal_says_how_many_structures_its_words_find(client):
    a_structure("LES AMIS DU LIVRE")
    page = page_of(client, "/recherche/?q=livre")

    assert "/annuaire/?q=livre" in page
    assert "1 structure dans l’annuaire" in text_of(page)
