"""What people type is understood; nothing they type is an error."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from essor.search.reading import Reading, read
from essor.search.words import clean


@pytest.mark.parametrize(
    ("typed", "understood"),
    [
        ("économie sociale", Reading(words=("economie", "sociale"), beginning="sociale")),
        ('"économie sociale"', Reading(phrases=(("economie", "sociale"),))),
        ("« économie sociale »", Reading(phrases=(("economie", "sociale"),))),
        ('"économie"', Reading(words=("economie",))),
        (
            "livres -numériques",
            Reading(words=("livre",), excluded=(("numerique",),)),
        ),
        ('livre -"économie sociale"', Reading(("livre",), excluded=(("economie", "sociale"),))),
        ("porte-clés", Reading(words=("porte", "cle"), beginning="cles")),
        ("l'histoire de Lille", Reading(words=("histoire", "lille"), beginning="lille")),
        ("histoire de", Reading(words=("histoire",))),
        ("À la une", Reading(words=("a", "la", "une"), beginning="une")),
        ('l"eco', Reading(words=("l", "eco")[1:], beginning="eco")),
        ("(x AND", Reading(words=("x",))),
        ("chats chat", Reading(words=("chat",), beginning="chat")),
        ("chat - chien", Reading(words=("chat", "chien"), beginning="chien")),
        ("   ", Reading(is_blank=True)),
    ],
)
def test_a_text_is_understood(typed, understood):
    assert read(clean(typed)) == understood


@pytest.mark.parametrize("typed", ["!!!", '"', "-", '-""', "*:*", "'", "--"])
def test_signs_alone_ask_for_nothing(typed):
    assert read(typed).asks_nothing


def test_a_very_long_text_is_cut():
    assert len(read("mot1 mot2 " * 1_000).words) <= 24


@given(st.text())
def test_any_text_can_be_read(typed):
    reading = read(clean(typed))

    assert all(term.isalnum() for term in reading.words)
    assert not reading.beginning or reading.beginning.isalnum()


@given(st.lists(st.sampled_from(['"', "-", "«", "»", " ", "mot", "l'", "été", "*", ":"])))
def test_any_mixture_of_signs_can_be_read(pieces):
    read("".join(pieces))
