"""The last answers, kept by each process for as long as the index does not change."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

T = TypeVar("T")


class Remembered(Generic[T]):
    """The `most` answers asked for last, and `most_costly` of those that cost much to find.

    What is asked by everybody, a shelf of the catalogue or a word in fashion, has many hits: it is
    not driven out by all that is asked once and found at once. The key of an answer must say of
    which state of the index it is.
    """

    def __init__(self, most: int, most_costly: int = 0) -> None:
        self._shelves = (_Shelf[T](most), _Shelf[T](most_costly))
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
            for shelf in self._shelves:
                if key in shelf.answers:
                    shelf.answers.move_to_end(key)
                    return shelf.answers[key]
        return None

    def keep(self, key: Hashable, answer: T, *, is_costly: bool = False) -> None:
        """Remember an answer, which is not None, in place of the one of the same key."""
        ordinary, costly = self._shelves
        with self._lock:
            is_costly = costly.answers.pop(key, None) is not None or is_costly
            ordinary.answers.pop(key, None)
            (costly if is_costly else ordinary).put(key, answer)


class _Shelf(Generic[T]):
    def __init__(self, most: int) -> None:
        self.most = most
        self.answers: OrderedDict[Hashable, T] = OrderedDict()

    def put(self, key: Hashable, answer: T) -> None:
        self.answers[key] = answer
        while len(self.answers) > self.most:
            self.answers.popitem(last=False)
