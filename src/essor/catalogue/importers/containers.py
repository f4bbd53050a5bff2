"""What wraps a file of records: gzip, zip, UTF-16. Bounded, since a few kilobytes can unfold into terabytes.

Each gives a stream of plain bytes that can be read again from any place, going through it from its
start when need be.
"""

import codecs
import gzip
import io
import zipfile
import zlib
from collections.abc import Callable, Iterator
from typing import IO, Any, BinaryIO

from essor.catalogue.importers import gettext_noop as _
from essor.catalogue.importers.iso2709 import NotRecords

LARGEST_CONTENT = 16 * 1024**3
"""Bytes, decompressed: some ten million records."""
LARGEST_RATIO = 200
"""Records shrink five to thirty times; bombs, a thousand times and more."""
RATIO_COUNTS_FROM = 32 * 1024**2
MOST_MEMBERS = 200
READ_SIZE = 256 * 1024

GZIP_MARK = b"\x1f\x8b"
ZIP_MARK = b"PK\x03\x04"
EMPTY_ZIP_MARK = b"PK\x05\x06"

BOMB = _("This archive unfolds into far more than records do: it is refused.")
DAMAGED = _("This archive is damaged: compress the file again, or send it as it is.")
LOCKED = _("This archive is protected by a password: send the file without one.")
TOO_MANY = _("This archive holds too many files: send the records in one file.")
EMPTY = _("This archive holds no file.")
NESTED = _("This archive holds another archive: take the records out of it first.")


class Unwrapped(io.RawIOBase):
    """Bytes that come one after the other, made again from the start when an earlier place is asked for.

    Raises NotRecords, on reading, when there is more of them than records would make, or when the
    archive is damaged.
    """

    def __init__(self, begin: Callable[[], Iterator[bytes]]) -> None:
        super().__init__()
        self._begin = begin
        self._blocks = begin()
        self._held = b""
        self._place = 0

    def readable(self) -> bool:
        """Say that it can be read."""
        return True

    def seekable(self) -> bool:
        """Say that it can be read from another place."""
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Go to a place counted from the start."""
        if whence != io.SEEK_SET:
            raise io.UnsupportedOperation
        if offset < self._place:
            self._blocks, self._held, self._place = self._begin(), b"", 0
        skipped = bytearray(READ_SIZE)
        while self._place < offset:
            if not self.readinto(memoryview(skipped)[: offset - self._place]):
                break
        return self._place

    def tell(self) -> int:
        """Give the place reached, in bytes from the start."""
        return self._place

    def readinto(self, buffer: Any) -> int:
        """Fill a buffer, as much as the next block allows."""
        while not self._held:
            block = next(self._blocks, None)
            if block is None:
                return 0
            self._held = block
        size = min(len(buffer), len(self._held))
        buffer[:size] = self._held[:size]
        self._held = self._held[size:]
        self._place += size
        return size


def unwrapped(begin: Callable[[], Iterator[bytes]]) -> BinaryIO:
    """Give a stream of these blocks."""
    return io.BufferedReader(Unwrapped(begin), READ_SIZE)


def gunzipped(stream: BinaryIO, packed_size: int) -> BinaryIO:
    """Give the content of a gzip file."""

    def begin() -> Iterator[bytes]:
        stream.seek(0)
        return _bounded(_blocks_of(gzip.GzipFile(fileobj=stream)), packed_size)

    return unwrapped(begin)


def unzipped(
    stream: BinaryIO,
) -> tuple[Callable[[zipfile.ZipInfo], BinaryIO], list[zipfile.ZipInfo]]:
    """Give the files of a zip archive, and what opens one of them.

    Raises NotRecords when it is damaged, locked, empty or has too many of them.
    """
    try:
        archive = zipfile.ZipFile(stream)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, EOFError) as error:
        raise NotRecords(DAMAGED) from error
    members = [one for one in archive.infolist() if not _is_left_out(one)]
    if not members:
        raise NotRecords(EMPTY)
    if len(archive.infolist()) > MOST_MEMBERS:
        raise NotRecords(TOO_MANY)
    if any(one.flag_bits & 1 for one in members):
        raise NotRecords(LOCKED)
    if sum(one.file_size for one in members) > LARGEST_CONTENT:
        raise NotRecords(BOMB)

    def opened(member: zipfile.ZipInfo) -> BinaryIO:
        def begin() -> Iterator[bytes]:
            try:
                content = archive.open(member)
            except (zipfile.BadZipFile, NotImplementedError, OSError, ValueError) as error:
                raise NotRecords(DAMAGED) from error
            return _bounded(_blocks_of(content), member.compress_size)

        return unwrapped(begin)

    return opened, members


def _is_left_out(member: zipfile.ZipInfo) -> bool:
    """Leave out folders, what macOS and others put beside files, and what has lost its name."""
    name = member.filename.rpartition("/")[2]
    return not name or name.startswith((".", "~")) or "__MACOSX" in member.filename


def _blocks_of(content: IO[bytes] | gzip.GzipFile) -> Iterator[bytes]:
    try:
        while block := content.read(READ_SIZE):
            yield block
    except (OSError, EOFError, zlib.error, zipfile.BadZipFile, ValueError) as error:
        raise NotRecords(DAMAGED) from error


def _bounded(blocks: Iterator[bytes], packed_size: int) -> Iterator[bytes]:
    size = 0
    for block in blocks:
        size += len(block)
        is_swollen = size > RATIO_COUNTS_FROM and size > packed_size * LARGEST_RATIO
        if is_swollen or size > LARGEST_CONTENT:
            raise NotRecords(BOMB)
        yield block


def transcoded(stream: BinaryIO, encoding: str) -> BinaryIO:
    """Give in UTF-8 a text in UTF-16; what is wrong in it becomes U+FFFD."""

    def begin() -> Iterator[bytes]:
        stream.seek(0)
        decoder = codecs.getincrementaldecoder(encoding)("replace")
        while block := stream.read(READ_SIZE):
            yield decoder.decode(block).encode("utf-8", "replace")
        yield decoder.decode(b"", final=True).encode("utf-8", "replace")

    return unwrapped(begin)
