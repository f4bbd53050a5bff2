"""A second process that understands records while the first one stores those understood before.

Both have a core to work on, and understanding is the larger half: when the second process is late,
the first one understands a batch too rather than wait. They speak by pipes, in pickles of their own
values: the second one ends when its pipe closes, so that a first one that is killed leaves nothing
behind.
"""

import contextlib
import gc
import multiprocessing
import pickle
import queue
import signal
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Iterator, Sequence
from multiprocessing.connection import Connection
from types import TracebackType
from typing import Self

from django.utils.translation import gettext as _

from essor.catalogue.understanding import Answer, Asked, Understanding

AHEAD = 8
"""Batches read and not yet stored, at most."""
AT_ONCE = 4
"""Batches that the second process has before it, at most: enough never to wait while one is stored."""

FEW_COLLECTIONS = (100_000, 20, 20)


class SecondProcessLost(RuntimeError):
    """The second process has ended too early."""


class SecondProcess:
    """Takes batches of records and gives what was understood of them, in the same order."""

    ahead = AHEAD

    def __init__(self, understanding: Understanding) -> None:
        self._understanding = understanding
        self._at_work = 0
        self._waiting: deque[list[Answer] | None] = deque()

    def __enter__(self) -> Self:
        questions, sending = multiprocessing.Pipe(duplex=False)
        self._answers, answers = multiprocessing.Pipe(duplex=False)
        self._questions = _Sender(sending)
        with questions, answers:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "essor.catalogue.second_process"],
                stdin=questions.fileno(),
                stdout=answers.fileno(),
            )
        self._questions.send(self._understanding)
        return self

    def ask(self, asked: Sequence[Asked], branches: dict[str, int]) -> None:
        """Have a batch understood, by whoever is free; `branches` are those known by now."""
        if self._at_work < AT_ONCE:
            self._questions.send((asked, branches))
            self._at_work += 1
            self._waiting.append(None)
        else:
            self._waiting.append(self._understanding.answers(asked, branches))

    def is_ready(self) -> bool:
        """Say whether the answers to the oldest batch are there."""
        if not self._waiting:
            return False
        if self._waiting[0] is not None:
            return True
        return self._answers.poll()

    def answers(self) -> list[Answer]:
        """Wait for the answers to the oldest batch asked for. Raises SecondProcessLost when it has died."""
        understood_here = self._waiting.popleft()
        if understood_here is not None:
            return understood_here
        try:
            received = self._answers.recv_bytes()
        except (EOFError, OSError) as error:
            said = _(
                "The process that reads records ahead was ended by the system, for want of memory"
                " perhaps. Start the import again: it goes on from where it was."
            )
            raise SecondProcessLost(said) from error
        answers: list[Answer] = pickle.loads(received)  # noqa: S301  # our own
        self._at_work -= 1
        return answers

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        # It has nothing to lose: whatever is still being understood is not wanted any more.
        self._process.kill()
        self._process.wait()
        self._questions.close()
        self._answers.close()


class _Sender:
    """Sends from a thread: nobody waits for the other process to read, and two that write never lock."""

    def __init__(self, pipe: Connection) -> None:
        self._pipe = pipe
        self._waiting: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._send_all, daemon=True)
        self._thread.start()

    def send(self, message: object) -> None:
        """Have a message sent; it may be changed afterwards."""
        self._waiting.put(pickle.dumps(message, pickle.HIGHEST_PROTOCOL))

    def close(self) -> None:
        """Send what is left, then close the pipe."""
        self._waiting.put(None)
        self._thread.join()

    def _send_all(self) -> None:
        with contextlib.suppress(OSError), self._pipe:
            while (message := self._waiting.get()) is not None:
                self._pipe.send_bytes(message)


class SameProcess:
    """Understands in the process that stores: for files so small that a second one would not pay."""

    ahead = 0

    def __init__(self, understanding: Understanding) -> None:
        self._understanding = understanding
        self._asked: Sequence[Asked] = ()
        self._branches: dict[str, int] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        pass

    def ask(self, asked: Sequence[Asked], branches: dict[str, int]) -> None:
        """Remember a batch."""
        self._asked, self._branches = asked, branches

    def is_ready(self) -> bool:
        """Say that nothing is to be waited for."""
        return True

    def answers(self) -> list[Answer]:
        """Understand it."""
        return self._understanding.answers(self._asked, self._branches)


@contextlib.contextmanager
def few_collections() -> Iterator[None]:
    """Look for garbage rarely: what is made of a batch is let go of as a whole."""
    usual = gc.get_threshold()
    gc.freeze()
    gc.set_threshold(*FEW_COLLECTIONS)
    try:
        yield
    finally:
        gc.set_threshold(*usual)
        gc.unfreeze()


def main() -> None:
    """Answer the first process until it closes its pipe."""
    for asking_to_stop in (
        signal.SIGINT,
        signal.SIGTERM,
    ):  # sent to both: the first says when to stop
        signal.signal(asking_to_stop, signal.SIG_IGN)
    questions = Connection(sys.stdin.fileno(), writable=False)
    answers = _Sender(Connection(sys.stdout.fileno(), readable=False))
    understanding: Understanding = pickle.loads(questions.recv_bytes())  # noqa: S301  # by the first
    with few_collections(), contextlib.suppress(EOFError):
        while True:
            asked, branches = pickle.loads(questions.recv_bytes())  # noqa: S301
            understood = understanding.answers(asked, branches)
            answers.send(understood)


if __name__ == "__main__":
    main()
