"""Builds as the loader reads them, held in memory and stating only what a case is about."""

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from essor.register.types import (
    BuiltFile,
    EstablishmentRow,
    Family,
    Manifest,
    PointSource,
    Status,
    UnitRow,
)


def a_unit(siren="300000001", **values):
    return UnitRow(
        **{
            "siren": siren,
            "name": f"STRUCTURE {siren}",
            "acronym": "",
            "usual_name": "",
            "rna": "",
            "category": "9220",
            "activity": "94.99Z",
            "nomenclature": "NAFRev2",
            "activity25": "",
            "created_on": date(2001, 5, 6),
            "headcount_band": "11",
            "headcount_year": 2024,
            "is_partial": False,
            "flag": "O",
            "is_listed": False,
            "family": Family.ASSOCIATION,
            "status": Status.RECOGNISED,
            "reasons": ("flag=O", "category=9220", "family=association", "perimeter=2026-11"),
            "head_office": f"{siren}00011",
            "updated_on": None,
            **values,
        }
    )


def a_place(siren="300000001", nic="00011", **values):
    return EstablishmentRow(
        **{
            "siret": f"{siren}{nic}",
            "siren": siren,
            "is_head_office": nic == "00011",
            "name": "",
            "complement": "",
            "street": "12 RUE DU MARCHE",
            "postcode": "59000",
            "commune": "59350",
            "commune_as_published": "59350",
            "headcount_band": "11",
            "headcount_year": 2024,
            "is_employer": True,
            "activity": "94.99Z",
            "nomenclature": "NAFRev2",
            "activity25": "",
            "created_on": date(2001, 5, 6),
            "is_partial": False,
            "longitude": 3.0573,
            "latitude": 50.6292,
            "point_source": PointSource.ADDRESS,
            **values,
        }
    )


@dataclass
class HeldBuild:
    """A build whose rows are given; its manifest tells their number, unless it is told another."""

    held_units: list = field(default_factory=list)
    places: list | None = None
    held_approvals: list = field(default_factory=list)
    month: str = "2026-11"
    said: int | None = None
    folder: Path = Path("/nowhere")

    @property
    def manifest(self):
        units, places = len(self.held_units), len(self._places)
        return Manifest(
            vintage=self.month,
            area="epci:200093201",
            perimeter="2026-11",
            engine="duckdb",
            essor="0",
            sources=(),
            files=(
                BuiltFile(
                    "units.parquet",
                    1,
                    f"{self.month}{self.held_units}",
                    units if self.said is None else self.said,
                ),
                BuiltFile("establishments.parquet", 1, str(self._places), places),
            ),
            steps={"units": units},
        )

    @property
    def _places(self):
        return (
            [a_place(unit.siren) for unit in self.held_units]
            if self.places is None
            else self.places
        )

    def units(self):
        return iter(self.held_units)

    def establishments(self):
        return iter(self._places)

    def approvals(self):
        return iter(self.held_approvals)


def a_build(*sirens, month="2026-11", **values):
    return HeldBuild([a_unit(siren) for siren in sirens], month=month, **values)
