"""COinS: a description in the `title` of an empty element, which reference managers find in a page.

Source: OpenURL 1.0 (ANSI/NISO Z39.88), key/encoded-value formats `book`, `journal` and `dc`.
"""

from collections.abc import Iterator
from urllib.parse import quote, urlencode

from essor.catalogue.exports.types import Published
from essor.catalogue.exports.words import family_and_given, one_line
from essor.catalogue.types import DocumentType, IdentifierKind

BOOK, JOURNAL, OTHER = (f"info:ofi/fmt:kev:mtx:{name}" for name in ("book", "journal", "dc"))


def coins_of(record: Published) -> str:
    """Give the context object of a record; to be escaped, as any text, where it stands in a page."""
    described = {
        DocumentType.BOOK: (BOOK, _book),
        DocumentType.SERIAL: (JOURNAL, _journal),
    }
    form, pairs = described.get(record.document_type, (OTHER, _other))
    told = [("ctx_ver", "Z39.88-2004"), ("rft_val_fmt", form), ("rft_id", record.address)]
    told += [(name, one_line(text)) for name, text in pairs(record) if text]
    return urlencode(told, quote_via=quote, safe="")


def _book(record: Published) -> Iterator[tuple[str, str]]:
    yield "rft.genre", "book"
    yield "rft.btitle", record.full_title
    for hand in record.authors[:1]:
        family, given = family_and_given(hand)
        if given:
            yield "rft.aulast", family
            yield "rft.aufirst", given
    for hand in record.authors:
        yield "rft.au", hand.filing_name or hand.name
    yield "rft.edition", record.edition
    yield "rft.place", record.place
    yield "rft.pub", record.publisher
    yield "rft.date", str(record.year or "")
    yield "rft.series", next((series.title for series in record.series), "")
    yield "rft.isbn", next(iter(record.numbers(IdentifierKind.ISBN)), "")


def _journal(record: Published) -> Iterator[tuple[str, str]]:
    yield "rft.genre", "journal"
    yield "rft.jtitle", record.full_title
    yield "rft.date", str(record.year or "")
    yield "rft.issn", next(iter(record.numbers(IdentifierKind.ISSN)), "")


def _other(record: Published) -> Iterator[tuple[str, str]]:
    yield "rft.title", record.full_title
    for hand in record.authors:
        yield "rft.creator", hand.filing_name or hand.name
    yield "rft.publisher", record.publisher
    yield "rft.date", str(record.year or "")
    yield "rft.language", next(iter(record.languages), "")
    yield "rft.type", record.document_type.value
