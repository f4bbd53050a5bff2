"""“Is it of the ESS?”: what can be said of a structure by its number or its name.

Those of the directory are in the store; others in the files of the build, where this machine has
them. Natural persons are in neither, so that a number that is not found proves nothing.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from django.db.models import QuerySet
from django.db.models.functions import Length
from django.utils.translation import gettext as _
from stdnum import luhn

from essor.register.asked import Asked
from essor.register.build.built import Build, open_build
from essor.register.labels import (
    STATUS_EXPLANATIONS,
    category_label,
    month_label,
    reason_sentences,
)
from essor.register.models import STATUS_LABELS, LegalUnit, StructureProfile, Vintage
from essor.register.queries import sirens_found
from essor.register.services.loading import manifest_as_stored
from essor.register.structure_page import display_name, grouped
from essor.register.types import OutsideRow, RegisterError, Status
from essor.search import CannotTellNow, SearchError
from essor.search.words import clean, folded

MOST_CANDIDATES = 20
MOST_LOOKED_AT = 200
"""Structures found by the index, among which those whose names have the words are kept."""

LONGEST_TEXT = 200
SHORTEST_NAME = 3
MOST_WORDS = 8

_BETWEEN_FIGURES = re.compile(r"[\s.\-\u00a0\u202f]+")
_SIREN_OR_SIRET = re.compile(r"([0-9]{9})(?:[0-9]{5})?")
_ANY_NUMBER = re.compile(r"[0-9]{6,}")
_RNA = re.compile(r"W[0-9A-Z]{9}")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A structure that may be the one meant; the address is that of its page, empty when it has none.

    One that `is_elsewhere` is of the ESS, but has no establishment in the area of the directory.
    """

    siren: str
    name: str
    form: str
    status: Status
    reasons: tuple[str, ...]
    place: str = ""
    address: str = ""
    is_elsewhere: bool = False

    @property
    def number(self) -> str:
        """The SIREN as people write it."""
        return grouped(self.siren)

    @property
    def label(self) -> str:
        """The status in a word or two."""
        return str(STATUS_LABELS[self.status])

    @property
    def explanation(self) -> str:
        """What the status means."""
        return str(STATUS_EXPLANATIONS[self.status])


@dataclass(frozen=True, slots=True)
class Answer:
    """What was found, of a number or of a name.

    `tells_outside` says whether the files that tell of the units outside the directory were there.
    """

    candidates: tuple[Candidate, ...] = ()
    is_number: bool = False
    is_mistyped: bool = False
    is_short: bool = False
    tells_outside: bool = False
    is_synthetic: bool = False
    month: str = ""
    perimeter: str = ""

    @property
    def only(self) -> Candidate | None:
        """The one structure meant, when there is no doubt."""
        return self.candidates[0] if len(self.candidates) == 1 else None

    @property
    def is_cut(self) -> bool:
        """Whether more may have been found than are shown."""
        return len(self.candidates) >= MOST_CANDIDATES


@dataclass(frozen=True, slots=True)
class Possible:
    """A status that an answer may tell, in a word or two, and what it means."""

    status: Status
    label: str
    explanation: str


def possible_answers() -> tuple[Possible, ...]:
    """Give what each status means, the surest first."""
    return tuple(
        Possible(status, str(STATUS_LABELS[status]), str(explanation))
        for status, explanation in STATUS_EXPLANATIONS.items()
    )


def answer_to(text: str) -> Answer | None:
    """Say what is known of a structure, asked by SIREN, SIRET, RNA number or name.

    None when the portal has no register yet.
    """
    vintage = Vintage.objects.filter(is_current=True).first()
    if vintage is None:
        return None
    number = _BETWEEN_FIGURES.sub("", text[:LONGEST_TEXT]).upper()
    if found := _SIREN_OR_SIRET.fullmatch(number):
        return _of_number(found[1], vintage)
    if _RNA.fullmatch(number):
        return _answer(vintage, _inside(_units_of_rna(number, vintage)), is_number=True)
    if _ANY_NUMBER.fullmatch(number):
        return _answer(vintage, (), is_number=True, is_mistyped=True)
    words = folded(clean(text[:LONGEST_TEXT])).split()[:MOST_WORDS]
    if len("".join(words)) < SHORTEST_NAME:
        return _answer(vintage, (), is_short=True)
    return _of_name(words, vintage)


def _of_number(siren: str, vintage: Vintage) -> Answer:
    found = list(_inside(_units(vintage).filter(siren=siren)))
    build = _build_of(vintage)
    if not found and build:
        found = list(_outside([row] if (row := build.outside(siren)) else []))
    is_mistyped = not found and not luhn.is_valid(siren)
    return _answer(
        vintage, found, is_number=True, is_mistyped=is_mistyped, tells_outside=build is not None
    )


