"""French typography, written once: numbers, shares, dates and spaces.

Numbers are exact decimals, never rounded unless a template asks for it. The form follows the
language of the page: `1 234,5` and `12 %` in French (narrow no-break space between thousands,
no-break space before the sign), `1,234.5` and `12%` in English. What is unknown says so.
"""

import re
from collections.abc import Callable
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation, localcontext

from django import template
from django.utils import dates, timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext, pgettext

register = template.Library()

NO_BREAK = "\u00a0"
NARROW_NO_BREAK = "\u202f"
MINUS = "\u2212"

Number = Decimal | int | float | str | None
_FRENCH_MARKS = str.maketrans({",": NARROW_NO_BREAK, ".": ","})

_BEFORE_NUMBER = re.compile(r"(?<!\w)(art\.|n°) +(?=\d)")
_BEFORE_SIGN = re.compile(r" +(?=[;:?!%€»](?!\w))")
_AFTER_OPENING = re.compile(r"«[ \u00a0\u202f]*(?=\S)")
_BEFORE_CLOSING = re.compile(r"(?<=[^\s«])»")
_BETWEEN_THOUSANDS = re.compile(r"(?<![\d,.])(\d{1,3})((?: \d{3})+)(?!\d)")


@register.filter
def number(value: Number, places: int | None = None) -> str:
    """Give a number with all its decimals, or rounded half up to `places` when the template asks.

    `None` is shown as unknown; a text that is not a number is shown as it is.
    """
    try:
        exact = _exact(value)
    except InvalidOperation:
        return str(value)
    return gettext("unknown") if exact is None else _in_language(exact, places)


@register.filter
def percent(share: Number, places: int | None = None) -> str:
    """Give a share (0 to 1) in hundredths: at most one decimal, or exactly `places` of them."""
    try:
        exact = _exact(share)
    except InvalidOperation:
        return str(share)
    if exact is None:
        return gettext("unknown")
    hundredths = _moved(exact, 2)
    if places is None:
        hundredths = Decimal(_digits(hundredths, 1))
    text = _in_language(hundredths, places)
    return f"{text}{NO_BREAK}%" if _is_french() else f"{text}%"


@register.filter
def bounds(low: Number, high: Number) -> str:
    """Give a range in words, « entre 3 800 et 4 200 »; « au moins », « au plus » with one bound."""
    return _range(low, high, number)


@register.filter
def percent_bounds(low: Number, high: Number) -> str:
    """Give a range of shares (0 to 1) in words, « entre 9,6 % et 11 % »."""
    return _range(low, high, percent)


@register.filter
def long_date(day: date | datetime | None) -> str:
    """Give a day in full, « 1er août 2014 » or "1 August 2014"; a moment in the portal's zone."""
    if not isinstance(day, date):
        return pgettext("date", "unknown")
    if isinstance(day, datetime) and timezone.is_aware(day):
        day = timezone.localtime(day)
    rank = "1er" if day.day == 1 and _is_french() else str(day.day)
    return f"{rank}{NO_BREAK}{dates.MONTHS[day.month]} {day.year}"


@register.filter
def nbsp(text: str | None) -> str:
    """Make the spaces of French punctuation unbreakable: before ; : ? ! % €, inside « », after art. and n°.

    Blanks already there change; none is added but inside guillemets, so that addresses and
    times (12:30) stay whole. In plain text, thousands are joined too (not in HTML, where an
    attribute may be a list of numbers). A safe text stays safe: only blanks change.
    """
    if text is None:
        return ""
    spaced = _BEFORE_SIGN.sub(NO_BREAK, str(text))
    spaced = _BEFORE_NUMBER.sub(rf"\1{NO_BREAK}", spaced)
    spaced = _AFTER_OPENING.sub(f"«{NO_BREAK}", spaced)
    spaced = _BEFORE_CLOSING.sub(f"{NO_BREAK}»", spaced)
    if isinstance(text, SafeString):
        return mark_safe(spaced)
    return _BETWEEN_THOUSANDS.sub(lambda found: found[0].replace(" ", NARROW_NO_BREAK), spaced)


def _range(low: Number, high: Number, show: Callable[[Number], str]) -> str:
    if low is None and high is None:
        return gettext("unknown")
    if low is None:
        return gettext("at most %(high)s") % {"high": show(high)}
    if high is None:
        return gettext("at least %(low)s") % {"low": show(low)}
    if show(low) == show(high):
        return show(low)
    return gettext("between %(low)s and %(high)s") % {"low": show(low), "high": show(high)}


def _is_french() -> bool:
    return (get_language() or "").startswith("fr")


def _exact(value: Number) -> Decimal | None:
    """Give the decimal, or None for what is no number at all; raises InvalidOperation on a text."""
    if value is None or value == "":
        return None
    exact = Decimal(str(value))
    return exact if exact.is_finite() else None


def _moved(value: Decimal, places: int) -> Decimal:
    """Move the decimal mark, without the rounding of Decimal's own arithmetic."""
    sign, digits, exponent = value.as_tuple()
    return Decimal((sign, digits, int(exponent) + places))


def _digits(value: Decimal, places: int | None, grouping: str = "") -> str:
    """Give plain digits, without exponent: all of them, or rounded half up to `places`."""
    if places is None:
        text = format(value, f"{grouping}f")
        return text.rstrip("0").rstrip(".") if "." in text else text
    with localcontext() as context:
        context.rounding = ROUND_HALF_UP
        return format(value, f"{grouping}.{places}f")


def _in_language(value: Decimal, places: int | None) -> str:
    text = _digits(value.copy_abs(), places, grouping=",")
    sign = MINUS if value < 0 and text.strip("0.,") else ""
    return sign + (text.translate(_FRENCH_MARKS) if _is_french() else text)
