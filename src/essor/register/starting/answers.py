"""What a person with a project has answered so far: the whole state of the path, as its address says it.

Nothing is stored: an address holds the answers, each under the name of its question. What an address
cannot mean is left out, and asked again.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import urlencode


class Stage(StrEnum):
    """How far the project has come."""

    IDEA = "idee"
    PROJECT = "projet"
    RUNNING = "activite"
    TAKEOVER = "reprise"


class Need(StrEnum):
    """What is looked for first."""

    FORM = "statut"
    TRIAL = "essai"
    FUNDING = "financement"
    PLACE = "lieu"
    SKILLS = "competences"


class People(StrEnum):
    """How many carry the project."""

    ALONE = "une"
    TWO = "deux"
    SEVERAL = "plusieurs"


class Aim(StrEnum):
    """What money is for."""

    NOT_FOR_PROFIT = "sans-but-lucratif"
    LIMITED_PROFIT = "lucrativite-limitee"
    ENDOWMENT = "dotation"
    PROTECTION = "protection"
    UNSURE = "indecis"


QUESTIONS: Mapping[str, type[Stage] | type[Need] | type[People] | type[Aim]] = {
    "avancement": Stage,
    "besoin": Need,
    "nombre": People,
    "but": Aim,
}
"""The questions in their order, by their names in addresses, and what may be answered."""

_FIELDS = {"avancement": "stage", "besoin": "need", "nombre": "people", "but": "aim"}


@dataclass(frozen=True, slots=True)
class Project:
    """Everything answered: what advice is given for."""

    stage: Stage
    need: Need
    people: People
    aim: Aim


@dataclass(frozen=True, slots=True)
class Answers:
    """What was answered, None where nothing was."""

    stage: Stage | None = None
    need: Need | None = None
    people: People | None = None
    aim: Aim | None = None

    @classmethod
    def in_address(cls, parameters: Mapping[str, str]) -> "Answers":
        """Read the parameters of an address; of a parameter said twice, the last counts."""
        read = {
            _FIELDS[name]: _meant(kind, parameters.get(name, ""))
            for name, kind in QUESTIONS.items()
        }
        return cls(**read)  # type: ignore[arg-type]  # each is read as its own kind

    @property
    def given(self) -> dict[str, str]:
        """Give the answers by the names of their questions, in the order of the path."""
        held = {name: getattr(self, field) for name, field in _FIELDS.items()}
        return {name: str(answer) for name, answer in held.items() if answer is not None}

    @property
    def address(self) -> str:
        """Give the query string of these answers, with its question mark."""
        return f"?{urlencode(self.given)}"

    @property
    def question(self) -> str:
        """Give the name of the first question without an answer; empty once all have one."""
        return next((name for name in QUESTIONS if name not in self.given), "")

    @property
    def project(self) -> Project | None:
        """Give the project once everything is answered."""
        if self.stage and self.need and self.people and self.aim:
            return Project(self.stage, self.need, self.people, self.aim)
        return None

    def answering(self, question: str, answer: StrEnum) -> "Answers":
        """Give these answers and one more."""
        return self._with(question, answer)

    def without(self, question: str) -> "Answers":
        """Give these answers but for one, which is asked again."""
        return self._with(question, None)

    def _with(self, question: str, answer: StrEnum | None) -> "Answers":
        held = {field: getattr(self, field) for field in _FIELDS.values()}
        return Answers(**{**held, _FIELDS[question]: answer})

    def before(self, question: str) -> "Answers | None":
        """Give the answers as they stood when the question before this one was asked; None at the first."""
        names = tuple(QUESTIONS)
        place = names.index(question) if question else len(names)
        return self.without(names[place - 1]) if place else None


def _meant(kind: type[StrEnum], text: str) -> StrEnum | None:
    return kind(text) if text in kind.__members__.values() else None
