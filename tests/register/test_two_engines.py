"""The same files give the same rows on DuckDB and on Spark.

One session of Spark for the module, set for small data. Without Java the tests are skipped, and say so;
in CI that is an error.
"""

import os
import shutil

import duckdb
import pytest

from tests.register.build_fixtures import built_from
from tests.register.stock_files import strange_rows, write_csv, write_parquet

IN_CI = os.environ.get("CI", "").lower() in ("1", "true")
OUTPUTS = ("units", "establishments", "outside", "counts")

pytestmark = pytest.mark.filterwarnings(
    "default"
)  # Spark leaves its sockets to the end of the process


@pytest.fixture(scope="module")
def spark():
    """A session set for a handful of rows, which the engine takes as it finds it."""
    if not shutil.which("java"):
        if IN_CI:
            pytest.fail("In CI every test must run: install a Java 17.")
        pytest.skip("no Java here: the register on Spark is not tested")
    from pyspark.sql import SparkSession

    session = (
        SparkSession.builder.master("local[2]")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.ui.enabled", "false")
        .config("spark.sql.shuffle.partitions", "1")
        .config("spark.sql.adaptive.enabled", "false")
        .config("spark.sql.codegen.wholeStage", "false")
        .getOrCreate()
    )
    yield session
    session.stop()


def rows_of(built, name):
    with duckdb.connect() as connection:
        sql = f"SELECT * FROM read_parquet('{built.folder / f'{name}.parquet'}') ORDER BY ALL"
        result = connection.execute(sql)
        return [column[0] for column in result.description], result.fetchall()


def test_both_engines_give_the_same_rows(spark, tmp_path):
    units, places = strange_rows(20261126)
    listed = write_csv(tmp_path / "list.csv", [{"siren": one["siren"]} for one in units[::7]])
    made = {}
    for engine in ("duckdb", "spark-local"):
        folder = tmp_path / engine
        folder.mkdir()
        made[engine] = built_from(
            folder,
            units,
            places,
            write=write_parquet,
            engine=engine,
            area="region:32",
            ess_list=listed,
        )
    embedded, distributed = made["duckdb"], made["spark-local"]

    for name in OUTPUTS:
        assert rows_of(distributed, name) == rows_of(embedded, name), name
        assert rows_of(embedded, name)[1]
    for read in ("units", "establishments", "counts"):
        assert list(getattr(distributed, read)()) == list(getattr(embedded, read)())
    assert distributed.manifest.steps == embedded.manifest.steps
    assert distributed.manifest.set_aside == embedded.manifest.set_aside
    assert distributed.manifest.problems == embedded.manifest.problems
