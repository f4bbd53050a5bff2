"""Numbers, dates and spaces read as a French printer, or an English one, would set them."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.template import Context, Template
from django.utils import translation
from django.utils.safestring import SafeString, mark_safe
from hypothesis import given
from hypothesis import strategies as st

from essor.presentation.templatetags.typography import (
    bounds,
    long_date,
    nbsp,
    number,
    percent,
    percent_bounds,
)

NB, NNB = "\u00a0", "\u202f"
decimals = st.decimals(
    allow_nan=False, allow_infinity=False, min_value=Decimal("-1e30"), max_value=Decimal("1e30")
)


@pytest.fixture(autouse=True)
def _french():
    with translation.override("fr"):
        yield


def in_english(shown, *values):
    with translation.override("en"):
        return shown(*values)


def test_french_numbers_have_narrow_spaces_and_a_comma():
    assert number(Decimal("1234.5")) == f"1{NNB}234,5"
    assert number(207824) == f"207{NNB}824"
    assert number(-12) == "\u221212"
    assert number(Decimal("9.6000")) == "9,6"
    assert number(Decimal("1E+3")) == f"1{NNB}000"


def test_english_numbers_have_commas_and_a_point():
    assert in_english(number, Decimal("1234.5")) == "1,234.5"


def test_a_number_is_rounded_half_up_only_when_asked():
    assert number(Decimal("2.345"), 2) == "2,35"
    assert number(Decimal("2.5"), 0) == "3"
    assert number(Decimal("7"), 1) == "7,0"
    assert number(Decimal("-0.04"), 1) == "0,0"


def test_what_is_unknown_says_so():
    assert number(None) == "inconnu"
    assert percent(None) == "inconnu"
    assert bounds(None, None) == "inconnu"
    assert long_date(None) == "inconnue"
    assert in_english(number, None) == "unknown"
    assert number(Decimal("NaN")) == "inconnu"


def test_a_text_that_is_no_number_is_shown_as_it_is():
    assert number("[ND]") == "[ND]"
    assert percent("[ND]") == "[ND]"


def test_a_share_is_shown_in_hundredths_with_at_most_one_decimal():
    assert percent(Decimal("0.112")) == f"11,2{NB}%"
    assert percent(Decimal("0.11")) == f"11{NB}%"
    assert percent(0.1) == f"10{NB}%"
    assert percent(Decimal("0.0698881")) == f"7{NB}%"
    assert percent(Decimal("0.0698881"), 2) == f"6,99{NB}%"
    assert in_english(percent, Decimal("0.112")) == "11.2%"


def test_bounds_are_said_in_words():
    assert bounds(3800, 4200) == f"entre 3{NNB}800 et 4{NNB}200"
    assert bounds(3800, None) == f"au moins 3{NNB}800"
    assert bounds(None, 4200) == f"au plus 4{NNB}200"
    assert bounds(4000, Decimal("4000.0")) == f"4{NNB}000"
    assert in_english(bounds, 3800, 4200) == "between 3,800 and 4,200"
    shares = Decimal("0.096"), Decimal("0.11")
    assert percent_bounds(*shares) == f"entre 9,6{NB}% et 11{NB}%"


def test_dates_are_written_in_full():
    assert long_date(date(2014, 7, 31)) == f"31{NB}juillet 2014"
    assert long_date(date(2014, 8, 1)) == f"1er{NB}août 2014"
    assert in_english(long_date, date(2014, 8, 1)) == f"1{NB}August 2014"


def test_a_moment_is_dated_in_the_time_zone_of_the_portal():
    assert long_date(datetime(2014, 7, 31, 23, 30, tzinfo=UTC)) == f"1er{NB}août 2014"


@pytest.mark.parametrize(
    ("typed", "set_"),
    [
        ("Qui choisit ?", f"Qui choisit{NB}?"),
        ("Qui : eux ; nous !", f"Qui{NB}: eux{NB}; nous{NB}!"),
        ("le « bien commun »", f"le «{NB}bien commun{NB}»"),
        ("le «bien commun»", f"le «{NB}bien commun{NB}»"),
        ("12 % de 30 €", f"12{NB}% de 30{NB}€"),
        ("52 000 emplois", f"52{NNB}000 emplois"),
        ("1 234 567 unités", f"1{NNB}234{NNB}567 unités"),
        ("https://ess.example.org:80/?q=1 à 12:30", "https://ess.example.org:80/?q=1 à 12:30"),
        ("en 2014 300 personnes", "en 2014 300 personnes"),
        ("un :exemple", "un :exemple"),
        ("loi n° 47-1775, art. 33", f"loi n°{NB}47-1775, art.{NB}33"),
        ("l’art. de vivre, un quart. 3", "l’art. de vivre, un quart. 3"),
    ],
)
def test_spaces_of_french_punctuation_do_not_break(typed, set_):
    assert nbsp(typed) == set_


def test_html_stays_safe_and_keeps_its_attributes_and_plain_text_stays_unsafe():
    drawing = mark_safe('<svg viewBox="0 0 100 100"></svg> Voici !')
    assert nbsp(drawing) == f'<svg viewBox="0 0 100 100"></svg> Voici{NB}!'
    assert isinstance(nbsp(drawing), SafeString)
    assert not isinstance(nbsp("<b> !"), SafeString)


def test_templates_have_the_filters_without_loading_them():
    template = Template(
        "{{ n|number }} {{ share|percent:2 }} {{ low|bounds:high }} {{ text|nbsp }}"
    )
    values = {"n": 1000, "share": Decimal("0.5"), "low": 1, "high": 2, "text": "<i> ?"}
    assert template.render(Context(values)) == f"1{NNB}000 50,00{NB}% entre 1 et 2 &lt;i&gt;{NB}?"


def read_back(text):
    return Decimal(text.replace(NNB, "").replace(",", ".").replace("\u2212", "-"))


@given(decimals)
def test_a_number_shown_reads_back_exactly(value):
    with translation.override("fr"):
        assert read_back(number(value)) == value


@given(decimals, st.integers(0, 6))
def test_a_rounded_number_is_within_half_a_last_place(value, places):
    with translation.override("fr"):
        shown = number(value, places)
    assert len(shown.partition(",")[2]) == places
    assert abs(read_back(shown) - value) <= Decimal(5).scaleb(-places - 1)


@given(st.text())
def test_spacing_twice_is_spacing_once_and_only_touches_blanks(text):
    once = nbsp(text)
    assert nbsp(once) == once
    assert [c for c in once if not c.isspace()] == [c for c in text if not c.isspace()]


@given(decimals, decimals)
def test_a_range_shows_both_ends(low, high):
    with translation.override("fr"):
        shown = bounds(low, high)
        assert number(low) in shown
        assert number(high) in shown
