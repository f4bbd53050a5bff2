"""Who may belong to the ESS: two tables that a person can correct, refused at the first line not understood."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from essor.register.build.comparison import changes
from essor.register.build.perimeter import CURRENT, EXCLUSIONS, known_categories, read_perimeter
from essor.register.rules import NATURAL_PERSON, classify
from essor.register.types import Family, RegisterError, Status, UnitFacts
from tests.register.build_fixtures import built_from
from tests.register.stock_files import unit, write_csv

NOVEMBER = date(2026, 11, 1)
PERIMETER = read_perimeter()

facts = st.builds(
    UnitFacts,
    category=st.none() | st.sampled_from(["1000", "5710", "9999", *PERIMETER.categories]),
    flag=st.sampled_from(["O", "N", None]),
    activity=st.none() | st.sampled_from(["94.11Z", "84.30B", "85.59A", "94.99Z"]),
    nomenclature=st.sampled_from(["NAFRev2", "NAF2025", "NAP", None]),
    is_listed=st.booleans(),
    is_active=st.sampled_from([True, True, True, False]),
    is_purged=st.sampled_from([False, False, False, True]),
)


def test_the_perimeter_of_the_package_is_the_reconciled_table():
    families = [line.family for line in PERIMETER.categories.values()]

    assert PERIMETER.version == "2026-11"
    assert {family: families.count(family) for family in Family} == {
        Family.COOPERATIVE: 52,
        Family.MUTUAL: 4,
        Family.ASSOCIATION: 6,
        Family.FOUNDATION: 1,
        Family.COMMERCIAL: 0,
    }
    assert set(PERIMETER.categories) <= known_categories()
    assert all(one.proof == "candidate" for one in PERIMETER.exclusions)
    assert not any(one.code.startswith("85.") for one in PERIMETER.exclusions)


@pytest.mark.parametrize(
    ("given", "status", "family"),
    [
        (UnitFacts("9220", "O"), Status.RECOGNISED, Family.ASSOCIATION),
        (UnitFacts("9220", "O", "94.11Z", "NAFRev2"), Status.RECOGNISED, Family.ASSOCIATION),
        (UnitFacts("5710", "O"), Status.DECLARED, Family.COMMERCIAL),
        (UnitFacts(None, "O"), Status.DECLARED, Family.COMMERCIAL),
        (UnitFacts("8210", None), Status.PRESUMED, Family.MUTUAL),
        (UnitFacts("5458", "N"), Status.PRESUMED, Family.COOPERATIVE),
        (UnitFacts("5458", None, "94.11Z", "NAFRev2"), Status.OUTSIDE, None),
        (UnitFacts("5458", None, "94.11Z", "NAFRev2", is_listed=True), Status.PRESUMED, Family.COOPERATIVE),
        (UnitFacts("9220", None), Status.OUTSIDE, None),
        (UnitFacts("9220", None, is_listed=True), Status.PRESUMED, Family.ASSOCIATION),
        (UnitFacts("5710", None, is_listed=True), Status.PRESUMED, Family.COMMERCIAL),
        (UnitFacts("1000", "O", is_listed=True), Status.OUTSIDE, None),
        (UnitFacts("9220", "O", is_active=False), Status.OUTSIDE, None),
        (UnitFacts("9220", "O", is_purged=True), Status.OUTSIDE, None),
    ],
)  # fmt: skip
def test_a_unit_has_the_status_of_the_rule(given, status, family):
    verdict = classify(given, PERIMETER, on=NOVEMBER)

    assert (verdict.status, verdict.family) == (status, family)


@given(facts)
def test_every_unit_has_one_status_and_says_why(one):
    verdict = classify(one, PERIMETER, on=NOVEMBER)

    assert (verdict.family is None) == (verdict.status is Status.OUTSIDE)
    assert all(reason.count("=") == 1 and " " not in reason for reason in verdict.reasons)
    assert (f"family={verdict.family}" in verdict.reasons) == (verdict.family is not None)
    if one.category == NATURAL_PERSON or not one.is_active or one.is_purged:
        assert verdict.status is Status.OUTSIDE
    elif one.flag == "O":
        assert verdict.status in (Status.RECOGNISED, Status.DECLARED)


@given(facts)
def test_no_is_treated_as_unknown_is(one):
    def status(flag):
        changed = UnitFacts(one.category, flag, one.activity, one.nomenclature, one.is_listed)
        return classify(changed, PERIMETER, on=NOVEMBER).status

    assert status("N") == status(None)


def test_the_build_and_the_rule_in_python_say_the_same(tmp_path):
    cases = [
        UnitFacts(category, flag, activity, nomenclature, is_listed)
        for category in ("1000", "5710", "9999", None, "9220", "9210", "5458", "8210", "9300")
        for flag in ("O", "N", None)
        for activity in ("94.11Z", "85.59A", None)
        for nomenclature in ("NAFRev2", "NAP", None)
        for is_listed in (True, False)
    ]
    sirens = [f"{300_000_000 + n}" for n in range(len(cases))]
    units = [
        unit(
            siren,
            category=one.category or "",
            flag=one.flag or "",
            activity=one.activity or "",
            nomenclature=one.nomenclature or "",
        )
        for siren, one in zip(sirens, cases, strict=True)
    ]
    listed = [{"siren": siren} for siren, one in zip(sirens, cases, strict=True) if one.is_listed]

    built = built_from(tmp_path, units, ess_list=write_csv(tmp_path / "list.csv", listed))
    kept = {one.siren: one for one in built.units()}

    for siren, one in zip(sirens, cases, strict=True):
        verdict = classify(one, PERIMETER, on=NOVEMBER)
        found = kept.get(siren) or built.outside(siren)
        if one.category == NATURAL_PERSON:
            assert found is None
        else:
            assert (found.status, found.family, found.reasons) == (
                verdict.status,
                verdict.family,
                verdict.reasons,
            )
            assert (siren in kept) == (verdict.status is not Status.OUTSIDE)


def test_an_exclusion_holds_between_its_dates(tmp_path):
    lines = EXCLUSIONS.read_text(encoding="utf-8").split("\n")
    own = tmp_path / "own.csv"
    own.write_text(
        f"{lines[0]}\n94.11Z,NAFRev2,Patronat,2020-01-01,2026-10-31,INSEE,A\n", encoding="utf-8"
    )
    perimeter = read_perimeter(CURRENT, own)
    one = UnitFacts("5458", None, "94.11Z", "NAFRev2")

    assert classify(one, perimeter, on=date(2026, 10, 31)).status is Status.OUTSIDE
    assert classify(one, perimeter, on=NOVEMBER).status is Status.PRESUMED


@pytest.mark.parametrize(
    ("line", "what"),
    [
        ("92,Short,association,retained,A,,", "four digits"),
        ("9220,Association,association,maybe,A,,", "retained"),
        ("9220,Association,club,retained,A,,", "family"),
        ("9220,Association,,retained,A,,", "family"),
        ("9220,Association,commercial,retained,A,,", "family"),
        ("9210,Association,association,out,X,,", "has none"),
        ("9300,Fondation,foundation,retained,A,,", "two lines"),
    ],
)
def test_a_line_that_is_not_understood_refuses_the_table(tmp_path, line, what):
    own = tmp_path / "perimeter-own.csv"
    heading = CURRENT.read_text(encoding="utf-8").split("\n", 1)[0]
    own.write_text(f"{heading}\n9300,Fondation,foundation,retained,A,,\n{line}\n", encoding="utf-8")

    with pytest.raises(RegisterError, match=what) as refused:
        read_perimeter(own)
    assert refused.value.problem.where == "perimeter-own.csv:3"


@pytest.mark.parametrize(
    ("line", "what"),
    [
        ("85.59A,NAFRev2,Formation,,,,", "Education"),
        ("9411Z,NAFRev2,Patronat,,,,", "such as"),
        ("94.11Z,NAFRev2,Patronat,1er janvier,,,", "date"),
    ],
)
def test_an_exclusion_that_is_not_understood_refuses_the_table(tmp_path, line, what):
    own = tmp_path / "own.csv"
    heading = EXCLUSIONS.read_text(encoding="utf-8").split("\n", 1)[0]
    own.write_text(f"{heading}\n{line}\n", encoding="utf-8")

    with pytest.raises(RegisterError, match=what):
        read_perimeter(CURRENT, own)


def test_what_another_perimeter_would_change_is_told_before_it_is_applied(tmp_path):
    units = [
        unit("300000001", flag="O"),
        unit("300000002", flag="O", category="6316", name="CUMA DES TROIS VALLEES"),
        unit("300000003", category="6316"),
        unit("300000004", category="5710"),
    ]
    built = built_from(tmp_path, units)
    own = tmp_path / "perimeter-own.csv"
    own.write_text(
        "".join(
            line for line in CURRENT.read_text(encoding="utf-8").splitlines(keepends=True)
            if not line.startswith("6316")
        ),
        encoding="utf-8",
    )  # fmt: skip

    assert changes(built, PERIMETER) == []
    found = {(one.before, one.after): one for one in changes(built, read_perimeter(own))}

    assert {key: one.units for key, one in found.items()} == {
        ((Status.RECOGNISED, Family.COOPERATIVE), (Status.DECLARED, Family.COMMERCIAL)): 1,
        ((Status.PRESUMED, Family.COOPERATIVE), (Status.OUTSIDE, None)): 1,
    }
    assert ("300000002", "CUMA DES TROIS VALLEES") in [
        example for one in found.values() for example in one.examples
    ]
