"""A text is found however it is written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from essor.search.words import clean, fold, singular, terms, tokens


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("ÉCONOMIE", "economie"),
        ("Œuvre", "oeuvre"),
        ("ex-æquo", "exaequo"),
        ("Straße", "strasse"),
        ("ﬁnances", "finances"),
        ("Łódź", "lodz"),
        ("e\u0301te\u0301", "ete"),
        ("²", "2"),
    ],
)
def test_case_accents_and_ligatures_are_folded(written, folded):
    assert fold(written) == folded


@pytest.mark.parametrize(
    ("plural", "one"),
    [
        ("associations", "association"),
        ("bateaux", "bateau"),
        ("noyaux", "noyau"),
        ("sociaux", "social"),
        ("travaux", "travail"),
        ("bijoux", "bijou"),
        ("jeux", "jeu"),
        ("livre", "livre"),
        ("ess", "ess"),
        ("taux", "taux"),
        ("prix", "prix"),
        ("roubaix", "roubaix"),
        ("stress", "stress"),
    ],
)
def test_plurals_are_brought_to_the_singular(plural, one):
    assert singular(plural) == one


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("l'économie", ["economie"]),
        ("L’ÉCONOMIE d'abord", ["economie", "abord"]),
        ("qu’on lise jusqu'ici", ["on", "lise", "ici"]),
        ("aujourd'hui", ["aujourd", "hui"]),
        ("Hauts-de-France", ["haut", "de", "france"]),
        ("1 234,5 €", ["1", "234", "5"]),
        ("un_autre", ["un", "autre"]),
        ("", []),
        ("… !", []),
    ],
)
def test_a_text_becomes_terms(text, expected):
    assert terms(text) == expected


def test_a_word_stands_where_it_was_written():
    text = "De l’économie !"

    assert [text[token.start : token.end] for token in tokens(text)] == ["De", "économie"]


@given(st.text())
def test_terms_and_tokens_tell_the_same(text):
    text = clean(text)

    assert terms(text) == [token.term for token in tokens(text)]


@given(st.text(st.characters(exclude_categories=[])))
def test_a_clean_text_can_be_written_down_and_is_clean(text):
    cleaned = clean(text)

    assert cleaned.encode("utf-8") == clean(cleaned).encode("utf-8")
    assert "\0" not in cleaned


@given(st.text())
def test_terms_hold_letters_and_figures_only(text):
    assert all(term.isalnum() for term in terms(clean(text)))
