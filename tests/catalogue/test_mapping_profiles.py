"""Mapping profiles are data: what is written is read again, what is wrong is said."""

import json
import pickle

import pytest

from essor.catalogue.importers.profiles import (
    Profile,
    UnusableProfile,
    shipped_profile,
    shipped_profiles,
)
from essor.catalogue.types import CodeTable

SOUND = {"code": "lille", "name": "Lille", "syntax": "unimarc", "item_tag": "995"}


@pytest.mark.parametrize("profile", shipped_profiles(), ids=lambda one: one.code)
def test_a_shipped_profile_is_written_and_read_again(profile):
    assert Profile.of(json.loads(json.dumps(profile.definition()))) == profile
    assert pickle.loads(pickle.dumps(profile)) == profile


def test_the_profiles_of_french_libraries_are_shipped():
    codes = {one.code for one in shipped_profiles()}
    assert codes >= {"koha-france", "pmb", "sudoc", "koha-marc21"}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"code": ""}, "missing"),
        ({"name": 7}, "short text"),
        ({"syntax": "intermarc"}, "possible values"),
        ({"item_tag": "9"}, "three digits"),
        ({"item_tag": "001"}, "three digits"),
        ({"places": {"barcode": "$f"}}, "Subfield codes"),
        ({"places": {"colour": "f"}}, "colour"),
        ({"places": ["f"]}, "Names with their values"),
        ({"tables": {"status": {"o:2": "lost"}}}, "o:2: lost"),
        ({"tables": {"branch": {"MED": ""}}}, "short text"),
        ({"tables": {"shelf": {}}}, "shelf"),
        ({"in_words": "branch"}, "list of tables"),
        ({"date_order": "ydm"}, "possible values"),
        ({"is_gone_with_items": "yes"}, "true"),
        ({"filing_mark": "@@"}, "short text"),
        ({"filing_mark": "a"}, "filing_mark: a"),
        ({"filing_mark": "1"}, "filing_mark: 1"),
        ({"filing_mark": "'"}, "filing_mark: '"),
        ({"author": "me"}, "author"),
    ],
)
def test_a_faulty_definition_says_what_is_wrong_and_where(change, said):
    with pytest.raises(UnusableProfile, match=said):
        Profile.of(SOUND | change)


@pytest.mark.parametrize("definition", [None, [], "koha", 3, {1: 2}])
def test_what_is_no_definition_is_refused(definition):
    with pytest.raises(UnusableProfile):
        Profile.of(definition)


def test_a_status_code_without_line_of_its_own_falls_under_any_other():
    koha = shipped_profile("koha-france")

    assert koha.meaning(CodeTable.STATUS, "2:4") == "gone"
    assert koha.meaning(CodeTable.STATUS, "2:0") == "available"
    assert koha.meaning(CodeTable.STATUS, "o:99") is None


def test_a_table_in_words_needs_no_meaning():
    pmb = shipped_profile("pmb")

    assert pmb.meaning(CodeTable.BRANCH, "Bibliobus") == "Bibliobus"
    assert shipped_profile("koha-france").meaning(CodeTable.BRANCH, "BUS") is None
