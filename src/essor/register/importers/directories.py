"""Other directories: what the rows of a list mean, whatever its columns are called.

Columns are known by their headings, in French or in English, or named by hand. A row is never left
out: what is wrong in it is said beside it, and what is not understood stays as it was received.

The key of a row tells it again in the next edition of its list: its own identifier where there is
one, else its SIRET or SIREN and its kind, else its name and place. Rows of one key are told apart by
what they hold, so that their order does not count.
"""

import hashlib
import json
import math
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from types import MappingProxyType

from stdnum.fr import siren as siren_number
from stdnum.fr import siret as siret_number

from essor.problems import Problem
from essor.register.importers import gettext_noop as _
from essor.register.importers.tables import RawRow, Table
from essor.register.types import RegisterError
from essor.search.words import clean, folded


class ListKind(StrEnum):
    """What list it is: of structures for integration through work, of FINESS, or any other."""

    SIAE = "siae"
    FINESS = "finess"
    OTHER = "csv"


class Column(StrEnum):
    """What a column may mean."""

    IDENTIFIER = "identifier"
    SIRET = "siret"
    SIREN = "siren"
    NAME = "name"
    USUAL_NAME = "usual_name"
    DETAIL = "detail"
    ADDRESS = "address"
    POSTCODE = "postcode"
    COMMUNE = "commune"
    COMMUNE_CODE = "commune_code"
    LONGITUDE = "longitude"
    LATITUDE = "latitude"


HEADINGS: Mapping[Column, tuple[str, ...]] = MappingProxyType(
    {
        Column.IDENTIFIER: (
            "identifiant",
            "id",
            "finess et",
            "numero finess et",
            "nofinesset",
            "code",
        ),
        Column.SIRET: ("siret", "no siret", "n siret", "numero siret", "num siret", "siret siege"),
        Column.SIREN: ("siren", "no siren", "n siren", "numero siren", "num siren"),
        Column.NAME: (
            "nom",
            "raison sociale",
            "denomination",
            "denomination sociale",
            "nom de la structure",
            "structure",
            "name",
            "rs",
        ),
        Column.USUAL_NAME: ("enseigne", "nom usuel", "nom commercial", "sigle", "usual name"),
        Column.DETAIL: (
            "type siae",
            "categorie finess",
            "type",
            "categorie",
            "kind",
            "libcategetab",
        ),
        Column.ADDRESS: ("adresse", "adresse 1", "rue", "voie", "address", "street"),
        Column.POSTCODE: ("code postal", "codepostal", "cp", "postcode"),
        Column.COMMUNE: (
            "commune texte",
            "commune",
            "ville",
            "localite",
            "libelle commune",
            "city",
        ),
        Column.COMMUNE_CODE: ("code commune", "code insee", "codeinsee", "insee", "commune code"),
        Column.LONGITUDE: ("longitude", "lon", "lng", "long"),
        Column.LATITUDE: ("latitude", "lat"),
    }
)
"""Headings of each meaning, folded, the likeliest first."""

LONGEST = MappingProxyType(
    {"key": 160, "name": 250, "usual_name": 250, "detail": 120, "address": 250, "commune": 120}
)
"""Letters kept of each value; the row as received keeps them all."""

_STARTS_OF_FORMULAS = ("=", "+", "@")
_NOT_DIGIT = re.compile(r"[\s.\-\u2010-\u2015]+")
_POSTCODE = re.compile(r"\d{4,5}")
_CEDEX = re.compile(r"\s*\bcedex\b\s*\d*\s*$", re.IGNORECASE)
_ARRONDISSEMENT = re.compile(r"(?<=\w)\s+\d{1,2}\s*(?:er|e|ème|eme)?\s*$", re.IGNORECASE)
_BEFORE_COMMUNE = re.compile(r"^\s*\d{5}\s+")

_NO_NAMING = (
    _("No column gives a SIRET, a SIREN or a name."),
    _('Say which one does, for instance --columns "siret=N° SIRET,name=Nom".'),
)
_NO_SUCH_COLUMN = (_("This column is not in the table."), _("Give one of its headings."))
_NO_SUCH_MEANING = (
    _("This is no known meaning of a column."),
    _("Write meaning=heading, separated by commas."),
)
_WRONG_KEY = (
    _("The SIRET is wrong: its key does not fit."),
    _("It was matched otherwise, or is to be reviewed."),
)
_NOT_SIRET = (
    _("The SIRET is no number of 14 figures."),
    _("It was matched otherwise, or is to be reviewed."),
)
_NOT_SIREN = (_("The SIREN is wrong."), _("It was matched otherwise, or is to be reviewed."))
_PADDED = (_("The SIRET had lost its zeros."), _("They were put back."))
_SCIENTIFIC = (
    _("A spreadsheet has rounded the SIRET."),
    _("It is unknown: export the list again, with this column as text."),
)
_DISAGREE = (_("The SIREN is not that of the SIRET."), _("The SIRET was believed."))
_NO_NAME = (_("The row has no name."), _("It can be matched by its SIRET only."))
_NO_COMMUNE = (_("The row has no commune."), _("It can be matched by its SIRET only."))
_FORMULA = (_("A value begins as a formula of a spreadsheet."), _("It was kept as text."))
_TOO_LONG = (_("A value is too long."), _("Its beginning is kept."))
_NOT_A_POINT = (_("The coordinates are no place on Earth."), _("They are unknown."))
SHARED_SIRET = (
    _("Several rows have this SIRET."),
    _("Each is kept: one structure may hold several agreements."),
)
_SAME_ROW = (_("The same row comes several times."), _("Each is kept."))


