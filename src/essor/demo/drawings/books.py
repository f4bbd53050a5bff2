"""Books on shelves, in boxes, on the scales, on the road."""

import math
import random

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


def rayonnage() -> Sheet:
    """Spines on two shelves, with a place left empty."""
    sheet = Sheet(tint(SLATE, 0.86))
    chance = random.Random(200093201)  # noqa: S311  (as above)
    for shelf, foot in enumerate((560, 1110)):
        _row_of_books(sheet, chance, foot, gap_at=11 if shelf else 19)
        sheet.box(0, foot, WIDTH, 34, mix(WHEAT, INK, 0.45))
        sheet.box(0, foot, WIDTH, 8, mix(WHEAT, INK, 0.2))
    return sheet


def _row_of_books(sheet: Sheet, chance: random.Random, foot: float, gap_at: int) -> None:
    colours = [BRICK, SLATE, HOP, PLUM, WHEAT, mix(BRICK, WHEAT, 0.4), mix(SLATE, PAPER, 0.35)]
    x, place, last = 46.0, 0, 0
    while x < WIDTH - 60:
        width, height = chance.choice([46, 54, 62, 74, 86]), chance.randint(300, 440)
        choice = (last + chance.randint(1, len(colours) - 1)) % len(colours)
        if place == gap_at:
            x += 96
            _leaning_book(sheet, (x, foot), (58, 380), colours[choice])
            x += 150
        else:
            _book(sheet, (x, foot), (width, height), colours[choice], chance.randint(0, 3))
            x += width + 4
        place, last = place + 1, choice


def _book(sheet: Sheet, foot: Point, size: Point, colour: Colour, style: int) -> None:
    (x, y), (width, height) = foot, size
    pale = tint(colour, 0.62)
    sheet.box(x, y - height, width, height, colour)
    sheet.box(x, y - height, 6, height, mix(colour, INK, 0.22))
    if style == 0:
        for band in (0.1, 0.16, 0.84, 0.9):
            sheet.box(x + 6, y - height * (1 - band), width - 6, 6, pale)
    elif style == 1:
        sheet.box(x + 14, y - height * 0.86, width - 22, height * 0.34, pale)
    elif style == 2:
        sheet.disc(x + width / 2 + 3, y - height * 0.8, width * 0.24, pale)
        sheet.box(x + width / 2, y - height * 0.62, 6, height * 0.42, pale)
    else:
        sheet.box(x + 6, y - height * 0.28, width - 6, height * 0.12, pale)
    sheet.box(x + 12, y - 34, width - 18, 20, PAPER)


def _leaning_book(sheet: Sheet, foot: Point, size: Point, colour: Colour) -> None:
    (x, y), (width, height) = foot, size
    angle = math.radians(14)
    along = (-math.sin(angle) * height, -math.cos(angle) * height)
    across = (math.cos(angle) * width, -math.sin(angle) * width)
    start = (x + 10 + math.sin(angle) * width, y)

    def at(share_across: float, share_along: float) -> Point:
        return (
            start[0] + across[0] * share_across + along[0] * share_along,
            start[1] + across[1] * share_across + along[1] * share_along,
        )

    def patch(corners: list[Point], fill: Colour) -> None:
        sheet.polygon([at(*corner) for corner in corners], fill)

    patch([(0, 0), (1, 0), (1, 1), (0, 1)], colour)
    patch([(0, 0.72), (1, 0.72), (1, 0.84), (0, 0.84)], tint(colour, 0.62))
    patch([(0.15, 0.05), (0.85, 0.05), (0.85, 0.11), (0.15, 0.11)], PAPER)


