"""Mapping profiles: where a library system puts its items, and what its codes mean.

A profile is data: the shipped ones are files of this package, a library's own is a corrected copy.
Codes are never guessed: those that a profile does not know are listed, with counts, by the imports.

A part of an item is found by the codes of its subfields: `c b` is $c, or $b when there is no $c;
`hi` is $h and $i together. Status codes are written with their subfield (`o:2`), because systems
spread them over several; `2:*` is any other code of $2.
"""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, fields
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from essor.catalogue.importers import gettext_noop as _
from essor.catalogue.types import Audience, Availability, CodeTable, DocumentType, Syntax

SHIPPED = Path(__file__).parent / "shipped_profiles"
LONGEST_CODE = 100
LONGEST_MEANING = 200
MOST_CODES = 5000
ITEM_TAGS = ("995", "952", "930", "252", "997", "852", "996", "999", "949")
GENERIC = {Syntax.UNIMARC: "unimarc", Syntax.MARC21: "marc21"}
SUBFIELD_CODES = frozenset("0123456789abcdefghijklmnopqrstuvwxyz")
ANY_OTHER = "*"
USED_BY_TITLES = frozenset(".,;:!?'\u2019\"()-")

Choice = TypeVar("Choice", bound=StrEnum)

MEANINGS: dict[CodeTable, type[StrEnum] | None] = {
    CodeTable.BRANCH: None,
    CodeTable.SECTION: None,
    CodeTable.DOCUMENT_TYPE: DocumentType,
    CodeTable.STATUS: Availability,
    CodeTable.AUDIENCE: Audience,
}
"""What a code may mean in each table; None is a name that readers see."""


class UnusableProfile(Exception):
    """This definition is no profile: `what` is wrong, in words to translate, and `detail` says where."""

    def __init__(self, what: str, detail: str) -> None:
        super().__init__(f"{what} ({detail})")
        self.what = what
        self.detail = detail


class DateOrder(StrEnum):
    """How dates are written when the year does not come first."""

    YEAR_FIRST = "ymd"
    DAY_FIRST = "dmy"
    MONTH_FIRST = "mdy"


@dataclass(frozen=True, slots=True)
class ItemPlaces:
    """Where each part of an item is: subfields by order of preference, empty when there is none."""

    barcode: str = ""
    branch: str = ""
    section: str = ""
    call_number: str = ""
    document_type: str = ""
    status: str = ""
    audience: str = ""
    volume: str = ""
    note: str = ""
    acquired: str = ""
    last_loan: str = ""
    due: str = ""
    loans: str = ""
    price: str = ""

    def subfields(self) -> set[str]:
        """Give the codes of all subfields that hold some part."""
        return set("".join(asdict(self).values()).replace(" ", ""))


@dataclass(frozen=True, slots=True)
class Profile:
    """How to read the records of one library system.

    `item_tag` is empty when records carry no items. `in_words` are the tables whose codes need no
    meaning, being written for readers. `without_status` is what an item without any status code is.
    `is_gone_with_items`: a record whose items are all gone is deleted. `filing_mark` stands in titles
    before the word that they are filed under (`Le @jardin` at Sudoc).
    """

    code: str
    name: str
    syntax: Syntax
    item_tag: str = ""
    places: ItemPlaces = ItemPlaces()
    tables: Mapping[CodeTable, Mapping[str, str]] = field(default_factory=dict)
    in_words: tuple[CodeTable, ...] = ()
    date_order: DateOrder = DateOrder.DAY_FIRST
    without_status: Availability = Availability.UNKNOWN
    is_gone_with_items: bool = False
    filing_mark: str = ""

    def meaning(self, table: CodeTable, code: str) -> str | None:
        """Say what a code means, None when this profile does not know it."""
        known = self.tables.get(table, {})
        found = known.get(code)
        if found is None and table is CodeTable.STATUS:
            found = known.get(f"{code[:1]}:{ANY_OTHER}")
        return code if found is None and table in self.in_words else found

    def definition(self) -> dict[str, Any]:
        """Give the profile as plain values (text, numbers, lists), which `of` reads again."""
        return {
            "code": self.code,
            "name": self.name,
            "syntax": self.syntax.value,
            "item_tag": self.item_tag,
            "places": {name: found for name, found in asdict(self.places).items() if found},
            "tables": {table.value: dict(known) for table, known in self.tables.items()},
            "in_words": [table.value for table in self.in_words],
            "date_order": self.date_order.value,
            "without_status": self.without_status.value,
            "is_gone_with_items": self.is_gone_with_items,
            "filing_mark": self.filing_mark,
        }

    @classmethod
    def of(cls, definition: object) -> "Profile":
        """Read a definition. Raises UnusableProfile, which says what is wrong and where."""
        given = _table_of(definition, "profile")
        _refuse_unknown(given, {one.name for one in fields(cls)}, "profile")
        return cls(
            code=_text(given, "code", longest=50, is_needed=True),
            name=_text(given, "name", longest=200, is_needed=True),
            syntax=_choice(given, "syntax", Syntax, Syntax.UNIMARC),
            item_tag=_item_tag(given),
            places=_places(given.get("places", {})),
            tables=_tables(given.get("tables", {})),
            in_words=_in_words(given.get("in_words", [])),
            date_order=_choice(given, "date_order", DateOrder, DateOrder.DAY_FIRST),
            without_status=_choice(given, "without_status", Availability, Availability.UNKNOWN),
            is_gone_with_items=_truth(given, "is_gone_with_items"),
            filing_mark=_filing_mark(given),
        )


