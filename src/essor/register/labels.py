"""The codes of the register in words, in the reader's language: categories, activities, sizes, sectors, reasons.

Nomenclatures are French and stay so (`reference/README.md`); all else is translated. A code that no
nomenclature knows is shown as it is, never guessed.
"""

import csv
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from functools import lru_cache
from pathlib import Path

from django.utils.dates import MONTHS
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from essor.presentation.templatetags.typography import number
from essor.register.models import FAMILY_LABELS
from essor.register.rules import BANDS
from essor.register.types import Family, Sector, Status

REFERENCE = Path(__file__).resolve().parent / "reference"

_FILE_OF_NOMENCLATURE = {
    "NAFRev2": "activities-naf-rev2.csv",
    "NAF2025": "activities-naf-2025.csv",
}

SECTOR_LABELS: Mapping[Sector, Promise] = {
    Sector.AGRICULTURE: gettext_lazy("agriculture and fishing"),
    Sector.INDUSTRY: gettext_lazy("industry"),
    Sector.ENERGY: gettext_lazy("energy, water and waste"),
    Sector.CONSTRUCTION: gettext_lazy("construction"),
    Sector.TRADE: pgettext_lazy("sector", "trade and repair"),
    Sector.TRANSPORT: gettext_lazy("transport"),
    Sector.HOSPITALITY: gettext_lazy("hotels and restaurants"),
    Sector.INFORMATION: gettext_lazy("publishing, media and digital"),
    Sector.FINANCE: gettext_lazy("banking and insurance"),
    Sector.HOUSING: gettext_lazy("housing and property"),
    Sector.CONSULTING: gettext_lazy("consulting and research"),
    Sector.SUPPORT: gettext_lazy("services to organisations"),
    Sector.ADMINISTRATION: gettext_lazy("public administration"),
    Sector.EDUCATION: gettext_lazy("education and training"),
    Sector.HEALTH: pgettext_lazy("sector", "health"),
    Sector.RESIDENTIAL_CARE: gettext_lazy("residential care"),
    Sector.SOCIAL_ACTION: gettext_lazy("social action"),
    Sector.CULTURE: pgettext_lazy("sector", "culture"),
    Sector.SPORT_AND_LEISURE: gettext_lazy("sport and leisure"),
    Sector.ASSOCIATIVE_LIFE: gettext_lazy("associative life"),
    Sector.OTHER_SERVICES: gettext_lazy("other services"),
    Sector.UNKNOWN: pgettext_lazy("sector", "unknown sector"),
}

_ACTIVE_IN: Mapping[Sector, Promise] = {
    Sector.AGRICULTURE: gettext_lazy("active in agriculture and fishing"),
    Sector.INDUSTRY: gettext_lazy("active in industry"),
    Sector.ENERGY: gettext_lazy("active in energy, water and waste"),
    Sector.CONSTRUCTION: gettext_lazy("active in construction"),
    Sector.TRADE: gettext_lazy("active in trade and repair"),
    Sector.TRANSPORT: gettext_lazy("active in transport"),
    Sector.HOSPITALITY: gettext_lazy("active in hotels and restaurants"),
    Sector.INFORMATION: gettext_lazy("active in publishing, media and digital"),
    Sector.FINANCE: gettext_lazy("active in banking and insurance"),
    Sector.HOUSING: gettext_lazy("active in housing and property"),
    Sector.CONSULTING: gettext_lazy("active in consulting and research"),
    Sector.SUPPORT: gettext_lazy("active in services to organisations"),
    Sector.ADMINISTRATION: gettext_lazy("active in public administration"),
    Sector.EDUCATION: gettext_lazy("active in education and training"),
    Sector.HEALTH: gettext_lazy("active in health"),
    Sector.RESIDENTIAL_CARE: gettext_lazy("active in residential care"),
    Sector.SOCIAL_ACTION: gettext_lazy("active in social action"),
    Sector.CULTURE: gettext_lazy("active in culture"),
    Sector.SPORT_AND_LEISURE: gettext_lazy("active in sport and leisure"),
    Sector.ASSOCIATIVE_LIFE: gettext_lazy("active in associative life"),
    Sector.OTHER_SERVICES: gettext_lazy("active in other services"),
}
"""Each sector within the sentence that sums a structure up; French wants its article."""

FAMILY_NAMES: Mapping[Family, Promise] = {
    Family.ASSOCIATION: pgettext_lazy("one structure", "association"),
    Family.COOPERATIVE: pgettext_lazy("one structure", "cooperative"),
    Family.MUTUAL: pgettext_lazy("one structure", "mutual"),
    Family.FOUNDATION: pgettext_lazy("one structure", "foundation"),
    Family.COMMERCIAL: pgettext_lazy("one structure", "commercial enterprise of the ESS"),
}

STATUS_EXPLANATIONS: Mapping[Status, Promise] = {
    Status.RECOGNISED: gettext_lazy(
        "SIRENE, the official register of enterprises, marks it as belonging to the social and"
        " solidarity economy, and its legal form is one of those that the law names."
    ),
    Status.DECLARED: gettext_lazy(
        "It is a commercial company that declared itself of the social and solidarity economy when"
        " it registered, as the law of 31 July 2014 allows. It is counted apart."
    ),
    Status.PRESUMED: gettext_lazy(
        "Its legal form, or a statistical list, places it in the social and solidarity economy, but"
        " SIRENE does not mark it. It is shown, and counted apart."
    ),
    Status.OUTSIDE: gettext_lazy(
        "Nothing in the official files places it in the social and solidarity economy today. This is"
        " no judgement on what it does: a mention may be missing."
    ),
}

