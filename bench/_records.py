"""A synthetic catalogue of any size, made of the words, names, subjects and publishers of real records.

Record `n` is always the same, so that several processes can make the same catalogue in parts.
Titles are two halves of real titles, one in three with a made-up word, so that the vocabulary grows
with the catalogue as in a real one; authors are real forenames and surnames put together, a few of
them very frequent; figures such as years and branches are drawn with plausible frequencies.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from essor.search import Document

SHARED = Path(__file__).parents[2] / "shared" / "data" / "marc"
"""Real files beside the project; see its README for their sources and licences."""
SHIPPED = Path(__file__).parents[1] / "src" / "essor" / "demo" / "data" / "records.mrc"

FACETS = (
    "document_type",
    "branch",
    "availability",
    "creator",
    "subject",
    "year",
    "language",
    "class",
    "publisher",
)
TYPES = ("livre", "bd", "cd", "dvd", "revue", "partition", "jeu", "livre_audio", "carte")
BRANCHES = tuple(f"branche_{n}" for n in range(24))
LANGUAGES = (
    "fre",
    "fre",
    "fre",
    "fre",
    "fre",
    "fre",
    "fre",
    "eng",
    "eng",
    "spa",
    "ger",
    "ita",
    "ara",
)
FACES = ("Histoire", "France", "Guides pratiques", "19e siècle", "20e siècle", "Romans", "Enfants")
SYLLABLES = (
    *("ba", "be", "bi", "bo", "cha", "che", "co", "cra", "da", "de", "di", "dre", "fa", "fi"),
    *("flo", "ga", "go", "gri", "la", "le", "li", "lo", "ma", "me", "mi", "mo", "na", "ne", "no"),
    *("pa", "pe", "pla", "po", "ra", "re", "ri", "ro", "sa", "se", "sta", "ta", "ti", "tou", "vi"),
)


@dataclass(frozen=True, slots=True)
class Stock:
    """What real records are made of."""

    openings: tuple[str, ...]
    endings: tuple[str, ...]
    surnames: tuple[str, ...]
    forenames: tuple[str, ...]
    publishers: tuple[str, ...]
    subjects: tuple[str, ...]
    is_real: bool


@cache
def stock() -> Stock:
    """Read the real files; those shipped for the demonstration when the others are not there."""
    files = [
        SHARED / "unimarc" / "koha_fr_3500_utf8.mrc",
        SHARED / "unimarc" / "roubaix_700_utf8.mrc",
    ]
    is_real = all(file.exists() for file in files)
    found = list(_unimarc(*files)) if is_real else list(_unimarc(SHIPPED))
    titles = [title.split() for title, *_ in found]
    subjects = {text for *_, own in found for text in own} | set(_marc21_subjects())
    return Stock(
        openings=tuple(" ".join(t[: (len(t) + 1) // 2]) for t in titles),
        endings=tuple(" ".join(t[(len(t) + 1) // 2 :]) for t in titles),
        surnames=_distinct(surname for _, surname, *_ in found),
        forenames=_distinct(forename for _, _, forename, *_ in found),
        publishers=_distinct(publisher for _, _, _, publisher, _ in found),
        subjects=_distinct(subjects) or FACES,
        is_real=is_real,
    )


def _unimarc(*files: Path) -> Iterator[tuple[str, str, str, str, list[str]]]:
    from pymarc import MARCReader

    for file in files:
        with file.open("rb") as stream:
            for record in MARCReader(stream, force_utf8=True):
                if record is None:
                    continue

                def text(tag: str, code: str, record=record) -> str:  # noqa: ANN001
                    return next(
                        (v for f in record.get_fields(tag) for v in f.get_subfields(code)), ""
                    )

                subjects = [v for f in record.get_fields("606") for v in f.get_subfields("a")]
                publisher = text("210", "c") or text("214", "c")
                yield text("200", "a"), text("700", "a"), text("700", "b"), publisher, subjects


def _marc21_subjects() -> Iterator[str]:
    from pymarc import MARCReader

    file = SHARED / "marc21" / "nlnz_1001_utf8.mrc"
    if file.exists():
        with file.open("rb") as stream:
            for record in filter(None, MARCReader(stream, force_utf8=True)):
                for field in record.get_fields("650"):
                    yield " -- ".join(field.get_subfields("a", "x", "z"))


def _distinct(texts) -> tuple[str, ...]:  # noqa: ANN001
    return tuple(sorted({text.strip(" ,.;:") for text in texts} - {""}))


def record(n: int) -> Document:
    """Make the record number `n`."""
    chance = random.Random(n)
    of = stock()
    creators = tuple(
        dict.fromkeys(_creator(chance, of) for _ in range(chance.choice((1, 1, 1, 2, 3))))
    )
    subjects = tuple(
        dict.fromkeys(_subject(chance, of) for _ in range(chance.choice((0, 1, 2, 3, 4))))
    )
    publisher = of.publishers[_skewed(chance, len(of.publishers))]
    year = 2026 - int(chance.expovariate(1 / 18))
    branches = tuple({chance.choice(BRANCHES) for _ in range(chance.choice((1, 1, 2, 3, 6)))})
    return Document(
        kind="record",
        key=str(n),
        title=_title(chance, of),
        authors=creators,
        keywords=subjects,
        body=f"{publisher}, {year}. {' '.join(chance.choices(of.endings, k=3))}",
        numbers=(isbn_of(n), f"SYN{n:09}"),
        year=year,
        rank=_skewed(chance, 400),
        facets={
            "document_type": (TYPES[_skewed(chance, len(TYPES))],),
            "branch": branches,
            "availability": (chance.choice(("available", "available", "on_loan")),),
            "creator": creators,
            "subject": subjects,
            "class": (f"{_skewed(chance, 1_000):03}",),
            "publisher": (publisher,),
        },
        language=chance.choice(LANGUAGES),
    )


def _title(chance: random.Random, of: Stock) -> str:
    words = [chance.choice(of.openings), chance.choice(of.endings)]
    if chance.random() < 0.3:
        words.append("".join(chance.choices(SYLLABLES, k=chance.choice((3, 4)))))
    return " ".join(filter(None, words))


def _creator(chance: random.Random, of: Stock) -> str:
    surname = of.surnames[_skewed(chance, len(of.surnames))]
    forename = of.forenames[_skewed(chance, len(of.forenames))]
    return f"{surname}, {forename}"


def _subject(chance: random.Random, of: Stock) -> str:
    subject = of.subjects[_skewed(chance, len(of.subjects))]
    return f"{subject} -- {chance.choice(FACES)}" if chance.random() < 0.4 else subject


def _skewed(chance: random.Random, size: int) -> int:
    """Draw a place below `size`: the first ones are much more frequent, and all happen."""
    return int(size * chance.random() ** 3)


def isbn_of(n: int) -> str:
    """Give the ISBN of record `n`, in 13 figures."""
    from stdnum import ean

    start = f"978{n % 10**9:09}"
    return start + ean.calc_check_digit(start)
