"""The colours of drawn covers, and which documents are bound in which."""

from dataclasses import dataclass

from essor.catalogue.types import DocumentType


@dataclass(frozen=True, slots=True)
class Binding:
    """The colours of a cover: its ground, the letters on it, the pattern, and one touch of another colour."""

    ground: str
    letters: str
    pattern: str
    touch: str


BRICK = Binding("#8e3120", "#fdf3e7", "#b05a41", "#ecbf73")
SLATE = Binding("#27445a", "#f5f1e8", "#4a6c84", "#e2b768")
HOP = Binding("#2a5432", "#f6f3e6", "#4f7f55", "#e5c877")
PLUM = Binding("#5b315f", "#f8f0f4", "#845689", "#e8bd8c")
INK = Binding("#1f2835", "#f4efe6", "#435267", "#e0a83a")
WHEAT = Binding("#e6b551", "#2a1f0e", "#cf9328", "#8e3120")
PAPER = Binding("#f3e9d8", "#2b2723", "#d8c3a0", "#9c3420")
CLAY = Binding("#e9c8b4", "#42180e", "#d39f83", "#8e3120")
MOSS = Binding("#d3dcbf", "#20331d", "#a9bb8a", "#2f6136")
MIST = Binding("#ccd8dc", "#17293a", "#9db3bd", "#2b4a5e")

GROUNDS_BY_TYPE: dict[DocumentType, tuple[Binding, ...]] = {
    DocumentType.BOOK: (BRICK, PAPER, SLATE, WHEAT, HOP, CLAY, INK, MOSS, PLUM, MIST),
    DocumentType.SERIAL: (PAPER, MIST),
    DocumentType.SCORE: (PLUM, CLAY),
    DocumentType.MUSIC: (PLUM, INK, CLAY),
    DocumentType.SPEECH: (SLATE, MIST),
    DocumentType.FILM: (INK, BRICK),
    DocumentType.MAP: (MOSS, HOP),
    DocumentType.PICTURE: (WHEAT, CLAY),
    DocumentType.DIGITAL: (SLATE, INK),
    DocumentType.OBJECT: (WHEAT, MOSS),
    DocumentType.OTHER: (MIST, PAPER),
}
GROUNDS_BY_CLASS: dict[str, tuple[Binding, ...]] = {
    "0": (SLATE, MIST),
    "1": (PLUM, CLAY),
    "2": (INK, PAPER),
    "3": (BRICK, CLAY),
    "4": (SLATE, PAPER),
    "5": (HOP, MIST),
    "6": (HOP, MOSS),
    "7": (PLUM, WHEAT),
    "8": (BRICK, PAPER, INK),
    "9": (WHEAT, MOSS),
}
"""By the first digit of a Dewey class: each has one dark ground or more, and one light."""


def grounds_of(document_type: DocumentType, classification: str) -> tuple[Binding, ...]:
    """Give the bindings a document may have: those of its class for a book, else those of its type."""
    by_class = GROUNDS_BY_CLASS.get(classification[:1])
    if by_class and document_type is DocumentType.BOOK:
        return by_class
    return GROUNDS_BY_TYPE[document_type]
