"""The perimeter as readers see it: the rule in plain words with its articles, then every line with its source."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from essor.register.labels import legal_categories, month_label
from essor.register.models import FAMILY_LABELS, STATUS_LABELS
from essor.register.perimeter_queries import Known
from essor.register.types import (
    CategoryLine,
    ExcludedActivity,
    Family,
    Perimeter,
    PerimeterOrigin,
    Status,
)

Text = str | Promise

ORIGIN_LABELS: Mapping[PerimeterOrigin, Text] = {
    PerimeterOrigin.PACKAGE: _("the tables that come with the software"),
    PerimeterOrigin.STAFF: _("tables written by the staff of the portal"),
    PerimeterOrigin.FILE: _("tables of its own, given to the build as files"),
}

NOMENCLATURE_LABELS: Mapping[str, Text] = {
    "NAFRev2": _("NAF rév. 2 (2008)"),
    "NAF2025": _("NAF 2025"),
}

RETAINED_PROOFS: Mapping[str, Text] = {
    "A": _("seen with the flag in SIRENE"),
    "B": _("named by its label"),
}
OUT_PROOFS: Mapping[str, Text] = {
    "B": _("nothing seen"),
    "X": _("flag seen as noise only"),
}
EXCLUSION_PROOFS = {
    "candidate": _("to be confirmed"),
    "confirmed": _("confirmed by its source"),
}


@dataclass(frozen=True, slots=True)
class Rule:
    """When a structure has a status, in plain words, and the articles it comes from."""

    status: Status
    label: Text
    said: Text
    law: Text


RULES = (
    Rule(
        Status.RECOGNISED,
        STATUS_LABELS[Status.RECOGNISED],
        _(
            "SIRENE marks it as belonging to the ESS (flag O), and its legal category is one of those"
            " that the table retains: it is an association, a cooperative, a mutual or a foundation."
        ),
        _("Law of 31 July 2014, art. 1"),
    ),
    Rule(
        Status.DECLARED,
        STATUS_LABELS[Status.DECLARED],
        _(
            "SIRENE marks it as belonging to the ESS, but its legal category is not retained: it is most"
            " often a commercial company that declared itself. It is listed, and counted apart."
        ),
        _("Law of 31 July 2014, art. 1, II, 2°"),
    ),
    Rule(
        Status.PRESUMED,
        STATUS_LABELS[Status.PRESUMED],
        _(
            "SIRENE does not mark it. By its legal category it is a cooperative or a mutual, and its"
            " activity is not one of those excluded on the first day of the month of the files; or it is"
            " on the list of enterprises of the ESS. It is listed, and counted apart."
        ),
        _("Law of 31 July 2014, art. 1 (legal form) and art. 6 (list)"),
    ),
    Rule(
        Status.OUTSIDE,
        STATUS_LABELS[Status.OUTSIDE],
        _(
            "None of these. It is no judgement on what the structure does: a mention may be missing from"
            " SIRENE, and its silence is not a “no”."
        ),
        "",
    ),
)


@dataclass(frozen=True, slots=True)
class ShownCategory:
    """A line of the table of legal categories, its proof in words."""

    line: CategoryLine
    proof: Text


@dataclass(frozen=True, slots=True)
class ShownFamily:
    """The legal categories of one family."""

    family: Family
    label: Text
    lines: tuple[ShownCategory, ...]


@dataclass(frozen=True, slots=True)
class ShownExclusion:
    """A line of the table of excluded activities, in words."""

    line: ExcludedActivity
    nomenclature: Text
    proof: Text
    is_in_force: bool | None


@dataclass(frozen=True, slots=True)
class PerimeterPage:
    """What the page of a perimeter shows. `others` are the categories of the nomenclature without a line."""

    known: Known
    origin: Text
    months: tuple[str, ...]
    families: tuple[ShownFamily, ...]
    left_out: tuple[ShownCategory, ...]
    others: tuple[tuple[str, str], ...]
    exclusions: tuple[ShownExclusion, ...]
    retained: int
    has_open_points: bool


def page_of(known: Known) -> PerimeterPage:
    """Give what the page of a perimeter shows; exclusions are judged in the month of its latest vintage."""
    perimeter = known.perimeter
    lines = perimeter.categories.values()
    return PerimeterPage(
        known=known,
        origin=ORIGIN_LABELS[perimeter.origin],
        months=tuple(dict.fromkeys(month_label(vintage.month) for vintage in known.vintages)),
        families=tuple(_families(lines)),
        left_out=tuple(_shown(line, OUT_PROOFS) for line in lines if not line.family),
        others=tuple(
            (code, label)
            for code, label in legal_categories().items()
            if code not in perimeter.categories
        ),
        exclusions=_exclusions(perimeter, known),
        retained=sum(1 for line in lines if line.family),
        has_open_points=perimeter.origin is PerimeterOrigin.PACKAGE,
    )


def _families(lines: Iterable[CategoryLine]) -> Iterable[ShownFamily]:
    held: dict[Family, list[ShownCategory]] = {}
    for line in lines:
        if line.family:
            held.setdefault(line.family, []).append(_shown(line, RETAINED_PROOFS))
    for family in Family:
        if family in held:
            yield ShownFamily(family, FAMILY_LABELS[family], tuple(held[family]))


def _shown(line: CategoryLine, proofs: Mapping[str, Text]) -> ShownCategory:
    return ShownCategory(line, proofs.get(line.proof, ""))


def _exclusions(perimeter: Perimeter, known: Known) -> tuple[ShownExclusion, ...]:
    month = max((vintage.month for vintage in known.vintages), default="")
    on = date.fromisoformat(f"{month}-01") if month else None
    return tuple(
        ShownExclusion(
            one,
            NOMENCLATURE_LABELS.get(one.nomenclature, one.nomenclature),
            EXCLUSION_PROOFS.get(one.proof, one.proof),
            one.is_in_force(on) if on else None,
        )
        for one in perimeter.exclusions
    )