@dataclass(frozen=True, slots=True)
class EntryRow:
    """A row of another directory, as it was understood.

    `siret` and `siren` are sound numbers, or empty; `damaged_siret` is one whose key is wrong. The
    commune is as the list writes it, without CEDEX. Degrees are WGS 84, None when unknown.
    """

    line: int
    key: str
    received: Mapping[str, str]
    name: str = ""
    usual_name: str = ""
    siret: str = ""
    siren: str = ""
    damaged_siret: str = ""
    detail: str = ""
    address: str = ""
    postcode: str = ""
    commune: str = ""
    commune_code: str = ""
    longitude: float | None = None
    latitude: float | None = None
    is_siret_shared: bool = False
    problems: tuple[Problem, ...] = field(default=())

    @property
    def digest(self) -> str:
        """What tells whether the row is as it was: a checksum of what was received and understood."""
        held = [self.received, self.siret, self.siren, self.name, self.usual_name, self.detail]
        held += [self.postcode, self.commune, self.commune_code, self.address]
        text = json.dumps(held, sort_keys=True, default=str)
        return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:32]


# Which column is what


def columns_named(text: str, table: Table) -> dict[Column, str]:
    """Read "siret=N° SIRET,name=Nom". Raises RegisterError on what is no meaning, or no column."""
    named: dict[Column, str] = {}
    for part in filter(str.strip, text.split(",")):
        meaning, equal, heading = part.partition("=")
        if not equal or meaning.strip() not in set(Column):
            raise RegisterError(Problem(part.strip(), *_NO_SUCH_MEANING))
        named[Column(meaning.strip())] = heading.strip()
    return checked_columns(named, table)


def checked_columns(named: Mapping[Column, str], table: Table) -> dict[Column, str]:
    """Give what is asked, once it is sure that the table has these columns and can be matched by them."""
    for heading in named.values():
        if heading not in table.columns:
            raise RegisterError(Problem(heading, *_NO_SUCH_COLUMN))
    if not named.keys() & {Column.SIRET, Column.SIREN, Column.NAME}:
        raise RegisterError(Problem("CSV", *_NO_NAMING))
    return dict(named)


def columns_recognised(table: Table) -> dict[Column, str]:
    """Give the column of each meaning, by its heading; a meaning that no heading tells is absent."""
    known = {folded(clean(name.replace("_", " "))): name for name in reversed(table.columns)}
    found: dict[Column, str] = {}
    for meaning, headings in HEADINGS.items():
        heading = next((known[one] for one in headings if one in known), None)
        if heading and heading not in found.values():
            found[meaning] = heading
    return found


# What the rows mean


def entries_of_table(table: Table, columns: Mapping[Column, str]) -> tuple[EntryRow, ...]:
    """Understand each row of a table: one entry for each, in their order, with keys that differ."""
    return _told_apart(entry_of(row, columns) for row in table.rows)


def entry_of(row: RawRow, columns: Mapping[Column, str]) -> EntryRow:
    """Understand one row; its key is not yet told apart from that of others."""
    read = _Reading(row, columns)
    siret, siren, damaged = _numbers(read)
    longitude, latitude = _point(read)
    entry = EntryRow(
        line=row.line,
        key="",
        received=dict(row.values),
        name=read.text(Column.NAME, LONGEST["name"]),
        usual_name=read.text(Column.USUAL_NAME, LONGEST["usual_name"]),
        siret=siret,
        siren=siren,
        damaged_siret=damaged,
        detail=read.text(Column.DETAIL, LONGEST["detail"]),
        address=read.text(Column.ADDRESS, LONGEST["address"]),
        postcode=_postcode(read),
        commune=commune_name(read.text(Column.COMMUNE, LONGEST["commune"])),
        commune_code=_commune_code(read),
        longitude=longitude,
        latitude=latitude,
    )
    if not entry.name and not entry.usual_name:
        read.faults.append(_NO_NAME)
    if not entry.commune and not entry.commune_code:
        read.faults.append(_NO_COMMUNE)
    problems = tuple(Problem(str(row.line), *fault) for fault in dict.fromkeys(read.faults))
    identifier = read.text(Column.IDENTIFIER, LONGEST["key"])
    return replace(entry, key=_key(entry, identifier), problems=row.problems + problems)


