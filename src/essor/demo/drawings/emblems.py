"""Emblems that stand for the logos of made-up structures: one sign, few colours, read from afar."""

import math

from essor.demo.drawings.sheet import (
    BRICK,
    HEIGHT,
    HOP,
    PAPER,
    PLUM,
    SLATE,
    WHEAT,
    WIDTH,
    Point,
    Sheet,
    tint,
)

CENTRE = (WIDTH / 2, HEIGHT / 2)
X, Y = CENTRE


def pousse() -> Sheet:
    """A shoot with two leaves, on a disc of wheat."""
    sheet = Sheet(tint(HOP, 0.86))
    sheet.disc(*CENTRE, 430, WHEAT)
    sheet.box(X - 22, Y - 120, 44, 420, HOP)
    for side, foot, size in ((-1, Y + 150, 270), (1, Y + 40, 330)):
        sheet.polygon([(X + side * x, y) for x, y in _leaf(foot, size)], HOP)
    return sheet


def _leaf(foot: float, size: float) -> list[Point]:
    """Give the outline of a leaf that rises from its foot to the right, two quarters of a circle."""
    turns = [math.pi / 40 * step for step in range(21)]
    above = [(size * (1 - math.cos(turn)), foot - size * math.sin(turn)) for turn in turns]
    below = [(size * math.sin(turn), foot - size * (1 - math.cos(turn))) for turn in turns]
    return [*above, *reversed(below)]


def ronde() -> Sheet:
    """Eight people around a table, seen from above."""
    sheet = Sheet(tint(PLUM, 0.86))
    colours = (BRICK, SLATE, HOP, PLUM)
    for seat in range(8):
        turn = math.radians(seat * 45 + 22.5)
        sheet.disc(X + math.cos(turn) * 400, Y + math.sin(turn) * 400, 92, colours[seat % 4])
    sheet.disc(*CENTRE, 250, WHEAT)
    sheet.disc(*CENTRE, 150, PAPER)
    return sheet


def boucle() -> Sheet:
    """Three arrows that follow one another."""
    sheet = Sheet(tint(SLATE, 0.86))
    for start, colour in ((0, BRICK), (120, SLATE), (240, HOP)):
        sheet.arc(CENTRE, 440, (start + 8, start + 92), colour, 130)
        tip, foot = math.radians(start + 116), math.radians(start + 90)
        inner, outer = 255, 495
        sheet.polygon(
            [
                (X + math.cos(tip) * 375, Y + math.sin(tip) * 375),
                (X + math.cos(foot) * inner, Y + math.sin(foot) * inner),
                (X + math.cos(foot) * outer, Y + math.sin(foot) * outer),
            ],
            colour,
        )
    return sheet


def livre() -> Sheet:
    """An open book whose pages are the colours of the families."""
    sheet = Sheet(tint(BRICK, 0.86))
    for side in (-1, 1):
        for depth, colour in enumerate((SLATE, HOP, PLUM, BRICK)):
            reach, height = 520 - depth * 34, 330 - depth * 70
            corners = [(X, Y + height), (X + side * reach, Y + height - 130)]
            sheet.polygon([*corners, (X + side * reach, Y - 330), (X, Y - 200)], colour)
        page = [(X, Y + 60), (X + side * 384, Y - 66), (X + side * 384, Y - 330), (X, Y - 200)]
        sheet.polygon(page, PAPER)
    sheet.box(X - 12, Y - 200, 24, 530, WHEAT)
    return sheet
