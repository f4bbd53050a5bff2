"""Which forms of the law suit a project, and why: pure rules, an answer for every project.

The rules only sort forms by what the law asks of them (how many people, whether surplus may be
shared, whether property is given away). They cannot know the trade, the partners or the taxes.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from essor.register.starting.answers import Aim, Need, People, Project, Stage


class Form(StrEnum):
    """The forms that an enterprise of the ESS may take."""

    ASSOCIATION = "association"
    WORKERS_COOPERATIVE = "scop"
    COLLECTIVE_INTEREST = "scic"
    EMPLOYMENT_COOPERATIVE = "cae"
    MUTUAL = "mutuelle"
    FOUNDATION = "fondation"
    ENDOWMENT_FUND = "fonds-de-dotation"
    COMMERCIAL = "societe-commerciale"


class Reason(StrEnum):
    """Why a form suits a project."""

    NO_SHARING = "no-sharing"
    LIGHT = "light"
    WORKERS_DECIDE = "workers-decide"
    EVERYONE_DECIDES = "everyone-decides"
    TAKEN_OVER_BY_EMPLOYEES = "taken-over-by-employees"
    ALONE_IS_ENOUGH = "alone-is-enough"
    TRY_FIRST = "try-first"
    INVESTORS = "investors"
    GIVEN_FOR_GOOD = "given-for-good"
    GIVEN_SIMPLY = "given-simply"
    MEMBERS_PROTECTED = "members-protected"
    GATHERS_MEMBERS = "gathers-members"


class Caution(StrEnum):
    """What to settle before choosing a form."""

    FIND_A_SECOND = "find-a-second"
    FIND_OTHERS = "find-others"
    JOIN_ONE_FIRST = "join-one-first"
    DECIDE_TOGETHER = "decide-together"
    MAY_BE_TRANSFORMED = "may-be-transformed"


@dataclass(frozen=True, slots=True)
class Advice:
    """One form that suits, the reason, and what to settle first."""

    form: Form
    reason: Reason
    cautions: tuple[Caution, ...] = ()


COOPERATIVES = (Form.WORKERS_COOPERATIVE, Form.COLLECTIVE_INTEREST)
"""The forms into which an association or a company that already works may be transformed."""

LEAST: dict[Form, People] = {
    Form.ASSOCIATION: People.TWO,
    Form.WORKERS_COOPERATIVE: People.TWO,
    Form.COLLECTIVE_INTEREST: People.SEVERAL,
    Form.MUTUAL: People.SEVERAL,
}
"""How many people a form needs at least; one is enough for the others."""

_SIZES = tuple(People)


def advise(project: Project) -> tuple[Advice, ...]:
    """Give the forms that suit a project, the likeliest first: one at least, each form once."""
    advices: dict[Form, Advice] = {}
    for form, reason in _forms_for(project):
        advices.setdefault(form, Advice(form, reason, tuple(_cautions(form, project))))
    return tuple(advices.values())


def may_be_esus(advices: tuple[Advice, ...]) -> bool:
    """Say whether the approval ESUS is worth a word: it is for enterprises of the ESS with an activity."""
    return any(one.form not in (Form.FOUNDATION, Form.ENDOWMENT_FUND) for one in advices)


def _forms_for(project: Project) -> Iterator[tuple[Form, Reason]]:
    if project.need is Need.TRIAL and project.aim in (Aim.LIMITED_PROFIT, Aim.UNSURE):
        yield Form.EMPLOYMENT_COOPERATIVE, Reason.TRY_FIRST
    if project.aim is Aim.ENDOWMENT:
        yield Form.ENDOWMENT_FUND, Reason.GIVEN_SIMPLY
        yield Form.FOUNDATION, Reason.GIVEN_FOR_GOOD
    elif project.aim is Aim.PROTECTION:
        yield Form.MUTUAL, Reason.MEMBERS_PROTECTED
        yield Form.ASSOCIATION, Reason.GATHERS_MEMBERS
    elif project.aim is Aim.NOT_FOR_PROFIT:
        yield from _not_for_profit(project)
    elif project.aim is Aim.LIMITED_PROFIT:
        yield from _limited_profit(project)
    else:
        yield from _unsure(project)


def _not_for_profit(project: Project) -> Iterator[tuple[Form, Reason]]:
    yield Form.ASSOCIATION, Reason.NO_SHARING
    if project.people is People.SEVERAL or project.stage is Stage.TAKEOVER:
        yield Form.COLLECTIVE_INTEREST, Reason.EVERYONE_DECIDES


def _limited_profit(project: Project) -> Iterator[tuple[Form, Reason]]:
    if project.stage is Stage.TAKEOVER:
        yield Form.WORKERS_COOPERATIVE, Reason.TAKEN_OVER_BY_EMPLOYEES
    elif project.people is People.ALONE:
        yield Form.EMPLOYMENT_COOPERATIVE, Reason.ALONE_IS_ENOUGH
    yield Form.WORKERS_COOPERATIVE, Reason.WORKERS_DECIDE
    if project.people is People.SEVERAL:
        yield Form.COLLECTIVE_INTEREST, Reason.EVERYONE_DECIDES
    yield Form.COMMERCIAL, Reason.INVESTORS


def _unsure(project: Project) -> Iterator[tuple[Form, Reason]]:
    if project.stage is Stage.TAKEOVER:
        yield Form.WORKERS_COOPERATIVE, Reason.TAKEN_OVER_BY_EMPLOYEES
        yield Form.COLLECTIVE_INTEREST, Reason.EVERYONE_DECIDES
        return
    if project.people is People.ALONE:
        yield Form.EMPLOYMENT_COOPERATIVE, Reason.ALONE_IS_ENOUGH
    yield Form.ASSOCIATION, Reason.LIGHT
    if project.people is not People.ALONE:
        yield Form.WORKERS_COOPERATIVE, Reason.WORKERS_DECIDE
    if project.people is People.SEVERAL:
        yield Form.COLLECTIVE_INTEREST, Reason.EVERYONE_DECIDES


def _cautions(form: Form, project: Project) -> Iterator[Caution]:
    least = LEAST.get(form, People.ALONE)
    if _SIZES.index(project.people) < _SIZES.index(least):
        yield Caution.FIND_A_SECOND if least is People.TWO else Caution.FIND_OTHERS
    if form is Form.MUTUAL:
        yield Caution.JOIN_ONE_FIRST
    if form is Form.COMMERCIAL:
        yield Caution.DECIDE_TOGETHER
    if form in COOPERATIVES and project.stage is Stage.RUNNING:
        yield Caution.MAY_BE_TRANSFORMED
