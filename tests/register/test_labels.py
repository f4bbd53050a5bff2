"""Codes in words."""

import pytest
from django.utils import translation

from essor.register.labels import (
    SECTOR_LABELS,
    active_in,
    activity_label,
    band_label,
    category_label,
    reason_sentences,
    sector_label,
)
from essor.register.rules import BANDS
from essor.register.types import Sector


@pytest.mark.parametrize(
    ("code", "label"), [("9220", "Association déclarée"), ("1234", "1234"), ("", "")]
)
def test_a_legal_category_has_its_label_and_an_unknown_one_its_code(code, label):
    assert category_label(code) == label


@pytest.mark.parametrize(
    ("code", "nomenclature", "label"),
    [
        ("94.99Z", "NAFRev2", "Autres organisations fonctionnant par adhésion volontaire"),
        ("94.99Y", "NAF2025", "Activités des organisations associatives"),
        ("80.4D", "NAP", "80.4D"),
        ("", "NAFRev2", ""),
    ],
)
def test_an_activity_is_named_in_its_own_nomenclature(code, nomenclature, label):
    assert activity_label(code, nomenclature) == label


@pytest.mark.parametrize(
    ("code", "label"),
    [
        ("NN", "aucun salarié, ou aucun connu"),
        ("01", "1 ou 2 salariés"),
        ("11", "10 à 19 salariés"),
        ("42", "1\u202f000 à 1\u202f999 salariés"),
        ("53", "10\u202f000 salariés ou plus"),
        (None, "effectif inconnu"),
        ("", "effectif inconnu"),
        ("99", "effectif inconnu"),
    ],
)
def test_a_headcount_band_is_told_with_its_bounds(code, label):
    with translation.override("fr"):
        assert band_label(code) == label


def test_every_band_and_sector_has_words_in_both_languages():
    for language in ("fr", "en"):
        with translation.override(language):
            assert all(band_label(code) for code in BANDS)
            assert all(str(SECTOR_LABELS[sector]) for sector in Sector)
            assert all(active_in(sector) for sector in Sector if sector is not Sector.UNKNOWN)
    assert sector_label("no-such-sector") == "no-such-sector"


def test_reasons_become_sentences_in_order_and_none_is_hidden():
    with translation.override("en"):
        flag, category, family, perimeter, unknown = reason_sentences(
            ["flag=O", "category=9220", "family=association", "perimeter=2026-11", "other=1"]
        )
    assert "flag O" in flag
    assert category == "Its legal category is 9220, “Association déclarée”."
    assert "associations" in family
    assert "2026-11" in perimeter
    assert unknown == "other=1"


def test_a_flag_that_is_absent_is_silence_and_never_a_no():
    with translation.override("en"):
        (silence,) = reason_sentences(["flag=null"])
        (refusal,) = reason_sentences(["flag=N"])
    assert "Silence is not a “no”" in silence
    assert silence != refusal
