"""The map of the directory: every structure counted once, at every zoom, whoever asks and however."""

import json
from datetime import date
from urllib.parse import urlencode

import pytest
from django.core.cache import cache
from django.http import QueryDict
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import html

from essor.register.answers import answer_to
from essor.register.asked import Asked
from essor.register.cartography.grid import FURTHEST_ZOOM, view_asked
from essor.register.models import LegalUnit, StructureProfile, Vintage
from essor.search.services import keep_whole
from essor.territory.models import Territory
from tests.register.factories import ApprovalFactory, EstablishmentFactory
from tests.register.mapped import mapped_area, structures_at, structures_without_address
from tests.territory.factories import TerritoryFactory

POINTS = "/annuaire/carte/points"
LILLE = (3.05, 50.63)

pytestmark = pytest.mark.django_db


def points(client, *, bbox="2.9,50.55,3.25,50.75", zoom=11, **state):
    """Ask for a part of the map."""
    answer = client.get(POINTS, {"bbox": bbox, "z": zoom, **state})
    assert answer.status_code == 200, answer.content
    return answer.json()


def counted(told):
    """Add up what an answer tells."""
    groups = [*told["clusters"], *told["communes"]]
    return sum(group["count"] for group in groups) + len(told["places"])


# Counts


@pytest.mark.parametrize("zoom", [5, 9, 11, 12, 13])
def test_every_structure_is_counted_once_at_every_zoom(client, zoom):
    mapped_area()
    structures_at([LILLE, (3.051, 50.631), (3.16, 50.69)])
    structures_without_address(2)

    told = points(client, zoom=zoom)

    assert counted(told) == told["count"] == LegalUnit.objects.count() == 5


@pytest.fixture
def scattered(db):
    mapped_area()


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    places=st.lists(st.tuples(st.floats(2.95, 3.22), st.floats(50.57, 50.73)), max_size=12),
    hidden=st.integers(0, 3),
    middle=st.floats(2.95, 3.2),
    zoom=st.integers(0, 13),
)
def test_the_parts_of_the_map_make_the_whole(client, scattered, places, hidden, middle, zoom):
    LegalUnit.objects.all().delete()
    cache.clear()
    structures_at(places)
    structures_without_address(hidden)

    whole = points(client, zoom=zoom)
    sides = [points(client, zoom=zoom, bbox=f"2.9,50.55,{middle},50.75")]
    # What one answer shows is whole cells: the next begins where they end.
    edge = view_asked(f"2.9,50.55,{middle},50.75", str(zoom)).bounds.east
    if edge < 3.25:
        sides.append(points(client, zoom=zoom, bbox=f"{edge + 1e-9},50.55,3.25,50.75"))

    assert counted(whole) == len(places) + hidden
    assert sum(map(counted, sides)) == counted(whole)


def test_what_is_counted_is_what_the_search_finds(client):
    mapped_area()
    structures_at([LILLE] * 3, family="association")
    structures_at([LILLE], family="cooperative")
    structures_without_address(1, family="cooperative")

    assert counted(points(client, famille="cooperative")) == 2


def test_only_the_vintage_that_is_shown_is_counted(client):
    mapped_area()
    other = Vintage.objects.create(area="france", month="2026-10", perimeter="2026-11", manifest={})
    structures_at([LILLE], vintage=other)

    assert counted(points(client)) == 0


# What is told


def test_a_structure_alone_is_told_by_name(client):
    mapped_area()
    structures_at([LILLE], name="Les Amis du livre", siren="500000001")

    [place] = points(client, zoom=16, bbox="3.04,50.62,3.06,50.64")["places"]

    assert place["name"] == "Les Amis du livre"
    assert place["siren"] == "500000001"
    assert place["at"] == list(LILLE)
    assert place["commune"] == "Lille"


