"""Several processes as one: started together, stopped together, and none of them left behind.

Each process leads a group of its own. Ctrl-C therefore reaches the supervisor alone, which asks each
leader to end, waits, and then kills what is left of its group: a web worker that outlived its
leader would keep the port. On Linux each leader is also told to end when the supervisor dies of a
signal that nobody can note.
"""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import FrameType

STOP_LIMIT_S = 15
LOOK_EVERY_S = 0.2
ORDERS_TO_STOP = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
PR_SET_PDEATHSIG = 1


@dataclass(frozen=True, slots=True)
class Program:
    """What to run, and the name it has in messages."""

    name: str
    command: Sequence[str]


@dataclass(frozen=True, slots=True)
class Outcome:
    """How it ended: the program that ended by itself, if any, and the exit code to give."""

    ended: str | None
    code: int


def run_together(programs: Sequence[Program], *, environment: Mapping[str, str]) -> Outcome:
    """Run the programs until one ends or this process is told to stop; all of them have ended on return."""
    running: dict[str, subprocess.Popen[bytes]] = {}
    with _orders_to_stop() as orders:
        try:
            for program in programs:
                running[program.name] = _started(program, environment)
            ended = _wait(running, orders)
        finally:
            _stop(running.values())
    if ended is None:
        return Outcome(None, 0)
    return Outcome(ended, running[ended].returncode or 1)


def _started(program: Program, environment: Mapping[str, str]) -> subprocess.Popen[bytes]:
    return subprocess.Popen(  # noqa: S603 (commands of ours)
        program.command,
        env=dict(environment),
        start_new_session=True,
        preexec_fn=_end_with_parent if sys.platform == "linux" else None,
    )


def _end_with_parent() -> None:
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


@contextlib.contextmanager
def _orders_to_stop() -> Iterator[list[int]]:
    """Note the orders to stop rather than die of them."""
    orders: list[int] = []

    def note(number: int, frame: FrameType | None) -> None:
        orders.append(number)

    # `nohup` outlives its terminal; Ctrl-C is heard even where a shell ignores it for background jobs.
    is_nohup = signal.getsignal(signal.SIGHUP) == signal.SIG_IGN
    heard = [number for number in ORDERS_TO_STOP if number != signal.SIGHUP or not is_nohup]
    former = {number: signal.signal(number, note) for number in heard}
    try:
        yield orders
    finally:
        for number, handler in former.items():
            signal.signal(number, handler)


def _wait(running: Mapping[str, subprocess.Popen[bytes]], orders: list[int]) -> str | None:
    while not orders:
        for name, process in running.items():
            if process.poll() is not None:
                return name
        time.sleep(LOOK_EVERY_S)
    return None


def _stop(processes: Iterable[subprocess.Popen[bytes]]) -> None:
    stopping = list(processes)
    for process in stopping:
        process.terminate()
    deadline = time.monotonic() + STOP_LIMIT_S
    for process in stopping:
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(max(0, deadline - time.monotonic()))
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
