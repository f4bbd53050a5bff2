"""Items, from the fields where a mapping profile says that they are.

Codes are kept as sent, for people to be able to correct the profile; what they mean for a reader is
`availability`. The least favourable code decides: an item on loan that is also lost is gone.
"""

import re
from collections.abc import Container, Mapping, Sequence
from datetime import date

from essor.catalogue.importers.marc_fields import SUBFIELD, Fields
from essor.catalogue.importers.profiles import DateOrder, ItemPlaces, Profile
from essor.catalogue.rules import legible
from essor.catalogue.types import Availability, CodeTable, ItemValue

LONGEST_BARCODE = 100
LARGEST_COUNT = 2**31 - 1
"""What PostgreSQL keeps in a whole number: a count beyond is a mistake, and unknown."""
MOST_ITEMS = 20_000
EARLIEST_YEAR = 1400
MOST_STATUSES = 1000
LONGEST_STATUS = 200
STATUS_SEPARATOR = "; "

LEAST_FAVOURABLE = (
    Availability.GONE,
    Availability.UNAVAILABLE,
    Availability.ON_LOAN,
    Availability.UNKNOWN,
    Availability.ON_SITE,
    Availability.AVAILABLE,
)
LENDABLE = frozenset({Availability.AVAILABLE, Availability.ON_SITE, Availability.UNKNOWN})

_BETWEEN_STATUSES = re.compile(f"{STATUS_SEPARATOR}(?=.:)")
_THREE_NUMBERS = re.compile(r"(\d{1,4})[-/. ](\d{1,2})[-/. ](\d{1,4})(?!\d)")
_EIGHT_DIGITS = re.compile(r"\d{8}(?!\d)")
_AMOUNT = re.compile(r"\d{1,3}(?:[ \u00a0\u202f]\d{3})+(?:[.,]\d{1,2})?|\d+(?:[.,]\d{1,2})?")


class ItemReader:
    """Reads the items of records by a profile, prepared once for all of them."""

    def __init__(self, profile: Profile) -> None:
        self.profile = profile
        self.places = {
            name: tuple(codes.split())
            for name in ItemPlaces.__slots__
            if name != "status" and (codes := getattr(profile.places, name))
        }
        self.status_codes = tuple(profile.places.status.replace(" ", ""))
        self.known_statuses: dict[str, Availability] = {}

    def items_of(self, fields: Fields) -> tuple[ItemValue, ...]:
        """Give the items of a record, in its order; fields that say nothing are left out."""
        found = fields.get(self.profile.item_tag, ()) if self.profile.item_tag else ()
        items = (self._in_field(content) for content in found[:MOST_ITEMS])
        return tuple(item for item in items if item)

    def _in_field(self, content: str) -> ItemValue | None:
        given = _by_code(content)
        text = {name: _first(given, codes) for name, codes in self.places.items()}
        statuses = [
            f"{code}:{said}" for code in self.status_codes if (said := given.get(code, "").strip())
        ]
        return self.item(text, statuses)

    def item(self, text: Mapping[str, str], statuses: Sequence[str]) -> ItemValue | None:
        """Give an item from its parts as text and its status codes; None when they say nothing."""
        if not statuses and not any(text.values()):
            return None
        order = self.profile.date_order
        due = date_of(text.get("due", ""), order)
        return ItemValue(
            barcode=text.get("barcode", "")[:LONGEST_BARCODE],
            branch=text.get("branch", "")[:100],
            section=text.get("section", ""),
            call_number=text.get("call_number", ""),
            document_type=text.get("document_type", ""),
            status=STATUS_SEPARATOR.join(statuses),
            audience=text.get("audience", ""),
            availability=self.availability(statuses, is_lent=due is not None),
            volume=text.get("volume", ""),
            note=text.get("note", ""),
            acquired=date_of(text.get("acquired", ""), order),
            last_loan=date_of(text.get("last_loan", ""), order),
            due=due,
            loans=count_of(text.get("loans", "")),
            price_cents=cents_of(text.get("price", "")),
        )

    def availability(self, statuses: Sequence[str], *, is_lent: bool) -> Availability:
        """Say what a reader can do with an item, by its status codes and whether it is due back."""
        said = {self._status(status) for status in statuses}
        found = next((one for one in LEAST_FAVOURABLE if one in said), self.profile.without_status)
        return Availability.ON_LOAN if is_lent and found in LENDABLE else found

    def _status(self, status: str) -> Availability:
        known = self.known_statuses.get(status)
        if known is None:
            known = Availability(self.profile.meaning(CodeTable.STATUS, status) or "unknown")
            if len(self.known_statuses) < MOST_STATUSES:
                self.known_statuses[status] = known
        return known


