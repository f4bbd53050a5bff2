"""The chart of a large vintage: what the map counts in it is what it counts in the rows."""

import shutil
from datetime import date
from pathlib import Path

import pytest
from django.http import QueryDict

from essor.register.cartography import chart
from essor.register.cartography.clusters import seen_in
from essor.register.cartography.columns import InColumns
from essor.register.cartography.grid import view_asked
from essor.register.cartography.rows import InRows
from essor.register.cartography.seen import counting_of
from essor.register.found import structures_found
from essor.register.models import StructureProfile, StructureTag, Vintage
from essor.register.services.charts import keep_charts
from essor.search.services import rebuild
from essor.territory.models import Territory
from tests.register.factories import ApprovalFactory, EstablishmentFactory
from tests.register.mapped import mapped_area, structures_at, structures_without_address, vintage

pytestmark = pytest.mark.django_db

WHOLE = "2.9,50.55,3.25,50.75"


@pytest.fixture(autouse=True)
def large(monkeypatch, settings, tmp_path):
    """Have every vintage be large, and its chart in a folder of the test."""
    monkeypatch.setattr(chart, "LARGE", 0)
    settings.HOME = tmp_path


@pytest.fixture
def town():
    """Structures of all kinds, around Lille and Roubaix; then the index and the chart."""
    mapped_area()
    roubaix = Territory.objects.get(code="59512")
    first, second, *_others = structures_at(
        [(3.01 + n * 0.013, 50.61 + n * 0.007) for n in range(12)], family="association"
    )
    structures_at([(3.05, 50.63)] * 3, family="cooperative", commune=roubaix, name="Amicale du lin")
    structures_at([(3.06, 50.64)], status="presumed", sector="culture", headcount_band="21")
    structures_at([(3.07, 50.65)], created_on=date(1950, 1, 1))
    structures_at([(3.08, 50.66)], created_on=None, headcount_band="")
    structures_without_address(2)
    structures_without_address(1, commune=roubaix, family="cooperative")
    structures_without_address(1, commune=None)
    EstablishmentFactory(unit=first, commune=roubaix, siret=f"{first.siren}00099")
    StructureProfile.objects.create(siren=second.siren, is_withheld=True)
    ApprovalFactory(siren=first.siren)
    ApprovalFactory(siren=second.siren)
    tagged = StructureProfile.objects.create(siren=first.siren)
    tagged.tags.add(StructureTag.objects.get(slug="tiers-lieu"))
    list(rebuild())
    keep_charts()


def both(query):
    """Give what counts in the rows, and what counts in the columns."""
    found = structures_found(QueryDict(query))
    in_rows = InRows(found.units, found.vintage, is_everything=found.is_everything)
    in_columns = counting_of(found)
    assert isinstance(in_columns, InColumns)
    return in_rows, in_columns


def rounded(seen):
    """Give what is seen as it is told: to a metre, in any order."""
    return (
        sorted(
            (round(c.at[0], 5), round(c.at[1], 5), c.count, c.at_commune) for c in seen.clusters
        ),
        sorted((round(c.bounds.west, 5), round(c.bounds.north, 5)) for c in seen.clusters),
        sorted(place.siren for place in seen.places),
        sorted((g.code, g.count, round(g.at[0], 5)) for g in seen.communes),
    )


QUERIES = [
    "",
    "famille=association",
    "famille=cooperative&famille=association",
    "statut=presumed",
    "secteur=culture",
    "commune=59512",
    "commune=59512&famille=association",
    "effectif=50-249&effectif=unknown",
    "creation=before&creation=unknown",
    "agrement=esus&agrement=siae",
    "etiquette=tiers-lieu",
    "q=amicale",
    "q=amicale&famille=association",
    "pres=Lille&rayon=2",
    "pres=Lille&rayon=5&famille=association",
    "pres=Atlantide",
    "siren=300000001",
]


@pytest.mark.parametrize("query", QUERIES)
def test_columns_count_what_rows_count(town, query):
    in_rows, in_columns = both(query)

    assert in_columns.sums() == in_rows.sums()
    assert in_columns.by_commune(10) == in_rows.by_commune(10)
    for zoom in (5, 9, 11, 12, 13):
        view = view_asked(WHOLE, str(zoom))
        assert rounded(seen_in(view, in_columns)) == rounded(seen_in(view, in_rows))


def test_the_first_communes_of_the_list_are_the_same(town):
    in_rows, in_columns = both("")

    assert in_columns.by_commune(1) == in_rows.by_commune(1)


def test_one_withheld_after_the_chart_was_made_is_placed_at_its_commune(client, town):
    unit = structures_found(QueryDict("secteur=culture")).units.get()
    StructureProfile.objects.create(siren=unit.siren, is_withheld=True)

    close = client.get(
        "/annuaire/carte/points", {"bbox": WHOLE, "z": 13, "secteur": "culture"}
    ).json()

    assert close["places"] == close["clusters"] == []
    assert [group["count"] for group in close["communes"]] == [1]


def test_the_pages_of_the_map_are_counted_in_the_chart(client, town):
    everything = client.get("/annuaire/carte/points", {"bbox": WHOLE, "z": 9}).json()
    page = client.get("/annuaire/carte/")

    assert everything["count"] == 21
    assert page.context["map"].total == 22
    assert page.context["map"].nowhere == 1


def test_a_lost_chart_is_counted_in_the_rows_and_made_again(client, town, settings):
    shutil.rmtree(Path(settings.HOME) / "charts")

    assert isinstance(counting_of(structures_found(QueryDict(""))), InRows)
    assert isinstance(counting_of(structures_found(QueryDict(""))), InColumns)


def test_the_chart_of_a_vintage_that_is_gone_is_removed(town):
    folder = chart.chart_of(vintage()).folder
    Vintage.objects.filter(is_current=True).update(is_current=False)
    Vintage.objects.create(
        area="france", month="2026-12", perimeter="2026-11", manifest={}, is_current=True
    )

    keep_charts()
    assert folder.exists()

    Vintage.objects.filter(is_current=False).delete()
    keep_charts()
    assert not folder.exists()


def test_a_small_vintage_needs_no_chart(monkeypatch):
    monkeypatch.setattr(chart, "LARGE", 50_000)
    mapped_area()
    structures_at([(3.05, 50.63)])

    keep_charts()

    assert chart.chart_of(vintage()) is None
    assert isinstance(counting_of(structures_found(QueryDict(""))), InRows)
