"""Editors write and correct figures; each needs its year, its source and a value that makes sense."""

from decimal import Decimal

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse

from essor.observatory.models import PublishedFigure
from essor.observatory.types import Measure, Unit
from essor.portal.services.roles import (
    ADMINISTRATORS,
    EDITORS,
    LIBRARY_EDITORS_PREFIX,
    MODERATORS,
)
from tests.portal.builders import a_member, a_section
from tests.territory.factories import TerritoryFactory

from .factories import PublishedFigureFactory

pytestmark = pytest.mark.django_db

SCREENS = "wagtailsnippets_observatory_publishedfigure"
CHOOSE = "wagtailsnippetchoosers_observatory_publishedfigure:choose_results"


def a_form(**more):
    return {
        "territory": more.pop("territory", None) or TerritoryFactory().pk,
        "territory_as_published": "",
        "measure": Measure.EMPLOYEES,
        "family": "",
        "unit": Unit.EMPLOYEES,
        "stated": "60 878",
        "vintage": "fin 2021",
        "source": "Insee",
        "address": "",
        "perimeter": "",
        "provenance": "",
        "note": "",
        **more,
    }


def add(client, **more):
    return client.post(reverse(f"{SCREENS}:add"), a_form(**more))


@pytest.mark.parametrize("role", [ADMINISTRATORS, EDITORS])
def test_administrators_and_editors_write_figures(client, role):
    client.force_login(a_member(role))
    assert add(client).status_code == 302
    figure = PublishedFigure.objects.get()
    assert (figure.value, figure.year) == (60878, 2021)
    for name in ("edit", "delete", "usage", "history"):
        assert client.get(reverse(f"{SCREENS}:{name}", args=[figure.pk])).status_code == 200


@pytest.mark.parametrize("role", [MODERATORS, LIBRARY_EDITORS_PREFIX + "Médiathèque"])
def test_others_do_not(client, role):
    a_section(title="Médiathèque")
    client.force_login(a_member(role))
    figure = PublishedFigureFactory()
    assert add(client).status_code in (302, 403)
    for name in ("edit", "delete"):
        address = reverse(f"{SCREENS}:{name}", args=[figure.pk])
        assert client.post(address, a_form(stated="1")).status_code in (302, 403)
    assert PublishedFigure.objects.get().value == 60878


def test_somebody_without_a_role_sees_nothing(client):
    client.force_login(User.objects.create_user("personne", password="x"))
    for address in (f"{SCREENS}:list", f"{SCREENS}:add", CHOOSE):
        assert client.get(reverse(address)).status_code in (302, 403)


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"vintage": "naguère"}, "Écrivez l’année en quatre chiffres"),
        ({"source": ""}, "Champ requis"),
        ({"stated": ""}, "Champ requis"),
        ({"stated": "12,5"}, "un décompte est un nombre entier"),
        ({"stated": "-1"}, "un décompte est un nombre entier"),
        ({"stated": "beaucoup"}, "Ce n’est pas une valeur possible"),
        ({"stated": "11,2 %"}, "Ce n’est pas une valeur possible"),
        ({"unit": Unit.SHARE}, "Cette unité ne convient pas"),
        ({"as_stated": "on"}, "Indiquez quelle page donne ce chiffre."),
        ({"address": "javascript:alert(1)"}, "URL valide"),
        (
            {"measure": Measure.SHARE_OF_EMPLOYMENT, "unit": Unit.SHARE, "stated": "112"},
            "une part ne dépasse pas 100",
        ),
    ],
)
def test_a_figure_that_a_reader_could_not_trust_is_refused_with_what_to_do(client, more, said):
    client.force_login(a_member(EDITORS))
    response = add(client, **more)
    assert response.status_code == 200
    assert said in response.content.decode()
    assert not PublishedFigure.objects.exists()


