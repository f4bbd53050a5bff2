"""Draw the pictures of the demonstration: quiet geometry in the colours of the portal.

`python -m essor.demo.drawings` draws them again into `pictures/`. Chance comes from a seed, so that
the same program always gives the same pictures. They belong to the project, as its code does.
"""

import math
import random
from collections.abc import Callable, Iterator
from pathlib import Path

from PIL import Image, ImageDraw

WIDTH, HEIGHT = 1800, 1200
OVERSIZE = 2
"""Drawn twice as large, then reduced: edges come out smooth."""

Colour = tuple[int, int, int]
Point = tuple[float, float]

PAPER = (251, 248, 243)
INK = (28, 36, 48)
BRICK = (156, 52, 32)
SLATE = (43, 74, 94)
HOP = (47, 97, 54)
PLUM = (107, 58, 110)
WHEAT = (224, 168, 58)
LINE = (217, 208, 195)


def mix(colour: Colour, other: Colour, share: float) -> Colour:
    """Give a colour with a share (0 to 1) of another in it."""
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(colour, other, strict=True))
    return red, green, blue


def tint(colour: Colour, share: float) -> Colour:
    """Give a colour thinned with paper."""
    return mix(colour, PAPER, share)


class Sheet:
    """A sheet of paper measured in points of the finished picture."""

    def __init__(self, ground: Colour) -> None:
        size = (WIDTH * OVERSIZE, HEIGHT * OVERSIZE)
        self.image = Image.new("RGB", size, ground)
        self.pen = ImageDraw.Draw(self.image)

    def box(self, x: float, y: float, width: float, height: float, colour: Colour) -> None:
        """Fill a rectangle."""
        self.polygon([(x, y), (x + width, y), (x + width, y + height), (x, y + height)], colour)

    def polygon(self, points: list[Point], colour: Colour) -> None:
        """Fill a polygon."""
        self.pen.polygon([(x * OVERSIZE, y * OVERSIZE) for x, y in points], fill=colour)

    def disc(self, x: float, y: float, radius: float, colour: Colour) -> None:
        """Fill a disc."""
        self.pen.ellipse(self._around(x, y, radius, radius), fill=colour)

    def oval(self, x: float, y: float, half: Point, colour: Colour) -> None:
        """Fill an ellipse of these half width and half height."""
        self.pen.ellipse(self._around(x, y, *half), fill=colour)

    def arc(self, centre: Point, radius: float, turn: Point, colour: Colour, width: float) -> None:
        """Stroke an arc, clockwise between two angles in degrees."""
        self.pen.arc(
            self._around(*centre, radius, radius), *turn, fill=colour, width=int(width * OVERSIZE)
        )

    def line(self, points: list[Point], colour: Colour, width: float) -> None:
        """Stroke a broken line with round joints."""
        scaled = [(x * OVERSIZE, y * OVERSIZE) for x, y in points]
        self.pen.line(scaled, fill=colour, width=int(width * OVERSIZE), joint="curve")

    def finished(self) -> Image.Image:
        """Give the picture at its final size."""
        return self.image.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS)

    @staticmethod
    def _around(x: float, y: float, half_width: float, half_height: float) -> list[float]:
        corners = (x - half_width, y - half_height, x + half_width, y + half_height)
        return [value * OVERSIZE for value in corners]


# Façades


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
    _brickwork(sheet, (x, top + 8), (width, height), mix(wall, PAPER, 0.13))
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


def _brickwork(sheet: Sheet, corner: Point, size: Point, joint: Colour) -> None:
    (x, top), (width, height) = corner, size
    for row in range(int(height // 22)):
        y = top + row * 22
        sheet.line([(x, y), (x + width, y)], joint, 1.5)
        for column in range(int(width // 46) + 1):
            across = x + column * 46 + (23 if row % 2 else 0)
            if across < x + width:
                sheet.line([(across, y), (across, y + 22)], joint, 1.5)


def _openings(sheet: Sheet, corner: Point, size: Point, place: int) -> None:
    (x, top), (width, height) = corner, size
    doors = [HOP, SLATE, PLUM, mix(WHEAT, INK, 0.25)]
    column = width / 2
    for floor in range(2):
        for bay in range(2):
            _window(sheet, (x + column * bay + column / 2, top + 50 + floor * 185))
    base = top + height
    _door(sheet, (x + column * (0.5 + place % 2), base), doors[place % 4])
    _window(sheet, (x + column * (1.5 - place % 2), base - 178), height=120)


def _window(sheet: Sheet, head: Point, height: float = 130) -> None:
    x, y = head
    sheet.box(x - 44, y - 14, 88, 14, tint(WHEAT, 0.55))
    sheet.box(x - 36, y, 72, height, PAPER)
    for pane in (x - 29, x + 4):
        sheet.box(pane, y + 7, 25, 40, mix(SLATE, PAPER, 0.35))
        sheet.box(pane, y + 54, 25, height - 61, mix(SLATE, PAPER, 0.2))
    sheet.box(x - 44, y + height, 88, 10, tint(LINE, 0.2))


def _door(sheet: Sheet, foot: Point, colour: Colour) -> None:
    x, y = foot
    sheet.disc(x, y - 160, 48, tint(WHEAT, 0.55))
    sheet.disc(x, y - 160, 36, mix(SLATE, PAPER, 0.35))
    sheet.box(x - 48, y - 160, 96, 160, tint(WHEAT, 0.55))
    sheet.box(x - 36, y - 150, 72, 150, colour)
    sheet.box(x - 26, y - 136, 52, 52, mix(colour, PAPER, 0.18))
    sheet.box(x - 26, y - 72, 52, 56, mix(colour, PAPER, 0.18))
    sheet.disc(x + 24, y - 78, 6, WHEAT)


# Shelves


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


# Exchange


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
    _brickwork(sheet, (x - 150, y - 260), (300, 260), mix(BRICK, PAPER, 0.13))
    sheet.polygon([(x - 182, y - 258), (x, y - 420), (x + 182, y - 258)], SLATE)
    _window(sheet, (x - 72, y - 200), height=110)
    _door(sheet, (x + 66, y), HOP)


def _workshop(sheet: Sheet, foot: Point) -> None:
    x, y = foot
    sheet.box(x - 190, y - 230, 380, 230, mix(BRICK, WHEAT, 0.42))
    _brickwork(sheet, (x - 190, y - 230), (380, 230), mix(BRICK, PAPER, 0.5))
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


# Hops and bees


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


# Four families


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


# Weaving


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


DRAWINGS: dict[str, Callable[[], Sheet]] = {
    "facades": facades,
    "rayonnage": rayonnage,
    "echange": echange,
    "houblon": houblon,
    "familles": familles,
    "tissage": tissage,
}


def draw_all(folder: Path) -> None:
    """Draw every picture into a folder, as WebP."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, draw in DRAWINGS.items():
        draw().finished().save(folder / f"{name}.webp", quality=86, method=6)


if __name__ == "__main__":
    draw_all(Path(__file__).resolve().parent / "pictures")
