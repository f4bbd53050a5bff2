"""Values are read as French sources write them, and kept exactly."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from essor.observatory.rules import (
    UNITS_OF,
    is_rounded,
    qualified,
    stated_value,
    unit_of,
    web_address,
    written_value,
    year_of,
)
from essor.observatory.types import Measure, Qualifier, StatedValue, Unit
from essor.presentation.templatetags.typography import number

EMPLOYEES, SHARE = Measure.EMPLOYEES, Measure.SHARE_OF_EMPLOYMENT


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("2300000", 2_300_000),
        ("15 827", 15_827),
        ("15\u202f827", 15_827),
        ("1\u00a0362\u00a0312", 1_362_312),
        (" 12 ", 12),
        ("4000,0", 4000),
        ("0", 0),
    ],
)
def test_a_count_is_read(text, value):
    assert stated_value(text, EMPLOYEES) == StatedValue(Decimal(value))


@pytest.mark.parametrize("text", ["9.6", "9,6", "9,6 %", "9,60\u00a0%"])
def test_a_share_is_read_in_hundredths_and_kept_between_0_and_1(text):
    assert stated_value(text, SHARE).value == Decimal("0.096")


def test_what_is_nearly_so_is_no_more_and_what_is_more_is_no_less():
    nearly = StatedValue(Decimal(4000), Qualifier.NEARLY, None, Decimal(4000))
    assert stated_value("près de 4 000", EMPLOYEES) == nearly
    assert stated_value("Près de\u00a04\u00a0000", EMPLOYEES) == nearly
    tenth = Decimal("0.1")
    assert stated_value("plus de 10 %", SHARE) == StatedValue(tenth, Qualifier.MORE_THAN, tenth)
    assert stated_value("environ 10 %", SHARE) == StatedValue(tenth, Qualifier.ABOUT)


def test_a_range_has_bounds_and_no_value():
    assert stated_value("entre 3 800 et 4 200", EMPLOYEES) == StatedValue(
        None, Qualifier.EXACT, Decimal(3800), Decimal(4200)
    )


@pytest.mark.parametrize(
    "text",
    [
        *("", "beaucoup", "-12", "12,5", "1.234", "1,234.5", "12 34", "1e9", "NaN", "Infinity"),
        *("٣", "12 %", "entre 5 et 3", "près de", "12 salariés", "0x10", "9" * 14, "1 234 5678"),
    ],
)
def test_what_is_no_count_is_refused(text):
    with pytest.raises(ValueError, match="is"):
        stated_value(text, EMPLOYEES)


@pytest.mark.parametrize("text", ["100,1", "112", "-1", "un dixième"])
def test_what_is_no_share_is_refused(text):
    with pytest.raises(ValueError, match="is"):
        stated_value(text, SHARE)


@given(st.integers(0, 10**13 - 1))
def test_a_count_shown_in_french_reads_back_exactly(count):
    assert stated_value(number(count).replace("−", ""), EMPLOYEES).value == count


counts = st.integers(0, 10**13 - 1).map(Decimal)
hundredths = st.decimals(0, 100, places=6).map(lambda percent: percent / 100)


@given(st.sampled_from([(EMPLOYEES, counts), (SHARE, hundredths)]), st.data())
def test_what_is_written_reads_back_as_it_was(measured, data):
    measure, values = measured
    one, other = data.draw(values), data.draw(values)
    qualifier = data.draw(st.sampled_from(Qualifier))
    for stated in (
        qualified(one, qualifier),
        StatedValue(None, Qualifier.EXACT, min(one, other), max(one, other)),
    ):
        assert stated_value(written_value(stated, measure), measure) == stated


def test_a_figure_without_a_value_is_written_as_nothing():
    assert written_value(StatedValue(None), EMPLOYEES) == ""


@given(st.text())
def test_any_text_is_a_value_or_is_refused(text):
    try:
        stated = stated_value(text, EMPLOYEES)
    except ValueError:
        return
    assert stated.value is None or stated.value >= 0


@pytest.mark.parametrize(
    ("vintage", "year"),
    [
        ("2019", 2019),
        ("fin 2021", 2021),
        ("vers 2013", 2013),
        ("11/2022", 2022),
        ("page de 2016-2018 environ", 2018),
        ("Panorama 2026", 2026),
        ("naguère", None),
        ("20190101", None),
        ("1789", None),
    ],
)
def test_a_date_in_words_is_sorted_by_its_last_year(vintage, year):
    assert year_of(vintage) == year


def test_the_unit_is_the_one_the_source_says_if_it_goes_with_the_measure():
    assert unit_of(EMPLOYEES, "postes ; part 10,7 %") is Unit.JOBS
    assert unit_of(EMPLOYEES, "part 11,2 % ; 175 800 ETP") is Unit.EMPLOYEES
    assert unit_of(Measure.ESTABLISHMENTS, "employeurs") is Unit.EMPLOYER_ESTABLISHMENTS
    assert unit_of(Measure.ENTERPRISES, "employeuses ; 1") is Unit.EMPLOYER_ENTERPRISES
    assert unit_of(SHARE, "postes") is Unit.SHARE
    assert set(UNITS_OF) == set(Measure)


def test_a_source_may_say_that_it_rounded():
    assert is_rounded("arrondi")
    assert is_rounded("Arrondi ; part 8 %")
    assert not is_rounded("part 8 %")


@pytest.mark.parametrize(
    ("text", "is_address"),
    [
        ("https://insee.fr/fr/statistiques/8189389", True),
        ("http://example.org", True),
        ("javascript:alert(1)", False),
        ("github mathieu6700417/Katalogue 8d1d659", False),
        ("https://example.org/ onclick=x", False),
        ('https://example.org/"><script>', False),
        ("ftp://example.org/x", False),
        ("https://", False),
        ("", False),
    ],
)
def test_only_addresses_of_the_web_may_be_followed(text, is_address):
    assert web_address(text) == (text if is_address else "")
