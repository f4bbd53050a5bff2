"""Values of the register: what a unit is, whether it belongs to the ESS, and why.

They travel from the official files to the store and to the screens. Unknown is None or an empty
text, never zero and never "no".
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from essor.problems import Problem
from essor.territory.types import Kind


class Family(StrEnum):
    """The families of the social and solidarity economy."""

    ASSOCIATION = "association"
    COOPERATIVE = "cooperative"
    MUTUAL = "mutual"
    FOUNDATION = "foundation"
    COMMERCIAL = "commercial"


class Status(StrEnum):
    """Whether a unit belongs to the ESS, and who says so.

    Recognised: the official flag, and a statute of the ESS. Declared: a commercial company with the
    flag. Presumed: a statute of the ESS, or a place on the list of ESS France, without the flag.
    Outside: none of these; SIRENE may simply not know.
    """

    RECOGNISED = "recognised"
    DECLARED = "declared"
    PRESUMED = "presumed"
    OUTSIDE = "outside"


LISTED = (Status.RECOGNISED, Status.DECLARED, Status.PRESUMED)
"""The statuses of the directory. The headline total is that of the recognised alone."""


class Sector(StrEnum):
    """What a structure does, in plain words: divisions of the NAF, gathered as people would."""

    AGRICULTURE = "agriculture"
    INDUSTRY = "industry"
    ENERGY = "energy"
    CONSTRUCTION = "construction"
    TRADE = "trade"
    TRANSPORT = "transport"
    HOSPITALITY = "hospitality"
    INFORMATION = "information"
    FINANCE = "finance"
    HOUSING = "housing"
    CONSULTING = "consulting"
    SUPPORT = "support"
    ADMINISTRATION = "administration"
    EDUCATION = "education"
    HEALTH = "health"
    RESIDENTIAL_CARE = "residential-care"
    SOCIAL_ACTION = "social-action"
    CULTURE = "culture"
    SPORT_AND_LEISURE = "sport-and-leisure"
    ASSOCIATIVE_LIFE = "associative-life"
    OTHER_SERVICES = "other-services"
    UNKNOWN = "unknown"


class PointSource(StrEnum):
    """How surely a point is where the establishment is."""

    ADDRESS = "address"
    COMMUNE = "commune"
    NONE = "none"


class ApprovalKind(StrEnum):
    """What an authority has said of a structure; none of these makes it a structure of the ESS."""

    ESUS = "esus"
    SIAE = "siae"


class RegisterError(Exception):
    """What was asked cannot be done at all: the problem says where, what and what to do."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(str(problem))
        self.problem = problem


@dataclass(frozen=True, slots=True)
class Area:
    """The territory that a register covers; `str()` gives `epci:200093201`, and `france` for the whole country."""

    kind: Kind
    code: str

    def __str__(self) -> str:
        return "france" if self.kind is Kind.COUNTRY else f"{self.kind}:{self.code}"


@dataclass(frozen=True, slots=True)
class CategoryLine:
    """What a perimeter says of one legal category; the family is None where it is left out.

    Proof: A, seen with the flag of SIRENE; B, the label names the family; X, seen as noise only.
    """

    code: str
    label: str
    family: Family | None
    proof: str
    observed: str
    source: str


@dataclass(frozen=True, slots=True)
class ExcludedActivity:
    """An activity that keeps a unit out, for some time, where only its statute would let it in."""

    code: str
    nomenclature: str
    label: str
    starts_on: date | None
    ends_on: date | None
    source: str
    proof: str

    def is_in_force(self, on: date) -> bool:
        """Say whether the exclusion holds on a day; the last day is part of it."""
        has_begun = self.starts_on is None or self.starts_on <= on
        return has_begun and (self.ends_on is None or on <= self.ends_on)


class PerimeterOrigin(StrEnum):
    """Where the tables of a perimeter come from: the package, the staff screens, or files of one's own."""

    PACKAGE = "package"
    STAFF = "staff"
    FILE = "file"


@dataclass(frozen=True, slots=True)
class Perimeter:
    """Who may belong to the ESS: a line for each legal category, and the activities left out."""

    version: str
    categories: Mapping[str, CategoryLine]
    exclusions: tuple[ExcludedActivity, ...] = ()
    origin: PerimeterOrigin = PerimeterOrigin.FILE

    def family_of(self, category: str | None) -> Family | None:
        """Give the family of a legal category; None when the perimeter leaves it out, or has no line for it."""
        line = self.categories.get(category or "")
        return line.family if line else None

    def excludes(self, activity: str | None, nomenclature: str | None, *, on: date) -> bool:
        """Say whether an activity is excluded on a day."""
        return any(
            one.code == activity and one.nomenclature == nomenclature and one.is_in_force(on)
            for one in self.exclusions
        )


