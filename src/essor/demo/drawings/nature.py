"""Hops, bees, the rings of a tree."""

import math

from essor.demo.drawings.sheet import (
    BRICK,
    HEIGHT,
    HOP,
    INK,
    LINE,
    PAPER,
    SLATE,
    WHEAT,
    WIDTH,
    Point,
    Sheet,
    mix,
    tint,
)


def houblon() -> Sheet:
    """Hops on their poles, and three bees."""
    sheet = Sheet(tint(WHEAT, 0.84))
    sheet.polygon([(0, 1010), (WIDTH, 930), (WIDTH, HEIGHT), (0, HEIGHT)], tint(HOP, 0.62))
    sheet.polygon([(0, 1100), (WIDTH, 1040), (WIDTH, HEIGHT), (0, HEIGHT)], tint(HOP, 0.35))
    for place, x in enumerate((210, 640, 1120, 1580)):
        _hop_pole(sheet, x, leaning=place % 2)
    for x, y, size in ((425, 790, 1.0), (905, 330, 1.3), (1345, 690, 0.9)):
        _bee(sheet, (x, y), size)
    return sheet


def _hop_pole(sheet: Sheet, x: float, *, leaning: int) -> None:
    sheet.line([(x, 1110), (x, -20)], mix(WHEAT, INK, 0.5), 16)
    stem = [
        (x + math.sin(step / 6 + leaning * math.pi) * 58, 1110 - step * 12.0) for step in range(96)
    ]
    sheet.line(stem, HOP, 10)
    for step in range(20, 92, 12):
        px, py = stem[step]
        side = 1 if px > x else -1
        if (step // 12) % 2:
            _leaf(sheet, (px, py), side)
        else:
            _cone(sheet, (px + side * 66, py + 30))


def _leaf(sheet: Sheet, stalk: Point, side: int) -> None:
    x, y = stalk
    outline = [(0, 0), (46, -46), (62, -14), (120, -34), (96, 6), (126, 52), (72, 34), (40, 60)]
    sheet.polygon([(x + side * dx, y + dy) for dx, dy in outline], mix(HOP, WHEAT, 0.15))
    sheet.line([(x, y), (x + side * 104, y + 8)], tint(HOP, 0.55), 4)


def _cone(sheet: Sheet, head: Point) -> None:
    x, y = head
    greens = (mix(HOP, WHEAT, 0.42), mix(HOP, WHEAT, 0.58))
    for row, reach in enumerate((26, 40, 44, 38, 26, 10)):
        for shift in (-reach, 0, reach):
            sheet.oval(x + shift * 0.62, y + row * 27, (24, 30), greens[(row + (shift != 0)) % 2])
    sheet.line([(x, y - 24), (x, y - 52)], HOP, 6)


def _bee(sheet: Sheet, centre: Point, size: float) -> None:
    x, y = centre
    for dx, dy in ((-14, -44), (30, -48)):
        sheet.oval(x + dx * size, y + dy * size, (30 * size, 40 * size), tint(SLATE, 0.75))
    sheet.oval(x, y, (72 * size, 44 * size), WHEAT)
    for stripe, reach in ((-34, 38), (2, 44), (38, 36)):
        sheet.oval(x + stripe * size, y, (9 * size, reach * size), INK)
    sheet.disc(x + 76 * size, y - 4 * size, 26 * size, INK)
    for track in range(5):
        turn = track * 0.7
        sheet.disc(
            x - (120 + track * 30) * size, y + math.sin(turn) * 26 * size, 5 * size, tint(INK, 0.5)
        )


def cernes() -> Sheet:
    """The rings of a tree, and the sheets of paper that come from it."""
    sheet = Sheet(tint(HOP, 0.84))
    wood = mix(WHEAT, BRICK, 0.25)
    centre = (640.0, 600.0)
    sheet.disc(*centre, 500, mix(wood, INK, 0.55))
    for ring in range(13):
        radius = 466 - ring * 35
        shade = tint(wood, 0.45 if ring % 2 else 0.2)
        sheet.oval(centre[0] + ring * 3, centre[1] - ring * 2, (radius, radius * 0.97), shade)
    sheet.line(
        [(centre[0] + 40, centre[1] - 20), (centre[0] + 452, centre[1] - 150)], tint(wood, 0.1), 6
    )
    for place in range(6):
        x, y = 1120 + place * 46, 250 + place * 52
        sheet.polygon(
            [(x, y + 40), (x + 380, y), (x + 380, y + 440), (x, y + 480)], mix(LINE, INK, 0.12)
        )
        sheet.polygon(
            [(x + 8, y + 40), (x + 372, y + 2), (x + 372, y + 430), (x + 8, y + 468)], PAPER
        )
    x, y = 1120 + 5 * 46, 250 + 5 * 52
    for row in range(8):
        end = 320 if row % 3 else 220
        sheet.line(
            [(x + 50, y + 100 + row * 42), (x + end, y + 100 + row * 42 - (end - 50) * 0.1)],
            LINE,
            9,
        )
    return sheet
