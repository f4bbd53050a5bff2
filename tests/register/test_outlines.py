"""Outlines made light, and names that do not touch."""

import math

from hypothesis import given
from hypothesis import strategies as st

from essor.register.cartography.grid import (
    Bounds,
    Grid,
    View,
    zoom_to_show,
)
from essor.register.cartography.outlines import Label, middle_of, simplified, zooms_of_labels

CIRCLE = [
    (math.cos(step % 50 / 50 * math.tau), math.sin(step % 50 / 50 * math.tau)) for step in range(51)
]


def test_a_round_outline_keeps_its_shape_with_fewer_points():
    [[ring]] = simplified([[CIRCLE]], 0.05)

    assert 8 < len(ring) < 30
    assert ring[0] == ring[-1] == CIRCLE[0]
    assert set(ring) <= set(CIRCLE)


def test_without_tolerance_nothing_is_left_out():
    assert simplified([[CIRCLE]], 0) == [[CIRCLE]]


def test_what_is_smaller_than_the_tolerance_disappears():
    island = [(5 + x / 100, y / 100) for x, y in CIRCLE]

    assert len(simplified([[CIRCLE], [island]], 0.05)) == 1


def test_a_name_is_written_in_the_middle_of_the_largest_part():
    island = [(5 + x / 10, y / 10) for x, y in CIRCLE]

    x, y = middle_of([[island], [CIRCLE]])

    assert abs(x) < 0.01
    assert abs(y) < 0.01


def test_of_two_names_that_would_touch_the_second_waits_until_one_is_closer():
    first, second = zooms_of_labels(
        [Label("Lille", (3.06, 50.63)), Label("Lambersart", (3.03, 50.65))]
    )

    assert first < second


@given(st.floats(-179, 179), st.floats(-80, 80), st.integers(0, 18))
def test_a_point_is_in_the_view_made_around_it_and_its_group_is_drawn_in_its_cell(x, y, zoom):
    view = View.holding(Bounds(x, y, x, y), zoom)
    grid = Grid(zoom)

    assert view.bounds.holds((x, y))
    assert grid.cell_of(grid.inside(grid.cell_of((x, y)), (x, y))) == grid.cell_of((x, y))


def test_the_zoom_that_shows_an_area_shows_all_of_it():
    metropolis = Bounds(2.79, 50.5, 3.27, 50.8)
    zoom = zoom_to_show(metropolis, width_px=640, height_px=480)

    assert (metropolis.east - metropolis.west) * 256 * 2**zoom / 360 <= 640
    assert (metropolis.east - metropolis.west) * 256 * 2 ** (zoom + 1) / 360 > 640 / 2