def test_structures_at_one_point_are_one_group_at_every_zoom_and_listed_by_name(client):
    mapped_area()
    structures_at([LILLE], name="Bis")
    structures_at([LILLE], name="Ani")

    [group] = points(client, zoom=FURTHEST_ZOOM, bbox="3.049,50.629,3.051,50.631")["clusters"]
    west, south, east, north = group["box"]
    listed = client.get("/annuaire/carte/liste", {"bbox": f"{west},{south},{east},{north}"}).json()

    assert group["count"] == 2
    assert (west, south) == (east, north) == LILLE
    assert [place["name"] for place in listed["places"]] == ["Ani", "Bis"]


def test_structures_without_address_are_marked_at_their_commune_and_never_named(client):
    mapped_area()
    structures_without_address(3)

    close = points(client, zoom=13)

    assert close["places"] == close["clusters"] == []
    [group] = close["communes"]
    assert (group["count"], group["name"], group["code"]) == (3, "Lille", "59350")
    assert group["at"] == [3.05, 50.65]
    [far] = points(client, zoom=9)["clusters"]
    assert far["count"] == far["at_commune"] == 3


def test_a_structure_that_asked_not_to_be_named_is_placed_at_its_commune(client):
    mapped_area()
    [unit] = structures_at([LILLE], name="Maison discrète")
    StructureProfile.objects.create(siren=unit.siren, is_withheld=True)

    answer = client.get(POINTS, {"bbox": "2.9,50.55,3.25,50.75", "z": 13})
    listed = client.get("/annuaire/carte/liste", {"bbox": "2.9,50.55,3.25,50.75"})

    assert counted(answer.json()) == 1
    assert answer.json()["places"] == []
    assert b"Maison" not in answer.content + listed.content
    assert listed.json() == {"count": 0, "places": []}


@pytest.mark.parametrize("neighbours", [0, 1, 2])
def test_one_withheld_in_a_commune_without_outline_is_not_drawn_at_its_own_address(
    client, neighbours
):
    mapped_area()
    village = TerritoryFactory(code="59146", name="Chéreng")
    [unit] = structures_at([(3.2071, 50.6113)], commune=village)
    structures_at([(3.2171, 50.6213)] * neighbours, commune=village)
    StructureProfile.objects.create(siren=unit.siren, is_withheld=True)

    answer = client.get(POINTS, {"bbox": "3.15,50.55,3.25,50.75", "z": 13}).json()
    assert answer["communes"] == []
    assert counted(answer) == neighbours


def test_a_commune_without_outline_is_where_its_structures_are_to_a_kilometre(client):
    mapped_area()
    village = TerritoryFactory(code="59146", name="Chéreng")
    [unit] = structures_at([(3.2071, 50.6113)], commune=village)
    structures_at([(3.2171, 50.6213), (3.2181, 50.6233), (3.2191, 50.6293)], commune=village)
    StructureProfile.objects.create(siren=unit.siren, is_withheld=True)

    [group] = client.get(POINTS, {"bbox": "3.15,50.55,3.25,50.75", "z": 13}).json()["communes"]
    assert (group["at"], group["count"]) == ([3.22, 50.62], 1)


def test_a_wide_view_of_one_hundred_thousand_structures_stays_light(client):
    mapped_area()
    [one] = structures_at([LILLE], name="Association des amis du livre et de la lecture")
    LegalUnit.objects.bulk_create(
        [
            LegalUnit(
                **{
                    field.attname: getattr(one, field.attname)
                    for field in LegalUnit._meta.concrete_fields
                    if field.name not in ("id", "siren", "longitude", "latitude")
                },
                siren=f"{400_000_000 + number}",
                longitude=2.8 + (number * 7_919 % 10_007) / 20_000,
                latitude=50.45 + (number * 104_729 % 10_009) / 25_000,
            )
            for number in range(20_000)
        ]
    )

    for zoom in (8, 11, 13):
        span = 0.5 / 2 ** max(zoom - 11, 0)
        box = f"{3.05 - span},{50.65 - span / 2},{3.05 + span},{50.65 + span / 2}"
        answer = client.get(POINTS, {"bbox": box, "z": zoom})
        assert answer.status_code == 200
        assert len(answer.content) < 200_000


# Asking


