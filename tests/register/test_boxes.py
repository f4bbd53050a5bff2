"""The boxes of the register on a page."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from essor.register.blocks import NewStructuresBlock, SirensBlock, StructuresBlock
from essor.register.models import LegalUnit, StructureProfile, Vintage
from essor.territory.models import Territory
from tests.register.mapped import mapped_area, structures_at, structures_without_address

LILLE = (3.05, 50.63)

pytestmark = pytest.mark.django_db


def shown(block, **value):
    return block.render(block.to_python(value))


@pytest.fixture(autouse=True)
def directory():
    mapped_area()
    structures_at([LILLE], name="Amis", siren="500000001", family="association")
    structures_at([(3.15, 50.65)], name="Scop", siren="500000002", family="cooperative")


def test_a_box_shows_what_a_search_of_the_directory_finds():
    box = shown(StructuresBlock(), search="https://ess.example/annuaire/?famille=cooperative")

    assert "Scop" in box
    assert "Amis" not in box
    assert "/annuaire/500000002/" in box
    assert "2026" in box


def test_a_box_shows_the_structures_chosen_in_their_order_without_those_that_left():
    box = shown(StructuresBlock(), sirens="500 000 002\n99999999900011\n50000000100011")

    assert box.index("Scop") < box.index("Amis")
    assert "999999999" not in box


def test_a_box_may_be_a_map():
    box = shown(StructuresBlock(), sirens="500000002", show="map")

    assert "<essor-map" in box
    assert "/annuaire/carte/points?siren=500000002" in box
    assert "structure-list" not in box


def test_what_asked_not_to_be_named_is_in_no_box():
    structures_without_address(1, siren="500000003", created_on=date(2026, 11, 1))
    StructureProfile.objects.create(siren="500000001", is_withheld=True)

    chosen = shown(StructuresBlock(), sirens="500000001\n500000003")
    newest = shown(NewStructuresBlock())

    assert "500000001" not in chosen + newest
    assert "500000003" not in chosen + newest


def test_the_newest_of_a_commune_come_first_with_their_date():
    lille = Territory.objects.get(code="59350")
    roubaix = Territory.objects.get(code="59512")
    structures_at([LILLE], name="Ancienne", created_on=date(2020, 5, 2), commune=lille)
    structures_at([LILLE], name="Récente", created_on=date(2026, 10, 3), commune=lille)
    structures_at([LILLE], name="Ailleurs", created_on=date(2026, 10, 4), commune=roubaix)

    box = shown(NewStructuresBlock(), territory=lille.pk, count=2)

    assert box.index("Récente") < box.index("Ancienne")
    assert "2026" in box
    assert "Ailleurs" not in box
    assert "/annuaire/nouvelles/commune/59350/flux" in box


def test_the_newest_of_an_epci_are_those_of_its_communes():
    epci = Territory.objects.get(code="200093201")
    structures_at([LILLE], name="Récente", created_on=date(2026, 10, 3))

    assert "Récente" in shown(NewStructuresBlock(), territory=epci.pk)


@pytest.mark.parametrize("text", ["12345678", "50000000A", "500000001 Amis"])
def test_what_is_no_siren_is_refused(text):
    with pytest.raises(ValidationError):
        SirensBlock(required=False).clean(text)


@pytest.mark.parametrize(
    ("block", "value", "most"),
    [
        (StructuresBlock(), {}, 3),
        (StructuresBlock(), {"sirens": "500000001\n500000002"}, 3),
        (StructuresBlock(), {"show": "both"}, 12),
        (NewStructuresBlock(), {}, 3),
    ],
)
def test_a_box_asks_the_store_as_often_for_many_structures_as_for_few(
    block, value, most, django_assert_max_num_queries
):
    shown(block, **value)  # outlines are read once, then kept
    for count in (2, 20):
        structures_at([LILLE] * count, created_on=date(2026, 1, 1))
        with django_assert_max_num_queries(most):
            shown(block, **value)


def test_before_any_vintage_a_box_says_so():
    LegalUnit.objects.all().delete()
    Vintage.objects.all().delete()

    assert "structure-list" not in shown(StructuresBlock(), show="both") + shown(
        NewStructuresBlock()
    )
