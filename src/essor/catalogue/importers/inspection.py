"""What a file holds, before anything is imported: the dry run of the command and of the staff screen."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice

from essor.catalogue.importers.opening import OpenedFile
from essor.catalogue.importers.profiles import Profile, shipped_profile
from essor.catalogue.importers.reading import Reading, unknown_codes
from essor.catalogue.types import (
    BadRecord,
    CodeTable,
    Container,
    Encoding,
    FileFormat,
    RecordValue,
    Syntax,
)

MOST_RECORDS = 2000
SAMPLES = 12
EXAMPLES = 3


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
class Inspection:
    """What was seen in the first records of a file.

    `suggested_because` is a sentence to translate. `is_whole` says that the file has no other
    records than those looked at.
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


def inspected(
    opened: OpenedFile,
    profile: Profile | None = None,
    encoding: Encoding | None = None,
    most_records: int = MOST_RECORDS,
) -> Inspection:
    """Read the first records of a file as an import would, and say what was seen.

    Without a profile, the one that fits best is taken. Raises NotRecords as `opened.received` does.
    """
    suggested = shipped_profile("unimarc")
    reading = Reading(profile or suggested, encoding)
    records = opened.received()
    values = [
        one if isinstance(one, BadRecord) else reading.understood(one)
        for one in islice(records, most_records)
    ]
    read = [one for one in values if isinstance(one, RecordValue)]
    codes = Counter(code for one in read for code in unknown_codes(one, reading.profile))
    return Inspection(
        file_name=opened.file_name,
        file_format=opened.file_format,
        container=opened.container,
        syntax=reading.profile.syntax,
        suggested=suggested,
        suggested_because="",
        profile=reading.profile,
        records=len(read),
        items=sum(len(one.items) for one in read),
        deleted=sum(one.is_deleted for one in read),
        is_whole=next(records, None) is None,
        encodings=_encodings(read),
        samples=tuple(_sample(one) for one in read[:SAMPLES]),
        problems=_problems(one for one in values if isinstance(one, BadRecord)),
        unknown_codes=tuple(
            UnknownCodeSeen(table, code, count) for (table, code), count in codes.most_common()
        ),
    )


def _encodings(read: list[RecordValue]) -> tuple[EncodingSeen, ...]:
    counted = Counter(one.encoding for one in read)
    return tuple(
        EncodingSeen(
            name, count, sum(one.certainty for one in read if one.encoding == name) / count
        )
        for name, count in counted.most_common()
    )


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
