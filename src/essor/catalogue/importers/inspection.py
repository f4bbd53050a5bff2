"""What a file holds, before anything is imported: the dry run of the command and of the staff screen."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from essor.catalogue.importers import gettext_noop as _
from essor.catalogue.importers.items import ItemReader
from essor.catalogue.importers.marc_fields import MarcFields, marc_fields, part_of, subfields_of
from essor.catalogue.importers.opening import OpenedFile
from essor.catalogue.importers.profiles import (
    GENERIC,
    Profile,
    shipped_profile,
    shipped_profiles,
)
from essor.catalogue.importers.reading import Reading, syntax_of, unknown_codes
from essor.catalogue.importers.unimarc import LONGEST_ARTICLE
from essor.catalogue.types import (
    BadRecord,
    CodeTable,
    Container,
    Encoding,
    FileFormat,
    ItemValue,
    Received,
    RecordValue,
    Syntax,
)

MOST_RECORDS = 2000
MOST_BYTES = 32 * 1024 * 1024
"""Content of records after which no more are looked at."""
RECORDS_TO_SUGGEST = 200
SAMPLES = 12
EXAMPLES = 3
OF_TABLES = "koha-france"
"""The profile whose status codes are those of the headings of tables."""

ITEMS_THERE = _("Items stand where this profile looks for them.")
NO_ITEMS = _("No items were found: the records come in without any.")
TABLE = _("This file is a table of items.")


@dataclass(frozen=True, slots=True)
class Sample:
    """A record as it would be read: enough to see at a glance whether the accents are right."""

    control_number: str
    title: str
    author: str
    encoding: str


@dataclass(frozen=True, slots=True)
class EncodingSeen:
    """How many records are in an encoding, and how sure that is (the mean, 0 to 1)."""

    encoding: str
    count: int
    certainty: float


@dataclass(frozen=True, slots=True)
class ProblemSeen:
    """A reason why records would stay out, how many, and the first of them."""

    what: str
    advice: str
    count: int
    examples: tuple[BadRecord, ...]


@dataclass(frozen=True, slots=True)
class UnknownCodeSeen:
    """A code without meaning in the profile, and how many items have it."""

    table: CodeTable
    code: str
    count: int


@dataclass(frozen=True, slots=True)
class BranchSeen:
    """A branch as the profile names it (its code when it does not), and how many items stand there."""

    name: str
    count: int


@dataclass(frozen=True, slots=True)
class Inspection:
    """What was seen in the first records of a file.

    `profile` is the one it was read by, `suggested` the one that fits best, for the reason (a sentence
    to translate) in `suggested_because`. `items` are those within records or apart from them.
    `is_whole` says that the file has no other records than those looked at.
    """

    file_name: str
    file_format: FileFormat
    container: Container
    syntax: Syntax
    suggested: Profile
    suggested_because: str
    profile: Profile
    records: int
    items: int
    deleted: int
    is_whole: bool
    encodings: tuple[EncodingSeen, ...]
    samples: tuple[Sample, ...]
    problems: tuple[ProblemSeen, ...]
    unknown_codes: tuple[UnknownCodeSeen, ...]
    branches: tuple[BranchSeen, ...] = ()


def inspected(
    opened: OpenedFile,
    profile: Profile | None = None,
    encoding: Encoding | None = None,
    most_records: int = MOST_RECORDS,
) -> Inspection:
    """Read the first records of a file as an import would, and say what was seen.

    Without a profile, the one that fits best is taken. Raises NotRecords as `opened.received` does.
    """
    received = opened.received()
    first = _first_of(received, most_records)
    suggested, because, syntax = suggested_profile(first)
    reading = Reading(profile or suggested, encoding)
    values = [one if isinstance(one, BadRecord) else reading.understood(one) for one in first]
    understood = [one for one in values if not isinstance(one, BadRecord)]
    read = [one for one in understood if isinstance(one, RecordValue)]
    codes = Counter(code for one in understood for code in unknown_codes(one, reading.profile))
    return Inspection(
        file_name=opened.file_name,
        file_format=opened.file_format,
        container=opened.container,
        syntax=syntax,
        suggested=suggested,
        suggested_because=because,
        profile=reading.profile,
        records=len(read),
        items=sum(len(one.items) for one in understood),
        deleted=sum(one.is_deleted for one in read),
        is_whole=next(received, None) is None,
        encodings=_encodings(read),
        samples=_samples(read),
        problems=_problems(one for one in values if isinstance(one, BadRecord)),
        unknown_codes=tuple(
            UnknownCodeSeen(table, code, count) for (table, code), count in codes.most_common()
        ),
        branches=_branches((item for one in understood for item in one.items), reading.profile),
    )


def _first_of(
    received: Iterator[Received | BadRecord], most_records: int
) -> list[Received | BadRecord]:
    first: list[Received | BadRecord] = []
    size = 0
    for one in islice(received, most_records):
        first.append(one)
        size += len(one.content) if isinstance(one, Received) else 0
        if size >= MOST_BYTES:
            break
    return first


def _branches(items: Iterable[ItemValue], profile: Profile) -> tuple[BranchSeen, ...]:
    counted = Counter(item.branch for item in items if item.branch)
    return tuple(
        BranchSeen(profile.meaning(CodeTable.BRANCH, code) or code, count)
        for code, count in counted.most_common()
    )


def suggested_profile(
    sample: Iterable[Received | BadRecord],
) -> tuple[Profile, str, Syntax]:
    """Give the shipped profile that fits these records best, the reason, and the rules they follow."""
    received = [one for one in sample if isinstance(one, Received)][:RECORDS_TO_SUGGEST]
    if any(one.file_format is FileFormat.ITEMS_CSV for one in received):
        return shipped_profile(OF_TABLES), TABLE, Syntax.UNIMARC
    records = [marc for one in received if (marc := _marc(one))]
    found = Counter(syntax_of(marc, Syntax.UNIMARC) for marc in records)
    syntax = found.most_common(1)[0][0] if found else Syntax.UNIMARC
    fits = {one.code: _fit(one, records) for one in shipped_profiles() if one.syntax is syntax}
    best = max(fits, key=fits.__getitem__)
    if fits[best] > 0:
        return shipped_profile(best), ITEMS_THERE, syntax
    marked = (code for code in fits if _is_marked(shipped_profile(code).filing_mark, records))
    return shipped_profile(next(marked, GENERIC[syntax])), NO_ITEMS, syntax


def _marc(received: Received) -> MarcFields | None:
    if received.file_format is FileFormat.DUBLIN_CORE:
        return None
    try:
        return marc_fields(received.content, received.file_format)
    except ValueError:
        return None


def _is_marked(mark: str, records: Sequence[MarcFields]) -> bool:
    """Say whether most titles have this mark before their filing word, as those of the Sudoc do."""
    if not mark:
        return False
    titles = [part_of(marc.by_tag["200"][0], "a") for marc in records if "200" in marc.by_tag]
    before = [title.partition(mark) for title in titles]
    marked = sum(len(start) <= LONGEST_ARTICLE and rest[:1].isalnum() for start, _m, rest in before)
    return marked > len(titles) / 2


def _fit(profile: Profile, records: Sequence[MarcFields]) -> float:
    """Say how many items a profile finds, each counted by how much of it the profile understands."""
    reader = ItemReader(profile)
    known = profile.places.subfields()
    return sum(
        _understood(item, content, profile, known)
        for marc in records
        for content in marc.by_tag.get(profile.item_tag, ())
        for item in reader.items_of({profile.item_tag: [content]})
    )


def _understood(item: ItemValue, content: str, profile: Profile, known: set[str]) -> float:
    if not (item.barcode or item.call_number or item.branch):
        return 0
    codes = [code for code, _text in subfields_of(content)]
    written = [(CodeTable.DOCUMENT_TYPE, item.document_type)]
    written += [(CodeTable.STATUS, code) for code in item.status.split("; ")]
    meanings = [profile.meaning(table, code) is not None for table, code in written if code]
    of_subfields = sum(code in known for code in codes) / len(codes)
    return of_subfields + (sum(meanings) / len(meanings) if meanings else 0)


def _encodings(read: list[RecordValue]) -> tuple[EncodingSeen, ...]:
    counted = Counter(one.encoding for one in read)
    return tuple(
        EncodingSeen(
            name, count, sum(one.certainty for one in read if one.encoding == name) / count
        )
        for name, count in counted.most_common()
    )


def _samples(read: Sequence[RecordValue]) -> tuple[Sample, ...]:
    """Take records from all over, those with accents first: they are what tells a right encoding."""
    accented = [one for one in read if not one.title.isascii()]
    chosen = _spread(accented, SAMPLES)
    chosen += _spread([one for one in read if one.title.isascii()], SAMPLES - len(chosen))
    return tuple(_sample(one) for one in chosen)


def _spread(values: Sequence[RecordValue], count: int) -> list[RecordValue]:
    step = max(1, len(values) // count) if count else 1
    return list(values[::step])[:count]


def _sample(one: RecordValue) -> Sample:
    author = one.creators[0].name if one.creators else one.statement
    return Sample(one.control_number, one.title, author, one.encoding)


def _problems(bad: Iterable[BadRecord]) -> tuple[ProblemSeen, ...]:
    grouped: dict[tuple[str, str], list[BadRecord]] = {}
    for one in bad:
        grouped.setdefault((one.what, one.advice), []).append(one)
    seen = (
        ProblemSeen(what, advice, len(found), tuple(found[:EXAMPLES]))
        for (what, advice), found in grouped.items()
    )
    return tuple(sorted(seen, key=lambda one: -one.count))
