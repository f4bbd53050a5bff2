"""Numbers of the founding portal in the staff screens: what each one stands for, and who decides."""

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test.utils import CaptureQueriesContext

from essor.catalogue.models import SavedSearch
from essor.kiosk.models import OldNumber
from essor.portal.services.roles import ADMINISTRATORS, EDITORS, MODERATORS, open_section
from tests.portal.builders import a_member, a_section, the_portal

from .builders import a_basket

pytestmark = pytest.mark.django_db

SCREEN = "/gestion/kiosques/anciens-numeros/"


@pytest.fixture(autouse=True)
def portal():
    return the_portal()


def somebodys_basket():
    basket = a_basket([], slug="prive", is_public=False)
    basket.name, basket.owner = "Rien qu’à moi", User.objects.create_user("autre")
    basket.save()
    return basket


def written(**changes):
    return {"kind": "basket", "number": "37", "basket": "", "saved_search": "", **changes}


@pytest.mark.parametrize("role", [ADMINISTRATORS, EDITORS])
def test_administrators_and_editors_say_what_a_number_stands_for(client, role):
    client.force_login(a_member(role))
    basket = a_basket([])
    assert client.post(f"{SCREEN}new/", written(basket=basket.pk)).status_code == 302
    number = OldNumber.objects.get()
    assert (number.number, number.source) == (37, basket)
    assert basket.name in client.get(SCREEN).content.decode()
    saved = SavedSearch.objects.create(name="S", slug="s", criteria={"q": "x"}, is_public=True)
    client.post(f"{SCREEN}edit/{number.pk}/", written(saved_search=saved.pk))
    number.refresh_from_db()
    assert number.source == saved
    client.post(f"{SCREEN}delete/{number.pk}/")
    assert not OldNumber.objects.exists()


def a_library_editor():
    return a_member(open_section(a_section()).name)


@pytest.mark.parametrize("make", [lambda: a_member(MODERATORS), a_library_editor])
@pytest.mark.parametrize("act", ["", "new/", "edit/{}/", "delete/{}/", "history/{}/", "usage/{}/"])
def test_others_do_not(client, make, act):
    number = OldNumber.objects.create(number=5, basket=a_basket([]))
    client.force_login(make())
    address = SCREEN + act.format(number.pk)
    assert client.get(address).status_code in (302, 403, 404)
    client.post(address, written(basket=number.basket_id))
    assert list(OldNumber.objects.values_list("number", flat=True)) == [5]


def test_a_stranger_is_asked_to_sign_in(client):
    assert "login" in client.get(SCREEN)["Location"]


def test_a_number_never_leads_an_editor_to_the_private_basket_of_somebody(client):
    basket = somebodys_basket()
    client.force_login(a_member(EDITORS))
    page = client.post(f"{SCREEN}new/", written(basket=basket.pk))
    assert page.status_code == 200
    assert basket.name not in page.content.decode()
    assert not OldNumber.objects.exists()


@pytest.mark.parametrize("act", ["", "edit/{}/", "delete/{}/", "history/{}/", "usage/{}/"])
def test_the_name_of_the_private_basket_of_somebody_is_not_told(client, act):
    number = OldNumber.objects.create(number=5, basket=somebodys_basket())
    client.force_login(a_member(EDITORS))
    page = client.get(SCREEN + act.format(number.pk))
    assert page.status_code == (404 if act else 200)
    assert number.basket.name not in page.content.decode()


def test_a_number_has_one_source_and_is_known_once(client):
    client.force_login(a_member(EDITORS))
    basket = a_basket([])
    saved = SavedSearch.objects.create(name="S", slug="s", criteria={"q": "x"}, is_public=True)
    assert client.post(f"{SCREEN}new/", written()).status_code == 200
    both = written(basket=basket.pk, saved_search=saved.pk)
    assert client.post(f"{SCREEN}new/", both).status_code == 200
    assert client.post(f"{SCREEN}new/", written(basket=basket.pk)).status_code == 302
    assert client.post(f"{SCREEN}new/", written(basket=basket.pk)).status_code == 200
    assert OldNumber.objects.count() == 1


def test_the_list_costs_as_many_queries_with_two_numbers_as_with_twenty(client):
    client.force_login(a_member(EDITORS))
    basket = a_basket([])
    counts = []
    for numbers in (range(1, 3), range(3, 21)):
        OldNumber.objects.bulk_create(OldNumber(number=n, basket=basket) for n in numbers)
        client.get(SCREEN)
        with CaptureQueriesContext(connection) as queries:
            client.get(SCREEN)
        counts.append(len(queries))
    assert counts[0] == counts[1]
