"""The pictures that social networks show beside a shared link: 1200 x 630, drawn by the server.

A picture is a value; the same value is always the same picture, at an address that carries its
checksum. A title in serif on the portal's ground, a band of tiles seeded by the title; for a key
figure, the figure, large, with what it counts, its year and its source.
"""

import functools
import hashlib
import json
import re
import unicodedata
from dataclasses import asdict, dataclass
from pathlib import Path

from django.core.cache import cache

from essor.presentation.types import Figure
from essor.presentation.typesetting import typeset_png

TEMPLATE = Path(__file__).parent / "typst" / "share_picture.typ"
KEPT_S = 30 * 24 * 3600
LONGEST_TITLE, LONGEST_LINE, LONGEST_WORD = 170, 80, 28

TILES, COLUMNS, SHAPES = 12, 2, 8
TILE_COLOURS = (
    ("brick", "wheat"),
    ("slate", "paper"),
    ("wheat", "brick"),
    ("paper", "hop"),
    ("plum", "wheat"),
    ("hop", "paper"),
    ("paper", "slate"),
    ("slate", "wheat"),
    ("wheat", "plum"),
    ("brick", "paper"),
)
"""Ground and figure of a tile, by the names of the portal's colours."""


@dataclass(frozen=True, slots=True)
class SharePicture:
    """What a picture shows. `kind` is the word over the title: dossier, article, chiffre clé."""

    portal: str
    title: str
    kind: str = ""
    figure: Figure | None = None
    language: str = "fr"

    @property
    def checksum(self) -> str:
        """Tell this picture, as drawn by this version of the template, from any other."""
        drawn_from = json.dumps(asdict(self), sort_keys=True).encode("utf-8", "replace")
        return hashlib.sha256(drawn_from + _template_bytes()).hexdigest()[:16]

    @property
    def alt(self) -> str:
        """The words of the picture, for those who do not see it."""
        figure = self.figure
        shown = [figure.value, figure.label, figure.source] if figure else [self.kind, self.title]
        return " – ".join(part for part in (*shown, self.portal) if part)


def png_of(picture: SharePicture) -> bytes:
    """Give the picture, drawn at most once a month. Raises TypesettingFailed."""
    key = f"share-picture:{picture.checksum}"
    png = cache.get(key)
    if png is None:
        png = draw(picture)
        cache.set(key, png, KEPT_S)
    return png


def draw(picture: SharePicture) -> bytes:
    """Draw the picture as PNG. Raises TypesettingFailed."""
    values = {
        "portal": printable(picture.portal, LONGEST_LINE),
        "title": printable(picture.title, LONGEST_TITLE),
        "kind": printable(picture.kind, LONGEST_LINE),
        "figure": _printable_figure(picture.figure),
        "language": picture.language,
        "tiles": _tiles(picture.figure.value if picture.figure else picture.title),
    }
    return typeset_png(
        TEMPLATE, values, all_fonts=_needs_other_fonts(json.dumps(values, ensure_ascii=False))
    )


def printable(text: str, longest: int) -> str:
    """Give a text that can be set: no control or pictogram, cut between words, long words breakable."""
    kept = "".join(character for character in text if _has_a_glyph(character))
    line = re.sub(r"[ \t\n]+", " ", kept).strip()
    if len(line) > longest:
        line = (line[:longest].rpartition(" ")[0] or line[:longest]).rstrip(" ,;:.–-") + " …"
    return re.sub(rf"\S{{{LONGEST_WORD},}}", _breakable, line)


def _breakable(word: re.Match[str]) -> str:
    return "\u200b".join(re.findall(".{1,16}", word[0]))


def _printable_figure(figure: Figure | None) -> dict[str, str] | None:
    if figure is None:
        return None
    return {
        "value": printable(figure.value, LONGEST_LINE),
        "label": printable(figure.label, LONGEST_TITLE),
        "source": printable(figure.source, LONGEST_TITLE),
    }


def _has_a_glyph(character: str) -> bool:
    category = unicodedata.category(character)
    if category in ("So", "Sk"):
        return ord(character) < 0x2300
    if category in ("Cc", "Cf", "Cn", "Co", "Cs"):
        return character in "\t\n"
    return character not in "\ufe0e\ufe0f"


def _needs_other_fonts(text: str) -> bool:
    return any(0x0600 <= ord(character) < 0x1E00 or ord(character) >= 0x2E00 for character in text)


def _tiles(seed: str) -> list[dict[str, object]]:
    """Give each tile its shape, quarter turns and colours; no ground touches the same ground."""
    digest = hashlib.sha512(seed.encode("utf-8", "replace")).digest()
    tiles: list[dict[str, object]] = []
    for shape, choice, turn in zip(
        digest[:TILES], digest[TILES:], digest[2 * TILES :], strict=False
    ):
        beside = {tile["ground"] for tile in (*tiles[-1:], *tiles[-COLUMNS:][:1])}
        ground, figure = _colours(choice, beside)
        tiles.append(
            {"shape": shape % SHAPES, "turn": turn % 4, "ground": ground, "figure": figure}
        )
    return tiles


def _colours(choice: int, beside: set[object]) -> tuple[str, str]:
    possible = [pair for pair in TILE_COLOURS if pair[0] not in beside]
    return possible[choice % len(possible)]


@functools.cache
def _template_bytes() -> bytes:
    return TEMPLATE.read_bytes()
