"""Small tables that steps join with: rules of the package and of the build, as Parquet of texts."""

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path

import duckdb

from essor.register.build.engines.embedded import quoted

Value = str | int | float | None


def write_table(path: Path, columns: Sequence[str], rows: Iterable[Sequence[Value]]) -> None:
    """Write rows as a Parquet of texts; None and empty texts are NULL."""
    text = path.with_suffix(".csv")
    with text.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(columns)
        writer.writerows(rows)
    described = ", ".join(f"'{name}': 'VARCHAR'" for name in columns)
    source = (
        f"read_csv({quoted(text)}, auto_detect = false, header = true, delim = ',', quote = '\"',"
        f" escape = '\"', columns = {{{described}}})"
    )
    with duckdb.connect(config={"threads": 1}) as connection:
        connection.execute(f"COPY (FROM {source}) TO {quoted(path)} (FORMAT parquet)")
    text.unlink()
