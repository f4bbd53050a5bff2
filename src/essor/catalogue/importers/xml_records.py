"""Records in XML: the bytes of each element are cut out of the file, and every record stands or falls alone.

A parser of whole files stops at the first fault, keeps no place to go on from, and must trust what
the file declares about itself. Here the marks of records are looked for in the bytes, whatever their
prefix and whatever is around them (OAI-PMH, SRU, ILS-DI); each record is then parsed by itself, by a
parser that knows no document type, no entity and no network. Of elements within one another, the
innermost is the record. Memory is bounded by the largest record accepted.
"""

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from essor.catalogue.importers import gettext_noop as _
from essor.catalogue.importers.iso2709 import NO_NUMBER, NotRecords, bad_record
from essor.catalogue.importers.marc_fields import other_number_of, sound_number
from essor.catalogue.types import BadRecord, FileFormat, Received

READ_SIZE = 256 * 1024
LARGEST_RECORD = 4 * 1024 * 1024
LONGEST_MARK = 200
LONGEST_BEFORE = 50

HARMFUL = _(
    "This file declares entities of its own, which no export of records does: it is refused."
)
TOO_LARGE = (
    _("This record is larger than four megabytes."),
    _("Its end is missing or damaged: export it again."),
)
NOT_CLOSED = (
    _("This record has no end: another one begins, or the file ends, within it."),
    _("The transfer was cut, or the file is damaged: export it again."),
)

_NAMES = {
    FileFormat.MARCXML: rb"record",
    FileFormat.PMB_XML: rb"notice",
    FileFormat.DUBLIN_CORE: rb"dc",
}
_FIELD_MARKS = {
    FileFormat.MARCXML: re.compile(rb"(?:<|&lt;)(?:[\w.-]{1,40}:)?(?:data|control)field[\s/>]"),
    FileFormat.PMB_XML: re.compile(rb"<f[\s>]"),
    FileFormat.DUBLIN_CORE: re.compile(rb"<(?:[\w.-]{1,40}:)?(?:title|identifier)[\s>]"),
}
_NUMBER = re.compile(
    rb"""<(?:[\w.-]{1,40}:)?(?:controlfield|datafield|f)\s[^<>]{0,200}?\b(?:tag|c)\s{0,9}=\s{0,9}["']001["'][^<>]{0,200}>"""
    rb"""([^<]{1,400})<"""
)
_IDENTIFIER = re.compile(rb"<(?:[\w.-]{1,40}:)?identifier[^<>]{0,200}>([^<]{1,400})<")


def _marks(file_format: FileFormat) -> re.Pattern[bytes]:
    name = _NAMES[file_format]
    return re.compile(
        rb"(?P<comment><!--)|(?P<entity><!ENTITY)"
        rb"|(?P<start>(?:<|&lt;)(?:[\w.-]{1,40}:)?" + name + rb"(?=[\s>]|&gt;))"
        rb"|(?P<end>(?:<|&lt;)/(?:[\w.-]{1,40}:)?" + name + rb"\s{0,9}(?P<close>>|&gt;))"
    )


# What stands before and after a name, when the name itself has been found.
_BEFORE = re.compile(rb"(?:<|&lt;)(?P<slash>/?)(?:[\w.-]{1,40}:)?\Z")
_CLOSING = re.compile(rb"\s{0,9}(?:>|&gt;)")


def received_elements(
    stream: BinaryIO, file_format: FileFormat, start: int = 0
) -> Iterator[Received | BadRecord]:
    """Give each record that begins at or after this place, as it stands in the stream.

    Raises NotRecords when the file declares entities.
    """
    stream.seek(start)
    cutter = _Cutter(file_format, start)
    while block := stream.read(READ_SIZE):
        for cut in cutter.fed(block):
            yield _received(cut, file_format)
    for cut in cutter.ended():
        yield _received(cut, file_format)


@dataclass(frozen=True, slots=True)
class _Cut:
    """An element as it stands in the stream, and what is wrong with it as a whole."""

    offset: int
    element: bytes
    fault: tuple[str, str] | None = None


