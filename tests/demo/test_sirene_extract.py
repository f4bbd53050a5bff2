"""The extract that the demonstration's directory is built from: synthetic, and whole in its small way."""

from pathlib import Path

import duckdb
import pytest

from bench._demo_extract import TO
from bench._stock import ESTABLISHMENTS, LEGAL_UNITS, luhn_key
from essor.register.build.building import Inputs, build
from essor.register.build.built import Build
from essor.register.build.perimeter import read_perimeter
from essor.register.rules import area_of
from essor.register.types import Family, PointSource, Status


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Build:
    inputs = Inputs(
        TO / LEGAL_UNITS, TO / ESTABLISHMENTS, area_of("epci:200093201"), read_perimeter()
    )
    return build(inputs, tmp_path_factory.mktemp("register") / "built")


def _rows(name: str, columns: str) -> list[tuple]:
    with duckdb.connect() as connection:
        return connection.execute(f"SELECT {columns} FROM '{Path(TO) / name}'").fetchall()


def test_a_build_of_it_says_that_it_is_synthetic(built: Build) -> None:
    assert built.manifest.is_synthetic
    assert built.manifest.vintage == "2026-11"


def test_every_name_says_that_it_is_an_example() -> None:
    rows = _rows(LEGAL_UNITS, "denominationUniteLegale, nomUniteLegale")
    names = {name or person for name, person in rows}

    assert {name for name in names if not name.endswith("(exemple)")} == {"[ND]", "Exemple"}


def test_numbers_have_their_keys_and_are_of_the_range_that_nobody_has() -> None:
    sirens = [siren for (siren,) in _rows(LEGAL_UNITS, "siren")]
    sirets = [siret for (siret,) in _rows(ESTABLISHMENTS, "siret")]

    assert len(set(sirens)) == len(sirens)
    assert len(set(sirets)) == len(sirets)
    assert all(number.startswith("726") for number in sirens + sirets)
    assert all(number[-1] == luhn_key(number[:-1]) for number in sirens + sirets)


def test_the_directory_has_something_of_everything(built: Build) -> None:
    units = list(built.units())
    establishments = list(built.establishments())

    assert len(units) > 1_000
    assert {unit.family for unit in units} == set(Family)
    assert {unit.status for unit in units} == set(Status) - {Status.OUTSIDE}
    assert {one.point_source for one in establishments} == set(PointSource)
    assert len({one.commune for one in establishments}) > 80
    assert any(unit.is_partial for unit in units)
    assert built.outside_named("conseil du canal (exemple)")
