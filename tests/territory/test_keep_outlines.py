"""Outlines come back as they went in, to about a metre."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from essor.territory.rules import decode_ring, encode_ring

points = st.lists(
    st.tuples(
        st.floats(-180, 180, allow_nan=False),
        st.floats(-90, 90, allow_nan=False),
    ),
    max_size=30,
)


def test_the_example_of_the_published_algorithm_is_encoded_as_published():
    assert encode_ring([(-120.2, 38.5), (-120.95, 40.7), (-126.453, 43.252)]) == (
        "_p~iF~ps|U_ulLnnqC_mqNvxq`@"
    )


@given(points)
def test_a_ring_reads_back_to_five_decimals(ring):
    rounded = [(round(x * 100_000) / 100_000, round(y * 100_000) / 100_000) for x, y in ring]
    without_repeats = [
        point for rank, point in enumerate(rounded) if rank == 0 or point != rounded[rank - 1]
    ]
    assert decode_ring(encode_ring(ring)) == without_repeats


@pytest.mark.parametrize("text", ["é", " ", "_", "_p~iF", "\x00"])
def test_a_text_that_is_no_ring_is_refused(text):
    with pytest.raises(ValueError, match="encoded polyline"):
        decode_ring(text)


@given(st.text(max_size=40))
def test_any_text_is_read_or_refused_never_a_crash(text):
    with contextlib.suppress(ValueError):
        ring = decode_ring(text)
        assert decode_ring(encode_ring(ring)) == ring or len(set(ring)) < len(ring)