def cartons() -> Sheet:
    """Boxes of books left at a door, one of them open."""
    sheet = Sheet(tint(WHEAT, 0.8))
    sheet.box(0, 930, WIDTH, HEIGHT - 930, tint(BRICK, 0.6))
    card = mix(WHEAT, INK, 0.18)
    _carton(sheet, (230, 930), (470, 330), card)
    _carton(sheet, (1130, 930), (440, 300), mix(card, BRICK, 0.15))
    _carton(sheet, (330, 600), (360, 240), mix(card, PAPER, 0.15))
    spines = ((BRICK, 54, 300), (SLATE, 46, 340), (WHEAT, 62, 280), (HOP, 50, 360), (PLUM, 58, 310))
    x = 1170.0
    for place, (colour, width, height) in enumerate(spines):
        _book(sheet, (x, 700), (width, height), colour, place % 3)
        x += width + 18
    _carton_front(sheet, (1130, 930), (440, 300), mix(card, BRICK, 0.15))
    _pile(sheet, (910, 930))
    return sheet


def _carton(sheet: Sheet, corner: Point, size: Point, colour: Colour) -> None:
    _carton_front(sheet, corner, size, colour)
    (x, foot), (width, height) = corner, size
    sheet.box(x, foot - height, width, 26, mix(colour, INK, 0.12))


def _carton_front(sheet: Sheet, corner: Point, size: Point, colour: Colour) -> None:
    (x, foot), (width, height) = corner, size
    sheet.box(x, foot - height, width, height, colour)
    sheet.box(x + width / 2 - 30, foot - height, 60, height, mix(colour, PAPER, 0.35))
    sheet.box(x + 36, foot - 96, 110, 60, PAPER)
    for row in range(3):
        sheet.box(x + 50, foot - 82 + row * 15, 82 if row < 2 else 48, 6, mix(LINE, INK, 0.3))


def _pile(sheet: Sheet, foot: Point) -> None:
    x, y = foot
    for place, colour in enumerate((SLATE, BRICK, HOP, WHEAT, PLUM)):
        width, shift = 250 - place * 18, (place * 23) % 31 - 15
        top = y - 46 * (place + 1)
        sheet.box(x - width / 2 + shift, top, width, 42, colour)
        sheet.box(x - width / 2 + shift + 14, top + 8, width - 14, 26, PAPER)
        sheet.box(x - width / 2 + shift, top, 26, 42, colour)


def fourgon() -> Sheet:
    """A van full of books, on a road between two towns."""
    sheet = Sheet(tint(SLATE, 0.84))
    sheet.disc(1450, 300, 140, tint(WHEAT, 0.3))
    for x, width, height in ((0, 170, 250), (190, 120, 340), (330, 200, 210), (1490, 150, 300)):
        sheet.box(x, 820 - height, width, height, tint(SLATE, 0.6))
    sheet.polygon(
        [(0, 820), (500, 740), (1100, 800), (WIDTH, 720), (WIDTH, 900), (0, 900)], tint(HOP, 0.55)
    )
    sheet.box(0, 880, WIDTH, HEIGHT - 880, mix(SLATE, INK, 0.2))
    for dash in range(8):
        sheet.box(60 + dash * 240, 1060, 130, 16, PAPER)
    _van(sheet, (420, 930))
    return sheet


def _van(sheet: Sheet, foot: Point) -> None:
    x, y = foot
    sheet.box(x, y - 420, 640, 360, BRICK)
    front = [
        (x + 640, y - 420),
        (x + 790, y - 420),
        (x + 900, y - 240),
        (x + 930, y - 60),
        (x + 640, y - 60),
    ]
    sheet.polygon(front, mix(BRICK, INK, 0.15))
    sheet.polygon(
        [(x + 680, y - 380), (x + 770, y - 380), (x + 850, y - 240), (x + 680, y - 240)],
        mix(SLATE, PAPER, 0.6),
    )
    sheet.box(x + 44, y - 372, 552, 236, tint(WHEAT, 0.6))
    left = x + 62.0
    colours = (SLATE, WHEAT, HOP, PLUM, BRICK, mix(SLATE, PAPER, 0.35), mix(BRICK, WHEAT, 0.4))
    for place in range(10):
        width, height = 40 + (place * 13) % 22, 150 + (place * 47) % 60
        _book(sheet, (left, y - 136), (width, height), colours[place % 7], (place * 5) % 4)
        left += width + 5
    sheet.box(x - 20, y - 96, 960, 40, mix(BRICK, INK, 0.4))
    for wheel in (x + 160, x + 740):
        sheet.disc(wheel, y - 44, 84, INK)
        sheet.disc(wheel, y - 44, 42, LINE)
    sheet.disc(x + 908, y - 150, 18, WHEAT)


