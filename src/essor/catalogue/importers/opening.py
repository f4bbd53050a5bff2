"""A file of records, whatever it is: its kind is recognised from its bytes, never from its name."""

import re
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import BinaryIO

from essor.catalogue.importers import gettext_noop as _
from essor.catalogue.importers import iso2709, items_csv, xml_records
from essor.catalogue.importers.containers import (
    EMPTY_ZIP_MARK,
    GZIP_MARK,
    NESTED,
    ZIP_MARK,
    gunzipped,
    transcoded,
    unwrapped,
    unzipped,
)
from essor.catalogue.importers.encodings import decoded
from essor.catalogue.importers.iso2709 import (
    BETWEEN_RECORDS,
    LARGEST_RECORD,
    LEADER_START,
    READ_SIZE,
    NotRecords,
    received_records,
)
from essor.catalogue.importers.marc_fields import RECORD_END
from essor.catalogue.importers.xml_records import HARMFUL, received_elements
from essor.catalogue.types import BadRecord, Container, FileFormat, Received

__all__ = ["NOT_READ_WHOLE", "NotRecords", "OpenedFile", "opened"]

HEAD_SIZE = 1024 * 1024
SPREADSHEET_MARK = b"\xd0\xcf\x11\xe0"
PDF_MARK = b"%PDF"
PICTURE_MARKS = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"RIFF", b"II*\x00", b"MM\x00*")
SPREADSHEET_MEMBER = "[Content_Types].xml"

EMPTY = _("This file is empty.")
NO_RECORD = _("This file has no end-of-record mark: it is no ISO 2709.")
NO_RECORD_IN_XML = _("This file is XML, but no record was found in it (MARCXML or PMB).")
WEB_PAGE = _("This file is a web page, often an error message: download the records again.")
SPREADSHEET = _("This file is a spreadsheet or a text document: save the table as “CSV UTF-8”.")
DOCUMENT = _("This file is a document (PDF): export the records in ISO 2709 or MARCXML.")
PICTURE = _("This file is a picture: export the records in ISO 2709 or MARCXML.")
SEVERAL_KINDS = _("This archive holds records in several formats: send one at a time.")
NOT_ITEMS = _(
    "This table is none of items: its heading must name a barcode and other columns (date, loans, call number...)."
)

NOT_READ_WHOLE = frozenset(
    what
    for what, _advice in (
        iso2709.CUT_OFF,
        iso2709.TOO_LARGE,
        xml_records.NOT_CLOSED,
        xml_records.TOO_LARGE,
    )
)
"""What is said of a record after which nobody knows what else the file would have held."""

_DATA_FIELD = re.compile(rb"(?:<|&lt;)(?:[\w.-]{1,40}:)?(?:data|control)field[\s>]")
_PMB_FIELD = re.compile(rb"<f\s{1,9}[^<>]{0,40}c=[\"']\d{3}[\"']")
_DUBLIN_CORE = re.compile(rb"<(?:[\w.-]{1,40}:)?dc[\s>]")
_ENTITY = re.compile(rb"<!ENTITY")
_PAGE = re.compile(rb"<(?:!doctype\s+html|html)[\s>]", re.IGNORECASE)
_UTF16 = (
    (re.compile(rb"\xff\xfe|\xfe\xff"), "utf-16"),
    (re.compile(rb"<\x00[?!a-zA-Z]\x00"), "utf-16-le"),
    (re.compile(rb"\x00<\x00[?!a-zA-Z]"), "utf-16-be"),
)


@dataclass(slots=True)
class OpenedFile:
    """A file whose kind is known, ready to give its records.

    `total` is its size in bytes once decompressed, None when only reading it all would tell.
    """

    file_name: str
    file_format: FileFormat
    container: Container
    total: int | None
    _stream: BinaryIO = field(repr=False)

    def received(self, start: int = 0) -> Iterator[Received | BadRecord]:
        """Give the records that begin at or after this place, counted in decompressed bytes.

        An import that stopped goes on from `offset + 1` of the last record it stored. Raises
        NotRecords when the file proves to be built to harm, or is damaged as a whole. Memory is bounded by
        the largest record accepted. Each call reads the file again.
        """
        if self.file_format is FileFormat.ISO2709:
            return received_records(self._stream, start)
        if self.file_format is FileFormat.ITEMS_CSV:
            return items_csv.received_lines(self._stream, start)
        return received_elements(self._stream, self.file_format, start)


@dataclass(frozen=True, slots=True)
class _Content:
    """What stands in a file once nothing is around it: its format, and its bytes."""

    file_format: FileFormat
    stream: BinaryIO
    size: int | None


def opened(stream: BinaryIO, file_name: str = "") -> OpenedFile:
    """Recognise a file from its bytes: gzip and zip, ISO 2709, the kinds of XML, a table of items.

    The stream must be open for reading at any place. Raises NotRecords, in words, when it is none of
    these, or is built to harm.
    """
    size = stream.seek(0, 2)
    stream.seek(0)
    mark = stream.read(4)
    if mark.startswith(GZIP_MARK):
        content = _plain(gunzipped(stream, size), None)
        return _opened(file_name, content, Container.GZIP)
    if mark in (ZIP_MARK, EMPTY_ZIP_MARK):
        return _opened(file_name, _zipped(stream), Container.ZIP)
    return _opened(file_name, _plain(stream, size), Container.NONE)