@cache
def shipped_profiles() -> tuple[Profile, ...]:
    """Give the profiles of this package, by code."""
    read = (tomllib.loads(path.read_text("utf-8")) for path in sorted(SHIPPED.glob("*.toml")))
    return tuple(Profile.of(definition) for definition in read)


def shipped_profile(code: str) -> Profile:
    """Give the shipped profile of this code. Raises UnusableProfile when there is none."""
    found = next((one for one in shipped_profiles() if one.code == code), None)
    if found is None:
        raise UnusableProfile(_("No profile of this name is shipped."), code)
    return found


def _table_of(value: object, where: str) -> Mapping[str, Any]:
    if not isinstance(value, Mapping) or not all(isinstance(key, str) for key in value):
        raise UnusableProfile(_("Names with their values are expected here."), where)
    return value


def _refuse_unknown(given: Mapping[str, Any], known: Iterable[str], where: str) -> None:
    unknown = sorted(set(given) - set(known))
    if unknown:
        raise UnusableProfile(_("This name is not one of a profile."), f"{where}: {unknown[0]}")


def _text(given: Mapping[str, Any], name: str, *, longest: int, is_needed: bool = False) -> str:
    value = given.get(name, "")
    if not isinstance(value, str) or len(value) > longest or not value.isprintable():
        raise UnusableProfile(_("A short text is expected here."), name)
    if is_needed and not value.strip():
        raise UnusableProfile(_("This is missing."), name)
    return value.strip()


def _choice(given: Mapping[str, Any], name: str, choices: type[Choice], default: Choice) -> Choice:
    value = given.get(name, default.value)
    if not isinstance(value, str) or value not in set(choices):
        raise UnusableProfile(_("This is none of the possible values."), f"{name}: {value}")
    return choices(value)


def _truth(given: Mapping[str, Any], name: str) -> bool:
    value = given.get(name, False)
    if not isinstance(value, bool):
        raise UnusableProfile(_("“true” or “false” is expected here."), name)
    return value


def _item_tag(given: Mapping[str, Any]) -> str:
    tag = _text(given, "item_tag", longest=3)
    if tag and not (len(tag) == 3 and tag.isascii() and tag.isalnum() and tag >= "010"):
        raise UnusableProfile(_("The field of items is three digits, from 010."), tag)
    return tag


def _filing_mark(given: Mapping[str, Any]) -> str:
    mark = _text(given, "filing_mark", longest=1)
    if mark.isalnum() or mark in USED_BY_TITLES:
        said = _(
            "A sign is expected here: neither a letter, a digit nor the punctuation of titles."
        )
        raise UnusableProfile(said, f"filing_mark: {mark}")
    return mark


def _places(value: object) -> ItemPlaces:
    given = _table_of(value, "places")
    _refuse_unknown(given, (one.name for one in fields(ItemPlaces)), "places")
    for name, codes in given.items():
        if not isinstance(codes, str) or not set(codes) <= SUBFIELD_CODES | {" "}:
            raise UnusableProfile(_("Subfield codes are expected here."), f"places: {name}")
    return ItemPlaces(**given)


def _tables(value: object) -> Mapping[CodeTable, Mapping[str, str]]:
    given = _table_of(value, "tables")
    _refuse_unknown(given, set(CodeTable), "tables")
    return {CodeTable(name): _meanings(CodeTable(name), known) for name, known in given.items()}


def _meanings(table: CodeTable, value: object) -> Mapping[str, str]:
    given = _table_of(value, f"tables: {table}")
    if len(given) > MOST_CODES:
        raise UnusableProfile(_("This table has too many codes."), f"tables: {table}")
    choices = MEANINGS[table]
    for code, meaning in given.items():
        where = f"tables: {table}: {code}"
        if not isinstance(meaning, str) or not 0 < len(meaning) <= LONGEST_MEANING:
            raise UnusableProfile(_("A short text is expected here."), where)
        if not 0 < len(code) <= LONGEST_CODE:
            raise UnusableProfile(_("This code is empty or too long."), where)
        if choices and meaning not in set(choices):
            raise UnusableProfile(_("This is none of the possible values."), f"{where}: {meaning}")
    return dict(given)


def _in_words(value: object) -> tuple[CodeTable, ...]:
    if not isinstance(value, list) or not all(one in set(CodeTable) for one in value):
        raise UnusableProfile(_("A list of tables is expected here."), "in_words")
    return tuple(CodeTable(one) for one in value)
