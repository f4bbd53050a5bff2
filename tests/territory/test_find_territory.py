"""A territory is found by its code or by its name as people type it."""

import pytest

from essor.territory import queries
from essor.territory.models import Territory
from essor.territory.queries import (
    contours_of,
    find_territory,
    members_of,
    parents_of,
    territories_named,
    territory_at,
)
from essor.territory.types import Kind

from .factories import TerritoryFactory
from .reference import store_some

pytestmark = pytest.mark.django_db

MEL = ("59350", "59527", "59009", "59512", "59355", "200093201")


@pytest.mark.parametrize(
    ("typed", "kind", "code"),
    [
        ("lille", Kind.COMMUNE, "59350"),
        ("  LILLE ", Kind.COMMUNE, "59350"),
        ("st andré lez lille", Kind.COMMUNE, "59527"),
        ("villeneuve d ascq", Kind.COMMUNE, "59009"),
        ("roubaix", Kind.COMMUNE, "59512"),
        ("mel", Kind.EPCI, "200093201"),
        ("Métropole européenne de Lille", Kind.EPCI, "200093201"),
        ("hdf", Kind.REGION, "32"),
        ("hauts de france", Kind.REGION, "32"),
        ("nord", Kind.DEPARTMENT, "59"),
        ("pas de calais", Kind.DEPARTMENT, "62"),
        ("france", Kind.COUNTRY, "FR"),
        ("59350", Kind.COMMUNE, "59350"),
        ("200093201", Kind.EPCI, "200093201"),
        ("200 093 201", Kind.EPCI, "200093201"),
        ("59", Kind.DEPARTMENT, "59"),
        ("2a", Kind.DEPARTMENT, "2A"),
    ],
)
def test_a_territory_is_found_as_people_type_it(typed, kind, code):
    store_some(*MEL)
    found = find_territory(typed)
    assert (found.kind, found.code) == (kind, code)


@pytest.mark.parametrize("typed", ["Lomme", "lomme", "59355"])
def test_a_former_commune_is_answered_by_its_successor(typed):
    store_some(*MEL)
    assert find_territory(typed).code == "59350"


def test_a_code_shared_by_a_former_commune_means_the_one_of_today():
    store_some("01015")
    assert find_territory("01015").kind == Kind.COMMUNE
    assert find_territory("Arbignieu").name == "Arboys en Bugey"


@pytest.mark.parametrize("typed", ["", " ", "'", "lil", "99999", "9" * 300, "\x00", "%", "lille_"])
def test_what_means_no_territory_finds_none(typed):
    store_some("59512")
    assert find_territory(typed) is None


def test_two_digits_mean_a_department_unless_the_kind_is_given():
    store_some()
    assert find_territory("32").name == "Gers"
    assert find_territory("32", kind=Kind.REGION).name == "Hauts-de-France"


def test_of_one_name_the_most_populous_then_the_commune():
    store_some("75056", "97409")
    for code, population in (("80001", 100), ("80002", 9_000), ("80003", None)):
        TerritoryFactory(code=code, name="Beaulieu", population=population)
    assert find_territory("paris").kind == Kind.COMMUNE
    assert find_territory("beaulieu").code == "80002"
    assert find_territory("St Andre").name == "Saint-André"


def test_of_two_names_that_fold_alike_the_one_spelt_as_asked():
    store_some("80410", "53112")
    assert find_territory("ham").code == "80410"
    assert find_territory("Le Ham").code == "53112"


def test_a_territory_out_of_force_is_no_longer_found_but_still_at_its_address():
    TerritoryFactory(code="59999", name="Vieuxville", in_force=False)
    assert find_territory("vieuxville") is None
    assert find_territory("59999") is None
    assert territory_at(Kind.COMMUNE, "59999").name == "Vieuxville"
    assert territory_at(Kind.EPCI, "59999") is None


def names(text, **options):
    return [territory.name for territory in territories_named(text, **options)]


def test_suggestions_put_exact_names_first_then_names_and_aliases_begun_then_words():
    store_some(*MEL)
    TerritoryFactory(code="76384", name="Lillebonne", population=8_000)
    assert names("lille") == [
        "Lille",
        "Métropole Européenne de Lille",
        "Lillebonne",
        "Saint-André-lez-Lille",
    ]


def test_suggestions_answer_a_begun_name_words_in_any_order_and_a_begun_code():
    store_some(*MEL)
    assert names("st and") == ["Saint-André-lez-Lille"]
    assert names("ascq vill") == ["Villeneuve-d'Ascq"]
    assert names("5900") == ["Villeneuve-d'Ascq"]
    assert names("2000932") == ["Métropole Européenne de Lille"]


def test_suggestions_give_the_successor_of_a_former_commune_once():
    store_some(*MEL)
    assert names("lomm") == ["Lille"]
    assert names("59355") == ["Lille"]


def test_suggestions_may_be_of_one_kind():
    store_some(*MEL)
    assert names("lille", kind=Kind.EPCI) == ["Métropole Européenne de Lille"]


@pytest.mark.parametrize("typed", ["", "-", "%", "_", "\\", "xyz", "zy " * 500])
def test_suggestions_for_nothing_are_none(typed):
    store_some("59350")
    assert names(typed) == []


def test_members_are_those_of_today_by_name():
    store_some(*MEL, "75056", "75101")
    mel, nord = find_territory("mel"), find_territory("nord")
    expected = ["Lille", "Roubaix", "Saint-André-lez-Lille", "Villeneuve-d'Ascq"]
    assert [member.name for member in members_of(mel)] == expected
    assert [member.name for member in members_of(nord)] == expected
    assert [member.name for member in members_of(nord, kind=Kind.EPCI)] == [mel.name]
    region = find_territory("hdf")
    assert len(members_of(region, kind=Kind.DEPARTMENT)) == 5
    assert len(members_of(find_territory("france"), kind=Kind.REGION)) == 26
    paris = find_territory("paris")
    arrondissements = members_of(paris, kind=Kind.MUNICIPAL_ARRONDISSEMENT)
    assert [member.code for member in arrondissements] == ["75101"]


def test_what_has_no_members_gives_none():
    store_some(*MEL)
    former = Territory.objects.get(kind=Kind.FORMER_COMMUNE)
    assert not members_of(former)
    assert not members_of(find_territory("france"), kind=Kind.COUNTRY)


def test_parents_go_up_to_france_nearest_first(django_assert_num_queries):
    store_some(*MEL)
    lille = find_territory("lille")
    with django_assert_num_queries(1):
        assert [parent.code for parent in parents_of(lille)] == ["200093201", "59", "32", "FR"]
    assert parents_of(find_territory("france")) == ()


def test_outlines_come_in_one_query_as_geojson(django_assert_num_queries):
    store_some(*MEL)
    territories = list(Territory.objects.current())
    with django_assert_num_queries(1):
        outlines = contours_of(territories)
    lille, mel = find_territory("lille"), find_territory("mel")
    assert outlines[lille.pk]["type"] == "MultiPolygon"
    longitude, latitude = outlines[mel.pk]["coordinates"][0][0][0]
    assert (2 < longitude < 4, 50 < latitude < 51) == (True, True)
    assert find_territory("france").pk not in outlines


@pytest.mark.parametrize("typed", ["lille", "lil", "59350"])
def test_a_search_is_one_query_whatever_it_finds(typed, django_assert_num_queries):
    store_some(*MEL)
    for n in range(20):
        TerritoryFactory(code=f"760{n:02}", name=f"Lille-sur-Mer {n}")
    with django_assert_num_queries(1):
        for territory in queries.territories_named(typed):
            assert territory.department is None or territory.department.name