def _units_of_rna(number: str, vintage: Vintage) -> QuerySet[LegalUnit]:
    """Give the units of this number: the index knows which to look at, unless it is late."""
    units = _units(vintage).filter(rna=number).exclude(siren__in=_withheld())
    try:
        sirens = sirens_found(Asked(text=number), MOST_CANDIDATES) if vintage.is_indexed else None
    except (CannotTellNow, SearchError):
        sirens = None
    return (units if sirens is None else units.filter(siren__in=sirens))[:MOST_CANDIDATES]


def _of_name(words: list[str], vintage: Vintage) -> Answer:
    """Find by name; one whose identity is withheld is not found so, or its name would tell it."""
    found = list(_inside(_units_named(words, vintage)))
    build, room = _build_of(vintage), MOST_CANDIDATES - len(found)
    if build and room:
        withheld = set(_withheld())
        rows = build.outside_named(" ".join(words), MOST_CANDIDATES)
        found += _outside([row for row in rows if row.siren not in withheld][:room])
    return _answer(vintage, found, tells_outside=build is not None)


def _units_named(words: list[str], vintage: Vintage) -> list[LegalUnit]:
    """Give the units that have all these words in their names: the index knows which to look at."""
    named = _units(vintage).filter(is_partial=False).exclude(siren__in=_withheld())
    try:
        sirens = sirens_found(Asked(text=" ".join(words)), MOST_LOOKED_AT)
    except (CannotTellNow, SearchError):
        for word in words:
            named = named.filter(filing_name__contains=word)
        return list(named.order_by(Length("filing_name"), "siren")[:MOST_CANDIDATES])
    units = {unit.siren: unit for unit in named.filter(siren__in=sirens)}
    ranked = (units[siren] for siren in sirens if siren in units)
    return [unit for unit in ranked if _has_words(unit, words)][:MOST_CANDIDATES]


def _has_words(unit: LegalUnit, words: list[str]) -> bool:
    """Tell it of the names alone: the index finds by the activity too, which is not what is asked here."""
    names = folded(" ".join((unit.name, unit.usual_name, unit.acronym)))
    return all(word in names for word in words)


def _answer(vintage: Vintage, found: Iterable[Candidate], **facts: bool) -> Answer:
    month = month_label(vintage.month)
    return Answer(
        tuple(found),
        month=month,
        perimeter=vintage.perimeter,
        is_synthetic=vintage.is_synthetic,
        **facts,
    )


def _units(vintage: Vintage) -> QuerySet[LegalUnit]:
    return LegalUnit.objects.filter(vintage=vintage).select_related("commune").order_by("siren")


def _withheld() -> QuerySet[StructureProfile, str]:
    profiles = StructureProfile.objects.filter(is_withheld=True).order_by("siren")
    return profiles.values_list("siren", flat=True)


def _inside(units: Iterable[LegalUnit]) -> Iterator[Candidate]:
    shown = list(units)
    withheld = set(_withheld().filter(siren__in=[unit.siren for unit in shown]))
    for unit in shown:
        is_hidden = unit.is_partial or unit.siren in withheld
        yield Candidate(
            siren=unit.siren,
            name=display_name(unit, is_hidden=is_hidden),
            form=category_label(unit.category),
            status=Status(unit.status),
            reasons=reason_sentences(unit.reasons),
            place=unit.commune.name if unit.commune else "",
            address=unit.get_absolute_url(),
        )


def _outside(rows: Iterable[OutsideRow]) -> Iterator[Candidate]:
    rows = list(rows)
    withheld = set(_withheld().filter(siren__in=[row.siren for row in rows]))
    for row in rows:
        is_hidden = row.is_partial or row.siren in withheld
        yield Candidate(
            siren=row.siren,
            name=_("Structure whose identity is not published") if is_hidden else row.name,
            form=category_label(row.category),
            status=row.status,
            reasons=reason_sentences(row.reasons),
            is_elsewhere=row.status is not Status.OUTSIDE,
        )


def _build_of(vintage: Vintage) -> Build | None:
    """Give the build that the vintage was loaded from, if this machine has it whole.

    Another may have been made in the same folder since: its perimeter would contradict the directory.
    """
    if not vintage.folder:
        return None
    try:
        build = open_build(Path(vintage.folder))
    except RegisterError:
        return None
    is_same = manifest_as_stored(build.manifest)["files"] == vintage.manifest.get("files")
    return build if is_same else None
