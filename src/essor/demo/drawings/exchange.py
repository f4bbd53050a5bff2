"""A book that changes hands."""

import math

from essor.demo.drawings.houses import brickwork, door, window
from essor.demo.drawings.sheet import (
    BRICK,
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


def echange() -> Sheet:
    """A book that goes round between a house and a workshop."""
    sheet = Sheet(tint(HOP, 0.86))
    centre = (WIDTH / 2, 600.0)
    sheet.disc(*centre, 400, tint(WHEAT, 0.62))
    for turn, colour in (((205, 330), BRICK), ((25, 150), HOP)):
        sheet.arc(centre, 366, turn, colour, 42)
        _arrow_head(sheet, centre, 345, turn[1], colour)
    _open_book(sheet, centre)
    _home(sheet, (280, 800))
    _workshop(sheet, (1520, 800))
    sheet.box(70, 800, 420, 12, mix(SLATE, PAPER, 0.3))
    sheet.box(1310, 800, 420, 12, mix(SLATE, PAPER, 0.3))
    return sheet


def _arrow_head(sheet: Sheet, centre: Point, radius: float, degrees: float, colour: Colour) -> None:
    def around(angle: float, distance: float) -> Point:
        turn = math.radians(angle)
        return centre[0] + math.cos(turn) * distance, centre[1] + math.sin(turn) * distance

    tip = around(degrees + 14, radius)
    sheet.polygon([tip, around(degrees, radius - 58), around(degrees, radius + 58)], colour)


def _open_book(sheet: Sheet, centre: Point) -> None:
    x, y = centre
    for side in (-1, 1):
        cover = [(x, y + 136), (x + side * 216, y + 100), (x + side * 216, y - 146), (x, y - 106)]
        page = [(x, y + 116), (x + side * 198, y + 82), (x + side * 198, y - 152), (x, y - 116)]
        sheet.polygon(cover, PLUM)
        sheet.polygon(page, PAPER if side < 0 else mix(PAPER, LINE, 0.35))
        for row in range(6):
            height = y - 82 + row * 32
            end = side * (168 if row % 3 else 120)
            slope = -abs(end - side * 30) * 0.155
            sheet.line(
                [(x + side * 30, height), (x + end, height + slope)], mix(LINE, INK, 0.25), 7
            )
    sheet.box(x - 3, y - 116, 6, 240, mix(LINE, INK, 0.3))


def _home(sheet: Sheet, foot: Point) -> None:
    x, y = foot
    sheet.box(x - 150, y - 260, 300, 260, BRICK)
    brickwork(sheet, (x - 150, y - 260), (300, 260), mix(BRICK, PAPER, 0.13))
    sheet.polygon([(x - 182, y - 258), (x, y - 420), (x + 182, y - 258)], SLATE)
    window(sheet, (x - 72, y - 200), height=110)
    door(sheet, (x + 66, y), HOP)


def _workshop(sheet: Sheet, foot: Point) -> None:
    x, y = foot
    sheet.box(x - 190, y - 230, 380, 230, mix(BRICK, WHEAT, 0.42))
    brickwork(sheet, (x - 190, y - 230), (380, 230), mix(BRICK, PAPER, 0.5))
    for tooth in range(3):
        left = x - 190 + tooth * 126.7
        sheet.polygon([(left, y - 228), (left, y - 340), (left + 126.7, y - 228)], SLATE)
        sheet.polygon(
            [(left + 14, y - 246), (left + 14, y - 306), (left + 80, y - 246)],
            mix(SLATE, PAPER, 0.55),
        )
    sheet.box(x - 150, y - 150, 130, 150, mix(SLATE, INK, 0.3))
    sheet.box(x - 138, y - 138, 106, 138, mix(SLATE, PAPER, 0.35))
    for pane in (40, 110):
        sheet.box(x + pane - 26, y - 150, 52, 70, PAPER)
