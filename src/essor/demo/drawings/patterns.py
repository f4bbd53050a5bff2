"""Patterns: four families, a weave, a honeycomb, a frieze."""

import math
from collections.abc import Callable, Iterator

from essor.demo.drawings.sheet import (
    BRICK,
    HEIGHT,
    HOP,
    INK,
    PAPER,
    PLUM,
    SLATE,
    WHEAT,
    WIDTH,
    Colour,
    Point,
    Sheet,
    mix,
    tint,
)


def familles() -> Sheet:
    """Four squares, each with the pattern of its family, around one centre."""
    sheet = Sheet(tint(PLUM, 0.88))
    side, gap = 470, 22
    left, top = WIDTH / 2 - side - gap / 2, HEIGHT / 2 - side - gap / 2
    families: list[tuple[Colour, Callable[[Sheet, Point, float, Colour], None]]] = [
        (BRICK, _brick_pattern),
        (SLATE, _slate_pattern),
        (HOP, _leaf_pattern),
        (PLUM, _ray_pattern),
    ]
    for place, (colour, pattern) in enumerate(families):
        x, y = left + (place % 2) * (side + gap), top + (place // 2) * (side + gap)
        sheet.box(x, y, side, side, colour)
        pattern(sheet, (x, y), side, mix(colour, PAPER, 0.3))
    sheet.disc(WIDTH / 2, HEIGHT / 2, 150, tint(PLUM, 0.88))
    sheet.disc(WIDTH / 2, HEIGHT / 2, 118, WHEAT)
    sheet.disc(WIDTH / 2, HEIGHT / 2, 64, PAPER)
    return sheet


def _brick_pattern(sheet: Sheet, corner: Point, side: float, colour: Colour) -> None:
    x, y = corner
    first, last = x + 12, x + side - 12
    for row in range(8):
        start = first - (58 if row % 2 else 0)
        for column in range(5):
            left = max(start + column * 114, first)
            right = min(start + (column + 1) * 114 - 12, last)
            if right - left > 20:
                sheet.box(left, y + 18 + row * 55, right - left, 42, colour)


def _slate_pattern(sheet: Sheet, corner: Point, side: float, colour: Colour) -> None:
    x, y = corner
    radius = side / 10
    for row in range(7, -1, -1):
        for column in range(5 - row % 2):
            across = x + radius * (1 + row % 2) + column * 2 * radius
            centre = (across, y + radius * (1.2 + row * 1.02))
            if centre[1] + radius <= y + side:
                sheet.disc(*centre, radius, colour)
                sheet.disc(*centre, radius - 8, SLATE)


def _leaf_pattern(sheet: Sheet, corner: Point, side: float, colour: Colour) -> None:
    x, y = corner
    cell = side / 4
    for row in range(4):
        for column in range(4):
            left, top = x + column * cell, y + row * cell
            sheet.polygon(list(_lens(left, top, cell, flipped=(row + column) % 2 == 1)), colour)


def _lens(x: float, y: float, cell: float, *, flipped: bool) -> Iterator[Point]:
    """Give the outline of a leaf from one corner of a cell to the opposite one."""
    inset, reach = cell * 0.1, cell * 0.8
    turns = [step / 20 * math.pi / 2 for step in range(21)]
    upper = [(math.sin(turn), 1 - math.cos(turn)) for turn in turns]
    lower = [(1 - math.cos(turn), math.sin(turn)) for turn in reversed(turns)]
    for across, down in upper + lower:
        yield x + inset + (1 - across if flipped else across) * reach, y + inset + down * reach


def _ray_pattern(sheet: Sheet, corner: Point, side: float, colour: Colour) -> None:
    x, y = corner
    rays = 9
    for ray in range(rays):
        start, end = ray / rays, (ray + 0.5) / rays
        sheet.polygon(
            [(x, y), _edge(x, y, side, start), _edge(x, y, side, end)],
            colour,
        )


def _edge(x: float, y: float, side: float, share: float) -> Point:
    """Give the point at this share of the two far edges of a square."""
    if share <= 0.5:
        return x + side, y + side * share * 2
    return x + side * (1 - (share - 0.5) * 2), y + side


def tissage() -> Sheet:
    """Wide threads, over and under, as on a loom."""
    sheet = Sheet(tint(BRICK, 0.86))
    warp = [SLATE, mix(SLATE, PAPER, 0.3), HOP, mix(HOP, PAPER, 0.3), SLATE, PLUM]
    weft = [BRICK, WHEAT, mix(BRICK, WHEAT, 0.4), tint(BRICK, 0.3)]
    for row in range(9):
        for column in range(13):
            corner = (21 + column * STEP, 21 + row * STEP)
            if (row + column) % 2:
                _crossing(sheet, corner, warp[column % len(warp)], upright=True)
            else:
                _crossing(sheet, corner, weft[row % len(weft)], upright=False)
    return sheet


STEP, THREAD = 150, 108
"""From one thread to the next, and the width of a thread."""


def _crossing(sheet: Sheet, corner: Point, colour: Colour, *, upright: bool) -> None:
    """Lay the thread that passes above, as far as the next ones under which it goes."""
    (x, y), spare = corner, STEP - THREAD

    def strip(across: float, width: float, fill: Colour) -> None:
        if upright:
            sheet.box(x + across, y - spare, width, THREAD + 2 * spare, fill)
        else:
            sheet.box(x - spare, y + across, THREAD + 2 * spare, width, fill)

    strip(0, THREAD, colour)
    for fibre in (26, 52, 78):
        strip(fibre, 4, mix(colour, INK, 0.18))


def ruche() -> Sheet:
    """A honeycomb, a few of whose cells carry the colour of a family."""
    sheet = Sheet(tint(WHEAT, 0.62))
    radius = 118
    across, down = radius * math.sqrt(3), radius * 1.5
    filled = {(1, 2): BRICK, (2, 4): SLATE, (3, 2): HOP, (4, 5): PLUM, (2, 7): BRICK, (5, 3): HOP}
    for row in range(-1, 9):
        for column in range(-1, 11):
            centre = (column * across + (across / 2 if row % 2 else 0), row * down)
            colour = filled.get((row, column), tint(WHEAT, 0.18 + 0.12 * ((row * 3 + column) % 3)))
            sheet.polygon(_hexagon(centre, radius - 7), colour)
            if (row, column) in filled:
                sheet.polygon(_hexagon(centre, radius - 40), mix(colour, PAPER, 0.22))
                sheet.polygon(_hexagon(centre, radius - 76), PAPER)
    return sheet


def _hexagon(centre: Point, radius: float) -> list[Point]:
    turns = [math.radians(30 + 60 * corner) for corner in range(6)]
    return [(centre[0] + math.cos(t) * radius, centre[1] + math.sin(t) * radius) for t in turns]


def frise() -> Sheet:
    """Arches one after the other, each taller than the one before, on one line of time."""
    sheet = Sheet(tint(SLATE, 0.86))
    colours = (PLUM, HOP, SLATE, mix(BRICK, WHEAT, 0.4), BRICK, WHEAT)
    ground = 980
    for place, colour in enumerate(colours):
        x, height, half = 190 + place * 284, 250 + place * 84, 116
        for ring, shade in enumerate((colour, mix(colour, PAPER, 0.3), mix(colour, PAPER, 0.6))):
            inner = half - ring * 30
            sheet.disc(x, ground - height + half, inner, shade)
            sheet.box(x - inner, ground - height + half, 2 * inner, height - half, shade)
        sheet.disc(x, ground - height + half, half - 90, PAPER)
        sheet.box(x - half + 90, ground - height + half, 2 * (half - 90), height - half, PAPER)
    sheet.box(0, ground, WIDTH, 16, mix(SLATE, INK, 0.2))
    for place, colour in enumerate(colours):
        sheet.disc(190 + place * 284, ground + 8, 26, mix(SLATE, INK, 0.2))
        sheet.disc(190 + place * 284, ground + 8, 14, tint(colour, 0.1))
    return sheet
