"""The law and the field, pure: who belongs to the ESS and why, in what sector, of what size."""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from types import MappingProxyType

from essor.problems import Problem
from essor.register.types import (
    Area,
    Family,
    Perimeter,
    RegisterError,
    Sector,
    Status,
    UnitFacts,
    Verdict,
)
from essor.territory.types import Kind

REVISED_NOMENCLATURES = ("NAFRev2", "NAF2025")
"""Those whose divisions can be read today; older codes are counted apart, and have no sector."""

SECTORS: Mapping[Sector, tuple[range, ...]] = MappingProxyType(
    {
        Sector.AGRICULTURE: (range(1, 4),),
        Sector.INDUSTRY: (range(5, 34),),
        Sector.ENERGY: (range(35, 40),),
        Sector.CONSTRUCTION: (range(41, 44),),
        Sector.TRADE: (range(45, 48),),
        Sector.TRANSPORT: (range(49, 54),),
        Sector.HOSPITALITY: (range(55, 57),),
        Sector.INFORMATION: (range(58, 64),),
        Sector.FINANCE: (range(64, 67),),
        Sector.HOUSING: (range(68, 69),),
        Sector.CONSULTING: (range(69, 76),),
        Sector.SUPPORT: (range(77, 83),),
        Sector.ADMINISTRATION: (range(84, 85),),
        Sector.EDUCATION: (range(85, 86),),
        Sector.HEALTH: (range(86, 87),),
        Sector.RESIDENTIAL_CARE: (range(87, 88),),
        Sector.SOCIAL_ACTION: (range(88, 89),),
        Sector.CULTURE: (range(90, 92),),
        Sector.SPORT_AND_LEISURE: (range(92, 94),),
        Sector.ASSOCIATIVE_LIFE: (range(94, 95),),
        Sector.OTHER_SERVICES: (range(95, 100),),
    }
)
"""The divisions (two first digits) of NAF rév. 2 and NAF 2025 that make each sector."""

SECTOR_OF_DIVISION: Mapping[str, Sector] = MappingProxyType(
    {
        f"{division:02}": sector
        for sector, ranges in SECTORS.items()
        for divisions in ranges
        for division in divisions
    }
)

BANDS: Mapping[str, tuple[int, int | None]] = MappingProxyType(
    {
        "NN": (0, 0),
        "00": (0, 0),
        "01": (1, 2),
        "02": (3, 5),
        "03": (6, 9),
        "11": (10, 19),
        "12": (20, 49),
        "21": (50, 99),
        "22": (100, 199),
        "31": (200, 249),
        "32": (250, 499),
        "41": (500, 999),
        "42": (1_000, 1_999),
        "51": (2_000, 4_999),
        "52": (5_000, 9_999),
        "53": (10_000, None),
    }
)
"""The least and the most employees of each headcount band of SIRENE. Source: INSEE, variables of SIRENE.

NN is "no employee, or none known"; 00 is "none on 31 December, but some in the year"; 53 has no upper bound.
"""

EMPLOYER_BANDS = tuple(band for band, (least, _most) in BANDS.items() if least)
"""The bands of establishments that have employees: the field "employer" of SIRENE is dead (always null)."""

NATURAL_PERSON = "1000"
"""The legal category of natural persons, who are never of the ESS."""

FAMILIES_BY_STATUTE = (Family.COOPERATIVE, Family.MUTUAL)
"""The families that a statute makes without the flag: associations are flagged, or are not known to be ESS."""

_AREA = re.compile(r"(epci|region|departement|commune):([0-9AB]{2,9})")


def sector_of(activity: str, nomenclature: str) -> Sector:
    """Give the sector of an activity code; unknown for an old nomenclature, and for 00.00Z (not active yet)."""
    if nomenclature not in REVISED_NOMENCLATURES:
        return Sector.UNKNOWN
    return SECTOR_OF_DIVISION.get(activity[:2], Sector.UNKNOWN)


def classify(facts: UnitFacts, perimeter: Perimeter, *, on: date) -> Verdict:
    """Say whether a unit belongs to the ESS on a day, and why.

    The flag of SIRENE decides first: with it, a unit is recognised when its legal category is in the
    perimeter, else declared. Without it, and "no" is treated as unknown is, a co-operative or a mutual
    is presumed unless its activity is excluded, and so is a unit on the list of ESS France. All others
    are outside. Source: law 2014-856, art. 1 and 6; docs/decisions/016-register.md.
    """
    status, family = _status_of(facts, perimeter, on=on)
    return Verdict(status, family, tuple(_reasons_of(facts, perimeter, status, family, on=on)))


def _status_of(facts: UnitFacts, perimeter: Perimeter, *, on: date) -> tuple[Status, Family | None]:
    if facts.category == NATURAL_PERSON or facts.is_purged or not facts.is_active:
        return Status.OUTSIDE, None
    family = perimeter.family_of(facts.category)
    if facts.flag == "O":
        return (Status.RECOGNISED, family) if family else (Status.DECLARED, Family.COMMERCIAL)
    if _has_statute(facts, perimeter) and not _is_excluded(facts, perimeter, on=on):
        return Status.PRESUMED, family
    if facts.is_listed:
        return Status.PRESUMED, family or Family.COMMERCIAL
    return Status.OUTSIDE, None


def _reasons_of(
    facts: UnitFacts, perimeter: Perimeter, status: Status, family: Family | None, *, on: date
) -> Iterator[str]:
    if facts.category == NATURAL_PERSON:
        yield "person=natural"
        return
    if facts.is_purged or not facts.is_active:
        yield "state=purged" if facts.is_purged else "state=ceased"
        return
    yield f"flag={facts.flag or 'unknown'}"
    yield f"category={facts.category or 'unknown'}"
    if facts.flag != "O":
        is_excluded = _has_statute(facts, perimeter) and _is_excluded(facts, perimeter, on=on)
        if is_excluded:
            yield f"excluded-activity={facts.activity}"
        if facts.is_listed and (is_excluded or not _has_statute(facts, perimeter)):
            yield "list=ess-france"
    if family:
        yield f"family={family}"
    yield f"perimeter={perimeter.version}"


def _has_statute(facts: UnitFacts, perimeter: Perimeter) -> bool:
    return perimeter.family_of(facts.category) in FAMILIES_BY_STATUTE


def _is_excluded(facts: UnitFacts, perimeter: Perimeter, *, on: date) -> bool:
    return perimeter.excludes(facts.activity, facts.nomenclature, on=on)


def area_of(text: str) -> Area:
    """Read `epci:200093201`, `region:32`, `departement:59`, `commune:59350` or `france`. Raises RegisterError."""
    if text == "france":
        return Area(Kind.COUNTRY, "FR")
    if found := _AREA.fullmatch(text):
        return Area(Kind(found[1]), found[2])
    raise RegisterError(
        Problem(
            f"--area {text}",
            "This is no area.",
            "Write epci:200093201, region:32, departement:59, commune:59350 or france.",
        )
    )
