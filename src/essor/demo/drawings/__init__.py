"""Draw the pictures of the demonstration: quiet geometry in the colours of the portal.

`python -m essor.demo.drawings` draws them again into `pictures/`. Chance comes from a seed, so that
the same program always gives the same pictures. They belong to the project, as its code does.
"""

from collections.abc import Callable
from pathlib import Path

from essor.demo.drawings import books, emblems, exchange, nature, patterns, places, town
from essor.demo.drawings.sheet import Sheet

DRAWINGS: dict[str, Callable[[], Sheet]] = {
    draw.__name__: draw
    for draw in (
        town.facades,
        town.beffroi,
        town.allee,
        exchange.echange,
        books.rayonnage,
        books.cartons,
        books.fourgon,
        books.balance,
        books.presse,
        nature.houblon,
        nature.cernes,
        patterns.familles,
        patterns.tissage,
        patterns.ruche,
        patterns.frise,
        places.tablee,
        emblems.pousse,
        emblems.ronde,
        emblems.boucle,
        emblems.livre,
    )
}


def draw_all(folder: Path) -> None:
    """Draw every picture into a folder, as WebP."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, draw in DRAWINGS.items():
        draw().finished().save(folder / f"{name}.webp", quality=86, method=6)
