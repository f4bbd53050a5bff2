"""Bring a large file to the disk, so that a stop loses nothing and a second run brings nothing.

What comes is written to `<file>.part`, which a later run completes if the server says that it is still
the same file. Only a whole, checked file takes the place of the one before; `<file>.json` says what it is.
"""

import errno
import hashlib
import json
import os
import re
import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from itertools import chain
from pathlib import Path

import httpcore
import httpx

from essor.alone import alone
from essor.fetching.client import Answer, Client, refusal, validators
from essor.fetching.errors import (
    AlreadyFetched,
    AnotherKind,
    BadAnswer,
    CutShort,
    NoRoom,
    Stalled,
    TooLarge,
    Unreachable,
    WrongChecksum,
)
from essor.fetching.network import Pace
from essor.fetching.types import Downloaded, DownloadLimits, Receipt

_WHOLE = 200
_PART = 206
_NOT_MODIFIED = 304
_NO_SUCH_RANGE = 416
_RANGE = re.compile(r"bytes (\d{1,19})-\d{1,19}/(\d{1,19})")
_NO_RANGE = re.compile(r"bytes \*/(\d{1,19})")
_PASSING = (CutShort, Stalled, Unreachable)

Progress = Callable[[int, int | None], object]
"""Told the bytes that are on the disk, and those of the whole file, None when the server does not say."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A file to bring: its address, where it goes, its first bytes, its SHA-256 when it is known."""

    address: str
    path: Path
    signature: bytes = b""
    sha256: str = ""


def download(
    wanted: Wanted,
    *,
    client: Client,
    now: datetime,
    check: Callable[[Path], object],
    on_progress: Progress,
    limits: DownloadLimits | None = None,
) -> Downloaded:
    """Bring the file, unless the one that is there is still the publisher's.

    `check` is given the whole file before it replaces the one before, and raises when it is no good:
    the new file is then thrown away. Raises a FetchError, which says why in words.
    """
    wanted.path.parent.mkdir(parents=True, exist_ok=True)
    with _alone_on(wanted.path):
        return _Download(wanted, client, limits or DownloadLimits(), on_progress).run(now, check)


def receipt_of(path: Path) -> Receipt | None:
    """Give what is known of a downloaded file; None when it is not there, or not the one described."""
    try:
        kept = json.loads(_beside(path, ".json").read_text(encoding="utf-8"))
        receipt = Receipt(**{**kept, "fetched_at": datetime.fromisoformat(kept["fetched_at"])})
        return receipt if path.stat().st_size == receipt.size else None
    except (OSError, ValueError, TypeError, KeyError):
        return None


@dataclass(frozen=True, slots=True)
class _Version:
    """Which file the `.part` is the start of: a `.part` of another one must not be completed."""

    address: str
    etag: str
    last_modified: str

    @property
    def validator(self) -> str:
        """What to send in If-Range: only a strong ETag, or else a date, tells bytes from bytes."""
        return self.etag if self.etag.startswith('"') else self.last_modified

    def may_go_on(self, later: "_Version") -> bool:
        """Say whether an answer is about the same file; a server may leave its validators out of a part."""
        pairs = ((self.etag, later.etag), (self.last_modified, later.last_modified))
        return all(ours == theirs or not theirs for ours, theirs in pairs)


