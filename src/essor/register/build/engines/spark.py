"""Spark, for a cluster or for a comparison: the steps are transpiled, and run with the same settings of SQL.

Needs the extra `essor[spark]` and a Java. On a cluster, the folder of the build must be one that all its
machines share.
"""

import shutil
from pathlib import Path
from typing import Any

import sqlglot
from py4j.protocol import Py4JError
from pyspark.errors import PySparkException
from pyspark.sql import SparkSession

from essor.problems import Problem
from essor.register.build import gettext_noop as _
from essor.register.build.engines import SPARK_LOCAL, stopped
from essor.register.types import RegisterError

_SETTINGS = {
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.ansi.enabled": "false",
    "spark.sql.parquet.binaryAsString": "true",
    "spark.sql.parquet.compression.codec": "snappy",
    "spark.hadoop.mapreduce.fileoutputcommitter.marksuccessfuljobs": "false",
}
_LOCAL_SETTINGS = {
    "spark.driver.memory": "3g",
    "spark.driver.host": "127.0.0.1",
    "spark.driver.bindAddress": "127.0.0.1",
}


def transpiled(sql: str) -> str:
    """Give the SELECT of a step in the words of Spark."""
    return sqlglot.transpile(sql, read="duckdb", write="spark", comments=False)[0]


class SparkEngine:
    """Runs the steps on Spark, in this machine or on a cluster."""

    def __init__(self, address: str, work: Path) -> None:
        self._work = work
        self._tables: list[str] = []
        self._session = _session(address)
        self.name = f"spark {self._session.version}"

    def add_file(self, table: str, path: Path, select: str = "*") -> None:
        """Make the rows of a Parquet file readable as a table."""
        source = f"{table}_file"
        self._session.read.parquet(str(path.resolve())).createOrReplaceTempView(source)
        self._tables.append(source)
        self.define(table, f"SELECT {select} FROM {source}")  # noqa: S608

    def define(self, table: str, sql: str) -> None:
        """Name a SELECT without running it."""
        self._session.sql(transpiled(sql)).createOrReplaceTempView(table)
        self._tables.append(table)

    def make(self, table: str, sql: str) -> int:
        """Run a SELECT, keep its rows in one file, and give their number."""
        parts = self._work / f"{table}.parts"
        try:
            rows = self._session.sql(transpiled(sql)).coalesce(1)
            rows.write.mode("overwrite").parquet(str(parts.resolve()))
        except (PySparkException, Py4JError) as error:
            raise stopped(table, error) from error
        (part,) = parts.glob("part-*.parquet")
        part.rename(self.path_of(table))
        shutil.rmtree(parts)
        self.add_file(table, self.path_of(table))
        return int(self.ask(f"SELECT count(*) FROM {table}")[0][0])  # noqa: S608

    def ask(self, sql: str) -> list[tuple[Any, ...]]:
        """Give the few rows of a SELECT."""
        try:
            return [tuple(row) for row in self._session.sql(transpiled(sql)).collect()]
        except (PySparkException, Py4JError) as error:
            raise stopped("SELECT", error) from error

    def path_of(self, table: str) -> Path:
        """Give the file that holds the rows of a table."""
        return self._work / f"{table}.parquet"

    def close(self) -> None:
        """Forget the tables; the session of Spark ends with the process, and serves the next build."""
        for table in self._tables:
            self._session.catalog.dropTempView(table)


def _session(address: str) -> Any:
    is_local = address == SPARK_LOCAL
    builder = SparkSession.builder.appName("essor register").master(
        "local[*]" if is_local else address
    )
    for name, value in (_SETTINGS | (_LOCAL_SETTINGS if is_local else {})).items():
        builder = builder.config(name, value)
    try:
        return builder.getOrCreate()
    except (PySparkException, Py4JError) as error:
        raise RegisterError(
            Problem(
                f"ESSOR_ENGINE={address}",
                _("Spark does not start."),
                _("It needs a Java 17, and a cluster that answers."),
            )
        ) from error