def test_the_same_figure_is_not_written_twice(client):
    client.force_login(a_member(EDITORS))
    place = TerritoryFactory().pk
    add(client, territory=place)
    response = add(client, territory=place, stated="60879")
    assert "Ce chiffre existe déjà" in response.content.decode()
    assert PublishedFigure.objects.count() == 1


def test_a_range_alone_is_a_figure(client):
    client.force_login(a_member(EDITORS))
    add(client, stated="entre 3 800 et 4 200")
    figure = PublishedFigure.objects.get()
    assert (figure.value, figure.low, figure.high) == (None, 3800, 4200)


@pytest.mark.parametrize("stated", ["près de 4\u202f000", "arrondi à 15\u202f900", "11,2\u00a0%"])
def test_a_value_is_shown_again_as_it_was_typed(client, stated):
    client.force_login(a_member(EDITORS))
    share = {"measure": Measure.SHARE_OF_EMPLOYMENT, "unit": Unit.SHARE}
    add(client, stated=stated, **(share if "%" in stated else {}))
    figure = PublishedFigure.objects.get()
    page = client.get(reverse(f"{SCREENS}:edit", args=[figure.pk])).content.decode()
    assert f'value="{stated}"' in page
    before = PublishedFigure.objects.values().get()
    form = {
        **a_form(territory=figure.territory.pk, stated=stated),
        **(share if "%" in stated else {}),
    }
    client.post(reverse(f"{SCREENS}:edit", args=[figure.pk]), form)
    assert PublishedFigure.objects.values().get() == before


def test_a_value_is_kept_to_the_last_decimal():
    exact = Decimal("0.06988102")
    figure = PublishedFigureFactory(
        measure=Measure.SHARE_OF_EMPLOYMENT, unit=Unit.SHARE, value=exact
    )
    largest = PublishedFigureFactory(value=Decimal(10) ** 13 - 1)
    assert PublishedFigure.objects.get(pk=figure.pk).value == exact
    assert PublishedFigure.objects.get(pk=largest.pk).value == Decimal(10) ** 13 - 1


def test_the_store_itself_refuses_a_figure_without_a_value():
    with pytest.raises(IntegrityError), transaction.atomic():
        PublishedFigureFactory(value=None)


def test_a_figure_of_a_place_keeps_its_place():
    figure = PublishedFigureFactory()
    figure.full_clean()
    with pytest.raises(ValidationError):
        PublishedFigureFactory.build(territory=None, vintage="2019").full_clean()


def test_figures_are_listed_searched_and_filtered(client):
    client.force_login(a_member(EDITORS))
    PublishedFigureFactory(source="Insee Analyses", year=2021, vintage="fin 2021")
    PublishedFigureFactory(source="Atlas", year=2019, vintage="2019")
    page = client.get(reverse(f"{SCREENS}:list"), {"q": "insee"}).content.decode()
    assert "Insee Analyses" in page
    assert "Atlas" not in page
    page = client.get(reverse(f"{SCREENS}:list"), {"year": "2019"}).content.decode()
    assert "Atlas" in page
    assert "Insee Analyses" not in page


def test_the_chooser_shows_the_number_and_finds_by_place(client):
    client.force_login(a_member(EDITORS))
    PublishedFigureFactory()
    page = client.get(reverse(CHOOSE), {"q": "lille"}).content.decode()
    assert "60\u202f878" in page
    assert "60\u202f878" not in client.get(reverse(CHOOSE), {"q": "brest"}).content.decode()


@pytest.mark.parametrize("address", [f"{SCREENS}:list", CHOOSE])
def test_a_list_of_twenty_costs_no_more_queries_than_one_of_two(
    client, address, django_assert_max_num_queries
):
    client.force_login(a_member(EDITORS))

    def queries():
        with django_assert_max_num_queries(40) as captured:
            assert client.get(reverse(address)).status_code == 200
        return len(captured)

    PublishedFigureFactory.create_batch(2)
    client.get(reverse(address))
    few = queries()
    PublishedFigureFactory.create_batch(18)
    assert queries() == few
