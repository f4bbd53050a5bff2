"""Streets: façades, a belfry, an avenue."""

import random

from essor.demo.drawings.houses import brickwork, door, window
from essor.demo.drawings.sheet import (
    BRICK,
    HEIGHT,
    HOP,
    INK,
    LINE,
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


def facades() -> Sheet:
    """A row of northern houses under a wheat-coloured sun."""
    sheet = Sheet(tint(WHEAT, 0.82))
    sheet.disc(1330, 430, 250, tint(WHEAT, 0.25))
    chance = random.Random(59)  # noqa: S311  (the same drawing each time, not a secret)
    street = HEIGHT - 150
    widths = [250, 210, 290, 230, 270, 220, 250, 200]
    walls = [BRICK, mix(BRICK, WHEAT, 0.42), mix(BRICK, INK, 0.35), mix(BRICK, PAPER, 0.22)]
    x = -60.0
    for place, width in enumerate(widths):
        top = street - chance.choice([560, 640, 600, 690])
        _house(sheet, (x, top), (width, street - top), walls[place % len(walls)], place)
        x += width
    sheet.box(0, street, WIDTH, HEIGHT - street, mix(SLATE, INK, 0.25))
    sheet.box(0, street, WIDTH, 14, mix(SLATE, PAPER, 0.45))
    return sheet


def _house(sheet: Sheet, corner: Point, size: Point, wall: Colour, place: int) -> None:
    (x, top), (width, height) = corner, size
    sheet.box(x, top, width, height, wall)
    if place % 2:
        _slate_roof(sheet, (x, top), width)
    else:
        _stepped_gable(sheet, (x, top), width, wall)
    brickwork(sheet, (x, top + 8), (width, height), mix(wall, PAPER, 0.13))
    _openings(sheet, (x, top), (width, height), place)


def _stepped_gable(sheet: Sheet, corner: Point, width: float, wall: Colour) -> None:
    x, top = corner
    steps = 5
    for step in range(steps):
        inset = width / 2 * step / steps
        sheet.box(x + inset, top - 40 * step, width - 2 * inset, 42, wall)
        for side in (x + inset, x + width - inset - width / 2 / steps):
            sheet.box(side, top - 40 * step - 4, width / 2 / steps, 9, tint(WHEAT, 0.5))
    sheet.disc(x + width / 2, top - 70, 24, tint(WHEAT, 0.7))


def _slate_roof(sheet: Sheet, corner: Point, width: float) -> None:
    x, top = corner
    sheet.box(x + width * 0.68, top - 150, 34, 120, mix(BRICK, INK, 0.5))
    roof = [(x - 8, top), (x + width * 0.2, top - 130), (x + width * 0.8, top - 130)]
    sheet.polygon([*roof, (x + width + 8, top)], SLATE)
    for row in range(1, 5):
        shift = 26 * row
        inset = width * 0.2 * (shift / 130)
        sheet.line(
            [(x - 8 + inset, top - shift), (x + width + 8 - inset, top - shift)],
            mix(SLATE, PAPER, 0.25),
            3,
        )
    sheet.box(x + width / 2 - 34, top - 104, 68, 76, tint(WHEAT, 0.6))
    sheet.box(x + width / 2 - 24, top - 94, 48, 66, mix(SLATE, INK, 0.4))


def _openings(sheet: Sheet, corner: Point, size: Point, place: int) -> None:
    (x, top), (width, height) = corner, size
    doors = [HOP, SLATE, PLUM, mix(WHEAT, INK, 0.25)]
    column = width / 2
    for floor in range(2):
        for bay in range(2):
            window(sheet, (x + column * bay + column / 2, top + 50 + floor * 185))
    base = top + height
    door(sheet, (x + column * (0.5 + place % 2), base), doors[place % 4])
    window(sheet, (x + column * (1.5 - place % 2), base - 178), height=120)


def beffroi() -> Sheet:
    """A belfry above the roofs, at nightfall."""
    sheet = Sheet(tint(SLATE, 0.62))
    sheet.disc(420, 330, 130, tint(WHEAT, 0.35))
    chance = random.Random(2008)  # noqa: S311
    x = -30.0
    while x < WIDTH:
        width, top = chance.choice([130, 160, 190]), chance.randint(700, 800)
        sheet.polygon(
            [(x, top), (x + width / 2, top - width * 0.55), (x + width, top)], mix(SLATE, INK, 0.2)
        )
        sheet.box(x, top, width, HEIGHT - top, mix(SLATE, INK, 0.35))
        for pane in range(4):
            lit = chance.random() < 0.55
            colour = tint(WHEAT, 0.1) if lit else mix(SLATE, PAPER, 0.15)
            spot = (x + width * (0.22 + 0.38 * (pane % 2)), top + 50 + 110 * (pane // 2))
            sheet.box(*spot, 34, 56, colour)
        x += width + 6
    _belfry(sheet, 1180)
    sheet.box(0, HEIGHT - 110, WIDTH, 110, mix(SLATE, INK, 0.7))
    return sheet


def _belfry(sheet: Sheet, x: float) -> None:
    sheet.box(x - 120, 430, 240, 700, BRICK)
    brickwork(sheet, (x - 120, 430), (240, 700), mix(BRICK, PAPER, 0.13))
    for corner in (-132, 100):
        sheet.box(x + corner, 430, 32, 700, tint(WHEAT, 0.45))
    sheet.box(x - 148, 400, 296, 36, tint(WHEAT, 0.45))
    sheet.box(x - 92, 250, 184, 150, mix(BRICK, WHEAT, 0.3))
    for bay in (-58, 0, 58):
        sheet.box(x + bay - 17, 280, 34, 120, mix(SLATE, INK, 0.5))
        sheet.disc(x + bay, 280, 17, mix(SLATE, INK, 0.5))
    sheet.polygon([(x - 112, 252), (x - 60, 150), (x + 60, 150), (x + 112, 252)], SLATE)
    sheet.polygon([(x - 34, 152), (x, 30), (x + 34, 152)], SLATE)
    sheet.disc(x, 30, 12, WHEAT)
    sheet.disc(x, 540, 84, tint(WHEAT, 0.45))
    sheet.disc(x, 540, 68, PAPER)
    sheet.line([(x, 540), (x, 492)], INK, 9)
    sheet.line([(x, 540), (x + 36, 560)], INK, 9)
    for floor in (690, 850):
        for bay in (-52, 52):
            sheet.box(x + bay - 22, floor, 44, 96, tint(WHEAT, 0.2))


def allee() -> Sheet:
    """An avenue seen from above, and the quiet lane beside it under its trees."""
    sheet = Sheet(tint(HOP, 0.7))
    road = mix(SLATE, PAPER, 0.3)
    sheet.polygon([(-20, 180), (WIDTH, 20), (WIDTH, 420), (-20, 580)], road)
    for dash in range(10):
        start = dash * 200 - 40.0
        height = 380 - (start + 20) * 0.0888
        sheet.line([(start, height), (start + 100, height - 8.9)], PAPER, 12)
    sheet.polygon([(-20, 780), (WIDTH, 620), (WIDTH, 800), (-20, 960)], tint(BRICK, 0.55))
    for place, colour in enumerate((BRICK, SLATE, PLUM)):
        _traveller(sheet, (300 + place * 560, 805 - place * 50), colour)
    for row, (start, count) in enumerate(((40, 9), (120, 9))):
        for tree in range(count):
            x = start + tree * 215
            _tree_from_above(sheet, (x, (680 if row == 0 else 1090) - x * 0.0888), tree + row)
    return sheet


def _tree_from_above(sheet: Sheet, centre: Point, place: int) -> None:
    x, y = centre
    size = 74 + (place * 37) % 22
    sheet.disc(x + 12, y + 14, size, mix(HOP, PAPER, 0.45))
    sheet.disc(x, y, size, mix(HOP, WHEAT, 0.12 * (place % 3)))
    sheet.disc(x - size * 0.25, y - size * 0.25, size * 0.55, mix(HOP, PAPER, 0.18))


def _traveller(sheet: Sheet, centre: Point, colour: Colour) -> None:
    """Draw an open book that walks along the lane."""
    x, y = centre
    sheet.polygon([(x - 70, y - 34), (x, y - 20), (x, y + 44), (x - 70, y + 30)], colour)
    sheet.polygon([(x + 70, y - 34), (x, y - 20), (x, y + 44), (x + 70, y + 30)], colour)
    sheet.polygon([(x - 60, y - 36), (x, y - 24), (x, y + 32), (x - 60, y + 20)], PAPER)
    sheet.polygon([(x + 60, y - 36), (x, y - 24), (x, y + 32), (x + 60, y + 20)], tint(LINE, 0.5))
