"""Chance that can be counted on: a cover never changes from one machine or version to the next."""

import hashlib
from collections.abc import Iterator, Sequence
from typing import TypeVar

Choice = TypeVar("Choice")


class Chance:
    """Small numbers drawn from a text: the same text, the same numbers, on any machine."""

    def __init__(self, seed: str) -> None:
        self._seed = seed.encode("utf-8", "surrogatepass")
        self._drawn = self._numbers()

    def _numbers(self) -> Iterator[int]:
        block = 0
        while True:
            yield from hashlib.blake2b(self._seed, salt=block.to_bytes(8, "big")).digest()
            block += 1

    def below(self, limit: int) -> int:
        """Give a number from 0 to limit - 1 (at most 256)."""
        return next(self._drawn) % limit

    def among(self, choices: Sequence[Choice]) -> Choice:
        """Give one of these."""
        return choices[self.below(len(choices))]
