"""From a record as received to what is understood of it, by a mapping profile.

A Reading is a value that travels to worker processes; it reads records one by one and never fails:
what cannot be understood is a BadRecord.
"""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass

from pymarc import Record

from essor.catalogue.importers import iso2709, unimarc
from essor.catalogue.importers.profiles import Profile
from essor.catalogue.types import (
    BadRecord,
    CodeTable,
    Encoding,
    FileFormat,
    HeldItems,
    Received,
    RecordValue,
)

VERSION = 2
"""To be raised when any reading changes: records already stored are then understood anew."""


@dataclass(frozen=True, slots=True)
class Reading:
    """How to read the records of a source; `encoding` is imposed, or recognised record by record."""

    profile: Profile
    encoding: Encoding | None = None

    def understood(self, received: Received) -> RecordValue | HeldItems | BadRecord:
        """Give what is understood of one record, or why it is not."""
        return unimarc.understood(received)

    @property
    def fingerprint(self) -> bytes:
        """Sixteen bytes that change whenever the same record would be read otherwise."""
        said = json.dumps([VERSION, self.profile.definition(), self.encoding], sort_keys=True)
        return hashlib.blake2b(said.encode(), digest_size=16).digest()


def unknown_codes(
    value: RecordValue | HeldItems, profile: Profile
) -> Iterator[tuple[CodeTable, str]]:
    """Give each code of the items that the profile has no meaning for, as often as it comes."""
    for item in value.items:
        for table, codes in (
            (CodeTable.BRANCH, item.branch),
            (CodeTable.SECTION, item.section),
            (CodeTable.DOCUMENT_TYPE, item.document_type),
            (CodeTable.AUDIENCE, item.audience),
        ):
            if codes and profile.meaning(table, codes) is None:
                yield table, codes
        for code in filter(None, item.status.split("; ")):
            if profile.meaning(CodeTable.STATUS, code) is None:
                yield CodeTable.STATUS, code


def marc_of(
    content: bytes,
    file_format: FileFormat = FileFormat.ISO2709,
    encoding: str | None = None,
) -> Record:
    """Give the fields of a record as its source sent it, decoded, for whoever shows or exports it.

    `encoding` is the one that was recognised when it was imported. Raises ValueError when the bytes
    cannot be read, which those of a stored record always can.
    """
    return iso2709.parsed(content)[0]


def iso2709_of(record: Record) -> bytes:
    """Write a record in ISO 2709 and UTF-8, saying so where its syntax wants it.

    Raises ValueError when it is larger than ISO 2709 can say.
    """
    return bytes(record.as_marc())
