"""Structures for the browser, put in the store of a portal that is being served, and taken out again."""

import subprocess
import sys
from pathlib import Path

from tests.browser.portal import environment_of

AREA = "epci:200093201"
LILLE, ROUBAIX = "59350", "59512"


def put_in(home: Path) -> None:
    """Show a vintage of some hundred structures in place of the present one."""
    _run(home, "put")


def take_out_of(home: Path) -> None:
    """Show again what was shown before."""
    _run(home, "take")


def _run(home: Path, act: str) -> None:
    subprocess.run(
        [sys.executable, "-m", "tests.browser.structures", act],
        env=environment_of(home),
        check=True,
        timeout=60,
    )


def _put() -> None:
    from essor.register.models import Establishment, LegalUnit, Vintage
    from essor.territory.models import Territory

    before = Vintage.objects.filter(is_current=True).first()
    Vintage.objects.filter(is_current=True).update(is_current=False)
    vintage = Vintage.objects.create(
        area=AREA,
        month="2026-11",
        perimeter="2026-11",
        manifest={"before": before.pk if before else None},
        is_current=True,
        is_synthetic=True,
    )
    communes = {code: Territory.objects.get(kind="commune", code=code) for code in (LILLE, ROUBAIX)}
    units = LegalUnit.objects.bulk_create(_units(vintage, communes))
    Establishment.objects.bulk_create(
        Establishment(
            vintage=vintage,
            unit=unit,
            siret=f"{unit.siren}00011",
            commune=unit.commune,
            is_partial=unit.is_partial,
            longitude=unit.longitude,
            latitude=unit.latitude,
            point_source=unit.point_source,
        )
        for unit in units
    )


def _units(vintage, communes):  # type: ignore[no-untyped-def]
    from essor.register.models import LegalUnit
    from essor.register.types import PointSource

    places = {LILLE: (3.06, 50.63), ROUBAIX: (3.175, 50.69)}
    for number in range(240):
        code = ROUBAIX if number % 3 == 0 else LILLE
        x, y = places[code]
        is_masked = number % 20 == 7
        yield LegalUnit(
            vintage=vintage,
            siren=f"{600_000_000 + number}",
            name="" if is_masked else f"Association des voisins {number}",
            filing_name=f"association des voisins {number:03}",
            category="9220",
            family="cooperative" if number % 4 == 0 else "association",
            status="recognised",
            commune=communes[code],
            is_partial=is_masked,
            point_source=PointSource.NONE if is_masked else PointSource.ADDRESS,
            # The first of each commune are at one point.
            longitude=None if is_masked else x + (0 if number < 30 else number % 17 / 1_000),
            latitude=None if is_masked else y + (0 if number < 30 else number % 13 / 1_000),
        )


def _take() -> None:
    from essor.register.models import Vintage

    vintage = Vintage.objects.get(is_current=True)
    before = vintage.manifest["before"]
    vintage.delete()
    Vintage.objects.filter(pk=before).update(is_current=True)


if __name__ == "__main__":
    import django

    django.setup()
    {"put": _put, "take": _take}[sys.argv[1]]()
