"""What is remembered of the answers given, and how much of it."""

from hypothesis import given
from hypothesis import strategies as st

from essor.search.engines.remembered import Remembered
from essor.search.spelling import distance, is_near, tolerated


def test_the_last_answers_are_kept():
    remembered = Remembered(2)

    for number in range(3):
        remembered.keep(number, str(number))

    assert [remembered.kept(number) for number in range(3)] == [None, "1", "2"]


def test_an_answer_asked_for_again_is_kept_longer():
    remembered = Remembered(2)
    remembered.keep("popular", "1")
    remembered.keep("rare", "2")

    remembered.kept("popular")
    remembered.keep("new", "3")

    assert remembered.kept("popular") == "1"
    assert remembered.kept("rare") is None


def test_many_cheap_answers_do_not_drive_out_a_costly_one():
    remembered = Remembered(2, most_costly=1)
    remembered.keep("costly", "1", is_costly=True)

    for number in range(10):
        remembered.keep(number, "cheap")

    assert remembered.kept("costly") == "1"


def test_costly_answers_are_bounded_too():
    remembered = Remembered(2, most_costly=1)

    remembered.keep("costly", "1", is_costly=True)
    remembered.keep("costlier", "2", is_costly=True)

    assert remembered.kept("costly") is None


def test_an_answer_completed_at_little_cost_takes_the_place_of_the_costly_one():
    remembered = Remembered(2, most_costly=1)
    remembered.keep("shelf", "half", is_costly=True)

    remembered.keep("shelf", "whole")
    for number in range(10):
        remembered.keep(number, "cheap")

    assert remembered.kept("shelf") == "whole"


def test_nothing_is_kept_where_nothing_may_be():
    remembered = Remembered(0)

    remembered.keep("shelf", "1")

    assert remembered.kept("shelf") is None


@given(st.text("abcdé", max_size=12), st.text("abcdé", max_size=12))
def test_words_are_near_by_their_distance_alone(word, other):
    assert is_near(word, other) == (distance(word, other) <= tolerated(word))