class _Download:
    def __init__(
        self, wanted: Wanted, client: Client, limits: DownloadLimits, on_progress: Progress
    ) -> None:
        self._wanted = wanted
        self._client = client
        self._limits = limits
        self._on_progress = on_progress
        self._part = _beside(wanted.path, ".part")
        self._note = _beside(wanted.path, ".part.json")
        self._received = 0
        self._restarted = False

    def run(self, now: datetime, check: Callable[[Path], object]) -> Downloaded:
        kept = receipt_of(self._wanted.path)
        if kept and kept.address != self._wanted.address:
            kept = None
        version = self._brought(kept)
        if kept and version is None:
            return Downloaded(kept, is_new=False, received=0)
        assert version is not None  # noqa: S101  only a kept file may be left as it is
        receipt = self._checked(version, now, check)
        self._put_in_place(receipt)
        return Downloaded(receipt, is_new=True, received=self._received, restarted=self._restarted)

    def _brought(self, kept: Receipt | None) -> _Version | None:
        """Bring all bytes, in as many connections as it takes; None when the kept file is the latest."""
        tries = 1
        while True:
            before = self._received
            try:
                return self._ask(kept)
            except _PASSING:
                if self._received == before or tries == self._limits.tries:
                    raise
                tries += 1

    def _ask(self, kept: Receipt | None) -> _Version | None:
        version, have = self._begun()
        headers = {"Accept-Encoding": "identity", **_conditions(kept, version, have)}
        pace = Pace(self._limits.patience_s, self._limits.bytes_least)
        with self._client.opened(self._wanted.address, headers, deadline=pace) as answer:
            if answer.status == _WHOLE:
                return self._from_the_start(answer, pace)
            if version is None:
                if answer.status == _NOT_MODIFIED and kept:
                    return None
                raise refusal(answer)
            if answer.status == _NO_SUCH_RANGE and _is_all(answer, have):
                return version
            if answer.status == _PART and self._goes_on(answer, version, have):
                return self._rest(answer, pace, version, have)
            if answer.status not in (_PART, _NO_SUCH_RANGE):
                raise refusal(answer)
        # What is here is the start of another file, and this server told it by a wrong range.
        self._forget_part()
        self._restarted = True
        return self._ask(kept)

    def _begun(self) -> tuple[_Version | None, int]:
        """Give which file the `.part` is of, and how many bytes of it are here; none if it cannot be told."""
        try:
            version = _Version(**json.loads(self._note.read_text(encoding="utf-8")))
            have = self._part.stat().st_size
        except (OSError, ValueError, TypeError):
            return None, 0
        if not have or not version.validator or version.address != self._wanted.address:
            return None, 0
        return version, have

    def _goes_on(self, answer: Answer, version: _Version, have: int) -> bool:
        found = _RANGE.fullmatch(answer.headers.get("content-range", ""))
        return bool(found and int(found[1]) == have and version.may_go_on(self._version(answer)))

    def _from_the_start(self, answer: Answer, pace: Pace) -> _Version:
        old = self._part.stat().st_size if self._part.exists() else 0
        self._refuse(answer, total=answer.length, have=old)
        start = self._start_of(answer)  # before anything that is here is thrown away
        self._restarted = self._restarted or old > 0
        self._forget_part()
        version = self._version(answer)
        self._note.write_text(json.dumps(asdict(version)), encoding="utf-8")
        self._write(chain([start], answer.pieces), pace, have=0, total=answer.length)
        return version

    def _rest(self, answer: Answer, pace: Pace, version: _Version, have: int) -> _Version:
        total = _total(answer)
        self._refuse(answer, total=total, have=have)
        self._write(answer.pieces, pace, have=have, total=total)
        if self._part.stat().st_size < total:
            raise CutShort(answer.url.host)  # servers may send less than was asked for
        return version

    def _version(self, answer: Answer) -> _Version:
        return _Version(self._wanted.address, **validators(answer.headers))

    def _refuse(self, answer: Answer, *, total: int | None, have: int) -> None:
        """Refuse, before a byte of it is written, what is too large or not in its own bytes."""
        if answer.headers.get("content-encoding", "identity").strip().lower() != "identity":
            raise BadAnswer(answer.url.host)  # a range would be one of other bytes
        if total is None:
            return
        if total > self._limits.size_bytes:
            raise TooLarge(self._limits.size_bytes)
        needed = total - have + self._limits.room_bytes
        if needed > (free := shutil.disk_usage(self._part.parent).free):
            raise NoRoom(needed, free)

    def _start_of(self, answer: Answer) -> bytes:
        """Give the first bytes of the body, once they are those of the right kind of file."""
        start = b""
        with _told_when_cut(answer.url.host):
            while len(start) < len(self._wanted.signature):
                if not (piece := next(answer.pieces, b"")):
                    break
                start += piece
        if not start.startswith(self._wanted.signature):
            raise AnotherKind(answer.url.host)
        return start

    def _write(self, pieces: Iterable[bytes], pace: Pace, *, have: int, total: int | None) -> None:
        host = httpx.URL(self._wanted.address).host
        with self._part.open("ab") as file, _told_when_cut(host), _told_when_full(self._part):
            for piece in pieces:
                have += len(piece)
                if have > self._limits.size_bytes:
                    raise TooLarge(self._limits.size_bytes)
                file.write(piece)
                self._received += len(piece)
                pace.received(len(piece))
                self._on_progress(have, total)
            file.flush()
            os.fsync(file.fileno())

    def _checked(
        self, version: _Version, now: datetime, check: Callable[[Path], object]
    ) -> Receipt:
        """Give the receipt of the whole file. A file that is no good is thrown away."""
        with self._part.open("rb") as file:
            sha256 = hashlib.file_digest(file, "sha256").hexdigest()
        try:
            if self._wanted.sha256 not in ("", sha256):
                raise WrongChecksum(sha256)
            check(self._part)
        except Exception:
            self._forget_part()
            raise
        return Receipt(
            **asdict(version), fetched_at=now, size=self._part.stat().st_size, sha256=sha256
        )

    def _put_in_place(self, receipt: Receipt) -> None:
        written = {**asdict(receipt), "fetched_at": receipt.fetched_at.isoformat()}
        text = json.dumps(written, ensure_ascii=False, indent=2)
        receipt_file = _beside(self._wanted.path, ".json")
        new_receipt = _beside(self._wanted.path, ".json.part")
        new_receipt.write_text(f"{text}\n", encoding="utf-8")
        # Killed between the two, the receipt is of another size or ETag: the file is asked for again.
        self._part.replace(self._wanted.path)
        new_receipt.replace(receipt_file)
        self._note.unlink()

    def _forget_part(self) -> None:
        self._part.unlink(missing_ok=True)
        self._note.unlink(missing_ok=True)


