"""From a record as received to what is understood of it, by a mapping profile.

A Reading is a value that travels to worker processes; it reads records one by one and never fails:
what cannot be understood is a BadRecord.
"""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from pymarc import Field, Indicators, Leader, Record, Subfield

from essor.catalogue.importers import dublin_core, items_csv, marc21, unimarc
from essor.catalogue.importers import gettext_noop as _
from essor.catalogue.importers.iso2709 import NO_DIRECTORY, bad_record
from essor.catalogue.importers.items import ItemReader, statuses_in
from essor.catalogue.importers.marc_fields import (
    LEADER_SIZE,
    MarcFields,
    is_control,
    marc_fields,
    subfields_of,
)
from essor.catalogue.importers.profiles import Profile
from essor.catalogue.types import (
    Audience,
    Availability,
    BadRecord,
    CodeTable,
    DocumentType,
    Encoding,
    FileFormat,
    HeldItems,
    ItemValue,
    Received,
    RecordValue,
    Syntax,
)

VERSION = 3
"""To be raised when any reading changes: records already stored are then understood anew."""

READERS = {Syntax.UNIMARC: unimarc, Syntax.MARC21: marc21}
HOLDINGS_OF = "004"
"""The field by which a holdings record names its document."""

NO_TITLE = {
    Syntax.UNIMARC: (
        _("This record has no title (field 200 $a)."),
        _("Give it one in the library system, then export it again."),
    ),
    Syntax.MARC21: (
        _("This record has no title (field 245 $a)."),
        _("Give it one in the library system, then export it again."),
    ),
}
NO_TITLE_AT_ALL = (
    _("This record has no title (element “title”)."),
    _("Give it one in the library system, then export it again."),
)
AUTHORITY = (
    _("This record describes a person, a work or a subject, not a document."),
    _("It is left out: nothing needs to be done."),
)
UNREADABLE_XML = (
    _("The XML of this record is damaged, or is no record."),
    _("The record is damaged: export it again."),
)
TOO_INTRICATE = (
    _("This record cannot be understood."),
    _("The record is damaged: export it again."),
)


@dataclass(frozen=True, slots=True)
class Reading:
    """How to read the records of a source; `encoding` is imposed, or recognised record by record."""

    profile: Profile
    encoding: Encoding | None = None
    _items: ItemReader = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_items", ItemReader(self.profile))

    def understood(self, received: Received) -> RecordValue | HeldItems | BadRecord:
        """Give what is understood of one record, or why it is not."""
        try:
            return self._value(received)
        except ValueError:
            is_marc = received.file_format is FileFormat.ISO2709
            return _bad(received, NO_DIRECTORY if is_marc else UNREADABLE_XML)
        except (RecursionError, OverflowError):
            return _bad(received, TOO_INTRICATE)

    def _value(self, received: Received) -> RecordValue | HeldItems | BadRecord:
        if received.file_format is FileFormat.ITEMS_CSV:
            return items_csv.held_items(received, self._items)
        if received.file_format is FileFormat.DUBLIN_CORE:
            value = dublin_core.value_of(
                received.content, control_number=received.control_number, imposed=self.encoding
            )
            return value or _bad(received, NO_TITLE_AT_ALL)
        return self._marc(received)

    def _marc(self, received: Received) -> RecordValue | HeldItems | BadRecord:
        marc = marc_fields(received.content, received.file_format, self.encoding)
        syntax = syntax_of(marc, self.profile.syntax)
        reader = READERS[syntax]
        if reader.is_authority(marc.leader):
            return _bad(received, AUTHORITY)
        items = self._items.items_of(marc.by_tag)
        value = reader.value_of(
            marc,
            self.profile,
            control_number=received.control_number,
            items=items,
            is_deleted=self._is_deleted(marc, items),
        )
        if value:
            return _typed_by_items(value, self.profile) if items else value
        if items and HOLDINGS_OF in marc.by_tag:
            return HeldItems(marc.by_tag[HOLDINGS_OF][0].strip(), items, received.offset)
        return _bad(received, NO_TITLE[syntax])

    def _is_deleted(self, marc: MarcFields, items: tuple[ItemValue, ...]) -> bool:
        if marc.leader[5:6] == "d":
            return True
        are_gone = self.profile.is_gone_with_items and bool(items)
        return are_gone and all(one.availability is Availability.GONE for one in items)

    @property
    def fingerprint(self) -> bytes:
        """Sixteen bytes that change whenever the same record would be read otherwise."""
        said = json.dumps([VERSION, self.profile.definition(), self.encoding], sort_keys=True)
        return hashlib.blake2b(said.encode(), digest_size=16).digest()


