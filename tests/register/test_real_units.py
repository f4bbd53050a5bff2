"""The real samples of legal units: every flagged one is recognised or declared, in the family of the table."""

import csv
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from essor.register.build.perimeter import read_perimeter
from essor.register.rules import classify
from essor.register.types import Family, Status, UnitFacts
from tests.register.build_fixtures import built_from
from tests.register.stock_files import head_office, unit, write_csv

pytestmark = pytest.mark.external_data

SHARED = Path(__file__).parents[2].parent / "shared" / "data"
FAMILIES = {
    "association": Family.ASSOCIATION,
    "cooperative": Family.COOPERATIVE,
    "mutuelle": Family.MUTUAL,
    "fondation": Family.FOUNDATION,
}


def rows_of(name):
    path = SHARED / name
    if not path.exists():
        pytest.skip(f"{path} is not here")
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def families_of_the_table():
    table = rows_of("ess/cj-ess-reconcilie.csv")
    return {line["code"]: FAMILIES[line["famille"]] for line in table if line["statut"] == "retenu"}


def test_every_flagged_unit_is_recognised_or_declared_in_the_family_of_the_table(tmp_path):
    rows = rows_of("sirene/unites-legales-ess-flag-10-naf-numeriques-2026-02.csv")
    units = [
        unit(
            row["siren"],
            name=row["denominationUniteLegale"],
            category=row["categorieJuridiqueUniteLegale"],
            activity=row["activitePrincipaleUniteLegale"],
            band=row["trancheEffectifsUniteLegale"],
            flag=row["economieSocialeSolidaireUniteLegale"],
        )
        for row in rows
    ]
    families = families_of_the_table()

    built = built_from(tmp_path, units)

    assert built.manifest.steps["units"] == len({row["siren"] for row in rows})
    for one in built.units():
        family = families.get(one.category)
        expected = (Status.RECOGNISED, family) if family else (Status.DECLARED, Family.COMMERCIAL)
        assert (one.status, one.family) == expected
        assert one.reasons[0] == "flag=O"


def test_the_presumed_ones_are_cooperatives_without_the_flag_or_on_the_list(tmp_path):
    rows = rows_of("sirene/unites-legales-enrichies-2026-03.csv")
    listed = rows_of("sirene/ess-france-2023-x-sirene-10-naf-numeriques.csv")
    units = [
        unit(
            row["siren"],
            name=row["denomination"],
            category=row["categorie_juridique"],
            activity=row["naf"],
            flag="O" if row["flag_ess_sirene"] == "True" else "",
            state="A" if row["est_active"] == "True" else "C",
        )
        for row in rows
    ]
    ess_list = write_csv(tmp_path / "list.csv", [{"siren": row["siren"]} for row in listed])
    places = [head_office(siren) for siren in sorted({one["siren"] for one in units})]

    built = built_from(tmp_path, units, places, ess_list=ess_list)
    presumed = [one for one in built.units() if one.status is Status.PRESUMED]

    assert presumed
    on_list = {row["siren"] for row in listed}
    families = families_of_the_table()
    for one in presumed:
        by_statute = families.get(one.category) in (Family.COOPERATIVE, Family.MUTUAL)
        assert one.flag is None
        assert by_statute or one.siren in on_list
        assert ("list=ess-france" in one.reasons) == (not by_statute)
    print("presumed:", Counter(one.category for one in presumed).most_common())


def test_the_rule_in_python_says_of_each_real_unit_what_the_build_says(tmp_path):
    rows = rows_of("sirene/unites-legales-cj-ess-10-naf-numeriques-2026-02.csv")
    units = [
        unit(
            row["siren"],
            category=row["categorieJuridiqueUniteLegale"],
            activity=row["activitePrincipaleUniteLegale"],
        )
        for row in rows
    ]
    perimeter = read_perimeter()

    built = built_from(tmp_path, units)
    kept = {one.siren: one for one in built.units()}

    for row in rows:
        facts = UnitFacts(
            row["categorieJuridiqueUniteLegale"],
            None,
            row["activitePrincipaleUniteLegale"],
            "NAFRev2",
        )
        verdict = classify(facts, perimeter, on=date(2026, 11, 1))
        one = kept.get(row["siren"])
        found = (one.status, one.family, one.reasons) if one else (Status.OUTSIDE, None)
        assert found == (
            (verdict.status, verdict.family, verdict.reasons) if one else (verdict.status, None)
        )