def statuses_in(status: str) -> list[str]:
    """Give the status codes of an item, each with its subfield."""
    return _BETWEEN_STATUSES.split(status) if status else []


def status_with(known: str, told: str, subfields: Container[str]) -> str:
    """Give the status of an item once the codes of these subfields are told anew: the others stay."""
    new = {one[:1]: one for one in statuses_in(told) if one[:1] in subfields}
    kept = [new.pop(one[:1], "") if one[:1] in subfields else one for one in statuses_in(known)]
    return STATUS_SEPARATOR.join(filter(None, [*kept, *new.values()]))[:LONGEST_STATUS]


def _by_code(content: str) -> dict[str, str]:
    """Give the subfields by code, the first of each."""
    found: dict[str, str] = {}
    for part in content.split(SUBFIELD)[1:]:
        if len(part) > 1:
            found.setdefault(part[0], part[1:])
    return found


def _first(given: Mapping[str, str], alternatives: Sequence[str]) -> str:
    for codes in alternatives:
        if len(codes) == 1:
            text = legible(given.get(codes, ""))
        else:
            text = " ".join(filter(None, (legible(given.get(code, "")) for code in codes)))
        if text:
            return text
    return ""


def date_of(text: str, order: DateOrder) -> date | None:
    """Read a date, whatever follows it; None for none, for 0000-00-00 and for an impossible one.

    A year of four digits in front is recognised whatever the order.
    """
    if not text:
        return None
    try:
        if len(text) == 10 and text[4] == "-":
            return _likely(date.fromisoformat(text))
        return _likely(_written_date(text, order))
    except ValueError:
        return None


def _likely(day: date | None) -> date | None:
    return day if day and day.year >= EARLIEST_YEAR else None


def _written_date(text: str, order: DateOrder) -> date | None:
    if found := _THREE_NUMBERS.match(text):
        first, second, third = found.groups()
    elif found := _EIGHT_DIGITS.match(text):
        digits = found[0]
        is_year_first = order is DateOrder.YEAR_FIRST or digits[:2] in ("19", "20")
        cut = (4, 6) if is_year_first else (2, 4)
        first, second, third = digits[: cut[0]], digits[cut[0] : cut[1]], digits[cut[1] :]
    else:
        return None
    if len(first) == 4:
        return date(int(first), int(second), int(third))
    if len(third) != 4:
        return None
    day, month = (second, first) if order is DateOrder.MONTH_FIRST else (first, second)
    return date(int(third), int(month), int(day))


def count_of(text: str) -> int | None:
    """Read a whole number; None for anything else."""
    if not text.isascii() or not text.isdigit() or len(text) > 10:
        return None
    number = int(text)
    return number if number <= LARGEST_COUNT else None


def cents_of(text: str) -> int | None:
    """Read a price in euro, with a comma or a point, whatever sign stands by it; None without a number.

    Prices in francs stay unknown.
    """
    found = _AMOUNT.search(text)
    if not found or re.search(r"\d\s*(?:F|FF|FRF|francs?)\b", text):
        return None
    units, _, rest = re.sub(r"\s", "", found[0]).replace(",", ".").partition(".")
    cents = int(units) * 100 + int(rest.ljust(2, "0") or 0) if len(units) < 9 else LARGEST_COUNT + 1
    return cents if cents <= LARGEST_COUNT else None
