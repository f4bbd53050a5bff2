"""Users who ask, and how long they wait: several processes, as a server has, of several users each."""

import multiprocessing
import random
import statistics
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import cycle

Question = tuple[str, object]
"""What kind of question it is, and what the one who answers needs to know of it."""


@dataclass(frozen=True, slots=True)
class Crowd:
    """So many users in so many processes; each waits for an answer, thinks, and asks again."""

    users: int
    processes: int
    think_s: float
    warm_s: float
    seconds: float

    @property
    def label(self) -> str:
        """Say who asks, and how."""
        pause = f"{self.think_s:g} s of pause" if self.think_s else "no pause"
        return f"{self.users} users, {pause}"


@dataclass(frozen=True, slots=True)
class Waits:
    """How long each question waited, by kind."""

    by_kind: dict[str, list[float]]
    seconds: float
    asked_again: int = 0
    """Questions that the same process had been asked before, word for word."""

    @property
    def all(self) -> list[float]:
        """Every wait, whatever was asked."""
        return [wait for waits in self.by_kind.values() for wait in waits]

    def line(self, label: str, waits: Sequence[float]) -> str:
        """Give the number, the median and the 95th percentile in milliseconds."""
        if len(waits) < 2:
            return f"  {label:<34}{len(waits):8,}         -         -"
        p95 = statistics.quantiles(waits, n=20)[-1]
        return (
            f"  {label:<34}{len(waits):8,}{statistics.median(waits) * 1e3:10.1f}{p95 * 1e3:10.1f}"
        )

    def print(self, label: str) -> None:
        """Print all questions, then each kind."""
        count = len(self.all)
        rate = count / self.seconds
        print(f"  {'':<34}   asked    median       p95   (ms)")
        print(self.line(f"{label}: all, {rate:.0f}/s", self.all))
        for kind, waits in sorted(self.by_kind.items()):
            print(self.line(f"    {kind}", waits))
        if count and self.asked_again:
            print(f"  asked before of the same process: {self.asked_again / count:.0%}")


def waits_of(
    crowd: Crowd, questions: Sequence[Question], answering: Callable[[], Callable[[object], object]]
) -> Waits:
    """Have the crowd ask; `answering` gives, in each process and for each user, what answers.

    Each process is asked questions of its own, one after the other: none comes again but for those
    that the list has several times.
    """
    context = multiprocessing.get_context("fork")
    queue = context.Queue()
    start = time.time() + 1.0
    children = [
        context.Process(
            target=_process,
            args=(crowd, questions[number :: crowd.processes], answering, start, number, queue),
        )
        for number in range(crowd.processes)
    ]
    for child in children:
        child.start()
    merged: dict[str, list[float]] = {}
    asked_again = 0
    for _ in children:
        found, again = queue.get(timeout=crowd.warm_s + crowd.seconds + 120)
        asked_again += again
        for kind, waits in found.items():
            merged.setdefault(kind, []).extend(waits)
    for child in children:
        child.join(30)
    return Waits(merged, crowd.seconds, asked_again)


def _process(crowd, questions, answering, start, number, queue) -> None:  # noqa: ANN001
    found: dict[str, list[float]] = {}
    lock = threading.Lock()
    to_ask = cycle(questions)
    asked_before: set[str] = set()
    again = 0

    def user(place: int) -> None:
        nonlocal again
        chance = random.Random(f"{number} {place}")
        answer = answering()
        counted_from, until = start + crowd.warm_s, start + crowd.warm_s + crowd.seconds
        time.sleep(max(0.0, start - time.time()) + chance.random() * max(crowd.think_s, 0.05))
        while time.time() < until:
            with lock:
                kind, what = next(to_ask)
            asked = time.perf_counter()
            answer(what)
            wait = time.perf_counter() - asked
            words = repr(what)
            with lock:
                if time.time() >= counted_from:
                    found.setdefault(kind, []).append(wait)
                    again += words in asked_before
                asked_before.add(words)
            if crowd.think_s:
                time.sleep(chance.expovariate(1 / crowd.think_s))

    users = [
        threading.Thread(target=user, args=(place,))
        for place in range(crowd.users // crowd.processes)
    ]
    for one in users:
        one.start()
    for one in users:
        one.join()
    queue.put((found, again))