def _beside(path: Path, ending: str) -> Path:
    return path.with_name(path.name + ending)


def _conditions(kept: Receipt | None, version: _Version | None, have: int) -> dict[str, str]:
    """Ask for the rest of what is here, or for the whole if it is not what is kept."""
    if version:
        return {"Range": f"bytes={have}-", "If-Range": version.validator}
    if kept is None:
        return {}
    asked = {"If-None-Match": kept.etag, "If-Modified-Since": kept.last_modified}
    return {name: value for name, value in asked.items() if value}


def _total(answer: Answer) -> int:
    found = _RANGE.fullmatch(answer.headers.get("content-range", ""))
    return int(found[2]) if found else 0


def _is_all(answer: Answer, have: int) -> bool:
    """Say whether there is nothing after the bytes that are here."""
    found = _NO_RANGE.fullmatch(answer.headers.get("content-range", ""))
    return bool(found and int(found[1]) == have)


@contextmanager
def _alone_on(path: Path) -> Iterator[None]:
    """Be the only one to fetch this file."""
    with ExitStack() as held:
        try:
            held.enter_context(alone(_beside(path, ".lock")))
        except BlockingIOError as error:
            raise AlreadyFetched(path.name) from error
        yield


@contextmanager
def _told_when_cut(host: str) -> Iterator[None]:
    try:
        yield
    except (httpcore.NetworkError, httpcore.ProtocolError) as error:
        raise CutShort(host) from error


@contextmanager
def _told_when_full(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EDQUOT):
            raise
        raise NoRoom(1_000_000, shutil.disk_usage(path.parent).free) from error