class _Cutter:
    """Cuts out the innermost elements that have fields, from blocks as they come.

    `base` is the place in the stream of what is held; `seen` and `opening` are places in what is held:
    how far marks were looked for, and where the last element begins (-1 when none does).
    """

    def __init__(self, file_format: FileFormat, base: int) -> None:
        self.marks = _marks(file_format)
        self.name = re.compile(_NAMES[file_format] + rb"(?=[\s>]|&gt;)")
        self.fields = _FIELD_MARKS[file_format]
        self.base = base
        self.held = b""
        self.seen = 0
        self.opening = -1
        self.is_in_comment = False

    def fed(self, block: bytes) -> Iterator[_Cut]:
        """Take the next block, and give the elements that end in it."""
        self.held += block
        # Comments and declarations are rare: without any, names are looked for much faster than marks.
        is_plain = not self.is_in_comment and self.held.find(b"<!", self.seen) < 0
        for start, end, is_start in self._by_name() if is_plain else self._by_mark():
            if is_start:
                yield from self._left_open(start)
                self.opening = start
            else:
                yield from self._closed(end)
        if self.opening >= 0 and len(self.held) - self.opening > LARGEST_RECORD:
            yield _Cut(self.base + self.opening, self.held[self.opening :][:READ_SIZE], TOO_LARGE)
            self.opening = -1
        self._forget()

    def ended(self) -> Iterator[_Cut]:
        """Give the element that the end of the stream cuts."""
        return self._left_open(len(self.held))

    def _by_name(self) -> Iterator[tuple[int, int, bool]]:
        while found := self.name.search(self.held, self.seen):
            self.seen = found.end()
            before = _BEFORE.search(
                self.held, max(0, found.start() - LONGEST_BEFORE), found.start()
            )
            if before and not before["slash"]:
                yield before.start(), found.end(), True
            elif before and (closing := _CLOSING.match(self.held, found.end())):
                yield before.start(), closing.end(), False
            elif before and len(self.held) - found.end() < LONGEST_BEFORE:
                self.seen = found.start()  # its bracket comes with the next block
                return
        # The end of the block may cut a mark, which is looked for again with the next one.
        self.seen = max(self.seen, len(self.held) - LONGEST_MARK)

    def _by_mark(self) -> Iterator[tuple[int, int, bool]]:
        while found := self._next_mark():
            self.seen = found.end()
            if found["comment"]:
                self.is_in_comment = True
            elif found["start"] or found["end"]:
                yield found.start(), found.end(), bool(found["start"])
            elif self.opening < 0:
                raise NotRecords(HARMFUL)

    def _next_mark(self) -> re.Match[bytes] | None:
        if self.is_in_comment:
            close = self.held.find(b"-->", self.seen)
            if close < 0:
                self.seen = max(self.seen, len(self.held) - len("--"))
                return None
            self.seen, self.is_in_comment = close + len("-->"), False
        found = self.marks.search(self.held, self.seen)
        if found is None:
            self.seen = max(self.seen, len(self.held) - LONGEST_MARK)
        return found

    def _left_open(self, end: int) -> Iterator[_Cut]:
        """Report an element without end; those around a record have no field of their own, and are none."""
        if self.opening >= 0 and self.fields.search(self.held, self.opening, end):
            yield _Cut(self.base + self.opening, self.held[self.opening : end], NOT_CLOSED)

    def _closed(self, end: int) -> Iterator[_Cut]:
        if self.opening >= 0 and self.fields.search(self.held, self.opening, end):
            yield _Cut(self.base + self.opening, self.held[self.opening : end])
        self.opening = -1

    def _forget(self) -> None:
        kept = self.opening if self.opening >= 0 else self.seen
        self.base += kept
        self.held = self.held[kept:]
        self.seen -= kept
        self.opening = min(self.opening, 0)


def _unescaped(element: bytes) -> bytes:
    """Give an element that was written as text within another document (ILS-DI) its own form again."""
    if not element.startswith(b"&lt;"):
        return element
    return html.unescape(element.decode("utf-8", "surrogateescape")).encode(
        "utf-8", "surrogateescape"
    )


def _received(cut: _Cut, file_format: FileFormat) -> Received | BadRecord:
    number = _number(cut.element, file_format)
    if cut.fault:
        return bad_record(cut.offset, number, cut.fault)
    element = _unescaped(cut.element)
    number = number or _number(element, file_format)
    if not number and file_format is not FileFormat.DUBLIN_CORE:
        number = other_number_of(element, file_format)
    if not number:
        return bad_record(cut.offset, "", NO_NUMBER)
    return Received(cut.offset, number, element, file_format)


def _number(element: bytes, file_format: FileFormat) -> str:
    pattern = _IDENTIFIER if file_format is FileFormat.DUBLIN_CORE else _NUMBER
    found = pattern.search(element)
    return sound_number(html.unescape(found[1].decode("utf-8", "replace"))) if found else ""