class _Reading:
    """A row being read: its values by meaning, and what is found wrong in them."""

    def __init__(self, row: RawRow, columns: Mapping[Column, str]) -> None:
        self.row, self.columns = row, columns
        self.faults: list[tuple[str, str]] = []

    def raw(self, meaning: Column) -> str:
        """Give a value in plain words, one space between them; empty when the list has none."""
        value = self.row.values.get(self.columns.get(meaning, ""), "")
        return " ".join(clean(value).split())

    def text(self, meaning: Column, longest: int) -> str:
        """Give a value that people read."""
        value = self.raw(meaning)
        if value.startswith(_STARTS_OF_FORMULAS):
            self.faults.append(_FORMULA)
        if len(value) > longest:
            self.faults.append(_TOO_LONG)
        return value[:longest]


def _numbers(read: _Reading) -> tuple[str, str, str]:
    """Give a sound SIRET, a sound SIREN, and a SIRET whose key is wrong: each may be empty."""
    siret, damaged = _siret(read)
    stated = _NOT_DIGIT.sub("", read.raw(Column.SIREN))
    siren = stated if siren_number.is_valid(stated) else ""
    if stated and not siren:
        read.faults.append(_NOT_SIREN)
    if siren == damaged[:9]:  # cut out of the SIRET, it proves nothing
        siren = ""
    if siret and siren and siret[:9] != siren:
        read.faults.append(_DISAGREE)
    return siret, siret[:9] or siren, damaged


def _siret(read: _Reading) -> tuple[str, str]:
    written = read.raw(Column.SIRET)
    if not written:
        return "", ""
    if re.fullmatch(r"\d[.,]\d+E\+?\d+", written, re.IGNORECASE):
        read.faults.append(_SCIENTIFIC)
        return "", ""
    figures = _NOT_DIGIT.sub("", written)
    if figures.isascii() and figures.isdigit() and 11 <= len(figures) < 14:
        padded = figures.zfill(14)
        if siret_number.is_valid(padded):
            read.faults.append(_PADDED)
            return padded, ""
    if not (figures.isascii() and figures.isdigit() and len(figures) == 14):
        read.faults.append(_NOT_SIRET)
        return "", ""
    if siret_number.is_valid(figures):
        return figures, ""
    read.faults.append(_WRONG_KEY)
    return "", figures


def _postcode(read: _Reading) -> str:
    found = _POSTCODE.fullmatch(_NOT_DIGIT.sub("", read.raw(Column.POSTCODE)))
    if not found:
        found = re.match(r"(\d{5})\s", read.raw(Column.COMMUNE))
    return found[0].strip().zfill(5) if found else ""


def _commune_code(read: _Reading) -> str:
    code = read.raw(Column.COMMUNE_CODE).upper()
    return code if re.fullmatch(r"\d[0-9AB]\d{3}", code) else ""


def commune_name(written: str) -> str:
    """Give the name of a commune without its postcode, CEDEX and number of arrondissement."""
    return _ARRONDISSEMENT.sub("", _CEDEX.sub("", _BEFORE_COMMUNE.sub("", written))).strip(" ,-")


def _point(read: _Reading) -> tuple[float | None, float | None]:
    written = [read.raw(one).replace(",", ".") for one in (Column.LONGITUDE, Column.LATITUDE)]
    if not any(written):
        return None, None
    try:
        longitude, latitude = map(float, written)
    except ValueError:
        read.faults.append(_NOT_A_POINT)
        return None, None
    is_on_earth = math.isfinite(longitude) and abs(longitude) <= 180 and abs(latitude) <= 90
    if not is_on_earth or longitude == latitude == 0:
        read.faults.append(_NOT_A_POINT)
        return None, None
    return longitude, latitude


# Which row is which


def _key(entry: EntryRow, identifier: str) -> str:
    number = entry.siret or entry.damaged_siret or entry.siren
    named = folded(entry.name or entry.usual_name)
    parts = (
        ("id", identifier)
        if identifier
        else ("no", number, folded(entry.detail))
        if number
        else ("nom", named, entry.commune_code or folded(entry.commune), folded(entry.detail))
    )
    return "|".join(parts)[: LONGEST["key"]]


def _told_apart(entries: Iterable[EntryRow]) -> tuple[EntryRow, ...]:
    kept = list(entries)
    by_key, by_siret = defaultdict(list), defaultdict(list)
    for place, entry in enumerate(kept):
        by_key[entry.key].append(place)
        by_siret[entry.siret].append(place)
    for siret, places in by_siret.items():
        for place in places if siret and len(places) > 1 else ():
            kept[place] = _with_problem(replace(kept[place], is_siret_shared=True), SHARED_SIRET)
    for places in by_key.values():
        ordered = sorted(places, key=lambda place: (kept[place].digest, place))
        for rank, place in enumerate(ordered[1:], 2):
            entry = kept[place]
            if entry.digest == kept[ordered[rank - 2]].digest:
                entry = _with_problem(entry, _SAME_ROW)
            kept[place] = replace(entry, key=f"{entry.key}#{rank}")
    return tuple(kept)


def _with_problem(entry: EntryRow, fault: tuple[str, str]) -> EntryRow:
    problem = Problem(str(entry.line), *fault)
    return replace(entry, problems=(*entry.problems, problem))
