"""A second process that understands records while the first one stores those understood before.

Both have a core to work on. They speak by pipes, in pickles of their own values: the second one
ends when its pipe closes, so that a first one that is killed leaves nothing behind.
"""

import contextlib
import gc
import pickle
import queue
import signal
import subprocess
import sys
import threading
from collections.abc import Sequence
from types import TracebackType
from typing import Any, Self

from essor.catalogue.importers.reading import Reading
from essor.catalogue.understanding import Answer, Asked, Understanding

AHEAD = 2
"""Batches that are being understood or wait for it while one is stored."""

FEW_COLLECTIONS = (100_000, 20, 20)
"""Garbage is looked for rarely: what is made of a batch is let go of as a whole."""


class SecondProcess:
    """Takes batches of records and gives what was understood of them, in the same order."""

    ahead = AHEAD

    def __init__(self, reading: Reading, source_code: str) -> None:
        self._reading, self._source_code = reading, source_code
        self._asked: queue.Queue[Any] = queue.Queue()

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "essor.catalogue.second_process"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        # A thread writes: with both pipes full, two processes that write would wait for each other.
        self._writer = threading.Thread(target=self._write, daemon=True)
        self._writer.start()
        self._asked.put((self._reading, self._source_code))
        return self

    def ask(self, asked: Sequence[Asked], branches: dict[str, int]) -> None:
        """Have a batch understood; `branches` are those known by now."""
        self._asked.put((asked, dict(branches)))

    def answers(self) -> list[Answer]:
        """Wait for the answers to the oldest batch asked for."""
        pipe = self._process.stdout
        assert pipe is not None  # noqa: S101  # opened with a pipe, above
        answers: list[Answer] = pickle.load(pipe)  # noqa: S301  # written by our own process
        return answers

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        pipe = self._process.stdout
        assert pipe is not None  # noqa: S101
        self._asked.put(None)
        # It has nothing to lose: whatever is still being understood is not wanted any more.
        self._process.kill()
        self._process.wait()
        self._writer.join()
        pipe.close()

    def _write(self) -> None:
        pipe = self._process.stdin
        assert pipe is not None  # noqa: S101
        with contextlib.suppress(OSError), pipe:
            while (message := self._asked.get()) is not None:
                pickle.dump(message, pipe, pickle.HIGHEST_PROTOCOL)
                pipe.flush()


class SameProcess:
    """Understands in the process that stores: for files so small that a second one would not pay."""

    ahead = 0

    def __init__(self, reading: Reading, source_code: str) -> None:
        self._understanding = Understanding(reading, source_code, None)
        self._asked: Sequence[Asked] = ()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        pass

    def ask(self, asked: Sequence[Asked], branches: dict[str, int]) -> None:
        """Remember a batch."""
        self._asked = asked

    def answers(self) -> list[Answer]:
        """Understand it."""
        return self._understanding.answers(self._asked)


def main() -> None:
    """Answer the first process until it closes its pipe."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the first process says when to stop
    gc.freeze()
    gc.set_threshold(*FEW_COLLECTIONS)
    asked, answers = sys.stdin.buffer, sys.stdout.buffer
    reading, source_code = pickle.load(asked)  # noqa: S301  # written by the first process
    with contextlib.suppress(EOFError, BrokenPipeError):
        while True:
            batch, branches = pickle.load(asked)  # noqa: S301
            understanding = Understanding(reading, source_code, branches)
            pickle.dump(understanding.answers(batch), answers, pickle.HIGHEST_PROTOCOL)
            answers.flush()


if __name__ == "__main__":
    main()
