"""Raw counts add up at every level, and say the same as the rows they were counted from."""

from collections import Counter

import pytest

from essor.register.rules import BANDS, EMPLOYER_BANDS, sector_of
from tests.register.build_fixtures import built_from
from tests.register.stock_files import strange_rows


@pytest.mark.parametrize(("seed", "area"), [(1, "france"), (2, "region:32"), (3, "epci:200093201")])
def test_counts_add_up_by_commune_family_status_and_sector(tmp_path, seed, area):
    units, places = strange_rows(seed)

    built = built_from(tmp_path, units, places, area=area)
    kept = {one.siren: one for one in built.units()}
    established = list(built.establishments())
    counts = list(built.counts())

    assert len(kept) == built.manifest.steps["units"] == sum(one.units for one in counts)
    assert len(established) == sum(one.establishments for one in counts)
    assert {one.siren for one in established} == set(kept)
    for level in (
        lambda unit: unit.family,
        lambda unit: unit.status,
        lambda unit: (unit.family, unit.status),
    ):
        counted = Counter()
        for one in counts:
            counted[level(one)] += one.units
        assert counted == Counter(map(level, kept.values()))
    by_sector = Counter()
    for one in counts:
        by_sector[one.sector] += one.units
    assert +by_sector == Counter(
        sector_of(unit.activity, unit.nomenclature) for unit in kept.values()
    )


@pytest.mark.parametrize("seed", [4, 5])
def test_headcounts_and_employers_are_those_of_the_establishments(tmp_path, seed):
    units, places = strange_rows(seed)

    built = built_from(tmp_path, units, places)
    kept = {one.siren: one for one in built.units()}
    expected = Counter()
    for one in built.establishments():
        place = (one.commune, kept[one.siren].family, kept[one.siren].status)
        least, most = BANDS.get(one.headcount_band, (0, 0))
        expected[(*place, "low")] += least
        expected[(*place, "high")] += most or 0
        expected[(*place, "employers")] += one.headcount_band in EMPLOYER_BANDS
        expected[(*place, "unknown")] += one.headcount_band is None
    found = Counter()
    for one in built.counts():
        place = (one.commune, one.family, one.status)
        found[(*place, "low")] += one.headcount_low
        found[(*place, "high")] += one.headcount_high
        found[(*place, "employers")] += one.employers
        found[(*place, "unknown")] += one.headcount_unknown

    assert +found == +expected
