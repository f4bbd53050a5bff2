"""What is shown of a hit are parts of its own text, and the words asked for are told apart."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from essor.search.excerpts import EXCERPT_LENGTH, Wanted, corrected
from essor.search.reading import read
from essor.search.types import Match
from essor.search.words import clean
from tests.search.builders import marked


def wanted(typed, match=Match.EVERY_WORD):
    return Wanted.of(read(typed), match)


@pytest.mark.parametrize(
    ("typed", "title", "shown"),
    [
        ("economie", "L’Économie sociale", "L’[Économie] sociale"),
        ("livre", "Les livres, des livres", "Les [livres], des [livres]"),
        ("associ", "Vie associative", "Vie [associative]"),
        ("nuit", "Un jour", "Un jour"),
        ('"vie associative"', "Vie associative", "[Vie] [associative]"),
    ],
)
def test_the_words_asked_for_are_marked(typed, title, shown):
    assert marked(wanted(typed).highlight(title)) == shown


def test_a_near_word_is_marked_when_it_answered():
    assert marked(wanted("econmie", Match.NEAR_WORDS).highlight("L’économie")) == "L’[économie]"


def test_the_excerpt_is_where_most_words_stand():
    body = "Une librairie. " + "Rien à voir ici. " * 40 + "La librairie solidaire du quartier. " * 2

    shown = marked(wanted("librairie solidaire").excerpt(body))

    assert "[librairie] [solidaire] du quartier" in shown
    assert shown.startswith("…")


def test_without_a_match_the_excerpt_is_the_beginning():
    assert marked(wanted("absent").excerpt("Le début. " * 50)).startswith("Le début. Le début.")


def test_an_excerpt_that_ends_with_a_sentence_has_no_further_point():
    body = "mot " * 55 + "fin. " + "x" * 100

    assert marked(wanted("absent").excerpt(body)).endswith("mot fin.")


def test_an_excerpt_is_short():
    body = "solidaire " * 1_000

    assert sum(len(part.text) for part in wanted("solidaire").excerpt(body)) <= EXCERPT_LENGTH + 2


def test_markup_stays_text():
    shown = wanted("alert").highlight("<script>alert</script>")

    assert marked(shown) == "<script>[alert]</script>"


def test_the_words_meant_take_the_place_of_those_typed():
    assert corrected("l’econmie  solidaire", {"econmie": "économie"}) == "l’économie solidaire"


@given(st.text(), st.text())
def test_the_parts_make_the_whole(typed, title):
    title = clean(title)

    assert "".join(part.text for part in wanted(clean(typed)).highlight(title)) == title


@given(st.text(), st.lists(st.sampled_from(["mot ", "étés ", "x" * 300, " "])))
def test_an_excerpt_is_a_stretch_of_the_text(typed, pieces):
    body = "".join(pieces)

    shown = "".join(part.text for part in wanted(clean(typed)).excerpt(body)).strip("…")

    assert shown in " ".join(body.split())
