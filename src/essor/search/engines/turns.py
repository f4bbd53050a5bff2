"""Turns for what fills a processor: doing twenty such things at once makes each wait for all of them."""

import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager


class Turns:
    """So many at once, the others in the order they came: a heavy search delays no one twice."""

    def __init__(self, at_once: int) -> None:
        self._free = at_once
        self._waiting: deque[threading.Lock] = deque()
        self._lock = threading.Lock()

    @property
    def waiting(self) -> int:
        """Say how many wait for their turn."""
        return len(self._waiting)

    @contextmanager
    def taken(self, *, is_going_on: bool = False) -> Iterator[None]:
        """Wait for a turn, and give it to the next one at the end. Not to be taken twice by one thread.

        Who is going on with what a former turn began comes first: it has waited already.
        """
        self._wait(is_going_on=is_going_on)
        try:
            yield
        finally:
            self._leave()

    def _wait(self, *, is_going_on: bool) -> None:
        with self._lock:
            if self._free:
                self._free -= 1
                return
            turn = threading.Lock()
            turn.acquire()
            (self._waiting.appendleft if is_going_on else self._waiting.append)(turn)
        try:
            turn.acquire()  # whoever leaves opens it
        except BaseException:  # interrupted by a signal
            self._give_up(turn)
            raise

    def _give_up(self, turn: threading.Lock) -> None:
        with self._lock:
            is_waiting = turn in self._waiting
            if is_waiting:
                self._waiting.remove(turn)
        if not is_waiting:
            self._leave()

    def _leave(self) -> None:
        with self._lock:
            if self._waiting:
                self._waiting.popleft().release()
            else:
                self._free += 1
