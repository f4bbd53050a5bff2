"""A table that several people share."""

import math

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
    Point,
    Sheet,
    mix,
    tint,
)


def tablee() -> Sheet:
    """A long table seen from above, with what each person brought to it."""
    sheet = Sheet(tint(BRICK, 0.84))
    for row in range(9):
        sheet.box(0, row * 140, WIDTH, 4, tint(BRICK, 0.74))
    colours = (BRICK, SLATE, HOP, PLUM)
    for place in range(8):
        x, y = 390 + (place % 4) * 340, 250 if place < 4 else 950
        sheet.disc(x, y, 92, mix(colours[place % 4], PAPER, 0.15 if place < 4 else 0.35))
        sheet.disc(x, y, 50, mix(colours[place % 4], INK, 0.2))
    sheet.box(220, 330, 1360, 540, mix(WHEAT, INK, 0.28))
    sheet.box(236, 346, 1328, 508, mix(WHEAT, PAPER, 0.25))
    for plank in range(1, 4):
        sheet.box(236, 346 + plank * 127, 1328, 4, mix(WHEAT, INK, 0.12))
    for place in range(8):
        x, y = 390 + (place % 4) * 340, 450 if place < 4 else 750
        (_laptop, _sheet_of_paper, _open_book, _cup)[(place * 3 + place // 4) % 4](sheet, (x, y))
    sheet.disc(WIDTH / 2, 600, 62, HOP)
    for leaf in range(9):
        turn = leaf * math.tau / 9
        centre = (WIDTH / 2 + math.cos(turn) * 46, 600 + math.sin(turn) * 46)
        sheet.disc(*centre, 24, mix(HOP, WHEAT, 0.3))
    return sheet


def _laptop(sheet: Sheet, centre: Point) -> None:
    x, y = centre
    sheet.box(x - 96, y - 66, 192, 132, mix(SLATE, INK, 0.3))
    sheet.box(x - 84, y - 54, 168, 74, mix(SLATE, PAPER, 0.55))
    sheet.box(x - 30, y + 30, 60, 26, mix(SLATE, PAPER, 0.3))


def _sheet_of_paper(sheet: Sheet, centre: Point) -> None:
    x, y = centre
    sheet.polygon([(x - 80, y - 70), (x + 60, y - 84), (x + 76, y + 70), (x - 64, y + 84)], PAPER)
    for row in range(4):
        start = (x - 56 + row * 3, y - 44 + row * 30)
        sheet.line([start, (start[0] + 100, start[1] - 10)], LINE, 8)


def _open_book(sheet: Sheet, centre: Point) -> None:
    x, y = centre
    sheet.box(x - 104, y - 70, 208, 140, PLUM)
    sheet.box(x - 96, y - 62, 94, 124, PAPER)
    sheet.box(x + 2, y - 62, 94, 124, tint(LINE, 0.5))
    for row in range(4):
        sheet.box(x - 82, y - 44 + row * 26, 64, 7, LINE)
        sheet.box(x + 18, y - 44 + row * 26, 64, 7, mix(LINE, INK, 0.1))


def _cup(sheet: Sheet, centre: Point) -> None:
    x, y = centre
    sheet.disc(x, y, 74, PAPER)
    sheet.disc(x, y, 52, tint(LINE, 0.3))
    sheet.disc(x, y, 40, mix(BRICK, INK, 0.5))
    sheet.oval(x + 66, y, (24, 16), PAPER)
