"""What the path says: questions, principles, forms of the law with their sources, reasons, next steps.

Each rule names the article that states it, and a form leads to the whole text: the law changes, and
this page advises nobody in its place.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from essor.register.starting.advising import Caution, Form, Reason
from essor.register.starting.answers import Aim, Need, People, Stage

Text = Promise | str
_LEGIFRANCE = "https://www.legifrance.gouv.fr"


@dataclass(frozen=True, slots=True)
class Source:
    """A text of law, named as lawyers name it, and where to read it."""

    name: Text
    address: str


@dataclass(frozen=True, slots=True)
class Question:
    """A question of the path; `short` names it where answers are told again."""

    title: Text
    short: Text
    why: Text


@dataclass(frozen=True, slots=True)
class Choice:
    """An answer that may be given, and what it means."""

    label: Text
    meaning: Text


@dataclass(frozen=True, slots=True)
class Principle:
    """One of the five words by which the ESS is known, and what the law says of it."""

    name: Text
    said: Text
    source: Text


@dataclass(frozen=True, slots=True)
class FormSheet:
    """A form of the law: what it is, its rules, what it does not allow, where the law states it."""

    name: Text
    summary: Text
    rules: tuple[Text, ...]
    limits: tuple[Text, ...]
    sources: tuple[Source, ...]


ESS_LAW = Source(
    _("Law n° 2014-856 of 31 July 2014 on the social and solidarity economy"),
    f"{_LEGIFRANCE}/loda/id/JORFTEXT000029313296",
)
COOPERATION_LAW = Source(
    _("Law n° 47-1775 of 10 September 1947 on the status of co-operation"),
    f"{_LEGIFRANCE}/loda/id/JORFTEXT000000684004",
)
WORKERS_LAW = Source(
    _("Law n° 78-763 of 19 July 1978 on the status of workers’ co-operatives"),
    f"{_LEGIFRANCE}/loda/id/JORFTEXT000000339242",
)
LABOUR_CODE = Source(_("Labour code"), f"{_LEGIFRANCE}/codes/texte_lc/LEGITEXT000006072050")

QUESTIONS: Mapping[str, Question] = {
    "avancement": Question(
        _("How far has your project come?"),
        pgettext_lazy("question", "Progress"),
        _("One does not ask the same of an idea and of a business to be taken over."),
    ),
    "besoin": Question(
        _("What do you need first?"),
        pgettext_lazy("question", "Need"),
        _("You will need more than one thing: take the most urgent."),
    ),
    "nombre": Question(
        _("How many of you carry the project?"),
        pgettext_lazy("question", "People"),
        _("The law asks for two people for an association, and for more elsewhere."),
    ),
    "but": Question(
        _("What will the money be for?"),
        pgettext_lazy("question", "Aim"),
        _(
            "In the ESS, profit is never the only aim. It may be shared within limits, or not at all."
        ),
    ),
}

CHOICES: Mapping[StrEnum, Choice] = {
    Stage.IDEA: Choice(_("An idea"), _("You are looking around, nothing is decided.")),
    Stage.PROJECT: Choice(
        _("A project under way"), _("You know what, for whom and with whom; it has to be founded.")
    ),
    Stage.RUNNING: Choice(
        _("An activity that exists"),
        _("An association or a company is at work, and wants to grow or to change its form."),
    ),
    Stage.TAKEOVER: Choice(
        _("A business to take over"),
        _("Its owner leaves or sells, and people wish it to go on."),
    ),
    Need.FORM: Choice(_("To choose a form"), _("Association, co-operative, company…")),
    Need.TRIAL: Choice(
        _("To try the activity"), _("With first customers, before founding anything.")
    ),
    Need.FUNDING: Choice(_("Funding"), _("Loan, guarantee, solidarity savings, grant, donation.")),
    Need.PLACE: Choice(_("A place and a network"), _("Premises, neighbours, partners.")),
    Need.SKILLS: Choice(
        _("Skills"), _("Accounts, law, management, or someone to speak with regularly.")
    ),
    People.ALONE: Choice(_("One person"), _("You, for now.")),
    People.TWO: Choice(_("Two people"), _("Enough for an association or a workers’ co-operative.")),
    People.SEVERAL: Choice(
        _("Three or more"), _("Colleagues, users, neighbours, organisations, local authorities…")
    ),
    Aim.NOT_FOR_PROFIT: Choice(
        _("For the project alone"),
        _("Nobody takes a share of what is left at the end of the year."),
    ),
    Aim.LIMITED_PROFIT: Choice(
        _("For the project first, then for those who work in it"),
        _(
            "The activity sells and pays its way; what is left is shared within the limits of the law."
        ),
    ),
    Aim.ENDOWMENT: Choice(
        _("To be given to a cause"),
        _("You have money or property to devote for good to a work of general interest."),
    ),
    Aim.PROTECTION: Choice(
        _("To protect members"),
        _("Members contribute, and help each other in illness or hardship."),
    ),
    Aim.UNSURE: Choice(_("We do not know yet"), _("The answer will show the main ways.")),
}

PRINCIPLES = (
    Principle(
        _("An economic activity"),
        _(
            "The ESS is a way of doing business, open to every trade: it produces, transforms, "
            "distributes, exchanges goods and services."
        ),
        _("Law of 31 July 2014, art. 1, I and II"),
    ),
    Principle(
        _("Social utility"),
        _(
            "It pursues another aim than sharing profits: to support people in a fragile situation, to "
            "fight exclusion and inequality, to strengthen the bonds between people, to contribute to "
            "sustainable development. The law requires it of companies, and defines it."
        ),
        _("Law of 31 July 2014, art. 1, I, 1°, and art. 2"),
    ),
    Principle(
        _("Roots in a territory"),
        _(
            "It answers local needs with those who live there. Territorial cohesion is one of the aims "
            "by which the law defines social utility."
        ),
        _("Law of 31 July 2014, art. 2"),
    ),
    Principle(
        _("Limited profit"),
        _(
            "Profits go for the most part to keeping or developing the activity. Compulsory reserves "
            "belong to nobody: they cannot be distributed."
        ),
        _("Law of 31 July 2014, art. 1, I, 3°"),
    ),
    Principle(
        _("Democratic governance"),
        _(
            "The articles organise the information and the part in decisions of members, employees and "
            "those concerned; a voice does not depend only on the money one has put in."
        ),
        _("Law of 31 July 2014, art. 1, I, 2°"),
    ),
)
"""The five principles by which the portal sums up the law, each with the place where the law says it."""

FORMS: Mapping[Form, FormSheet] = {
    Form.ASSOCIATION: FormSheet(
        _("Association (law of 1901)"),
        _(
            "People who put in common their knowledge or their activity, for another aim than profit."
        ),
        (
            _("Two people are enough (law of 1 July 1901, art. 1)."),
            _(
                "It is founded by a declaration to the authorities, published in the Journal officiel "
                "(art. 5)."
            ),
            _(
                "It may receive contributions and subsidies, and own the place it needs (art. 6); it may also "
                "employ people and sell."
            ),
            _(
                "In Bas-Rhin, Haut-Rhin and Moselle another law applies: the local civil code (art. 21 to 79)."
            ),
        ),
        (
            _(
                "No surplus is shared, not even when it ends (art. 1; decree of 16 August 1901, art. 15)."
            ),
            _("It has no capital: it borrows and invests less easily than a company."),
            _("A commercial activity may be taxed as that of a company."),
        ),
        (
            Source(
                _("Law of 1 July 1901 on the contract of association"),
                f"{_LEGIFRANCE}/loda/id/LEGITEXT000006069570",
            ),
        ),
    ),
    Form.WORKERS_COOPERATIVE: FormSheet(
        _("Workers’ co-operative (SCOP)"),
        _("A company whose employees are its majority members, and decide together."),
        (
            _(
                "It is formed by workers who carry on their trade together in an enterprise that they "
                "manage themselves (law of 19 July 1978, art. 1)."
            ),
            _(
                "It is a SARL, a SAS or a SA with variable capital (art. 3); two members who work in it are "
                "enough for a SARL or a SAS."
            ),
            _(
                "What is left is shared between reserves, all the employees and, last, the capital (art. 33)."
            ),
            _("It must be on the list of the ministry of labour to bear its name (art. 54)."),
        ),
        (
            _(
                "Reserves belong to nobody: one leaves with one’s shares, not with the value gained."
            ),
            _("A reviser examines it regularly (law of 10 September 1947, art. 25-1)."),
            _("Each member has one vote, whatever the money put in."),
        ),
        (WORKERS_LAW, COOPERATION_LAW),
    ),
    Form.COLLECTIVE_INTEREST: FormSheet(
        _("Co-operative of collective interest (SCIC)"),
        _(
            "A company where employees, users and partners, local authorities among them, decide together."
        ),
        (
            _(
                "It produces or supplies goods or services of collective interest, of social utility "
                "(law of 10 September 1947, art. 19 quinquies)."
            ),
            _(
                "It has at least three categories of members, among them those who benefit from its activity "
                "and its employees, or its producers when it has no employee (art. 19 septies)."
            ),
            _("It is a SARL, a SAS or a SA (art. 19 quinquies)."),
            _("Local authorities may be members, up to half of the capital (art. 19 septies)."),
        ),
        (
            _("Most of what is left goes to reserves that cannot be shared (art. 19 nonies)."),
            _("Bringing several categories of members together takes time: begin early."),
            _("A reviser examines it regularly (law of 10 September 1947, art. 25-1)."),
        ),
        (COOPERATION_LAW,),
    ),
    Form.EMPLOYMENT_COOPERATIVE: FormSheet(
        _("Co-operative of activity and employment (CAE)"),
        _(
            "You found nothing: you join a co-operative that exists, try your activity there, and become "
            "its employee."
        ),
        (
            _(
                "Its purpose is to support people who create and develop an activity (law of "
                "10 September 1947, art. 26-41)."
            ),
            _(
                "Your customers pay the co-operative, which pays you a salary and gives you shared services "
                "and someone who accompanies you (Labour code, art. L. 7331-2)."
            ),
            _("You become a member within three years (art. L. 7331-3)."),
        ),
        (
            _("A part of what you earn pays for the shared services."),
            _("Each co-operative chooses its trades: some are regulated, and not taken in."),
        ),
        (COOPERATION_LAW, LABOUR_CODE),
    ),
    Form.MUTUAL: FormSheet(
        _("Mutual"),
        _("A society of persons, without profit, where contributions of members protect them."),
        (
            _(
                "By contributions of its members and in their interest, it carries on a work of provision, "
                "solidarity and mutual aid (Mutuality code, art. L. 111-1)."
            ),
            _("Its members elect those who govern it (book I of the code)."),
        ),
        (
            _(
                "To insure, it needs an approval of the supervisory authority (ACPR) and own funds: few are "
                "founded today."
            ),
        ),
        (
            Source(
                _("Mutuality code"),
                f"{_LEGIFRANCE}/codes/texte_lc/LEGITEXT000006074067",
            ),
        ),
    ),
    Form.FOUNDATION: FormSheet(
        _("Foundation"),
        _(
            "Property, rights or resources given for good to a work of general interest, without profit."
        ),
        (
            _(
                "One person is enough, or a company: the gift is final (law of 23 July 1987, art. 18)."
            ),
            _("A foundation of public utility is recognised by a decree (art. 18)."),
            _("A company may found one for a limited time (art. 19 and after)."),
            _(
                "A foundation that exists may shelter yours, without a legal person of its own (art. 20)."
            ),
        ),
        (_("The steps are long, and the means asked for are high: a shelter is often wiser."),),
        (
            Source(
                _("Law n° 87-571 of 23 July 1987 on the development of patronage"),
                f"{_LEGIFRANCE}/loda/id/JORFTEXT000000874956",
            ),
        ),
    ),
    Form.ENDOWMENT_FUND: FormSheet(
        _("Endowment fund"),
        _(
            "A simple body, without profit, that receives and manages gifts for a work of general interest."
        ),
        (
            _(
                "One or several persons found it by a declaration to the authorities (law of 4 August 2008, "
                "art. 140)."
            ),
            _(
                "It begins with at least 15,000 euros in cash (decree n° 2015-49 of 22 January 2015)."
            ),
        ),
        (
            _("It receives no public money, save by exception (art. 140, III)."),
            _("What is given is given for good."),
        ),
        (
            Source(
                _("Law n° 2008-776 of 4 August 2008 on the modernisation of the economy, art. 140"),
                f"{_LEGIFRANCE}/loda/id/JORFTEXT000019283050",
            ),
        ),
    ),
    Form.COMMERCIAL: FormSheet(
        _("Commercial company of the ESS"),
        _(
            "A SARL, a SAS or a SA whose articles keep to the principles of the ESS, and to social utility."
        ),
        (
            _(
                "Its articles state another aim than profit, democratic governance, social utility and "
                "reserves that cannot be shared (law of 31 July 2014, art. 1, II, 2°)."
            ),
            _(
                "A part of the profits, set by law and order, goes to a development fund and to reserves; "
                "capital is not paid back without a loss (same article)."
            ),
            _(
                "It declares itself of the ESS in the register of commerce: SIRENE then bears the mention."
            ),
        ),
        (
            _("The mention rests on what the company declares: the directory says “declared”."),
            _(
                "Employees and those concerned must have their part in decisions, even in a small one."
            ),
        ),
        (ESS_LAW,),
    ),
}

ESUS = FormSheet(
    _("The approval “solidarity enterprise of social utility” (ESUS)"),
    _("Not a form: an approval of the State, which opens the way to solidarity savings."),
    (
        _(
            "It is for enterprises of the ESS whose main purpose is social utility, and whose costs or "
            "results bear its weight (Labour code, art. L. 3332-17-1)."
        ),
        _(
            "Salaries are bounded: seven times the annual minimum wage on average for the five best paid, "
            "ten times for the best paid (same article)."
        ),
        _("Shares of capital are not quoted on a market (same article)."),
    ),
    (_("It is asked of the State in the department, and given for a time."),),
    (LABOUR_CODE, ESS_LAW),
)

REASONS: Mapping[Reason, Text] = {
    Reason.NO_SHARING: _(
        "You do not wish to share a surplus: it is the usual form, and the simplest to found."
    ),
    Reason.LIGHT: _("It is founded quickly, and lets you begin while the project takes shape."),
    Reason.WORKERS_DECIDE: _(
        "Those who work decide together and share a part of what the work brings in."
    ),
    Reason.EVERYONE_DECIDES: _(
        "Several kinds of people have a part in the project, and may all be members."
    ),
    Reason.TAKEN_OVER_BY_EMPLOYEES: _(
        "Employees may take over their enterprise together; the law and the co-operative movement help them."
    ),
    Reason.ALONE_IS_ENOUGH: _("One person is enough, and does not stay alone."),
    Reason.TRY_FIRST: _(
        "You can try the activity with a contract and invoices, and found nothing yet."
    ),
    Reason.INVESTORS: _(
        "It is the form that those who lend or invest know best, with the commitments of the ESS in its articles."
    ),
    Reason.GIVEN_FOR_GOOD: _("It lasts: what is given serves the cause for good."),
    Reason.GIVEN_SIMPLY: _("It gathers gifts for a cause with few steps."),
    Reason.MEMBERS_PROTECTED: _(
        "Members protect each other by their contributions, without profit."
    ),
    Reason.GATHERS_MEMBERS: _(
        "It lets you gather people and study needs before any protection is organised."
    ),
}

CAUTIONS: Mapping[Caution, Text] = {
    Caution.FIND_A_SECOND: _("You need a second person at least."),
    Caution.FIND_OTHERS: _("You need other people, of several kinds."),
    Caution.JOIN_ONE_FIRST: _("Speak first with a mutual that exists: joining one is often wiser."),
    Caution.DECIDE_TOGETHER: _(
        "Being of the ESS is more than a line in the articles: decide together."
    ),
    Caution.MAY_BE_TRANSFORMED: _(
        "An association that works may become a co-operative and stay the same legal person (law of "
        "10 September 1947, art. 28 bis)."
    ),
}

NEXT_STEPS: Mapping[StrEnum, tuple[Text, ...]] = {
    Stage.IDEA: (
        _("Tell your idea to ten people whom it should serve, and write down what they say."),
    ),
    Stage.PROJECT: (
        _("Put on one page: the need, the offer, the people, the first year’s money."),
    ),
    Stage.RUNNING: (_("Read your articles again: what they allow decides what may change."),),
    Stage.TAKEOVER: (
        _("Speak with the owner and the employees early: time is what takeovers lack most."),
    ),
    Need.FORM: (_("Compare two forms with someone who founded one of each."),),
    Need.TRIAL: (
        _("Ask two co-operatives of activity and employment whether they take your trade."),
    ),
    Need.FUNDING: (
        _("Count what you need before the first income, then look for it: gift, loan, capital."),
    ),
    Need.PLACE: (_("Visit the third places near you: many have room for a beginning."),),
    Need.SKILLS: (_("Ask the supporters below what they offer; the first meeting is often free."),),
}
