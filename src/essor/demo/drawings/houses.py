"""Walls, windows and doors of northern brick."""

from essor.demo.drawings.sheet import (
    LINE,
    PAPER,
    SLATE,
    WHEAT,
    Colour,
    Point,
    Sheet,
    mix,
    tint,
)


def brickwork(sheet: Sheet, corner: Point, size: Point, joint: Colour) -> None:
    """Draw the joints of a wall, its courses shifted by half a brick."""
    (x, top), (width, height) = corner, size
    for row in range(int(height // 22)):
        y = top + row * 22
        sheet.line([(x, y), (x + width, y)], joint, 1.5)
        for column in range(int(width // 46) + 1):
            across = x + column * 46 + (23 if row % 2 else 0)
            if across < x + width:
                sheet.line([(across, y), (across, y + 22)], joint, 1.5)


def window(sheet: Sheet, head: Point, height: float = 130) -> None:
    """Draw a window hanging from the middle of its lintel."""
    x, y = head
    sheet.box(x - 44, y - 14, 88, 14, tint(WHEAT, 0.55))
    sheet.box(x - 36, y, 72, height, PAPER)
    for pane in (x - 29, x + 4):
        sheet.box(pane, y + 7, 25, 40, mix(SLATE, PAPER, 0.35))
        sheet.box(pane, y + 54, 25, height - 61, mix(SLATE, PAPER, 0.2))
    sheet.box(x - 44, y + height, 88, 10, tint(LINE, 0.2))


def door(sheet: Sheet, foot: Point, colour: Colour) -> None:
    """Draw an arched door standing on the middle of its step."""
    x, y = foot
    sheet.disc(x, y - 160, 48, tint(WHEAT, 0.55))
    sheet.disc(x, y - 160, 36, mix(SLATE, PAPER, 0.35))
    sheet.box(x - 48, y - 160, 96, 160, tint(WHEAT, 0.55))
    sheet.box(x - 36, y - 150, 72, 150, colour)
    sheet.box(x - 26, y - 136, 52, 52, mix(colour, PAPER, 0.18))
    sheet.box(x - 26, y - 72, 52, 56, mix(colour, PAPER, 0.18))
    sheet.disc(x + 24, y - 78, 6, WHEAT)
