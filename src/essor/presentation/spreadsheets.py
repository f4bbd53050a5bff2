"""Tables for spreadsheets: CSV as French ones open it, without what they would take for a formula."""

import csv
from collections.abc import Iterable, Iterator, Sequence

from django.http import StreamingHttpResponse

STARTS_OF_FORMULAS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""A cell that begins so is run by a spreadsheet. Source: OWASP, CSV Injection."""


class Echo:
    """A file for a writer of CSV, which gives each line back."""

    def write(self, line: str) -> str:
        """Give back the line that the writer of CSV has made."""
        return line


def harmless(cell: object) -> str:
    """Give a cell as text that no spreadsheet runs; unknown is empty."""
    text = "" if cell is None else str(cell)
    return f"'{text}" if text.startswith(STARTS_OF_FORMULAS) else text


def csv_lines(heading: Sequence[object], rows: Iterable[Sequence[object]]) -> Iterator[str]:
    """Give the lines of a table, semicolons between cells, behind the mark of UTF-8."""
    writer = csv.writer(Echo(), delimiter=";")
    yield "\ufeff"
    yield writer.writerow([harmless(cell) for cell in heading])
    for row in rows:
        yield writer.writerow([harmless(cell) for cell in row])


def csv_response(
    name: str, heading: Sequence[object], rows: Iterable[Sequence[object]]
) -> StreamingHttpResponse:
    """Answer with a table to keep under this name (letters and figures of ASCII), line by line."""
    response = StreamingHttpResponse(
        csv_lines(heading, rows), content_type="text/csv; charset=utf-8"
    )
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response
