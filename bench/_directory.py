"""What is asked of a directory: searches drawn from its own structures, and views of its map."""

import math
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

import duckdb

Question = tuple[str, str]
"""Its kind, and the query string of its address."""

QUESTIONS = 12_000
DRAWN = 6_000
"""Structures that questions are made of."""
SCREEN_PX = (1280, 800)
SNAP_PX = 256
"""The script of the map asks for whole squares of so many pixels, so that moving a little asks nothing new."""
RADII_KM = (2, 5, 10, 20, 50)
SECTORS = (
    "culture",
    "sport-and-leisure",
    "associative-life",
    "education",
    "social-action",
    "health",
)
FAMILIES = ("association", "cooperative", "mutual", "foundation", "commercial")
ACTIVITIES = (
    "clubs de sports", "arts du spectacle vivant", "action sociale", "enseignement culturel",
    "organisations associatives", "accueil de jeunes enfants", "aide à domicile", "bibliothèques",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Drawn:
    """A structure that a question is made of."""

    siren: str
    name: str
    rna: str
    siret: str
    commune: str
    commune_name: str


def drawn_from(folder: Path) -> list[Drawn]:
    """Draw structures of a build that have a name, always the same."""
    from essor.territory.importers.packed import read_territories
    from essor.territory.types import Kind, TerritoryRow

    names = {
        row.code: row.name
        for row in read_territories()
        if isinstance(row, TerritoryRow) and row.kind is Kind.COMMUNE
    }
    units, places = folder / "units.parquet", folder / "establishments.parquet"
    with duckdb.connect() as connection:
        rows = connection.execute(
            f"SELECT siren, u.name, rna, siret, commune FROM '{units}' u JOIN '{places}' p USING (siren)"
            f" WHERE NOT u.is_partial AND u.name <> '' ORDER BY hash(siret) LIMIT {DRAWN}"
        ).fetchall()
    return [Drawn(*row, names[row[-1]]) for row in rows if row[-1] in names]


def questions(drawn: Sequence[Drawn]) -> list[Question]:
    """Draw what readers ask, always the same; one question in ten of the shelves that many ask for."""
    chance = random.Random("questions")
    frequent: dict[str, int] = {}
    for one in drawn:
        for word in one.name.split():
            if len(word) > 3 and not word.isdigit():
                frequent[word] = frequent.get(word, 0) + 1
    common = sorted(frequent, key=lambda word: (-frequent[word], word))[:150]

    def some() -> Drawn:
        return chance.choice(drawn)

    def word() -> str:
        return chance.choice(common).lower()

    def typo() -> str:
        said = some().name.split()
        at = max(range(len(said)), key=lambda place: len(said[place]))
        cut = chance.randrange(1, len(said[at]) - 2)
        said[at] = said[at][:cut] + said[at][cut + 1] + said[at][cut] + said[at][cut + 2 :]
        return " ".join(said)

    def filters() -> dict[str, str]:
        chosen = {
            "secteur": chance.choice(SECTORS),
            "famille": chance.choice(FAMILIES),
            "commune": some().commune,
            "effectif": chance.choice(("1-9", "10-49", "0")),
            "creation": chance.choice(("1990", "2000", "2010", "2020")),
        }
        return {
            name: chosen[name] for name in chance.sample(sorted(chosen), k=chance.choice((1, 2)))
        }

    def near() -> dict[str, str]:
        return {"pres": some().commune_name, "rayon": str(chance.choice(RADII_KM))}

    makers: dict[str, tuple[int, Callable[[], dict[str, str]]]] = {
        "known name": (22, lambda: {"q": some().name}),
        "frequent word": (6, lambda: {"q": word()}),
        "two words": (10, lambda: {"q": " ".join(chance.sample(common, 2)).lower()}),
        "activity": (6, lambda: {"q": chance.choice(ACTIVITIES)}),
        "SIREN or SIRET": (9, lambda: {"q": chance.choice((some().siren, some().siret))}),
        "RNA number": (2, lambda: {"q": some().rna or some().siren}),
        "unfinished word": (4, lambda: {"q": some().name.split()[-2][:4].lower()}),
        "typing error": (6, lambda: {"q": typo()}),
        "word in a commune": (6, lambda: {"q": word(), "commune": some().commune}),
        "word and filters": (5, lambda: {"q": word(), **filters()}),
        "commune alone": (6, lambda: {"commune": some().commune}),
        "filters alone": (4, filters),
        "near, by distance": (7, near),
        "word near, by distance": (4, lambda: {"q": word(), **near(), "tri": "distance"}),
        "newest": (3, lambda: {**filters(), "tri": "recentes"}),
    }  # fmt: skip
    kinds = [kind for kind, (weight, _) in makers.items() for _ in range(weight)]
    asked = [chance.choice(kinds) for _ in range(QUESTIONS)]
    return [(kind, urlencode(makers[kind][1]())) for kind in asked]


# Views of the map

Box = tuple[float, float, float, float]
"""West, south, east and north, in degrees."""


def square_around(
    points: Sequence[tuple[float, float]], centre: tuple[float, float], wanted: int
) -> Box:
    """Give the square of the screen around a place that holds so many of these points."""
    shrinking = math.cos(math.radians(centre[1]))
    ranks = sorted(
        max(abs(longitude - centre[0]), abs(latitude - centre[1]) / shrinking)
        for longitude, latitude in points
    )
    half = ranks[min(wanted, len(ranks)) - 1]
    high = half * shrinking
    return centre[0] - half, centre[1] - high, centre[0] + half, centre[1] + high


def views(box: Box, points: Sequence[tuple[float, float]], zoom: int, most: int) -> Iterator[Box]:
    """Give what screens show of a part of the map at a zoom: its middle, then where structures are."""
    chance = random.Random(f"views {zoom}")
    west, south, east, north = box
    inside = [p for p in points if west <= p[0] <= east and south <= p[1] <= north]
    yield _screen(((west + east) / 2, (south + north) / 2), zoom)
    world = 256 * 2**zoom
    if (east - west) / 360 * world > SCREEN_PX[0]:
        for place in chance.sample(inside, min(most - 1, len(inside))):
            yield _screen(place, zoom)


def _screen(centre: tuple[float, float], zoom: int) -> Box:
    """Give what a screen around a place shows, in whole squares as the script of the map asks for them."""
    world = 256 * 2**zoom
    x, y = (centre[0] + 180) / 360 * world, _mercator(centre[1]) * world
    across, down = SCREEN_PX[0] / 2, SCREEN_PX[1] / 2
    left, top = math.floor((x - across) / SNAP_PX), math.floor((y - down) / SNAP_PX)
    right, bottom = math.ceil((x + across) / SNAP_PX), math.ceil((y + down) / SNAP_PX)

    def longitude(place: int) -> float:
        return place * SNAP_PX / world * 360 - 180

    def latitude(place: int) -> float:
        share = min(max(place * SNAP_PX / world, 0.0), 1.0)
        return math.degrees(math.atan(math.sinh(math.pi * (1 - 2 * share))))

    return longitude(left), latitude(bottom), longitude(right), latitude(top)


def _mercator(latitude: float) -> float:
    return (1 - math.asinh(math.tan(math.radians(latitude))) / math.pi) / 2
