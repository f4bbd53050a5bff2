"""The composition of a drawn cover: a band of pattern, a plain ground, the lettering on it."""

from dataclasses import dataclass
from html import escape

from essor.catalogue.covers.bindings import Binding, grounds_of
from essor.catalogue.covers.chance import Chance
from essor.catalogue.covers.lettering import (
    AUTHOR_LEADING,
    AUTHOR_SIZE,
    LEADING,
    set_author,
    set_title,
)
from essor.catalogue.covers.patterns import SCENES, TEXTURES, Band, Pattern, fill, stroke
from essor.catalogue.types import DocumentType

WIDTH, HEIGHT = 120, 180
SERIF = "Iowan Old Style,Palatino Linotype,Palatino,Book Antiqua,Georgia,serif"


@dataclass(frozen=True, slots=True)
class Face:
    """What a cover is drawn from."""

    identity: str
    title: str
    author: str = ""
    document_type: DocumentType = DocumentType.BOOK
    classification: str = ""


@dataclass(frozen=True, slots=True)
class Layout:
    """Where the pattern and the lettering go. The pattern is painted first, and covered where text lies."""

    band: Band
    plain: Band
    margin: int
    title_top: int
    title_height: int
    patterns: tuple[Pattern, ...]
    is_label: bool = False
    author_follows: bool = False

    @property
    def measure(self) -> int:
        """The longest line."""
        return self.plain.width - 2 * self.margin


BELOW = Layout(
    Band(0, 112, 120, 68), Band(0, 0, 120, 112), 11, 14, 66, TEXTURES + SCENES, author_follows=True
)
ABOVE = Layout(Band(0, 0, 120, 66), Band(0, 66, 120, 114), 11, 80, 66, TEXTURES)
BESIDE = Layout(Band(0, 0, 26, 180), Band(26, 0, 94, 180), 8, 18, 118, TEXTURES)
LABEL = Layout(Band(0, 0, 120, 180), Band(12, 26, 96, 104), 8, 38, 56, TEXTURES, is_label=True)
TALL = Layout(
    Band(0, 150, 120, 30), Band(0, 0, 120, 150), 11, 14, 104, TEXTURES, author_follows=True
)
LAYOUTS = (BELOW, ABOVE, BESIDE, LABEL, BELOW)
ROOMIEST = TALL
"""For the titles that no other takes whole."""


def draw_cover(face: Face) -> str:
    """Draw a cover as an SVG, 120 by 180, that takes any size. Nothing in it is read aloud."""
    chance = Chance(face.identity)
    colours = chance.among(grounds_of(face.document_type, face.classification))
    layout = chance.among(LAYOUTS)
    if not set_title(face.title, layout.measure, layout.title_height).is_whole:
        layout = ROOMIEST
    pattern = chance.among(layout.patterns)
    opening = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}"'
        f' height="{HEIGHT}" aria-hidden="true" focusable="false">'
    )
    pieces = (
        opening,
        fill(f"M0 0h{WIDTH}v{HEIGHT}H0z", colours.ground),
        _moved(layout.band, pattern(layout.band, colours, chance)),
        _plain_ground(layout, colours),
        _letters(face, layout, colours),
        '<path stroke="#fff" stroke-opacity=".2" d="M4.5 0v180"/></svg>',
    )
    return "".join(pieces)


def _moved(band: Band, drawn: str) -> str:
    return f'<g transform="translate({band.x} {band.y})">{drawn}</g>' if band.y else drawn


def _plain_ground(layout: Layout, colours: Binding) -> str:
    room = layout.plain
    ground = fill(f"M{room.x} {room.y}h{room.width}v{room.height}h-{room.width}z", colours.ground)
    if not layout.is_label:
        return ground
    wide, tall = room.width - 6, room.height - 6
    rule = f"M{room.x + 3} {room.y + 3}h{wide}v{tall}h-{wide}z"
    return ground + stroke(rule, colours.touch, 0.8)


def _letters(face: Face, layout: Layout, colours: Binding) -> str:
    room = layout.plain
    title = set_title(face.title, layout.measure, layout.title_height)
    author = set_author(face.author, layout.measure)
    x = room.x + (room.width / 2 if layout.is_label else layout.margin)
    top = layout.title_top
    if layout.is_label:
        top += int((layout.title_height - title.height) / 2)
    foot = room.y + room.height - 11 - AUTHOR_LEADING * (len(author) - 1)
    if layout.author_follows:
        foot = int(top + title.height + 14)
    anchor = ' text-anchor="middle"' if layout.is_label else ""
    titled = _lines(title.lines, x, top + title.size * 0.8, title.size * LEADING)
    signed = _lines(author, x, foot, AUTHOR_LEADING)
    return (
        f'<g font-family="{SERIF}" fill="{colours.letters}"{anchor}>'
        f'<text font-size="{title.size:g}">{titled}</text>'
        f'<text font-size="{AUTHOR_SIZE:g}" font-variant="small-caps" letter-spacing=".3">{signed}</text></g>'
    )


def _lines(lines: tuple[str, ...], x: float, y: float, leading: float) -> str:
    return "".join(
        f'<tspan x="{x:g}" y="{y + row * leading:.4g}">{escape(line)}</tspan>'
        for row, line in enumerate(lines)
    )
