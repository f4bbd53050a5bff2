"""What runs the SQL of the steps. Each step is one SELECT; an engine keeps its rows in a Parquet file.

Two engines, chosen once by name: DuckDB in this process, or Spark (`spark-local`, `spark://host:port`).
The files of `steps/` are written for DuckDB; for Spark they are transpiled. Both give the same rows.
"""

from pathlib import Path
from typing import Any, Protocol

from essor.problems import Problem
from essor.register.build import gettext_noop as _
from essor.register.types import RegisterError

DEFAULT = "duckdb"
SPARK_LOCAL = "spark-local"


class Engine(Protocol):
    """The acts that a build asks of an engine. SQL is written for DuckDB."""

    name: str

    def add_file(self, table: str, path: Path, select: str = "*") -> None:
        """Make the rows of a Parquet file readable as a table, as `select` shows its columns."""

    def define(self, table: str, sql: str) -> None:
        """Name a SELECT without running it."""

    def make(self, table: str, sql: str) -> int:
        """Run a SELECT, keep its rows as `path_of(table)` and as a table, and give their number."""

    def ask(self, sql: str) -> list[tuple[Any, ...]]:
        """Give the few rows of a SELECT."""

    def path_of(self, table: str) -> Path:
        """Give the Parquet file that holds the rows of a table made by `make`."""

    def close(self) -> None:
        """End what the engine runs."""


def engine_named(name: str, work: Path) -> Engine:
    """Give a new engine that keeps its rows in the folder `work`. Raises RegisterError for an unknown name."""
    if name == DEFAULT:
        from essor.register.build.engines.embedded import DuckDbEngine

        return DuckDbEngine(work)
    if name == SPARK_LOCAL or name.startswith("spark://"):
        return _spark(name, work)
    raise RegisterError(
        Problem(
            f"ESSOR_ENGINE={name}",
            _("This is no engine."),
            _("Write duckdb, spark-local or spark://host:port."),
        )
    )


def _spark(name: str, work: Path) -> Engine:
    try:
        from essor.register.build.engines.spark import SparkEngine
    except ImportError as error:
        raise RegisterError(
            Problem(
                f"ESSOR_ENGINE={name}",
                _("Spark is not installed."),
                _("Install essor[spark] and a Java 17, or leave ESSOR_ENGINE out."),
            )
        ) from error
    return SparkEngine(name, work)


def stopped(table: str, error: Exception) -> RegisterError:
    """Give the error of a step that an engine could not end, with the engine's first words."""
    first = str(error).split("\n", 1)[0][:300]
    return RegisterError(
        Problem(
            f"{table} ({first})",
            _("The engine cannot go on: a file is damaged, or memory or disk is lacking."),
            _("Nothing has been changed: download the files again, or free some space."),
        )
    )
