"""One process at a time: a file that is locked while something is done, and gone once it is done."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def alone(file: Path) -> Iterator[None]:
    """Be the only process of this machine inside. Raises BlockingIOError when another one is.

    The system frees the lock when its holder dies; the file that stays then is taken by the next one.
    """
    lock = _taken(file)
    try:
        yield
    finally:
        file.unlink(missing_ok=True)  # while it is held: nobody else can have taken it yet
        os.close(lock)


def _taken(file: Path) -> int:
    while True:
        lock = os.open(file, os.O_RDWR | os.O_CREAT, 0o644)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(lock)
            raise
        if _is_still(file, lock):
            return lock
        os.close(lock)  # its holder has just removed it: a file without a name locks out nobody


def _is_still(file: Path, lock: int) -> bool:
    try:
        return os.path.samestat(file.stat(), os.fstat(lock))
    except FileNotFoundError:
        return False
