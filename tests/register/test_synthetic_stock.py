"""The synthetic stock files that benchmarks build from: official in form, and never taken for real ones."""

import json
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from bench._stock import ESTABLISHMENT_COLUMNS, UNIT_COLUMNS, Place, luhn_key, write_stock

PLACES = (
    Place("59350", "LILLE", "59000", 238_246, 704_061.0, 7_059_136.0),
    Place("59512", "ROUBAIX", "59100", 98_892, 710_760.0, 7_066_120.0),
    Place("97411", "SAINT-DENIS", "97400", 155_634, None, None),
)


@pytest.fixture(scope="module")
def stock(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    folder = tmp_path_factory.mktemp("stock")
    return write_stock(folder, units=6_000, establishments=8_800, places=PLACES)


@pytest.fixture
def sql() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        yield connection


def _columns(sql: duckdb.DuckDBPyConnection, path: Path) -> dict[str, str]:
    described = sql.execute(f"DESCRIBE SELECT * FROM '{path}'").fetchall()
    return {name: kind for name, kind, *_rest in described}


def test_the_columns_are_the_official_ones(sql: duckdb.DuckDBPyConnection, stock) -> None:
    units, establishments = stock

    assert list(_columns(sql, units).items()) == list(UNIT_COLUMNS.items())
    assert list(_columns(sql, establishments).items()) == list(ESTABLISHMENT_COLUMNS.items())
    assert (len(UNIT_COLUMNS), len(ESTABLISHMENT_COLUMNS)) == (35, 54)


def test_numbers_have_their_keys_and_are_given_once(sql: duckdb.DuckDBPyConnection, stock) -> None:
    sirens = [row[0] for row in sql.execute(f"SELECT siren FROM '{stock[0]}'").fetchall()]
    sirets = [row[0] for row in sql.execute(f"SELECT siret FROM '{stock[1]}'").fetchall()]

    assert len(set(sirens)) == 6_000
    assert len(set(sirets)) == 8_800
    assert all(number[-1] == luhn_key(number[:-1]) for number in sirens + sirets)


def test_every_unit_has_the_head_office_that_it_names(
    sql: duckdb.DuckDBPyConnection, stock
) -> None:
    (missing,) = sql.execute(
        f"SELECT count(*) FROM '{stock[0]}' u ANTI JOIN '{stock[1]}' e ON e.siren = u.siren"
        " AND e.nic = u.nicSiegeUniteLegale AND e.etablissementSiege"
    ).fetchall()[0]
    (heads,) = sql.execute(
        f"SELECT count(*) FROM '{stock[1]}' WHERE etablissementSiege"
    ).fetchall()[0]

    assert (missing, heads) == (0, 6_000)


def test_units_that_are_masked_tell_neither_name_nor_place(
    sql: duckdb.DuckDBPyConnection, stock
) -> None:
    shown = sql.execute(
        f"SELECT DISTINCT coalesce(denominationUniteLegale, nomUniteLegale) FROM '{stock[0]}'"
        " WHERE statutDiffusionUniteLegale = 'P'"
    ).fetchall()
    places = sql.execute(
        "SELECT DISTINCT coordonneeLambertAbscisseEtablissement, libelleVoieEtablissement"
        f" FROM '{stock[1]}' WHERE statutDiffusionEtablissement = 'P'"
    ).fetchall()

    assert shown == [("[ND]",)]
    assert places == [("[ND]", "[ND]")]


def test_the_same_seed_gives_the_same_rows(
    sql: duckdb.DuckDBPyConnection, stock, tmp_path: Path
) -> None:
    again = write_stock(tmp_path, units=6_000, establishments=8_800, places=PLACES)
    other = write_stock(tmp_path / "2", units=6_000, establishments=8_800, places=PLACES, seed=2)

    for first, second, third in zip(stock, again, other, strict=True):
        rows = f"SELECT * FROM '{first}' EXCEPT SELECT * FROM"
        assert sql.execute(f"SELECT count(*) FROM ({rows} '{second}')").fetchall() == [(0,)]
        assert sql.execute(f"SELECT count(*) > 0 FROM ({rows} '{third}')").fetchall() == [(True,)]


def test_each_file_says_that_it_is_synthetic(sql: duckdb.DuckDBPyConnection, stock) -> None:
    for path in stock:
        beside = json.loads(path.with_name(f"{path.name}.json").read_text())
        inside = sql.execute(f"SELECT key, value FROM parquet_kv_metadata('{path}')").fetchall()

        assert beside["synthetic"] is True
        assert (b"essor.synthetic", b"true") in inside
        assert "synthetic" in path.name