@dataclass(frozen=True, slots=True)
class UnitFacts:
    """What the status of a unit depends on; None is unknown."""

    category: str | None = None
    flag: str | None = None
    activity: str | None = None
    nomenclature: str | None = None
    is_listed: bool = False
    is_active: bool = True
    is_purged: bool = False


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a unit belongs to the ESS, its family when it does, and why: `key=value`, in order."""

    status: Status
    family: Family | None
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class UnitRow:
    """One legal unit as the build gives it: one row of `units.parquet`.

    The name is empty when SIRENE masks it (`is_partial`); `flag` is O, N or None, which is unknown,
    never "no". `headcount_band` is a code of SIRENE, None when it is not stated.
    """

    siren: str
    name: str
    acronym: str
    usual_name: str
    rna: str
    category: str
    activity: str
    nomenclature: str
    activity25: str
    created_on: date | None
    headcount_band: str | None
    headcount_year: int | None
    is_partial: bool
    flag: str | None
    is_listed: bool
    family: Family
    status: Status
    reasons: tuple[str, ...]
    head_office: str
    updated_on: date | None


@dataclass(frozen=True, slots=True)
class EstablishmentRow:
    """One active establishment of a unit of the register: one row of `establishments.parquet`.

    `commune` is the code of today's commune. Degrees are WGS 84, None when SIRENE masks the place.
    """

    siret: str
    siren: str
    is_head_office: bool
    name: str
    complement: str
    street: str
    postcode: str
    commune: str
    commune_as_published: str
    headcount_band: str | None
    headcount_year: int | None
    is_employer: bool | None
    activity: str
    nomenclature: str
    activity25: str
    created_on: date | None
    is_partial: bool
    longitude: float | None
    latitude: float | None
    point_source: PointSource


@dataclass(frozen=True, slots=True)
class OutsideRow:
    """One active legal person that the directory does not show: one row of `outside.parquet`.

    Most are outside the ESS; a unit of the ESS that has no establishment in the area is here too, with
    its own status and family. Natural persons are not here. The name is empty when SIRENE masks it.
    """

    siren: str
    name: str
    acronym: str
    category: str
    activity: str
    nomenclature: str
    is_partial: bool
    flag: str | None
    is_listed: bool
    family: Family | None
    status: Status
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CountRow:
    """Raw counts of one commune, family, status and sector: one row of `counts.parquet`.

    A unit is counted once, in the commune of its head office when that is in the area, else in that of
    its first establishment of the area, and under its own sector; establishments under theirs.
    Headcounts are sums of the bounds of bands: `headcount_high` leaves out the `headcount_unbounded`
    establishments of 10,000 employees or more, and both leave out the `headcount_unknown` ones.
    Creations are those of the twelve months before the month of the vintage.
    """

    commune: str
    family: Family
    status: Status
    sector: Sector
    units: int
    unit_creations: int
    establishments: int
    employers: int
    establishment_creations: int
    headcount_low: int
    headcount_high: int
    headcount_unbounded: int
    headcount_unknown: int


@dataclass(frozen=True, slots=True)
class ApprovalRow:
    """One approval as its official list states it: of a unit, or of one of its establishments."""

    kind: ApprovalKind
    detail: str
    siren: str
    siret: str
    starts_on: date | None
    ends_on: date | None
    source: str
    source_date: date | None


@dataclass(frozen=True, slots=True)
class BuiltFile:
    """A file of a build: its name, its size in bytes, its SHA-256, its number of rows."""

    name: str
    size: int
    sha256: str
    rows: int


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a build was made from and what it gave; written last, so that a build without one is not whole.

    `vintage` is the month of the official files ("2026-11"); `steps` gives the rows after each step,
    in order; `set_aside` what was left out, by reason; the duration is in seconds. `rules` holds the
    tables of the perimeter as they were applied; a build made before they were kept has none.
    """

    vintage: str
    area: str
    perimeter: str
    engine: str
    essor: str
    sources: tuple[BuiltFile, ...]
    files: tuple[BuiltFile, ...]
    steps: Mapping[str, int] = field(default_factory=dict)
    set_aside: Mapping[str, int] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()
    is_synthetic: bool = False
    built_at: str = ""
    duration_s: float = 0.0
    rules: Mapping[str, Any] = field(default_factory=dict)
