"""Builds of the register from a few rows, for the tests that look at what is built."""

from pathlib import Path

from essor.register.build.building import Inputs, build
from essor.register.build.built import read_build
from essor.register.build.perimeter import read_perimeter
from essor.register.rules import area_of
from tests.register.stock_files import head_office, write_csv, write_parquet


def built_from(
    folder: Path, units, establishments=None, *, area="france", write=write_csv, **options
):
    """Build these rows, each unit with a head office in Lille unless establishments are given."""
    if establishments is None:
        establishments = [head_office(one["siren"]) for one in units]
    engine = options.pop("engine", "duckdb")
    extension = "csv" if write is write_csv else "parquet"
    inputs = Inputs(
        write(folder / f"units.{extension}", units),
        write(folder / f"establishments.{extension}", establishments),
        area_of(area),
        options.pop("perimeter", None) or read_perimeter(),
        **options,
    )
    build(inputs, folder / "built", engine=engine)
    return read_build(folder / "built")


def statuses(built):
    """The status and the family of each unit, by SIREN."""
    return {unit.siren: (unit.status.value, unit.family.value) for unit in built.units()}


__all__ = ["built_from", "statuses", "write_parquet"]
