"""The patterns of drawn covers: bricks and gables of the North, weaving, leaves, waves, tiles.

Each fills a band from its upper left corner, and may overflow it: what is around is painted after.
"""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

from essor.catalogue.covers.bindings import Binding
from essor.catalogue.covers.chance import Chance


@dataclass(frozen=True, slots=True)
class Band:
    """A room for a pattern."""

    x: int
    y: int
    width: int
    height: int


Pattern = Callable[[Band, Binding, Chance], str]


def fill(path: str, colour: str, opacity: str = "") -> str:
    """Give a path filled with a colour."""
    faded = f' opacity="{opacity}"' if opacity else ""
    return f'<path fill="{colour}"{faded} d="{path}"/>'


def stroke(path: str, colour: str, width: float, dash: str = "") -> str:
    """Give a path drawn with a line."""
    dashed = f' stroke-dasharray="{dash}"' if dash else ""
    return f'<path fill="none" stroke="{colour}" stroke-width="{width:g}"{dashed} d="{path}"/>'


def _disc(x: float, y: float, radius: float, colour: str) -> str:
    return f'<circle cx="{x:g}" cy="{y:g}" r="{radius:g}" fill="{colour}"/>'


def _waves(band: Band, colours: Binding, chance: Chance) -> str:
    half, swell = (10, 12, 15)[chance.below(3)], 3 + chance.below(4)
    turns = "t" + f" {half} 0" * (band.width // half + 2)
    rows = "".join(
        f"M{-half} {y}q{half // 2} {-swell} {half} 0{turns}"
        for y in range(2, band.height + swell, 9 if band.height < 100 else 12)
    )
    return stroke(rows, colours.pattern, 2)


def _bricks(band: Band, colours: Binding, chance: Chance) -> str:
    courses = range(0, band.height, 9)
    beds = "".join(f"M0 {y}h{band.width}" for y in courses)
    joints = "".join(
        f"M{-(row % 2) * 10 - 8} {y + 4.5:g}h{band.width + 20}" for row, y in enumerate(courses)
    )
    glazed = "".join(
        f"M{(row % 2) * 10 + 20 * chance.below(6) - 7} {y + 1}h18v7h-18z"
        for row, y in enumerate(courses)
        if row % 3 == 1
    )
    drawn = stroke(beds, colours.pattern, 1) + stroke(joints, colours.pattern, 9, "1 19")
    return drawn + fill(glazed, colours.pattern)


def _chevrons(band: Band, colours: Binding, chance: Chance) -> str:
    step, gap = (8 + 2 * chance.below(3), 11) if band.height < 100 else (13, 15)
    fold = "l" + f"{step}-{step} {step} {step} " * (band.width // step // 2 + 2)
    rows = "".join(f"M-{step} {y}{fold}" for y in range(0, band.height + 2 * step, gap))
    return stroke(rows, colours.pattern, 3)


def _dots(band: Band, colours: Binding, chance: Chance) -> str:
    size = 3 + chance.below(3)
    rows = "".join(
        f"M{6 if row % 2 else 0} {y}h{band.width}" for row, y in enumerate(range(6, band.height, 9))
    )
    dots = stroke(rows, colours.pattern, size, "0 12")
    return dots.replace("<path", '<path stroke-linecap="round"')


def _scales(band: Band, colours: Binding, chance: Chance) -> str:
    radius = band.width // 2 if band.width < 60 else 15 if band.height < 100 else 24
    count = band.width // (2 * radius) + 2
    drawn = ""
    for row, y in enumerate(range(0, band.height + radius, radius)):
        for r in (radius, radius - 6 - chance.below(2)):
            start = -radius * (row % 2) + radius - r
            gap = f"m{2 * (radius - r)} 0" if r < radius else ""
            drawn += f"M{start} {y + radius}" + f"a{r} {r} 0 0 1 {2 * r} 0{gap}" * count
    return stroke(drawn, colours.pattern, 2)


def _quarters(band: Band, colours: Binding, chance: Chance) -> str:
    t = _tile(band)
    corners = (
        f"h{t}a{t} {t} 0 0 1-{t} {t}z",
        f"h{t}v{t}a{t} {t} 0 0 1-{t}-{t}z",
        f"m{t} 0v{t}h-{t}a{t} {t} 0 0 1 {t}-{t}z",
        f"v{t}h{t}a{t} {t} 0 0 1-{t}-{t}z",
    )
    return _tiled(band, colours, chance, corners)


def _triangles(band: Band, colours: Binding, chance: Chance) -> str:
    t = _tile(band)
    return _tiled(
        band, colours, chance, (f"h{t}v{t}z", f"h{t}l-{t} {t}z", f"v{t}h{t}z", f"m{t} 0v{t}h-{t}z")
    )


def _tile(band: Band) -> int:
    """Give the side of a tile: the width of a narrow band, else what keeps the drawing small."""
    return band.width if band.width < 60 else 24 if band.height < 100 else 30


def _tiled(band: Band, colours: Binding, chance: Chance, halves: tuple[str, ...]) -> str:
    side = _tile(band)
    places = [(x, y) for y in range(0, band.height, side) for x in range(0, band.width, side)]
    paths = [f"M{x} {y}{halves[chance.below(len(halves))]}" for x, y in places]
    touched = paths.pop(chance.below(len(paths)))
    return fill("".join(paths), colours.pattern) + fill(touched, colours.touch)


def _lozenges(band: Band, colours: Binding, chance: Chance) -> str:
    half = 13 if band.width < 60 else 10 if band.height < 100 else 20
    inner, lattice, full = half - 2, "", ""
    for row, y in enumerate(range(-half, band.height, half)):
        start = -half * (row % 2)
        lattice += f"M{start} {y + half}l" + f"{half}-{half} {half} {half} " * (
            band.width // half // 2 + 1
        )
        for x in range(start, band.width, 2 * half):
            if chance.below(3) == 0:
                full += f"M{x + half} {y + 2}l{inner} {inner}-{inner} {inner}-{inner}-{inner}z"
    return stroke(lattice, colours.pattern, 0.8) + fill(full, colours.pattern)


def _leaves(band: Band, colours: Binding, chance: Chance) -> str:
    right, left = "q1-11 13-12q-1 11-13 12z", "q-1-11-13-12q1 11 13 12z"
    stems, leaves = "", ""
    for x in range(13, band.width, 31):
        stems += f"M{x} 0v{band.height}"
        for row, y in enumerate(range(14 + chance.below(8), band.height + 14, 14)):
            leaves += f"M{x} {y}{right if row % 2 else left}"
    return stroke(stems, colours.pattern, 1) + fill(leaves, colours.pattern)


def _weave(band: Band, colours: Binding, chance: Chance) -> str:
    step = 10 + 2 * chance.below(2)
    over = "".join(
        f"M{row % 2 * step + 1} {y}h{band.width}"
        for row, y in enumerate(range(step // 2, band.height + step, step))
    )
    under = "".join(
        f"M{x} {(column + 1) % 2 * step + 1}v{band.height}"
        for column, x in enumerate(range(step // 2, band.width, step))
    )
    dash = f"{step - 2} {step + 2}"
    return stroke(over + under, colours.pattern, step // 2, dash)


def _rays(band: Band, colours: Binding, chance: Chance) -> str:
    x, y, reach = 20 + 20 * chance.below(5), band.height, 150
    ends = (
        (-150, 0),
        (-139, -57),
        (-106, -106),
        (-57, -139),
        (0, -150),
        (57, -139),
        (106, -106),
        (139, -57),
        (150, 0),
    )
    turns = [((a + c) // 2, (b + d) // 2) for (a, b), (c, d) in pairwise(ends)]
    rays = "".join(
        f"M{x} {y}l{a} {b}L{x + c} {y + d}z"
        for (a, b), (c, d) in zip(ends[:-1], turns, strict=True)
    )
    return fill(rays, colours.pattern) + _disc(
        x, y, 18 + reach // 75 + chance.below(6), colours.touch
    )


def _hills(band: Band, colours: Binding, chance: Chance) -> str:
    sun = _disc(24 + chance.below(72), 14 + chance.below(10), 9, colours.touch)
    ridges = ""
    for depth, opacity in enumerate(("0.45", "0.7", "1")):
        top = 20 + depth * (band.height - 26) // 3 + chance.below(8)
        swell, fall = 12 + chance.below(14), 4 + chance.below(12)
        rise = f"M0 {top}C30 {top - swell} 50 {top - swell} 70 {top}"
        curve = f"{rise}S100 {top + fall} 120 {top - 6}V{band.height + 1}H0z"
        ridges += fill(curve, colours.pattern, opacity)
    return sun + ridges


def _shelf(band: Band, colours: Binding, chance: Chance) -> str:
    books, touched, bands, x = "", "", "", 2
    floor = band.height - 6
    while x < band.width - 5:
        thick, tall = 6 + chance.below(8), band.height * (45 + chance.below(40)) // 100
        spine = f"M{x} {floor}v{-tall}h{thick}v{tall}z"
        if chance.below(6) == 0:
            touched += spine
        else:
            books += spine
            bands += f"M{x} {floor - tall + 7}h{thick}m0 {tall - 14}h{-thick}"
        x += thick + 1
    return (
        fill(books, colours.pattern)
        + fill(touched, colours.touch)
        + stroke(bands, colours.ground, 1.5)
        + stroke(f"M0 {floor + 1.5:g}h{band.width}", colours.pattern, 3)
    )


def _gables(band: Band, colours: Binding, chance: Chance) -> str:
    houses, panes, lit, x = "", "", "", -4 - chance.below(8)
    while x < band.width:
        steps, tall = 2 + chance.below(2), band.height * (50 + chance.below(22)) // 100
        step = 4 + chance.below(2)
        roof = 6 + chance.below(4)
        wide = 2 * steps * step + roof
        up, down = f"v{-step}h{step}" * steps, f"h{step}v{step}" * steps
        houses += f"M{x} {band.height}v{-tall}{up}h{roof}{down.removeprefix(f'h{step}')}h{step}V{band.height}z"
        y = band.height - tall + 3
        for row in range(2):
            for column in range(2):
                pane = f"M{x + wide // 4 + column * wide // 3} {y + row * 15}h4v8h-4z"
                if chance.below(9):
                    panes += pane
                else:
                    lit += pane
        x += wide + 1
    return fill(houses, colours.pattern) + fill(panes, colours.ground) + fill(lit, colours.touch)


TEXTURES: tuple[Pattern, ...] = (
    _waves,
    _bricks,
    _chevrons,
    _dots,
    _scales,
    _quarters,
    _triangles,
    _lozenges,
    _leaves,
    _weave,
)
SCENES: tuple[Pattern, ...] = (_rays, _hills, _shelf, _gables)
