"""Where the bars of a chart stand: the width in hundredths of the whole, the height in pixels.

So a chart fits any width without stretching its words; the server draws it, and a table says the same.
"""

from collections.abc import Sequence
from dataclasses import dataclass

HEIGHT_PX = 180
SHARE_OF_BAR = 0.7
STEPS_OF_SCALE = (1, 2, 4, 6, 8)


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar, with its label below when it has one: lengths as SVG writes them."""

    x: str
    y: str
    width: str
    height: str
    middle: str
    label: str
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
    slot = 100 / max(len(values), 1)
    bars = tuple(
        _bar(place * slot, slot, value / top, label, words)
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


def _bar(x: float, slot: float, share: float, label: str, says: str) -> Bar:
    width, height = slot * SHARE_OF_BAR, HEIGHT_PX * share
    return Bar(
        x=f"{x + (slot - width) / 2:.3f}%",
        y=_px(HEIGHT_PX - height),
        width=f"{width:.3f}%",
        height=_px(height),
        middle=f"{x + slot / 2:.3f}%",
        label=label,
        says=says,
    )


def _px(length: float) -> str:
    return f"{length:.1f}"
