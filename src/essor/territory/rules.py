"""How names of places are compared, and how outlines are kept small. Pure functions.

Two names are the same place name when their folded forms are equal: neither case, accents, hyphens
and apostrophes, ligatures, nor articles count, and "St", "Ste", "s/" read as the words they stand for.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator

from essor.territory.types import Kind

_LIGATURES = str.maketrans({"œ": "oe", "æ": "ae", "ø": "o", "đ": "d", "ł": "l", "ı": "i"})
_NOT_A_WORD = re.compile(r"[\W_]+")
_SUR = re.compile(r"\bs/")
_ORDINAL = re.compile(r"(\d+)(?:er|ere|re|e|eme|ieme|nd|nde)")
_WRITTEN_OUT = {"st": "saint", "ste": "sainte", "sts": "saints", "stes": "saintes"}
_ARTICLES = frozenset(["l", "le", "la", "les", "lez", "d", "de", "du", "des"])
_ARRONDISSEMENT = frozenset(("arrondissement", "arr", "ardt"))
_NATURES = {
    ("communaute", "communes"): "cc",
    ("communaute", "agglomeration"): "ca",
    ("communaute", "urbaine"): "cu",
}
_CODE = re.compile(r"[0-9][0-9AB][0-9]{0,7}")
_EPCI_PREFIX = re.compile(r"(?:CC|CA|CU) +", re.IGNORECASE)


def fold(name: str) -> str:
    """Give the form under which a name is kept and looked for: plain words, one space between.

    An article that ends the name stays: the Lez of Prades-le-Lez is a river. Folding twice is
    folding once; a name without a letter or a digit folds to nothing.
    """
    plain = _SUR.sub("sur ", name.casefold().translate(_LIGATURES)).replace("&", " et ")
    letters = "".join(
        letter
        for letter in unicodedata.normalize("NFKD", plain).casefold().translate(_LIGATURES)
        if not unicodedata.combining(letter)
    )
    words = [_word(word) for word in _NOT_A_WORD.sub(" ", letters).split()]
    kept = [word for word in words[:-1] if word not in _ARTICLES] + words[-1:]
    return " ".join(_without_arrondissement(_with_short_nature(kept)))


def without_nature(name: str) -> str:
    """Give the name of an EPCI without the letters of its legal nature: "CC du Ternois", "du Ternois"."""
    return _EPCI_PREFIX.sub("", name, count=1) if _EPCI_PREFIX.match(name) else name


def folded_aliases(kind: Kind, name: str) -> frozenset[str]:
    """Give the other folded names that follow from the official one."""
    if kind is not Kind.EPCI:
        return frozenset()
    return frozenset((fold(without_nature(name)),)) - {fold(name), ""}


def tidy_code(text: str) -> str:
    """Give a code as the COG writes it: capitals, no blank ("200 093 201", "2a004")."""
    return "".join(text.split()).upper()


def is_code(text: str) -> bool:
    """Say whether a text could be a code or the beginning of one: digits, or 2A and 2B first."""
    return bool(_CODE.fullmatch(tidy_code(text)))


def _word(word: str) -> str:
    ordinal = _ORDINAL.fullmatch(word)
    return ordinal[1] if ordinal else _WRITTEN_OUT.get(word, word)


def _with_short_nature(words: list[str]) -> list[str]:
    short = _NATURES.get(tuple(words[:2])) if len(words) > 2 else None  # type: ignore[arg-type]
    return [short, *words[2:]] if short else words


def _without_arrondissement(words: list[str]) -> list[str]:
    if len(words) > 1 and words[-1] in _ARRONDISSEMENT and words[-2].isdigit():
        return words[:-1]
    return words


# Outlines. A ring is an "encoded polyline" (the published algorithm of Google Maps), latitude first:
# five decimals (about one metre) in some four signs a point, decoded by twenty lines of any language.

SCALE = 100_000
Point = tuple[float, float]
"""Longitude and latitude in degrees (WGS 84), the order of GeoJSON."""


def encode_ring(points: Iterable[Point]) -> str:
    """Give a ring as text, rounded to five decimals; a point equal to the one before it is left out."""
    text, last = [], (0, 0)
    for position, (longitude, latitude) in enumerate(points):
        here = (round(latitude * SCALE), round(longitude * SCALE))
        if position and here == last:
            continue
        text += [_encoded(here[0] - last[0]), _encoded(here[1] - last[1])]
        last = here
    return "".join(text)


def decode_ring(text: str) -> list[Point]:
    """Give the points of a ring. Raises ValueError on a text that is no encoded polyline."""
    numbers = _decoded(text)
    points, latitude, longitude = [], 0, 0
    for step in numbers:
        latitude += step
        longitude += _second(numbers)
        points.append((longitude / SCALE, latitude / SCALE))
    return points


def _encoded(step: int) -> str:
    rest, signs = step << 1 if step >= 0 else ~(step << 1), ""
    while rest >= 0x20:
        signs += chr((0x20 | (rest & 0x1F)) + 63)
        rest >>= 5
    return signs + chr(rest + 63)


def _decoded(text: str) -> Iterator[int]:
    number = shift = 0
    for sign in text:
        five = ord(sign) - 63
        if not 0 <= five < 64:
            raise ValueError(f"{sign!r} is not a sign of an encoded polyline")
        number |= (five & 0x1F) << shift
        shift += 5
        if five < 0x20:
            yield ~(number >> 1) if number & 1 else number >> 1
            number = shift = 0
    if shift:
        raise ValueError("the encoded polyline ends in the middle of a number")


def _second(numbers: Iterator[int]) -> int:
    try:
        return next(numbers)
    except StopIteration:
        raise ValueError("the encoded polyline ends in the middle of a point") from None
