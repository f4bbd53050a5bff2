"""Titles and authors in lines: the largest letters that fit, even lines, no word ever cut.

Nothing is measured in a browser: widths are those of the widest serif of the list, so that the others fit too.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass

SIZES = (36.0, 31.0, 27.5, 25.0, 22.5, 20.0, 18.0, 16.5, 15.0, 13.5, 12.5, 11.5, 10.5)
LEADING = 1.14
SMALLEST = 6.0
AUTHOR_SIZE = 10.0
AUTHOR_LEADING = 12.0
MOST_AUTHOR_LINES = 2
LIGHT_WORDS = frozenset(
    {
        "a",
        "à",
        "au",
        "aux",
        "avec",
        "ce",
        "ces",
        "dans",
        "de",
        "des",
        "du",
        "elle",
        "en",
        "et",
        "il",
        "je",
    }
    | {
        "la",
        "le",
        "les",
        "leur",
        "ma",
        "mais",
        "mes",
        "mon",
        "ne",
        "nos",
        "notre",
        "on",
        "ou",
        "où",
        "par",
    }
    | {
        "pas",
        "pour",
        "que",
        "qui",
        "sa",
        "sans",
        "se",
        "ses",
        "si",
        "son",
        "sous",
        "sur",
        "ta",
        "tu",
    }
    | {"un", "une", "vos", "y", "a", "an", "of", "the", "to"}
)
"""Words that do not end a line well."""

_EM = {  # widths of the widest serif that a reader may have (DejaVu), in thousandths of the size
    **dict(
        zip(
            "abcdefghijklm",
            (596, 640, 560, 640, 592, 370, 640, 644, 320, 310, 606, 320, 948),
            strict=True,
        )
    ),
    **dict(
        zip(
            "nopqrstuvwxyz",
            (644, 602, 640, 640, 478, 513, 402, 644, 565, 856, 564, 565, 527),
            strict=True,
        )
    ),
    **dict(
        zip(
            "ABCDEFGHIJKLM",
            (722, 735, 765, 802, 730, 694, 815, 872, 395, 518, 747, 664, 1024),
            strict=True,
        )
    ),
    **dict(
        zip(
            "NOPQRSTUVWXYZ",
            (875, 820, 673, 820, 753, 685, 667, 843, 722, 1028, 712, 660, 695),
            strict=True,
        )
    ),
    **dict.fromkeys(" \u00a0\u202f'’.,:;|", 337),
    **dict.fromkeys('!-()[]/"', 460),
    "…": 1000,
    "&": 890,
    "œ": 989,
    "Œ": 1137,
    "æ": 940,
    "Æ": 1001,
    "—": 1000,
    "%": 950,
}
_OTHER_EM, _WIDE_EM = 640, 1050


def _width(text: str, size: float) -> float:
    total = 0
    for sign in unicodedata.normalize("NFD", text):
        if unicodedata.combining(sign):
            continue
        wide = unicodedata.east_asian_width(sign) in "WF"
        total += _WIDE_EM if wide else _EM.get(sign, _OTHER_EM)
    return total * size / 1000


def _width_in_small_capitals(text: str, size: float) -> float:
    return sum(_width(c.upper(), size if c.isupper() else size * 0.74) + 0.3 for c in text)


Measure = Callable[[str], float]


@dataclass(frozen=True, slots=True)
class Lettering:
    """Lines of text at one size; `is_whole` is false when the end was left out."""

    lines: tuple[str, ...]
    size: float
    is_whole: bool = True

    @property
    def height(self) -> float:
        """The height of all lines together."""
        return len(self.lines) * self.size * LEADING


def _words(text: str) -> list[str]:
    """Cut where a line may end: after a space, or after a hyphen inside a long word.

    Never before high punctuation or a volume number, nor inside « ». Each piece keeps its space.
    """
    fine = _printable(text).replace("...", "…")
    bound = re.sub(r" (?=(?:[;:!?»%…/|–-]|\d{1,3})(?:[\s,.]|$))", "\u00a0", fine)
    bound = re.sub(r"« ?", "«\u00a0", bound)
    return re.findall(r"[^ ]*?\w{4,}-(?=\w{3})|[^ ]+ ?", bound)


def _printable(text: str) -> str:
    """Give a text with single spaces and curled apostrophes, without marks that change its direction."""
    shown = "".join(sign if sign.isprintable() else " " for sign in text)
    return " ".join(shown.replace("'", "’").split())


def _set(words: list[str], measure: Measure, width: float) -> list[str] | None:
    """Break words into the most even lines; None when a word is wider than the line."""
    if any(measure(word.rstrip()) > width for word in words):
        return None
    best: list[tuple[float, int]] = [(0.0, 0)] * (len(words) + 1)
    for start in range(len(words) - 1, -1, -1):
        best[start] = min(_ways(words, start, best, measure, width))
    lines, start = [], 0
    while start < len(words):
        end = best[start][1]
        lines.append("".join(words[start:end]).rstrip())
        start = end
    return lines


def _ways(
    words: list[str], start: int, best: list[tuple[float, int]], measure: Measure, width: float
) -> Iterator[tuple[float, int]]:
    """Give the cost of each end that a line may have, and that end."""
    for end in range(start + 1, len(words) + 1):
        taken = measure("".join(words[start:end]).rstrip())
        if taken > width:
            return
        slack = (width - taken) / width
        yield 0.45 + _cost_of_end(words, end, slack) + best[end][0], end


def _cost_of_end(words: list[str], end: int, slack: float) -> float:
    if end == len(words):
        return 0.35 * slack**2
    last = words[end - 1].strip().lower()
    return slack**2 + (0.5 if last in LIGHT_WORDS or last.endswith("-") else 0)


def set_title(title: str, width: float, height: float) -> Lettering:
    """Set a title in this room: the largest size that takes it whole, else the smallest with its first words."""
    words = _words(title)
    for size in SIZES:
        found = _at(words, size, width)
        if found and found.height <= height:
            return found
    while size > SMALLEST and _at(words, size, width) is None:
        size -= 0.5
    kept = [word for word in words if _width(word.rstrip(), size) <= width] or ["…"]
    return _shortened(kept, size, width, height, is_whole=kept == words)


def _at(words: list[str], size: float, width: float) -> Lettering | None:
    lines = _set(words, lambda text: _width(text, size), width)
    return Lettering(tuple(lines), size) if lines else None


def _shortened(
    words: list[str], size: float, width: float, height: float, *, is_whole: bool
) -> Lettering:
    """Leave the last words out, one by one, until the rest has room with its ellipsis."""
    for count in range(len(words), 0, -1):
        is_all = is_whole and count == len(words)
        last = words[count - 1] if is_all else words[count - 1].rstrip(" -.,;:…\u00a0") + "…"
        found = _at([*words[: count - 1], last], size, width)
        if found and (found.height <= height or count == 1):
            return Lettering(found.lines, size, is_whole=is_all)
    return Lettering(("…",), size, is_whole=False)


def set_author(author: str, width: float) -> tuple[str, ...]:
    """Give the author in at most two lines; names that have no room give way to an ellipsis."""
    words = [f"{_lowered(word)} " for word in _printable(author).split()]
    for count in range(len(words), 0, -1):
        text = words[:count]
        if count < len(words):
            text = [*text[:-1], text[-1].rstrip(" -,;|") + "…"]
        lines = _set(text, lambda part: _width_in_small_capitals(part, AUTHOR_SIZE), width)
        if lines and len(lines) <= MOST_AUTHOR_LINES:
            return tuple(lines)
    return ()


def _lowered(word: str) -> str:
    """Give a name that its cataloguer put in capitals as small capitals want it: ERNAUX, Ernaux."""
    return word.title() if word.isupper() and len(word) > 2 and "." not in word else word
