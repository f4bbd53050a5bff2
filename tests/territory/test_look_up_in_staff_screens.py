"""Staff look territories up and choose them; nobody types or changes one."""

import pytest
from django.contrib.auth.models import User
from django.urls import reverse

from essor.portal.services.roles import (
    ADMINISTRATORS,
    EDITORS,
    LIBRARY_EDITORS_PREFIX,
    MODERATORS,
)
from essor.territory.models import Territory
from essor.territory.queries import find_territory
from tests.portal.builders import a_member, a_section

from .factories import TerritoryFactory
from .reference import store_some

pytestmark = pytest.mark.django_db

LIST = "wagtailsnippets_territory_territory:list"
CHOOSE = "wagtailsnippetchoosers_territory_territory:choose_results"
MEL = ("59350", "59527", "59355", "200093201")


@pytest.fixture
def superuser(client):
    user = User.objects.create_superuser("admin", password="x")
    client.force_login(user)
    return user


def listed(client, address=LIST, **query):
    response = client.get(reverse(address), query)
    assert response.status_code == 200
    return response.content.decode()


@pytest.mark.parametrize("role", [ADMINISTRATORS, EDITORS, MODERATORS])
def test_the_staff_of_the_network_look_territories_up(client, role):
    store_some(*MEL)
    client.force_login(a_member(role))
    page = listed(client, q="st andre")
    assert "Saint-André-lez-Lille" in page
    assert "13\u202f233" in page
    assert "Roubaix" not in page


def test_a_former_commune_is_listed_under_its_own_name(client, superuser):
    store_some(*MEL)
    assert "Lomme" in listed(client, q="lomme")
    assert "Lomme" in listed(client, q="59355", kind="ancienne-commune")
    assert "Lomme" not in listed(client, q="lille")


def test_a_library_editor_has_no_list_of_territories(client):
    a_section(title="Médiathèque")
    client.force_login(a_member(LIBRARY_EDITORS_PREFIX + "Médiathèque"))
    assert client.get(reverse(LIST)).status_code in (302, 403)


def test_somebody_without_a_role_sees_nothing(client):
    client.force_login(User.objects.create_user("personne", password="x"))
    for address in (LIST, CHOOSE):
        assert client.get(reverse(address)).status_code in (302, 403)


def test_nobody_not_even_a_superuser_adds_changes_or_deletes_one(client, superuser):
    place = TerritoryFactory(name="Lille")
    refused = [
        reverse("wagtailsnippets_territory_territory:add"),
        reverse("wagtailsnippets_territory_territory:edit", args=[place.pk]),
        reverse("wagtailsnippets_territory_territory:delete", args=[place.pk]),
    ]
    for address in refused:
        assert client.get(address).status_code in (302, 403, 404), address
        assert client.post(address, {"name": "Rijsel"}).status_code in (302, 403, 404), address
    assert Territory.objects.get().name == "Lille"
    page = listed(client)
    assert not [address for address in refused if address in page]


def test_the_page_of_a_territory_says_where_its_population_comes_from(client, superuser):
    store_some(*MEL)
    lille = find_territory("lille")
    address = reverse("wagtailsnippets_territory_territory:inspect", args=[lille.pk])
    page = client.get(address).content.decode()
    assert "238\u202f246 (INSEE, population municipale, année non précisée par la source" in page
    assert "Métropole Européenne de Lille" in page


def test_the_chooser_finds_a_name_as_people_type_it(client, superuser):
    store_some(*MEL)
    page = listed(client, CHOOSE, q="mel")
    assert "Métropole Européenne de Lille" in page
    assert "Lomme" not in listed(client, CHOOSE, q="lomme")
    assert "Lille (59350)" in listed(client, CHOOSE, q="lomme")


def test_the_chooser_may_keep_one_kind(client, superuser):
    store_some(*MEL)
    page = listed(client, CHOOSE, q="lille", kind="epci")
    assert "Métropole Européenne de Lille" in page
    assert "Lille (59350)" not in page


def test_an_empty_chooser_says_what_to_do(client, superuser):
    assert "essor import_territories" in listed(client, CHOOSE)
    store_some(*MEL)
    assert "code INSEE" in listed(client, CHOOSE, q="nulle part")


@pytest.mark.parametrize("address", [LIST, CHOOSE])
def test_a_list_of_twenty_costs_no_more_queries_than_one_of_two(
    client, superuser, address, django_assert_max_num_queries
):
    def queries():
        with django_assert_max_num_queries(40) as captured:
            listed(client, address)
        return len(captured)

    nord = TerritoryFactory(kind="departement", code="59", name="Nord")
    TerritoryFactory(department=nord)
    listed(client, address)
    few = queries()
    for _ in range(18):
        TerritoryFactory(department=nord)
    assert queries() == few
