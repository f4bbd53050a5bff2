"""The paper, the colours and the pen shared by the drawings."""

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
