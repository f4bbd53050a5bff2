"""Values that travel between the files of the COG, the store and the screens."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from essor.problems import Problem


class Kind(StrEnum):
    """What sort of territory; the value is the word of public addresses."""

    COUNTRY = "pays"
    REGION = "region"
    DEPARTMENT = "departement"
    EPCI = "epci"
    EPT = "ept"
    COMMUNE = "commune"
    MUNICIPAL_ARRONDISSEMENT = "arrondissement-municipal"
    FORMER_COMMUNE = "ancienne-commune"


STORING_ORDER = tuple(Kind)
"""Each kind after those it refers to."""

RANKING_ORDER = (
    Kind.COMMUNE,
    Kind.EPCI,
    Kind.DEPARTMENT,
    Kind.REGION,
    Kind.COUNTRY,
    Kind.EPT,
    Kind.MUNICIPAL_ARRONDISSEMENT,
    Kind.FORMER_COMMUNE,
)
"""Which kind is most likely meant by a name or a code that several territories bear."""

PARENT_KINDS: Mapping[str, Kind] = {
    "commune": Kind.COMMUNE,
    "ept": Kind.EPT,
    "epci": Kind.EPCI,
    "department": Kind.DEPARTMENT,
    "region": Kind.REGION,
}
"""The parents a territory may have, nearest first."""


class TerritoryFileError(Exception):
    """A file of territories that cannot be taken at all: the problem says where, what and what to do."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(str(problem))
        self.problem = problem


@dataclass(frozen=True, slots=True)
class EditionRow:
    """Where a whole set of territories comes from. A population year that nobody states is None."""

    year: int
    name: str
    source: str
    licence: str
    population_source: str
    population_year: int | None


@dataclass(frozen=True, slots=True)
class TerritoryRow:
    """One territory as a file states it; parents are codes, empty when there is none or several.

    `commune` is the commune of a municipal arrondissement, and the successor of a former commune.
    """

    kind: Kind
    code: str
    name: str
    nature: str = ""
    population: int | None = None
    commune: str = ""
    ept: str = ""
    epci: str = ""
    department: str = ""
    region: str = ""


@dataclass(frozen=True, slots=True)
class AliasRow:
    """Another name that people type for a territory."""

    kind: Kind
    code: str
    alias: str


Polygons = tuple[tuple[str, ...], ...]
"""Polygons of rings, the outer ring first, each ring an encoded polyline (see rules.py)."""


@dataclass(frozen=True, slots=True)
class ContourRow:
    """The outline of one territory; `is_complete` is False where the source lacks a part of it."""

    kind: Kind
    code: str
    source: str
    is_complete: bool
    polygons: Polygons


@dataclass(slots=True)
class Count:
    """What an import did to one sort of thing."""

    new: int = 0
    changed: int = 0
    same: int = 0
    gone: int = 0


@dataclass(slots=True)
class ImportReport:
    """What an import did, by kind of territory, with everything that it could not take."""

    edition: str
    territories: dict[Kind, Count] = field(default_factory=dict)
    aliases: Count = field(default_factory=Count)
    contours: Count = field(default_factory=Count)
    problems: list[Problem] = field(default_factory=list)

    @property
    def total(self) -> Count:
        """All kinds of territories together."""
        counts = self.territories.values()
        return Count(
            new=sum(count.new for count in counts),
            changed=sum(count.changed for count in counts),
            same=sum(count.same for count in counts),
            gone=sum(count.gone for count in counts),
        )
