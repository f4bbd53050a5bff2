"""A bad row is a value, not an exception: it is counted, kept and shown, and the import goes on."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong in what came in: where (file, line, offset, identifier), what, and what to do."""

    where: str
    what: str
    advice: str

    def __str__(self) -> str:
        return f"{self.where}: {self.what} {self.advice}"
