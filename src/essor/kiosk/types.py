"""Values of the kiosk: which records it shows, and how they look."""

from dataclasses import dataclass
from enum import StrEnum

FRAME_HEIGHT_PX = 350
"""Height of a frame that shows a strip without scrolling: measured by a browser test."""

MOST_RECORDS = 100
MOST_CANDIDATES = 1_000
"""Records among which a draw or a rule on covers chooses: the first ones, in the order of the kiosk."""


class Display(StrEnum):
    """How the covers stand: every display is made of the same list of links."""

    STRIP = "strip"
    GRID = "grid"
    SINGLE = "single"
    VERTICAL = "vertical"
    COVER_FLOW = "cover-flow"
    LIST = "list"


class Order(StrEnum):
    """In which order a kiosk shows its records; `CHOSEN` is that of its basket or of its search."""

    CHOSEN = "chosen"
    TITLE = "title"
    NEWEST = "newest"
    BORROWED = "borrowed"
    VIEWED = "viewed"


class Draw(StrEnum):
    """How long a draw among the first records stands before another one takes its place."""

    NONE = "none"
    DAY = "day"
    HOUR = "hour"
    VIEW = "view"


class Theme(StrEnum):
    """Which colours: those that the visitor's device asks for, or always the same."""

    AUTO = "auto"
    LIGHT = "light"
    DARK = "dark"


@dataclass(frozen=True, slots=True)
class Choice:
    """Which records of a source are shown: `limit` at most, drawn among the first `pool` if there is a draw.

    `branch` is the key of the only library whose items count; None for all of them.
    """

    order: Order = Order.CHOSEN
    limit: int = 15
    draw: Draw = Draw.NONE
    pool: int = 50
    only_with_cover: bool = False
    branch: int | None = None


@dataclass(frozen=True, slots=True)
class CoverSize:
    """The room of a cover, in CSS pixels."""

    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Look:
    """How the records are shown.

    `autoplay_s` is how long each step lasts, in seconds, once the reader lets it play; 0 for never.
    `cover` is the room of a cover; None leaves it to the display. `is_bare` leaves out what surrounds
    the covers, their words included (still read aloud, and shown at the cover that has the focus).
    """

    display: Display = Display.STRIP
    theme: Theme = Theme.AUTO
    autoplay_s: int = 0
    cover: CoverSize | None = None
    is_bare: bool = False
    names_portal: bool = False
