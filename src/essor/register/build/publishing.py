"""A folder that is there whole, or not at all: made beside its place under a hidden name, then moved.

One process at a time makes a folder; a process that is killed leaves its hidden folder, which the next
one clears. What stood at the place before is removed only when the new one has taken it.
"""

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from essor.problems import Problem
from essor.register.build import gettext_noop as _
from essor.register.types import RegisterError


@dataclass(slots=True)
class Making:
    """A hidden folder, and the place it takes in the end, which may be told another name until then."""

    folder: Path
    place: Path


@contextmanager
def new_folder(place: Path) -> Iterator[Making]:
    """Give an empty hidden folder, which takes its place when the block ends well, and is removed when not.

    Raises RegisterError when another process is making the same folder, or when it cannot be written.
    """
    making = place.with_name(f".{place.name}.building")
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        lock = _locked(making)
    except OSError as error:
        raise RegisterError(
            Problem(
                f"{place} ({error.strerror})",
                _("The folder cannot be written."),
                _("Give another one with --output, or free some space."),
            )
        ) from error
    try:
        _recover(place)
        _empty(making)
        made = Making(making, place)
        yield made
        _recover(made.place)
        _take_place(making, made.place)
    except BaseException:
        shutil.rmtree(making, ignore_errors=True)
        raise
    finally:
        os.close(lock)


def _locked(making: Path) -> int:
    """Lock the hidden folder itself: the lock goes with the process, and with the folder."""
    while True:
        making.mkdir(exist_ok=True)
        lock = os.open(making, os.O_RDONLY | os.O_DIRECTORY)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            os.close(lock)
            raise RegisterError(
                Problem(
                    str(making),
                    _("Another build of the same folder is running."),
                    _("Wait for its end, or give another folder with --output."),
                )
            ) from error
        if _is_still(making, lock):
            return lock
        os.close(lock)  # the other process has just moved it to its place


def _is_still(making: Path, lock: int) -> bool:
    try:
        return os.path.samestat(making.stat(), os.fstat(lock))
    except FileNotFoundError:
        return False


def _former(place: Path) -> Path:
    return place.with_name(f".{place.name}.former")


def _recover(place: Path) -> None:
    """Put back what a process killed between two moves had put aside."""
    former = _former(place)
    if not former.exists():
        return
    if place.exists():
        shutil.rmtree(former)
    else:
        former.rename(place)


def _empty(folder: Path) -> None:
    for one in folder.iterdir():
        if one.is_dir() and not one.is_symlink():
            shutil.rmtree(one)
        else:
            one.unlink()


def _take_place(making: Path, place: Path) -> None:
    former = _former(place)
    if place.exists():
        place.rename(former)
    making.rename(place)
    shutil.rmtree(former, ignore_errors=True)
