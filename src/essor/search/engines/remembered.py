"""The last answers, kept by each process for as long as the index does not change."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

T = TypeVar("T")


class Remembered(Generic[T]):
    """The `most` answers asked for last; their key must say of which state of the index they are."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._kept: OrderedDict[Hashable, T] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: Hashable, compute: Callable[[], T]) -> T:
        """Give the answer, computed when it is not there; two threads may compute the same one."""
        answer = self.kept(key)
        if answer is None:
            answer = compute()
            self.keep(key, answer)
        return answer

    def kept(self, key: Hashable) -> T | None:
        """Give the answer if it is there."""
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
            return self._kept.get(key)

    def keep(self, key: Hashable, answer: T) -> None:
        """Remember an answer, which is not None."""
        with self._lock:
            self._kept[key] = answer
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)
