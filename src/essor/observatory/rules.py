"""How published figures are written in French, read into exact values. Pure functions."""

import re
from collections.abc import Mapping
from decimal import Decimal

from essor.observatory.types import Measure, Qualifier, StatedValue, Unit
from essor.territory.rules import fold

SHARES = frozenset((Measure.SHARE_OF_EMPLOYMENT, Measure.SHARE_OF_SALARIED_EMPLOYMENT))

UNITS_OF: Mapping[str, tuple[Unit, ...]] = {
    Measure.ESTABLISHMENTS: (Unit.ESTABLISHMENTS, Unit.EMPLOYER_ESTABLISHMENTS),
    Measure.EMPLOYEES: (Unit.EMPLOYEES, Unit.JOBS, Unit.FULL_TIME_EQUIVALENTS),
    Measure.ENTERPRISES: (Unit.ENTERPRISES, Unit.EMPLOYER_ENTERPRISES),
    Measure.LEGAL_UNITS_FLAGGED: (Unit.LEGAL_UNITS,),
    Measure.LEGAL_UNITS_LISTED: (Unit.LEGAL_UNITS,),
    Measure.SHARE_OF_EMPLOYMENT: (Unit.SHARE,),
    Measure.SHARE_OF_SALARIED_EMPLOYMENT: (Unit.SHARE,),
}
"""The units that a measure may be stated in, the usual one first."""

_UNIT_WORDS = {
    "postes": Unit.JOBS,
    "emplois": Unit.JOBS,
    "etp": Unit.FULL_TIME_EQUIVALENTS,
    "employeurs": Unit.EMPLOYER_ESTABLISHMENTS,
    "employeuses": Unit.EMPLOYER_ENTERPRISES,
}
_QUALIFIERS = {
    "environ": Qualifier.ABOUT,
    "près de": Qualifier.NEARLY,
    "pres de": Qualifier.NEARLY,
    "plus de": Qualifier.MORE_THAN,
    "arrondi à": Qualifier.ROUNDED,
    "arrondi a": Qualifier.ROUNDED,
}
_WORDS = {qualifier: words for words, qualifier in reversed(_QUALIFIERS.items())}
_BLANKS = " \u00a0\u202f"
_NUMBER = (
    rf"[0-9]{{1,3}}(?:[{_BLANKS}][0-9]{{3}})+(?:,[0-9]{{1,6}})?|[0-9]{{1,13}}(?:[.,][0-9]{{1,6}})?"
)
_SHARE = rf"({_NUMBER})[{_BLANKS}]*%?"
_STATED = re.compile(rf"(?:({'|'.join(_QUALIFIERS)})[{_BLANKS}]+)?{_SHARE}", re.IGNORECASE)
_RANGE = re.compile(rf"entre[{_BLANKS}]+{_SHARE}[{_BLANKS}]+et[{_BLANKS}]+{_SHARE}", re.IGNORECASE)
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")


def stated_value(text: str, measure: Measure) -> StatedValue:
    """Read a value as a French source writes it: "15 827", "9,6", "près de 4 000", "entre 3 et 4".

    A share is read in hundredths and given 0 to 1. Raises ValueError on anything else: a negative
    number, a count with decimals, a share above 100.
    """
    if "%" in text and measure not in SHARES:
        raise ValueError(f"{text[:40]!r} is a share, not a count")
    tidy = text.strip()
    if found := _RANGE.fullmatch(tidy):
        low, high = _decimal(found[1], measure), _decimal(found[2], measure)
        if low > high:
            raise ValueError(f"{low} is more than {high}")
        return StatedValue(None, Qualifier.EXACT, low, high)
    if not (found := _STATED.fullmatch(tidy)):
        raise ValueError(f"{text[:40]!r} is no value")
    return qualified(_decimal(found[2], measure), _qualifier(found[1]))


def qualified(value: Decimal, qualifier: Qualifier) -> StatedValue:
    """Give a value with the bounds that its qualifier implies: "nearly" is no more, "more than" no less."""
    low = value if qualifier is Qualifier.MORE_THAN else None
    high = value if qualifier is Qualifier.NEARLY else None
    return StatedValue(value, qualifier, low, high)


def written_value(stated: StatedValue, measure: Measure) -> str:
    """Write a value as a French source does: what `stated_value` reads, it gives back."""
    if stated.value is None:
        if stated.low is None or stated.high is None:
            return ""
        return f"entre {_written(stated.low, measure)} et {_written(stated.high, measure)}"
    words = _WORDS.get(stated.qualifier)
    shown = _written(stated.value, measure)
    return f"{words} {shown}" if words else shown


def unit_of(measure: Measure, note: str) -> Unit:
    """Give the unit: the one that begins the note of the source, else the usual one of the measure."""
    first_words = fold(note.partition(";")[0])
    named = _UNIT_WORDS.get(first_words)
    return named if named in UNITS_OF[measure] else UNITS_OF[measure][0]


def is_rounded(note: str) -> bool:
    """Say whether the note of a source begins by saying that it rounded."""
    return fold(note.partition(";")[0]) in ("arrondi", "chiffre arrondi")


def year_of(vintage: str) -> int | None:
    """Give the year by which a date in words is sorted, its last one: "fin 2021", "vers 2016-2018"."""
    years = [int(year) for year in _YEAR.findall(vintage)]
    return max(years, default=None)


def web_address(text: str) -> str:
    """Give the text when it is an address of the web that a reader may follow, else nothing."""
    return text if re.fullmatch(r"https?://[^\s<>\"'\\]+\.[^\s<>\"'\\]+", text) else ""


def _qualifier(words: str | None) -> Qualifier:
    return _QUALIFIERS[words.lower()] if words else Qualifier.EXACT


def _written(value: Decimal, measure: Measure) -> str:
    shown = value * 100 if measure in SHARES else value
    digits = f"{shown:,f}".replace(",", _BLANKS[2]).replace(".", ",")
    if "," in digits:
        digits = digits.rstrip("0").rstrip(",")
    return f"{digits}{_BLANKS[1]}%" if measure in SHARES else digits


def _decimal(text: str, measure: Measure) -> Decimal:
    plain = "".join(sign for sign in text if sign not in _BLANKS).replace(",", ".")
    value = Decimal(plain)
    if measure in SHARES:
        if value > 100:
            raise ValueError(f"{value} % is more than the whole")
        return value / 100
    if value != value.to_integral_value():
        raise ValueError(f"{value} is no whole number")
    return value.to_integral_value()