@pytest.mark.parametrize(
    ("bbox", "zoom"),
    [
        ("", "11"),
        ("1,2,3", "11"),
        ("a,b,c,d", "11"),
        ("nan,50,3,51", "11"),
        ("-inf,50,inf,51", "11"),
        ("3,51,2,50", "11"),
        ("2.9,50.55,3.25,50.75", ""),
        ("2.9,50.55,3.25,50.75", "-1"),
        ("2.9,50.55,3.25,50.75", "19"),
        ("2.9,50.55,3.25,50.75", "1e1"),
        ("2.9,50.55,3.25,50.75", "٣"),
        ("-180,-90,180,90", "18"),
        ("1" * 10_000, "11"),
    ],
)
def test_a_view_that_cannot_be_is_refused_with_its_reason(client, bbox, zoom):
    answer = client.get(POINTS, {"bbox": bbox, "z": zoom})

    assert answer.status_code == 400
    assert json.loads(answer.content)["problem"]


def test_beyond_the_edges_of_the_world_is_the_world(client):
    mapped_area()
    structures_at([LILLE])

    assert counted(points(client, bbox="-900,-900,900,900", zoom=2)) == 1


def test_answers_may_be_kept_and_set_no_cookie(client):
    mapped_area()

    answers = [
        client.get(POINTS, {"bbox": "2.9,50.55,3.25,50.75", "z": 11}),
        client.get("/annuaire/carte/fond"),
        client.get("/annuaire/carte/"),
    ]

    assert not any(answer.cookies for answer in answers)
    assert "max-age=300" in answers[0]["Cache-Control"]
    assert "public" in answers[0]["Cache-Control"]


def test_a_view_asks_the_store_as_often_for_many_structures_as_for_few(
    client, django_assert_max_num_queries
):
    mapped_area()
    for count in (2, 20):
        structures_at([(3.0 + number / 100, 50.65) for number in range(count)])
        structures_without_address(count)
        client.get(POINTS, {"bbox": "2.9,50.55,3.25,50.75", "z": 12})
        with django_assert_max_num_queries(9):
            client.get(POINTS, {"bbox": "2.9,50.55,3.25,50.75", "z": 13})


# The base map


def test_the_base_map_is_the_communes_of_the_area_with_their_names(client):
    mapped_area()

    features = client.get("/annuaire/carte/fond").json()["features"]

    parts = {(one["properties"]["part"], one["properties"]["name"]) for one in features}
    assert parts == {
        ("inside", "Lille"),
        ("inside", "Roubaix"),
        ("area", "Métropole Européenne de Lille"),
    }


@pytest.mark.django_db
def test_without_a_vintage_the_map_says_that_there_is_nothing_yet(client):
    assert client.get("/annuaire/carte/").status_code == 200
    assert counted(points(client)) == 0


# The same as the list


@pytest.fixture
def varied(own_index):
    """Make structures that differ in all that a search may ask."""
    mapped_area()
    roubaix = Territory.objects.get(code="59512")
    StructureProfile.objects.create(siren="500000004", is_withheld=True)
    structures_at([LILLE], siren="500000001", name="Amis du livre", family="association")
    structures_at(
        [(3.15, 50.65)],
        siren="500000002",
        name="Scop du livre",
        family="cooperative",
        status="declared",
        headcount_band="21",
        created_on=date(1975, 4, 1),
        commune=roubaix,
    )
    [two_places] = structures_at(
        [(3.06, 50.64)],
        siren="500000003",
        name="Mutuelle",
        family="mutual",
        created_on=date(2024, 2, 29),
    )
    EstablishmentFactory(unit=two_places, is_head_office=False, commune=roubaix)
    structures_at([LILLE], siren="500000004", name="Cachée", headcount_band="NN")
    structures_without_address(2, created_on=date(2011, 1, 1))
    ApprovalFactory(siren="500000002", starts_on=date(2020, 1, 1))
    ApprovalFactory(siren="500000001", ends_on=date(2020, 1, 1))
    ApprovalFactory(siren="500000004")
    keep_whole()
    Vintage.objects.update(is_indexed=True)


