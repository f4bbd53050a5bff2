"""Values of presentation that travel between apps."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """A key figure as a reader sees it: `value` is already written in the reader's language."""

    value: str
    label: str
    source: str


@dataclass(frozen=True, slots=True)
class SharedPicture:
    """The picture of a shared link, as the head of a page announces it."""

    address: str
    alt: str
    width: int = 1200
    height: int = 630
