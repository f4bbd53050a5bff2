"""What goes through the storing of a batch: the records that came, what the store has of them, what was done."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, cast

from essor.catalogue.models import ImportProblem
from essor.catalogue.types import Received
from essor.catalogue.understanding import (
    Answer,
    Understood,
    UnderstoodItems,
)
from essor.search import Prepared


@dataclass(frozen=True, slots=True)
class Known:
    """What the store has of a record that an import brings again."""

    checksum: bytes
    is_seen: bool
    withdrawn_at: datetime | None
    is_parted: bool
    is_work_chosen: bool
    work: int | None
    added_at: datetime


@dataclass(slots=True)
class Entry:
    """One record of a batch; `answer` is None when it is the one that is stored, byte for byte."""

    received: Received
    key: int
    checksum: bytes
    known: Known | None = None
    answer: Answer | None = None

    @property
    def understood(self) -> Understood:
        """Give the answer of an entry that was understood."""
        return cast("Understood", self.answer)

    @property
    def items(self) -> UnderstoodItems:
        """Give the answer of an entry that is items apart from their record."""
        return cast("UnderstoodItems", self.answer)

    @property
    def is_unchanged(self) -> bool:
        """The store has these bytes already, as they are read now, and shows them."""
        known = self.known
        is_same = known is not None and known.checksum[:16] == self.checksum
        return is_same and known is not None and known.withdrawn_at is None


@dataclass(slots=True)
class Stored:
    """An item of the store."""

    key: int
    record: int
    is_withdrawn: bool
    row: tuple[Any, ...]


@dataclass(slots=True)
class Outcome:
    """What a batch did: counts by name of a field of the run, and what the index must hear of."""

    counts: Counter[str] = field(default_factory=Counter)
    decoded: Counter[str] = field(default_factory=Counter)
    unknown_codes: Counter[tuple[str, str]] = field(default_factory=Counter)
    problems: list[ImportProblem] = field(default_factory=list)
    documents: list[Prepared] = field(default_factory=list)
    unprepared: set[int] = field(default_factory=set)
    new: set[int] = field(default_factory=set)
    read_again: set[int] = field(default_factory=set)
    pending: list[int] = field(default_factory=list)
