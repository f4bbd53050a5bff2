"""Draws: which records are shown today, this hour or this time, out of the first ones."""

import random
from collections.abc import Sequence
from datetime import datetime

from essor.kiosk.types import Draw


def seed_of(draw: Draw, *, identity: str, now: datetime, chance: str) -> str:
    """Give what a draw depends on: the same all day or all hour for one kiosk, `chance` for each view.

    `now` is in the time of the portal, whose days and hours count.
    """
    match draw:
        case Draw.DAY:
            return f"{identity} {now:%Y-%m-%d}"
        case Draw.HOUR:
            return f"{identity} {now:%Y-%m-%d %H}"
        case _:
            return chance


def drawn(candidates: Sequence[int], count: int, *, seed: str) -> list[int]:
    """Draw so many of the candidates, or all of them in any order; the same ones for the same seed."""
    return random.Random(seed).sample(list(candidates), min(count, len(candidates)))  # noqa: S311  # a display