def _bad(received: Received, said: tuple[str, str]) -> BadRecord:
    return bad_record(received.offset, received.control_number, said)


def syntax_of(marc: MarcFields, usual: Syntax) -> Syntax:
    """Say which rules a record follows, by the field of its title; the usual ones when it has both or none."""
    has_unimarc, has_marc21 = "200" in marc.by_tag, "245" in marc.by_tag
    if has_unimarc == has_marc21:
        return usual
    return Syntax.UNIMARC if has_unimarc else Syntax.MARC21


def _typed_by_items(value: RecordValue, profile: Profile) -> RecordValue:
    """Refine by the codes of the items what the record itself says: its type, and its audience when unknown."""
    known = profile.tables.get(CodeTable.DOCUMENT_TYPE, {})
    kind = next((known[one.document_type] for one in value.items if one.document_type in known), "")
    document_type = DocumentType(kind) if kind else value.document_type
    audience = value.audience
    if audience is Audience.UNKNOWN:
        meant = profile.tables.get(CodeTable.AUDIENCE, {})
        said = {meant[one.audience] for one in value.items if one.audience in meant}
        said.discard(Audience.UNKNOWN)
        audience = Audience(said.pop()) if len(said) == 1 else Audience.ALL if said else audience
    if document_type is value.document_type and audience is value.audience:
        return value
    return replace(value, document_type=document_type, audience=audience)


def unknown_codes(
    value: RecordValue | HeldItems, profile: Profile
) -> Iterator[tuple[CodeTable, str]]:
    """Give each code of the items that the profile has no meaning for, as often as it comes."""
    for item in value.items:
        for table, code in (
            (CodeTable.BRANCH, item.branch),
            (CodeTable.SECTION, item.section),
            (CodeTable.DOCUMENT_TYPE, item.document_type),
            (CodeTable.AUDIENCE, item.audience),
        ):
            if code and profile.meaning(table, code) is None:
                yield table, code
        for code in statuses_in(item.status):
            if profile.meaning(CodeTable.STATUS, code) is None:
                yield CodeTable.STATUS, code


def marc_of(
    content: bytes,
    file_format: str = FileFormat.ISO2709,
    encoding: str | None = None,
) -> Record:
    """Give the fields of a record as its source sent it, decoded, for whoever shows or exports it.

    `encoding` is the one that was recognised when it was imported. Raises ValueError when the bytes
    cannot be read, which those of a stored record always can, or are no MARC.
    """
    imposed = Encoding(encoding) if encoding and encoding != Encoding.UTF8 else None
    marc = marc_fields(content, FileFormat(file_format), imposed)
    return _record(marc.leader, [_field(tag, content) for tag, content in marc.ordered])


def _record(leader: str, fields: list[Field]) -> Record:
    # Told to convert, pymarc would write in the leader of UNIMARC what only MARC21 says there.
    record = Record(fields=fields, to_unicode=False, force_utf8=True)
    record.leader = Leader(leader[:LEADER_SIZE].ljust(LEADER_SIZE))
    return record


def _field(tag: str, content: str) -> Field:
    if is_control(tag):
        return Field(tag=tag, data=content)
    first, second = content[:1] or " ", content[1:2] or " "
    return Field(
        tag=tag,
        indicators=Indicators(first, second),
        subfields=[Subfield(code=code, value=text) for code, text in subfields_of(content)],
    )
