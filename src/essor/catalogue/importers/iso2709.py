"""ISO 2709: a file is cut at each end-of-record mark, and every record stands or falls alone.

Lengths written in the records are not trusted: real files have wrong ones, or CR LF, a byte order
mark or NULs between records, and a reader that follows them stops at the first (pymarc's does).
Memory is bounded by the largest record accepted.

Messages are marked for translation and translated where they are shown: this module knows no
language and no Django.
"""

import re
from collections.abc import Iterator
from typing import BinaryIO

from essor.catalogue.importers import gettext_noop as _
from essor.catalogue.importers.marc_fields import (
    FIELD_END,
    LEADER_SIZE,
    RECORD_END,
    TAG,
    other_number_of,
    sound_number,
)
from essor.catalogue.types import BadRecord, FileFormat, Received

ENTRY_SIZE = 12
LARGEST_RECORD = 1024 * 1024
READ_SIZE = 256 * 1024
LONGEST_GAP = 64
BETWEEN_RECORDS = b"\r\n\t \x00\x1a\xef\xbb\xbf"


class NotRecords(Exception):
    """This file holds no records that can be read; the message says what it is and what to do."""


LEADER_START = re.compile(rb"\d{5}[a-z ]")

TOO_LARGE = (
    _("This record is larger than one megabyte."),
    _("Its end mark is missing or damaged: export it again."),
)
CUT_OFF = (
    _("The file ends in the middle of this record."),
    _("The transfer was cut: send the file again."),
)
NO_NUMBER = (
    _("This record has no control number (field 001)."),
    _("Give it one in the library system, then export it again."),
)
NO_DIRECTORY = (
    _("The directory of this record does not match its fields."),
    _("The record is damaged: export it again."),
)


def received_records(stream: BinaryIO, start: int = 0) -> Iterator[Received | BadRecord]:
    """Give each record that begins at or after this place, as it stands in the file."""
    for offset, chunk in _chunks(stream, _first_whole(stream, start)):
        yield _received(offset, chunk)


def _first_whole(stream: BinaryIO, start: int) -> int:
    """Give the place after the record that a start in its middle would cut, and go there."""
    before = max(0, start - LONGEST_GAP)
    stream.seek(before)
    gap = stream.read(start - before).strip(BETWEEN_RECORDS)
    stream.seek(start)
    if not gap or gap.endswith(RECORD_END):
        return start
    while block := stream.read(READ_SIZE):
        end = block.find(RECORD_END)
        if end >= 0:
            return stream.seek(start + end + 1)
        start += len(block)
    return start


def _chunks(stream: BinaryIO, start: int) -> Iterator[tuple[int, bytes]]:
    """Cut the stream after each mark; what grows too large is given as it is, and skipped to the next mark."""
    offset, pending, skipping = start, b"", False
    while block := stream.read(READ_SIZE):
        *ended, pending = (pending + block).split(RECORD_END)
        for part in ended:
            if not skipping:
                yield from _trimmed(offset, part + RECORD_END)
            offset, skipping = offset + len(part) + 1, False
        if skipping or len(pending) > LARGEST_RECORD:
            if not skipping:
                yield from _trimmed(offset, pending)
            offset, pending, skipping = offset + len(pending), b"", True
    yield from _trimmed(offset, pending)


def _trimmed(offset: int, chunk: bytes) -> Iterator[tuple[int, bytes]]:
    """Take away what stands between records: line ends, byte order mark, NULs, the end of file of DOS."""
    kept = chunk.lstrip(BETWEEN_RECORDS)
    if kept not in (b"", RECORD_END):
        yield offset + len(chunk) - len(kept), kept


def _received(offset: int, chunk: bytes) -> Received | BadRecord:
    number = control_number_of(chunk)
    if len(chunk) > LARGEST_RECORD:
        return bad_record(offset, number, TOO_LARGE)
    if not chunk.endswith(RECORD_END):
        return bad_record(offset, number, CUT_OFF)
    number = number or other_number_of(chunk, FileFormat.ISO2709)
    if not number:
        return bad_record(offset, number, NO_NUMBER if _is_in_order(chunk) else NO_DIRECTORY)
    return Received(offset, number, chunk)


def bad_record(offset: int, control_number: str, said: tuple[str, str]) -> BadRecord:
    """Make the problem of a record that stays out; `said` is what is wrong and what to do."""
    what, advice = said
    where = f"{offset} ({control_number})" if control_number else str(offset)
    return BadRecord(where, what, advice, offset=offset, control_number=control_number)


def control_number_of(chunk: bytes) -> str:
    """Give the content of field 001, empty when there is none that could be a key."""
    if chunk[LEADER_SIZE : LEADER_SIZE + 3] == b"001":
        raw = chunk.split(FIELD_END, 2)[1:2]
    else:
        tags, fields = _tags_and_fields(chunk)
        place = tags.index(b"001") if b"001" in tags else len(fields)
        raw = fields[place : place + 1]
    return sound_number(raw[0].strip(RECORD_END).decode("utf-8", "replace")) if raw else ""


def _tags_and_fields(chunk: bytes) -> tuple[list[bytes], list[bytes]]:
    """Give the tags of the directory and the fields that follow it, whatever the lengths say."""
    directory, *fields = chunk.removesuffix(RECORD_END).removesuffix(FIELD_END).split(FIELD_END)
    entries = range(LEADER_SIZE, len(directory), ENTRY_SIZE)
    return [directory[at : at + 3] for at in entries], fields


def _is_in_order(chunk: bytes) -> bool:
    """Say whether there are as many tags as fields, and nothing else where tags should be."""
    tags, fields = _tags_and_fields(chunk)
    return len(fields) == len(tags) and all(map(TAG.fullmatch, tags))
