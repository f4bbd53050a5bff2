"""Structures of the register on a map: an area with square communes, and structures put where one likes."""

from collections.abc import Iterable

from essor.register.models import LegalUnit, Vintage
from essor.register.types import PointSource
from essor.territory.models import Contour, Territory
from essor.territory.rules import encode_ring
from essor.territory.types import Kind
from tests.register.factories import EstablishmentFactory, LegalUnitFactory, VintageFactory
from tests.territory.factories import TerritoryFactory

MEL = "200093201"


def square(west: float, south: float, side: float = 0.1) -> list[list[str]]:
    """Give the outline of a square, as it is stored."""
    east, north = west + side, south + side
    ring = [(west, south), (east, south), (east, north), (west, north), (west, south)]
    return [[encode_ring(ring)]]


def mapped_area() -> Territory:
    """Make an EPCI of two communes side by side, with their outlines, and the vintage that shows it."""
    epci = TerritoryFactory(kind=Kind.EPCI, code=MEL, name="Métropole Européenne de Lille")
    for code, name, west in (("59350", "Lille", 3.0), ("59512", "Roubaix", 3.1)):
        commune = TerritoryFactory(code=code, name=name, epci=epci, population=200_000)
        _outline(commune, square(west, 50.6))
    _outline(epci, [*square(3.0, 50.6), *square(3.1, 50.6)])
    VintageFactory()
    return epci


def structures_at(points: Iterable[tuple[float, float]], **values: object) -> list[LegalUnit]:
    """Make a structure at each point (longitude, latitude)."""
    units = [
        LegalUnitFactory(
            longitude=longitude, latitude=latitude, point_source=PointSource.ADDRESS, **values
        )
        for longitude, latitude in points
    ]
    for unit in units:
        EstablishmentFactory(unit=unit, longitude=unit.longitude, latitude=unit.latitude)
    return units


def structures_without_address(count: int, **values: object) -> list[LegalUnit]:
    """Make structures that SIRENE masks, in Lille unless told otherwise."""
    units = LegalUnitFactory.create_batch(count, name="", is_partial=True, **values)
    for unit in units:
        EstablishmentFactory(
            unit=unit,
            is_partial=True,
            longitude=None,
            latitude=None,
            point_source=PointSource.NONE,
        )
    return units


def vintage() -> Vintage:
    """Give the vintage that is shown."""
    return Vintage.objects.get(is_current=True)


def _outline(territory: Territory, polygons: list[list[str]]) -> None:
    Contour.objects.create(
        territory=territory, polygons=polygons, source="IGN Admin Express", is_complete=True
    )
