"""Values of the register: what a unit is, whether it belongs to the ESS, and why.

They travel from the official files to the store and to the screens. Unknown is None or an empty
text, never zero and never "no".
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

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
    in order; `set_aside` what was left out, by reason; the duration is in seconds.
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
