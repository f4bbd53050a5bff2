"""The description of a document in one line, as ISBD punctuates it: what a reader copies to cite.

Source: ISBD, consolidated edition (IFLA, 2011), areas 1, 2, 4, 5, 6 and 8.
"""

from stdnum import isbn, issn

from essor.catalogue.exports.types import Published
from essor.catalogue.exports.words import one_line
from essor.catalogue.types import IdentifierKind, Series

BETWEEN_AREAS = ". – "
NO_BREAK = "\u00a0"


def isbd_of(record: Published) -> str:
    """Give the line; an area of which nothing is known is left out."""
    areas = (
        _title(record),
        record.edition,
        _publication(record),
        record.extent,
        " ".join(f"({_series(series)})" for series in record.series),
        BETWEEN_AREAS.join(_numbers(record)),
    )
    told = (one_line(area).rstrip(". ") for area in areas)
    return BETWEEN_AREAS.join(area for area in told if area) + "."


def _title(record: Published) -> str:
    by = record.statement or ", ".join(hand.name for hand in record.authors or record.others)
    return f"{record.full_title} / {by}" if by else record.full_title


def _publication(record: Published) -> str:
    where = " : ".join(part for part in (record.place, record.publisher) if part)
    return ", ".join(part for part in (where, str(record.year or "")) if part)


def _series(series: Series) -> str:
    return f"{series.title} ; {series.number}" if series.number else series.title


def _numbers(record: Published) -> list[str]:
    isbns = [isbn.format(number) for number in record.numbers(IdentifierKind.ISBN)]
    issns = [issn.format(number) for number in record.numbers(IdentifierKind.ISSN)]
    return [f"ISBN{NO_BREAK}{number}" for number in isbns] + [
        f"ISSN{NO_BREAK}{number}" for number in issns
    ]