def _opened(file_name: str, content: _Content, container: Container) -> OpenedFile:
    return OpenedFile(file_name, content.file_format, container, content.size, content.stream)


def _zipped(stream: BinaryIO) -> _Content:
    """Take the files of an archive that hold records, one after the other; the others are passed over."""
    open_member, members = unzipped(stream)
    if any(one.filename == SPREADSHEET_MEMBER for one in members):
        raise NotRecords(SPREADSHEET)
    contents, refusal = _recognised(open_member, members)
    if not contents:
        raise refusal
    formats = {one.file_format for one in contents}
    if len(formats) > 1 or (FileFormat.ITEMS_CSV in formats and len(contents) > 1):
        raise NotRecords(SEVERAL_KINDS)
    if len(contents) == 1:
        return contents[0]
    sizes = [one.size for one in contents]
    total = sum(size for size in sizes if size is not None) if None not in sizes else None
    return _Content(contents[0].file_format, _chained(contents), total)


def _recognised(
    open_member: Callable[[zipfile.ZipInfo], BinaryIO], members: list[zipfile.ZipInfo]
) -> tuple[list[_Content], NotRecords]:
    contents, refusal = [], NotRecords(NO_RECORD)
    for member in members:
        try:
            contents.append(_plain(open_member(member), member.file_size))
        except NotRecords as reason:
            refusal = reason
    return contents, refusal


def _chained(contents: list[_Content]) -> BinaryIO:
    def begin() -> Iterator[bytes]:
        for content in contents:
            content.stream.seek(0)
            while block := content.stream.read(READ_SIZE):
                yield block

    return unwrapped(begin)


def _plain(stream: BinaryIO, size: int | None) -> _Content:
    """Recognise what is in no container. Raises NotRecords."""
    stream.seek(0)
    head = stream.read(HEAD_SIZE)
    encoding = next((name for mark, name in _UTF16 if mark.match(head)), "")
    if encoding:
        return _plain_utf8(transcoded(stream, encoding), None)
    return _plain_utf8(stream, size)


def _plain_utf8(stream: BinaryIO, size: int | None) -> _Content:
    stream.seek(0)
    head = stream.read(HEAD_SIZE)
    return _Content(_format_of(head, stream), stream, size)


def _format_of(head: bytes, stream: BinaryIO) -> FileFormat:
    start = head.lstrip(BETWEEN_RECORDS)
    if not start:
        raise NotRecords(EMPTY)
    if start.startswith((GZIP_MARK, ZIP_MARK)):
        raise NotRecords(NESTED)
    if LEADER_START.match(start):
        return FileFormat.ISO2709
    # Compressed as they are, documents and pictures hold every byte, the end-of-record mark too.
    if start.startswith(SPREADSHEET_MARK):
        raise NotRecords(SPREADSHEET)
    if start.startswith(PDF_MARK):
        raise NotRecords(DOCUMENT)
    if start.startswith(PICTURE_MARKS):
        raise NotRecords(PICTURE)
    # A stray "<" before records is damage to the first one, which the others do not suffer from.
    if RECORD_END in head:
        return FileFormat.ISO2709
    if start.startswith(b"<"):
        return _xml_format_of(head)
    if items_csv.columns_of(_first_line(start)):
        return FileFormat.ITEMS_CSV
    return _iso2709_or_none(head, stream)


def _xml_format_of(head: bytes) -> FileFormat:
    if _ENTITY.search(head):
        raise NotRecords(HARMFUL)
    for pattern, file_format in (
        (_DATA_FIELD, FileFormat.MARCXML),
        (_PMB_FIELD, FileFormat.PMB_XML),
        (_DUBLIN_CORE, FileFormat.DUBLIN_CORE),
    ):
        if pattern.search(head):
            return file_format
    raise NotRecords(WEB_PAGE if _PAGE.search(head[:2000]) else NO_RECORD_IN_XML)


def _first_line(start: bytes) -> str:
    line = start[: items_csv.LONGEST_LINE].partition(b"\n")[0].strip()
    return decoded(line).text


def _iso2709_or_none(head: bytes, stream: BinaryIO) -> FileFormat:
    """Look for a first end of record as far as a record may go."""
    looked_at = len(head)
    while looked_at <= LARGEST_RECORD + READ_SIZE and (block := stream.read(READ_SIZE)):
        looked_at += len(block)
        if RECORD_END in block:
            return FileFormat.ISO2709
    raise NotRecords(NOT_ITEMS if _is_table(head) else NO_RECORD)


def _is_table(head: bytes) -> bool:
    lines = head[:4000].split(b"\n")[:3]
    counts = {line.count(b";") + line.count(b"\t") + line.count(b",") for line in lines if line}
    return (
        len(lines) > 2 and counts not in ({0}, set()) and len(counts) == 1 and b"\x00" not in head
    )