@pytest.mark.parametrize(
    "asked",
    [
        {},
        {"famille": ["association", "mutual"]},
        {"statut": "declared"},
        {"commune": "59512"},
        {"commune": ["59350", "59512"]},
        {"effectif": "unknown"},
        {"effectif": ["0", "50-249"]},
        {"creation": "before"},
        {"creation": ["2020", "unknown"]},
        {"creation": "2010"},
        {"agrement": "esus"},
        {"etiquette": "amap"},
        {"q": "livre"},
        {"q": "livre", "famille": "cooperative"},
        {"pres": "Lille", "rayon": "5"},
        {"lat": "50.65", "lon": "3.15", "rayon": "2", "q": "scop"},
        {"pres": "Nulle part"},
    ],
    ids=str,
)
def test_the_map_counts_what_the_list_finds(client, varied, asked):
    question = urlencode(asked, doseq=True)
    listed = answer_to(Asked.in_address(QueryDict(question)), today=date(2026, 11, 26))

    for zoom in (9, 13):
        answer = client.get(f"{POINTS}?bbox=2.9,50.55,3.25,50.75&z={zoom}&{question}")
        assert answer.json()["count"] == counted(answer.json()) == listed.total


def test_each_commune_counts_what_its_link_finds(client, varied):
    shown = client.get("/annuaire/carte/").context["map"]

    for commune in shown.communes:
        asked = Asked.in_address(QueryDict(commune.address.partition("?")[2]))
        assert answer_to(asked, today=date(2026, 11, 26)).total == commune.count


def test_each_limit_can_be_removed_from_the_map(client, varied):
    page = client.get("/annuaire/carte/", {"q": "livre", "famille": "cooperative", "pres": "Lille"})

    limits = {limit.label: limit.address for limit in page.context["map"].limits}
    assert limits["livre"] == "/annuaire/carte/?famille=cooperative&pres=Lille"
    assert "/annuaire/carte/?q=livre&pres=Lille" in limits.values()


def test_a_circle_that_holds_too_many_is_told_as_it_was_measured(client, varied, monkeypatch):
    monkeypatch.setattr("essor.register.nearby.MOST_NEAR", 1)
    near = {"pres": "Lille", "rayon": "10"}
    page, listed = client.get("/annuaire/carte/", near), client.get("/annuaire/", near)

    told = [limit.label for limit in page.context["map"].limits]
    assert (
        told == [chip.label for chip in listed.context["answer"].chips] != ["10 km autour de Lille"]
    )
    assert "Il y a trop de structures à moins de 10" in page.text


def test_the_map_is_searched_within_its_limits(client, varied):
    content = client.get("/annuaire/carte/?q=livre&famille=cooperative&pres=Lille").content
    (form,) = html.fromstring(content).xpath("//form[@action='/annuaire/carte/']")
    assert dict(form.form_values()) == {"q": "livre", "famille": "cooperative", "pres": "Lille"}


def test_a_map_of_nothing_says_so(client, varied):
    content = client.get("/annuaire/carte/?q=introuvable").content.decode()
    assert "Aucune structure" in content
    assert "0 structure" not in content


def test_circles_are_whole_on_the_drawing(client, varied):
    drawing = client.get("/annuaire/carte/").context["map"].drawing
    assert drawing.circles
    for circle in drawing.circles:
        assert circle.radius < circle.x < drawing.width - circle.radius
        assert circle.radius < circle.y < drawing.height - circle.radius


# The small map of a structure


def test_the_page_of_a_structure_shows_its_places_on_a_map(client, varied):
    content = client.get("/annuaire/500000003/").content.decode()

    assert "<essor-map" in content
    assert content.count("data-at=") == 2
    assert 'aria-label="Carte : 2 établissements."' in content
    assert '<text class="map-drawing__name"' in content


def test_a_structure_without_identity_is_on_no_map(client, varied):
    masked = LegalUnit.objects.filter(is_partial=True).first()

    for siren in (masked.siren, "500000004"):
        assert "<essor-map" not in client.get(f"/annuaire/{siren}/").content.decode()
