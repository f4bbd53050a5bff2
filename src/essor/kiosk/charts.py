"""Where the bars of a chart stand: the width in hundredths of the whole, the height in pixels.

So a chart fits any width without stretching its words; the server draws it, and a table says the same.
"""

from collections.abc import Sequence
from dataclasses import dataclass

HEIGHT_PX = 180
SHARE_OF_BAR = 0.7
STEPS_OF_SCALE = (1, 2, 4, 6, 8)
SLOTS_WITH_ROOM = 12
"""With more bars than that, the first and the last are too near the ends for a label in their middle."""


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar, with its label below when it has one: lengths as SVG writes them."""

    x: str
    y: str
    width: str
    height: str
    label: str
    label_x: str
    anchor: str
    says: str


@dataclass(frozen=True, slots=True)
class Line:
    """A line across, at a height, with the number it stands for."""

    y: str
    value: int


@dataclass(frozen=True, slots=True)
class Chart:
    """Bars on a scale."""

    bars: tuple[Bar, ...]
    lines: tuple[Line, ...]


def bar_chart(values: Sequence[int], *, labels: Sequence[str], says: Sequence[str]) -> Chart:
    """Draw one bar a value, none below zero. A label may be empty; `says` is told under the pointer."""
    top = scale_of(max(values, default=0))
    bars = tuple(
        _bar(place, len(values), share=value / top, label=label, says=words)
        for place, (value, label, words) in enumerate(zip(values, labels, says, strict=True))
    )
    marks = (0, top // 2, top) if top > 1 else (0, top)
    return Chart(bars, tuple(Line(_px(HEIGHT_PX * (1 - mark / top)), mark) for mark in marks))


def scale_of(largest: int) -> int:
    """Give the round number at the top of the scale: at least one, and whole by half when above."""
    power = 1
    while True:
        for step in STEPS_OF_SCALE:
            if step * power >= max(largest, 1):
                return step * power
        power *= 10


def _bar(place: int, count: int, *, share: float, label: str, says: str) -> Bar:
    slot = 100 / count
    width, height = slot * SHARE_OF_BAR, HEIGHT_PX * share
    x, anchor = (place + 0.5) * slot, "middle"
    if count > SLOTS_WITH_ROOM and place in (0, count - 1):
        x, anchor = (0, "start") if place == 0 else (100, "end")
    return Bar(
        x=_share(place * slot + (slot - width) / 2),
        y=_px(HEIGHT_PX - height),
        width=_share(width),
        height=_px(height),
        label=label,
        label_x=_share(x),
        anchor=anchor,
        says=says,
    )


def _share(hundredths: float) -> str:
    return f"{hundredths:.3f}%"


def _px(length: float) -> str:
    return f"{length:.1f}"
