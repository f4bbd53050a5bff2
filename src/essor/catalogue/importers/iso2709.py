"""ISO 2709: a file is cut at each end-of-record mark, and every record stands or falls alone.

Lengths written in the records are not trusted: real files have wrong ones, or CR LF, a byte order
mark or NULs between records, and a reader that follows them stops at the first (pymarc's does). A
record whose directory points astray is put together again from its fields, which come in the same
order; the one that cannot be is a problem, and the next record is read all the same. Memory is
bounded by the largest record accepted.

Messages are marked for translation and translated where they are shown: this module knows no
language and no Django.
"""

import re
from collections.abc import Iterator
from typing import BinaryIO

from pymarc import Field, Indicators, Leader, Record, Subfield
from pymarc.exceptions import PymarcException

from essor.catalogue.importers import gettext_noop as _
from essor.catalogue.types import BadRecord, Received

RECORD_END = b"\x1d"
FIELD_END = b"\x1e"
SUBFIELD_MARK = b"\x1f"
LEADER_SIZE = 24
ENTRY_SIZE = 12
LARGEST_RECORD = 1024 * 1024
LONGEST_CONTROL_NUMBER = 100
READ_SIZE = 256 * 1024
BETWEEN_RECORDS = b"\r\n\t \x00\x1a\xef\xbb\xbf"


class NotMarc(Exception):
    """This file is no ISO 2709; the message says what it looks like and what to do."""


ANOTHER_KIND = {
    b"\x1f\x8b": _("This file is compressed (gzip): decompress it first."),
    b"PK\x03\x04": _("This file is a zip archive: take the records out of it first."),
    b"<": _("This file is XML: export the records in ISO 2709 (“UNIMARC”, “.mrc” or “.pan”)."),
    b"\xff\xfe": _("This file is in UTF-16: export the records again in UTF-8."),
    b"\xfe\xff": _("This file is in UTF-16: export the records again in UTF-8."),
}
NO_RECORD = _("This file has no end-of-record mark: it is no ISO 2709.")
LEADER_START = re.compile(rb"\d{5}[a-z ]")
TAG = re.compile(rb"[0-9A-Za-z]{3}")

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


def received_records(stream: BinaryIO) -> Iterator[Received | BadRecord]:
    """Give each record of a file as it stands there, with its place and its control number.

    Raises NotMarc on the first reading when the file is of another kind, or has no record in it.
    """
    is_first = True
    for offset, chunk in _chunks(stream):
        if is_first:
            _refuse_another_kind(chunk)
            is_first = False
        yield _received(offset, chunk)
    if is_first:
        raise NotMarc(NO_RECORD)


def _refuse_another_kind(start: bytes) -> None:
    for mark, said in ANOTHER_KIND.items():
        # A stray "<" before records is damage to the first one, which the others do not suffer from.
        if start.startswith(mark) and not (mark == b"<" and start.endswith(RECORD_END)):
            raise NotMarc(said)
    if not start.endswith(RECORD_END) and not LEADER_START.match(start):
        raise NotMarc(NO_RECORD)


def _chunks(stream: BinaryIO) -> Iterator[tuple[int, bytes]]:
    """Cut the stream after each mark; what grows too large is given as it is, and skipped to the next mark."""
    offset, pending, skipping = 0, b"", False
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
    if not number:
        return bad_record(offset, number, NO_NUMBER if _fields_in_order(chunk) else NO_DIRECTORY)
    return Received(offset, number, chunk)


def bad_record(offset: int, control_number: str, said: tuple[str, str]) -> BadRecord:
    """Make the problem of a record that stays out; `said` is what is wrong and what to do."""
    what, advice = said
    where = f"{offset} ({control_number})" if control_number else str(offset)
    return BadRecord(where, what, advice, offset=offset, control_number=control_number)


def control_number_of(chunk: bytes) -> str:
    """Give the content of field 001, empty when there is none that could be a key."""
    tags, fields = _tags_and_fields(chunk)
    place = tags.index(b"001") if b"001" in tags else len(fields)
    raw = fields[place] if place < len(fields) else b""
    number = raw.decode("utf-8", "replace").strip()
    sound = number.isprintable() and "\ufffd" not in number
    return number if sound and len(number) <= LONGEST_CONTROL_NUMBER else ""


def _tags_and_fields(chunk: bytes) -> tuple[list[bytes], list[bytes]]:
    """Give the tags of the directory and the fields that follow it, whatever the lengths say."""
    directory, *fields = chunk.removesuffix(RECORD_END).removesuffix(FIELD_END).split(FIELD_END)
    entries = range(LEADER_SIZE, len(directory), ENTRY_SIZE)
    return [directory[at : at + 3] for at in entries], fields


def _fields_in_order(chunk: bytes) -> list[tuple[str, bytes]]:
    """Pair tags and fields; empty when there are not as many of one as of the other."""
    tags, fields = _tags_and_fields(chunk)
    if len(fields) != len(tags) or not all(TAG.fullmatch(tag) for tag in tags):
        return []
    return [(tag.decode("ascii"), field) for tag, field in zip(tags, fields, strict=True)]


def parsed(chunk: bytes) -> tuple[Record, bool]:
    """Give a record of UTF-8 text, and whether it had to be put together again from its fields.

    Raises UnicodeDecodeError when it is in another encoding, ValueError when it cannot be read.
    """
    if _is_sound(chunk):
        try:
            return Record(data=_with_true_length(chunk), force_utf8=True), False
        except UnicodeDecodeError:
            raise
        except (PymarcException, ValueError, IndexError):
            pass  # put together again below, like one whose directory points astray
    fields = _fields_in_order(chunk)
    if not fields:
        raise ValueError(NO_DIRECTORY[0])
    return _put_together(chunk, fields), True


def _is_sound(chunk: bytes) -> bool:
    """Say whether every entry of the directory leads to the end of a field."""
    try:
        base = int(chunk[12:17])
        if chunk[base - 1 : base] != FIELD_END or (base - 1 - LEADER_SIZE) % ENTRY_SIZE:
            return False
        for at in range(LEADER_SIZE, base - 1, ENTRY_SIZE):
            end = base + int(chunk[at + 7 : at + 12]) + int(chunk[at + 3 : at + 7])
            if chunk[end - 1 : end] != FIELD_END:
                return False
    except ValueError:
        return False
    return True


def _with_true_length(chunk: bytes) -> bytes:
    return b"%05d" % min(len(chunk), 99_999) + chunk[5:]


def _put_together(chunk: bytes, fields: list[tuple[str, bytes]]) -> Record:
    record = Record(force_utf8=True)
    record.leader = Leader(chunk[:LEADER_SIZE].decode("ascii", "replace"))
    record.add_field(*(_field(tag, content) for tag, content in fields))
    return record


def _field(tag: str, content: bytes) -> Field:
    if tag < "010" and tag.isdigit():
        return Field(tag=tag, data=content.decode("utf-8"))
    indicators, *subfields = content.decode("utf-8").split("\x1f")
    first, second = indicators[:1] or " ", indicators[1:2] or " "
    return Field(
        tag=tag,
        indicators=Indicators(first, second),
        subfields=[Subfield(code=part[0], value=part[1:]) for part in subfields if part],
    )