def balance() -> Sheet:
    """A pair of scales: a book on one side, the text of a law on the other."""
    sheet = Sheet(tint(PLUM, 0.86))
    sheet.disc(WIDTH / 2, 560, 430, tint(WHEAT, 0.6))
    brass = mix(WHEAT, INK, 0.25)
    middle = WIDTH / 2
    sheet.box(middle - 16, 260, 32, 700, brass)
    sheet.polygon(
        [(middle - 190, 1010), (middle - 90, 930), (middle + 90, 930), (middle + 190, 1010)], brass
    )
    sheet.box(middle - 240, 1006, 480, 34, mix(brass, INK, 0.3))
    sheet.line([(middle - 470, 340), (middle + 470, 340)], brass, 28)
    sheet.disc(middle, 340, 44, brass)
    sheet.disc(middle, 340, 22, PAPER)
    for side in (-1, 1):
        _pan(sheet, (middle + side * 450, 760), brass)
    _book(sheet, (middle - 520, 748), (62, 250), BRICK, 0)
    _book(sheet, (middle - 452, 748), (74, 210), SLATE, 1)
    _book(sheet, (middle - 372, 748), (48, 270), HOP, 3)
    sheet.box(middle + 355, 470, 190, 278, PAPER)
    for row in range(9):
        sheet.box(middle + 380, 500 + row * 25, 140 if row % 4 else 90, 9, mix(LINE, INK, 0.35))
    sheet.disc(middle + 510, 712, 26, BRICK)
    return sheet


def _pan(sheet: Sheet, centre: Point, colour: Colour) -> None:
    x, y = centre
    for reach in (-150, 150):
        sheet.line([(x, 340), (x + reach, y - 10)], mix(colour, INK, 0.2), 7)
    sheet.polygon(
        [(x - 170, y - 12), (x + 170, y - 12), (x + 110, y + 52), (x - 110, y + 52)], colour
    )


def presse() -> Sheet:
    """A press: paper runs from its roll between inked cylinders."""
    sheet = Sheet(tint(PLUM, 0.84))
    steel, web = mix(SLATE, PAPER, 0.35), 600
    sheet.box(0, 1030, WIDTH, HEIGHT - 1030, mix(SLATE, INK, 0.25))
    sheet.box(560, 250, 1000, 780, tint(SLATE, 0.72))
    sheet.box(560, 250, 1000, 26, mix(SLATE, PAPER, 0.3))
    sheet.box(240, 760, 40, 270, mix(SLATE, INK, 0.25))
    _cylinder(sheet, (260, web + 190), 190, tint(LINE, 0.35))
    for place, ink in enumerate((BRICK, WHEAT, SLATE)):
        x = 740 + place * 320
        _cylinder(sheet, (x, web - 130), 130, ink)
        _cylinder(sheet, (x, web + 142), 130, steel)
        _cylinder(sheet, (x + 70, web - 296), 62, mix(ink, PAPER, 0.2))
    sheet.box(260, web - 6, WIDTH, 24, PAPER)
    for place, ink in enumerate((BRICK, WHEAT, SLATE, BRICK)):
        sheet.box(1600 + place * 52, web - 6, 34, 24, ink)
    return sheet


def _cylinder(sheet: Sheet, centre: Point, radius: float, colour: Colour) -> None:
    sheet.disc(*centre, radius, mix(colour, INK, 0.18))
    sheet.disc(*centre, radius - 12, colour)
    sheet.disc(*centre, radius * 0.55, mix(colour, PAPER, 0.22))
    sheet.disc(*centre, radius * 0.2, INK)
