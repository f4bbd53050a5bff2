"""Near words are told from others, and share a key."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from essor.search.spelling import distance, is_near, near_keys, tolerated

WORDS = st.text("abcd", min_size=0, max_size=12)


@pytest.mark.parametrize(
    ("one", "other", "errors"),
    [
        ("chat", "chat", 0),
        ("chat", "chats", 1),
        ("chat", "chut", 1),
        ("chat", "caht", 1),
        ("livre", "lvire", 1),
        ("economie", "eocnomi", 2),
        ("", "abc", 3),
    ],
)
def test_typing_errors_are_counted(one, other, errors):
    assert distance(one, other) == errors


@pytest.mark.parametrize(
    ("typed", "meant", "near"),
    [
        ("econmie", "economie", True),
        ("bibilotheque", "bibliotheque", True),
        ("mediateque", "mediatheque", True),
        ("ess", "esat", False),
        ("lile", "lille", True),
        ("lens", "lille", False),
    ],
)
def test_short_words_are_forgiven_less(typed, meant, near):
    assert is_near(typed, meant) is near


@given(WORDS, WORDS)
def test_the_distance_is_the_same_both_ways(one, other):
    assert distance(one, other) == distance(other, one)
    assert (distance(one, other) == 0) is (one == other)


@given(WORDS, WORDS)
def test_near_words_share_a_key(one, other):
    if distance(one, other) <= 2:
        assert near_keys(one) & near_keys(other)


def test_nothing_is_forgiven_in_three_letters():
    assert [tolerated(word) for word in ("ess", "lire", "economie")] == [0, 1, 2]