NULL_FLAG = gettext_lazy(
    "SIRENE says nothing: neither that it belongs to the ESS, nor that it does not. Silence is not"
    " a “no”."
)


def category_label(code: str) -> str:
    """Give the label of a legal category (`9220`), or the code itself when there is none."""
    return _labels("legal-categories.csv").get(code, code)


def legal_categories() -> Mapping[str, str]:
    """Give the legal categories of the official nomenclature, in its order: labels by codes."""
    return _labels("legal-categories.csv")


def activity_label(code: str, nomenclature: str) -> str:
    """Give the label of an activity in NAF rév. 2 or NAF 2025; the code itself for an older one.

    The mark of what stands nowhere else (“n.c.a.”) is left out: it speaks of the nomenclature.
    """
    file = _FILE_OF_NOMENCLATURE.get(nomenclature)
    return _labels(file).get(code, code).removesuffix(" n.c.a.") if file and code else code


def band_label(code: str | None) -> str:
    """Give a headcount band of SIRENE in words, with its bounds: “10 to 19 employees”."""
    if not code or code not in BANDS:
        return _("headcount unknown")
    if code == "NN":
        return _("no employee, or none known")
    if code == "00":
        return _("no employee on 31 December, but some in the year")
    least, most = BANDS[code]
    if most is None:
        return _("%(least)s employees or more") % {"least": number(least)}
    if most == least + 1:
        return _("%(least)s or %(most)s employees") % {"least": least, "most": most}
    return _("%(least)s to %(most)s employees") % {"least": number(least), "most": number(most)}


def sector_label(code: str) -> str:
    """Give a sector in plain words; the code itself when there is none such."""
    return str(SECTOR_LABELS[Sector(code)]) if code in _SECTORS else code


def active_in(code: str) -> str:
    """Give “active in culture”; empty for an unknown sector."""
    return str(_ACTIVE_IN.get(Sector(code), "")) if code in _SECTORS else ""


def family_name(code: str) -> str:
    """Give the name of one structure of a family: “association”."""
    return str(FAMILY_NAMES[Family(code)]) if code in _FAMILIES else code


def month_label(month: str) -> str:
    """Give a month (`2026-11`) in words, « novembre 2026 »; the text itself when it is no month."""
    try:
        day = datetime.strptime(month, "%Y-%m").date()  # noqa: DTZ007  # a month has no zone
    except ValueError:
        return month
    return f"{MONTHS[day.month]} {day.year}"


def reason_sentences(reasons: Iterable[str]) -> tuple[str, ...]:
    """Give the reasons of a status (`flag=O`, `category=9220`…) as sentences, in the same order.

    A reason of a kind that is not known here is shown as it is: none is hidden.
    """
    return tuple(reason_sentence(reason) for reason in reasons)


def reason_sentence(reason: str) -> str:
    """Give one reason as a sentence."""
    key, _equals, value = reason.partition("=")
    words = _REASONS.get(key)
    return words(value) if words else reason


def _flag(value: str) -> str:
    """Say the flag: O, N, or anything else, which is silence."""
    if value == "O":
        return _("SIRENE says that it belongs to the social and solidarity economy (flag O).")
    if value == "N":
        return _("SIRENE says that it is not of the social and solidarity economy (flag N).")
    return str(NULL_FLAG)


def _category(code: str) -> str:
    if not code.isdigit():
        return _("SIRENE does not give its legal category.")
    return _("Its legal category is %(code)s, “%(label)s”.") % {
        "code": code,
        "label": category_label(code),
    }


def _family(code: str) -> str:
    label = str(FAMILY_LABELS[Family(code)]) if code in _FAMILIES else code
    return _("This places it in the family of %(family)s.") % {"family": label}


def _perimeter(version: str) -> str:
    return _("The rule applied is the perimeter of %(version)s.") % {"version": version}


def _list(name: str) -> str:
    return _("It is on the list of enterprises of the ESS that ESS France publishes.")


def _person(kind: str) -> str:
    return _("It is a natural person: only legal persons can be of the ESS.")


def _state(state: str) -> str:
    return _("SIRENE says that it has ceased.")


def _excluded(code: str) -> str:
    return _("Its activity, %(code)s, is one that the statistical perimeter leaves out.") % {
        "code": code
    }


_REASONS: Mapping[str, Callable[[str], str]] = {
    "flag": _flag,
    "category": _category,
    "family": _family,
    "perimeter": _perimeter,
    "list": _list,
    "excluded-activity": _excluded,
    "person": _person,
    "state": _state,
}
_SECTORS = frozenset(Sector)
_FAMILIES = frozenset(Family)


@lru_cache(maxsize=4)
def _labels(file: str) -> Mapping[str, str]:
    with (REFERENCE / file).open(encoding="utf-8", newline="") as lines:
        return {row["code"]: row["label"] for row in csv.DictReader(lines)}
