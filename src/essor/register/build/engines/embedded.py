"""DuckDB in this process: the default. Memory is bounded, what exceeds it goes to the folder of the build."""

from pathlib import Path
from typing import Any

import duckdb

from essor.register.build.engines import stopped

MEMORY = "3GB"
"""Less than the 4 GB a build may take: DuckDB counts its buffers, not all that the process holds."""


def connected(work: Path) -> duckdb.DuckDBPyConnection:
    """Open DuckDB with its temporary files in `work`; it never reaches the network."""
    connection = duckdb.connect(
        config={
            "memory_limit": MEMORY,
            "temp_directory": str(work / "spilled"),
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
            "preserve_insertion_order": False,
        }
    )
    connection.execute("SET enable_progress_bar = false")  # the build says its own steps
    return connection


def quoted(path: Path) -> str:
    """Write a path as a text of SQL."""
    return "'" + str(path).replace("'", "''") + "'"


class DuckDbEngine:
    """Runs the steps as they are written."""

    def __init__(self, work: Path) -> None:
        self.name = f"duckdb {duckdb.__version__}"
        self._work = work
        self._connection = connected(work)

    def add_file(self, table: str, path: Path, select: str = "*") -> None:
        """Make the rows of a Parquet file readable as a table."""
        rows = f"read_parquet({quoted(path)}, binary_as_string = true)"
        self._connection.execute(f"CREATE VIEW {table} AS SELECT {select} FROM {rows}")  # noqa: S608

    def define(self, table: str, sql: str) -> None:
        """Name a SELECT without running it."""
        self._connection.execute(f"CREATE VIEW {table} AS {sql}")

    def make(self, table: str, sql: str) -> int:
        """Run a SELECT, keep its rows, and give their number."""
        path = self.path_of(table)
        copy = f"COPY ({sql}\n) TO {quoted(path)} (FORMAT parquet)"
        try:
            rows = self._connection.execute(copy).fetchall()[0][0]
        except duckdb.Error as error:
            raise stopped(table, error) from error
        self.add_file(table, path)
        return int(rows)

    def ask(self, sql: str) -> list[tuple[Any, ...]]:
        """Give the few rows of a SELECT."""
        try:
            return self._connection.execute(sql).fetchall()
        except duckdb.Error as error:
            raise stopped("SELECT", error) from error

    def path_of(self, table: str) -> Path:
        """Give the file that holds the rows of a table."""
        return self._work / f"{table}.parquet"

    def close(self) -> None:
        """Close DuckDB."""
        self._connection.close()
