"""Frames of kiosks kept whole: in the memory of each web process, and in the cache that they share.

A page that ten thousand visitors of other sites load costs one rendering. What is kept belongs to a
generation; an edit opens the next one, and every process learns of it within a fifth of a second. A frame
is made by one thread of one process, while those that ask for the same wait for it.
"""

import fcntl
import gzip
import hashlib
import threading
import time
import uuid
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.conf import settings
from django.core.cache import caches
from django.db import transaction

KEPT_S = 60
"""After which a frame is made anew: an import or a draw of the hour shows by then."""
NEWS_S = 0.2
"""How often a process asks whether another one opened a new generation."""
MOST_KEPT = 300
MOST_BYTES = 32 * 1024 * 1024
"""Most frames, and bytes of them, in the memory of one process."""
GENERATION = "kiosk-generation"
LOCKS = 64
KEPT_BY_304 = ("Cache-Control", "ETag", "Vary")


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server sends: a status, headers, bytes."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes


@dataclass(frozen=True, slots=True)
class Kept:
    """A frame as it is answered: its headers, its bytes plain and compressed, the tag of its content."""

    headers: tuple[tuple[str, str], ...]
    body: bytes
    gzipped: bytes
    tag: str
    until: float

    @classmethod
    def of(cls, headers: Iterable[tuple[str, str]], body: bytes) -> "Kept":
        """Keep what was just made; `headers` are those that do not depend on who asks."""
        # Nothing in a frame is secret or comes from its visitor: compression gives nothing away.
        gzipped = gzip.compress(body, compresslevel=6, mtime=0)
        tag = f'W/"{hashlib.sha256(body).hexdigest()[:32]}"'
        common = (*headers, ("ETag", tag), ("Vary", "Accept-Encoding"))
        return cls(common, body, gzipped, tag, time.time() + KEPT_S)

    @property
    def size(self) -> int:
        """Bytes that it takes."""
        return len(self.body) + len(self.gzipped)

    def answer(self, environ: Mapping[str, Any]) -> Answer:
        """Answer a request, of which the WSGI environment tells what it takes and what it has already."""
        if self.tag in environ.get("HTTP_IF_NONE_MATCH", ""):
            # The policy stays that of the page kept by the browser (see ContentSecurityPolicyMiddleware).
            return Answer(304, [one for one in self.headers if one[0] in KEPT_BY_304], b"")
        is_gzipped = "gzip" in environ.get("HTTP_ACCEPT_ENCODING", "")
        content = self.gzipped if is_gzipped else self.body
        headers = [*self.headers, ("Content-Length", str(len(content)))]
        if is_gzipped:
            headers.append(("Content-Encoding", "gzip"))
        return Answer(200, headers, b"" if environ["REQUEST_METHOD"] == "HEAD" else content)


class KeptFrames:
    """The frames that this process keeps, those made longest ago forgotten first."""

    def __init__(self) -> None:
        self._frames: OrderedDict[str, Kept] = OrderedDict()
        self._made_for_each: OrderedDict[str, None] = OrderedDict()
        self._bytes = 0
        self._generation = ""
        self._asked_at = 0.0
        self._guard = threading.Lock()
        self._makers = tuple(threading.Lock() for _ in range(LOCKS))

    def get(self, key: str) -> Kept | None:
        """Give a frame of the present generation that is not too old."""
        if time.monotonic() - self._asked_at > NEWS_S:
            self._learn_generation()
        kept = self._frames.get(key)
        return kept if kept and kept.until > time.time() else None

    def get_or_make(self, key: str, make: Callable[[], Kept | None]) -> Kept | None:
        """Give a frame; the first who asks makes it, in one process of this machine, for all.

        `make` gives None for what is not to be kept: everyone then makes their own, and from then on
        without waiting for the others.
        """
        if key in self._made_for_each:
            return self._made(key, make)
        with self._alone_on(key):
            return self.get(key) or self._shared(key) or self._made(key, make)

    def forget(self) -> None:
        """Open a new generation, for all processes."""
        caches["default"].set(GENERATION, uuid.uuid4().hex, None)
        self._learn_generation()

    def clear(self) -> None:
        """Forget everything in this process, the generation included."""
        self._begin("")
        self._asked_at = 0.0

    def _shared(self, key: str) -> Kept | None:
        """Give a frame that another process made."""
        generation = self._generation
        kept: Kept | None = caches["default"].get(_shared_key(generation, key))
        if kept is None or kept.until <= time.time():
            return None
        self._remember(key, kept, generation)
        return kept

    def _made(self, key: str, make: Callable[[], Kept | None]) -> Kept | None:
        """Make a frame, kept under the generation in which it was begun: an edit meanwhile makes it unreachable."""
        generation = self._generation
        kept = make()
        if kept is None:
            self._note_made_for_each(key)
            return None
        caches["default"].set(_shared_key(generation, key), kept, KEPT_S)
        self._remember(key, kept, generation)
        return kept

    def _learn_generation(self) -> None:
        self._asked_at = time.monotonic()
        told = str(caches["default"].get_or_set(GENERATION, lambda: uuid.uuid4().hex, None))
        if told != self._generation:
            self._begin(told)

    def _begin(self, generation: str) -> None:
        with self._guard:
            self._generation = generation
            self._frames.clear()
            self._made_for_each.clear()
            self._bytes = 0

    def _remember(self, key: str, kept: Kept, generation: str) -> None:
        with self._guard:
            self._made_for_each.pop(key, None)
            if generation != self._generation:
                return
            replaced = self._frames.pop(key, None)
            self._bytes += kept.size - (replaced.size if replaced else 0)
            self._frames[key] = kept
            while self._frames and (len(self._frames) > MOST_KEPT or self._bytes > MOST_BYTES):
                _oldest, gone = self._frames.popitem(last=False)
                self._bytes -= gone.size

    def _note_made_for_each(self, key: str) -> None:
        with self._guard:
            self._made_for_each[key] = None
            if len(self._made_for_each) > MOST_KEPT:
                self._made_for_each.popitem(last=False)

    @contextmanager
    def _alone_on(self, key: str) -> Iterator[None]:
        """Be the only thread of this machine that makes this frame (or one of a few others)."""
        place = int(hashlib.sha256(key.encode()).hexdigest()[:8], 16) % LOCKS
        folder = settings.HOME / "cache" / "frames"
        folder.mkdir(parents=True, exist_ok=True)
        with self._makers[place], (folder / f"{place}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield


def _shared_key(generation: str, key: str) -> str:
    return f"kiosk-frame-{generation}-{hashlib.sha256(key.encode()).hexdigest()}"


kept_frames = KeptFrames()


class _Edits(threading.local):
    """How many edits the connection of this thread has told of, and up to which one all is forgotten."""

    told = 0
    forgotten = 0


_edits = _Edits()


def forget_kiosks() -> None:
    """Let every reader see a change of kiosks, frames and pages alike, once it is committed."""
    _edits.told += 1
    transaction.on_commit(partial(_forget, _edits.told))


def _forget(edit: int) -> None:
    # Thousands of rows that leave a basket at once are one edit: what was told before is committed too.
    if edit <= _edits.forgotten:
        return
    _edits.forgotten = _edits.told
    kept_frames.forget()
    caches["pages"].clear()
