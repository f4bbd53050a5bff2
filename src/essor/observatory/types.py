"""Values of the observatory: what a figure measures, in what unit, how surely, and how it is shown."""

from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from essor.problems import Problem
from essor.register.types import Family


class Measure(StrEnum):
    """What a figure measures."""

    ESTABLISHMENTS = "establishments"
    EMPLOYEES = "employees"
    ENTERPRISES = "enterprises"
    LEGAL_UNITS_FLAGGED = "legal_units_flagged"
    LEGAL_UNITS_LISTED = "legal_units_listed"
    SHARE_OF_EMPLOYMENT = "share_of_employment"
    SHARE_OF_SALARIED_EMPLOYMENT = "share_of_salaried_employment"


class Unit(StrEnum):
    """What is counted, in the words of the source."""

    EMPLOYEES = "employees"
    JOBS = "jobs"
    FULL_TIME_EQUIVALENTS = "full_time_equivalents"
    ESTABLISHMENTS = "establishments"
    EMPLOYER_ESTABLISHMENTS = "employer_establishments"
    ENTERPRISES = "enterprises"
    EMPLOYER_ENTERPRISES = "employer_enterprises"
    LEGAL_UNITS = "legal_units"
    SHARE = "share"


class Qualifier(StrEnum):
    """How surely the source states a value."""

    EXACT = "exact"
    ROUNDED = "rounded"
    ABOUT = "about"
    NEARLY = "nearly"
    MORE_THAN = "more_than"


class FigureFileError(Exception):
    """A file of figures that cannot be taken at all: the problem says where, what and what to do."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(str(problem))
        self.problem = problem


@dataclass(frozen=True, slots=True)
class StatedValue:
    """A value as a source states it: exact, or qualified, or only its bounds. A share is 0 to 1."""

    value: Decimal | None
    qualifier: Qualifier = Qualifier.EXACT
    low: Decimal | None = None
    high: Decimal | None = None


@dataclass(frozen=True, slots=True)
class FigureRow:
    """One published figure as a file states it; `territory` is the name the source uses."""

    territory: str
    vintage: str
    year: int
    measure: Measure
    family: Family | None
    unit: Unit
    stated: StatedValue
    note: str
    source: str
    address: str
    perimeter: str
    provenance: str


@dataclass(frozen=True, slots=True)
class PlacedRow:
    """A row and where it stands in its file."""

    where: str
    row: FigureRow


@dataclass(frozen=True, slots=True)
class FormerName:
    """A name that sources use for a territory: a former region, an abbreviation."""

    name: str
    kind: str
    code: str


@dataclass(slots=True)
class FigureReport:
    """What an import did, with everything that it could not take."""

    new: int = 0
    changed: int = 0
    same: int = 0
    problems: list[Problem] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class ShownValue:
    """A value in words: the number, and what the source says before or after it ("nearly")."""

    number: str
    before: str = ""
    after: str = ""

    def __str__(self) -> str:
        return self.before + self.number + self.after


@dataclass(frozen=True, slots=True)
class FigureCaption:
    """A figure in words, in the language of the reader: never shown without its year and source."""

    value: ShownValue
    label: str
    place: str
    vintage: str
    source: str
    address: str
    perimeter: str
    provenance: str
