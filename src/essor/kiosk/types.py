"""Values of the kiosk: which records it shows, and how they look."""

import math
from dataclasses import dataclass
from enum import StrEnum

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

    @property
    def scrolls(self) -> bool:
        """Say whether the covers pass through a window; the others stand on the page, all of them."""
        return self not in (Display.GRID, Display.LIST)

    @property
    def is_one_at_a_time(self) -> bool:
        """Say whether one cover stands out, whose place among the others is told."""
        return self in (Display.SINGLE, Display.COVER_FLOW)

    @property
    def tells_edition(self) -> bool:
        """Say whether there is room for the publisher and the year."""
        return self in (Display.SINGLE, Display.LIST)


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

    @property
    def drawn(self) -> "CoverSize":
        """The largest drawn cover that it holds: two wide by three high."""
        width = min(self.width, self.height * 2 // 3)
        return CoverSize(width, width * 3 // 2)


@dataclass(frozen=True, slots=True)
class Look:
    """How the records are shown.

    `autoplay_s` is how long each step lasts, in seconds, until the reader stops it; 0 for never.
    `cover` is the room of a cover; None leaves it to the display. `is_bare` leaves out what surrounds
    the covers, their words included (still read aloud, and shown at the cover that has the focus).
    """

    display: Display = Display.STRIP
    theme: Theme = Theme.AUTO
    autoplay_s: int = 0
    cover: CoverSize | None = None
    is_bare: bool = False
    names_portal: bool = False

    @property
    def plays(self) -> bool:
        """Say whether it moves by itself."""
        return self.autoplay_s > 0 and self.display.scrolls


FRAME_HEIGHTS_PX = {
    Display.STRIP: 350,
    Display.SINGLE: 470,
    Display.VERTICAL: 520,
    Display.COVER_FLOW: 410,
}
GRID_COLUMNS, GRID_ROW_PX, LIST_ROW_PX, FOOT_PX = 3, 268, 86, 40
HIGHEST_FRAME_PX = 1_600
"""A frame of many books scrolls rather than pushing the page around it out of sight."""


def frame_height_px(display: Display, count: int) -> int:
    """Give the height of a frame that shows so many books without scrolling, on a phone as in a column of text.

    Measured by a browser test for each display.
    """
    match display:
        case Display.GRID:
            rows, row_px = math.ceil(count / GRID_COLUMNS), GRID_ROW_PX
        case Display.LIST:
            rows, row_px = count, LIST_ROW_PX
        case _:
            return FRAME_HEIGHTS_PX[display]
    return min(rows * row_px + FOOT_PX, HIGHEST_FRAME_PX)
