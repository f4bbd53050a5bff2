"""Lists and searches as files: their first records in one of the formats of `exports`, streamed."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.http import StreamingHttpResponse
from django.utils.functional import Promise

from essor.catalogue.exports import FORMATS, Published
from essor.catalogue.queries import current_records, published

MOST_TAKEN = 1_000
"""Records of one file."""
READ_AT_ONCE = 100
OFFERED = ("ris", "bib", "csl.json", "csv", "mrc", "xml")
"""The formats that pages offer for a list; the others answer all the same."""


@dataclass(frozen=True, slots=True)
class Takeaway:
    """A file that a page offers."""

    label: Promise | str
    address: str
    content_type: str


def takeaways(addresses: dict[str, str]) -> tuple[Takeaway, ...]:
    """Give the files that a page offers, from the address of each by its extension."""
    return tuple(
        Takeaway(FORMATS[name].label, address, FORMATS[name].content_type.partition(";")[0])
        for name, address in addresses.items()
    )


def answer_with_file(
    numbers: Sequence[int], *, extension: str, name: str, root: str
) -> StreamingHttpResponse:
    """Answer with these records, by their numbers, in their order; `root` begins all addresses."""
    wanted = FORMATS[extension]
    records = _published(numbers, root=root, with_marc=wanted.needs_marc)
    response = StreamingHttpResponse(wanted.many(records), content_type=wanted.content_type)
    response["Content-Disposition"] = f'attachment; filename="{name}.{extension}"'
    response["X-Robots-Tag"] = "noindex"
    return response


def _published(numbers: Sequence[int], *, root: str, with_marc: bool) -> Iterator[Published]:
    """Read some at a time, so that however many are taken, few are held."""
    for start in range(0, len(numbers), READ_AT_ONCE):
        chunk = numbers[start : start + READ_AT_ONCE]
        records = current_records().filter(pk__in=chunk).order_by("pk")
        read = {one.number: one for one in published(records, root=root, with_marc=with_marc)}
        yield from (read[number] for number in chunk if number in read)
