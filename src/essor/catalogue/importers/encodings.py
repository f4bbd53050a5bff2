"""The encoding of each record, found from its bytes: what records declare is often a lie.

Whole records are decoded at once, with the marks that end their fields. Text that is valid UTF-8 is
UTF-8, since text of another encoding almost never is by chance. Otherwise each known encoding is
tried, and the one whose text looks most like words is taken; what the record declares is believed
when it is about as good.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from pymarc.marc8 import MARC8ToUnicode

from essor.catalogue.importers.character_tables import (
    ISO5426,
    ISO6937,
    MARC8,
    UNKNOWN,
    WHOLE_FOR_HALVES,
)
from essor.catalogue.rules import composed
from essor.catalogue.types import Encoding

ESCAPE = b"\x1b"
MARC8_ESCAPE = re.compile(rb"\x1b[\x28\x29\x2c\x2d$bgpsN1]")
ENDS = re.compile("([\x1d-\x1f])")
ENDS_IN_BYTES = re.compile(rb"([\x1d-\x1f])")
BELIEVED = 0.5
"""How much more likely than the declared encoding another one must look."""
EVIDENT = 0.55
"""The likeness from which the declared encoding is taken without trying the others."""
TRUSTED_UTF8 = 2
"""Valid UTF-8 letters for each byte that is not, from which damage is likelier than another encoding."""

LONGEST_SAMPLE = 20_000
"""How many bytes are enough to tell encodings apart."""

MULTIBYTE = re.compile(
    rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}"
)
HIGH = re.compile(rb"[\x80-\xff]")
NOT_ASCII = re.compile(r"[^\x00-\x7f]")
WESTERN = frozenset("éèêëàâäîïôöùûüçœæñáíóúãõåøßìòÿ")
EASTERN = frozenset("ýžščřěůćńśźżłąęăşţșțőűğıďťňľĺŕđāēīōūģķļņ")
SIGNS = frozenset("«»’‘“”–—…°€·®©№\u00a0\u0098\u009c")
LIGATURES = frozenset("\u0360\u0361")  # tie two letters in transliterated Russian: two bytes each
SIGNS_WITHIN_WORDS = str.maketrans("", "", "ʻʼʹʺ")
"""Transliterated Russian, Georgian, Hebrew or Arabic has them everywhere (Qurʼan), other text never."""
ASTRAY = re.compile(
    "[a-zà-ÿ][À-ÖØ-ÞŒĲŁĐ]|[À-ÖØ-Þ][0-9]"  # a capital within a word or a number
    "|[a-z][¡-§©-¯±-¶¸-º¼-¿×÷†‡♭♯ʻʼʹʺ][a-z]"  # a sign within a word
    "|[©℗®ℓ♭♯¹²³][A-Za-z]|’[0-9]"  # a sign before a word or a number
    "|[àáâåèê][aeiou]|[à-öø-ÿ][A-Z]|æi|ë.ì"  # the accent of the next letter, taken for a letter
)
TWICE = re.compile(
    "[\u00c2-\u00f4][\u0080-\u00bf\u0152-\u0192\u02c6\u02dc\u2013-\u203a\u20ac\u2122]"
)
_BACK_TO_ASCII = b"\x1b(B " * 4
"""Ends any other alphabet wherever a letter of three bytes is cut: pymarc writes to the error stream otherwise."""
_HALVES = str.maketrans(WHOLE_FOR_HALVES)
_CP1252_UNDEFINED = {0x81, 0x8D, 0x8F, 0x90, 0x9D}
_AS_BYTES = {
    ord(bytes([b]).decode("cp1252")): b for b in range(0x80, 0xA0) if b not in _CP1252_UNDEFINED
}
_TO_LATIN1 = {code: chr(byte) for code, byte in _AS_BYTES.items()}


@dataclass(frozen=True, slots=True)
class Decoded:
    """The text of a record, composed (NFC), the encoding it was read in, and how sure that is (0 to 1).

    `is_mended` tells a text that had been encoded twice, or in which bytes of another encoding were.
    """

    text: str
    encoding: Encoding
    certainty: float = 1.0
    is_mended: bool = False


def decoded(
    content: bytes,
    *,
    declared: Callable[[], Encoding | None] = lambda: None,
    imposed: Encoding | None = None,
) -> Decoded:
    """Decode a record. `declared` is asked only when the bytes are no UTF-8; `imposed` decides alone."""
    if imposed:
        return Decoded(text_in(imposed, content), imposed)
    if content.isascii() and not (ESCAPE in content and MARC8_ESCAPE.search(content)):
        return Decoded(content.decode("ascii"), Encoding.UTF8)
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        return _damaged_utf8(content) or _likeliest(content, declared())
    if text.isascii():
        return _likeliest(content, Encoding.MARC8)
    return _from_utf8(text)


def text_in(encoding: Encoding, content: bytes) -> str:
    """Give the text of these bytes in one encoding; what stands for nothing in it is U+FFFD."""
    return composed(DECODERS[encoding](content))


def _marc8(content: bytes) -> str:
    if ESCAPE not in content:
        return MARC8.decoded(content)
    # Other alphabets are called by escape sequences, which hold until the end of the subfield.
    parts = ENDS_IN_BYTES.split(content)
    return "".join(
        _escaped_marc8(part) if ESCAPE in part else MARC8.decoded(part) for part in parts
    )


def _escaped_marc8(part: bytes) -> str:
    try:
        text = str(MARC8ToUnicode(quiet=True).translate(part + _BACK_TO_ASCII)).rstrip(" ")
        return text.translate(_HALVES)
    except (IndexError, TypeError, ValueError, KeyError):
        return MARC8.decoded(part.replace(ESCAPE, b" "))


DECODERS: dict[Encoding, Callable[[bytes], str]] = {
    Encoding.UTF8: lambda content: content.decode("utf-8", "replace"),
    Encoding.ISO5426: ISO5426.decoded,
    Encoding.MARC8: _marc8,
    Encoding.ISO6937: ISO6937.decoded,
    Encoding.CP1252: lambda content: content.decode("cp1252", "replace"),
    Encoding.LATIN1: lambda content: content.decode("latin-1"),
}
LEGACY = (
    Encoding.ISO5426,
    Encoding.MARC8,
    Encoding.LATIN1,
    Encoding.CP1252,
    Encoding.ISO6937,
)
"""In this order when nothing else tells them apart."""


def _from_utf8(text: str) -> Decoded:
    text = composed(text)
    if not TWICE.search(text):
        return Decoded(text, Encoding.UTF8)
    mended = "".join(_encoded_once(part) for part in ENDS.split(text))
    if mended == text:
        return Decoded(text, Encoding.UTF8)
    return Decoded(composed(mended), Encoding.UTF8, 0.9, is_mended=True)


def _encoded_once(part: str) -> str:
    """Undo a second encoding in UTF-8 (Ã© for é); give the part as it is when that is not what it has."""
    if not TWICE.search(part):
        return part
    try:
        return part.translate(_TO_LATIN1).encode("latin-1").decode("utf-8")
    except UnicodeError:
        return part


def _damaged_utf8(content: bytes) -> Decoded | None:
    """Read UTF-8 in which a few bytes are not: letters cut in two, a field pasted from elsewhere."""
    letters = len(MULTIBYTE.findall(content))
    others = len(HIGH.findall(MULTIBYTE.sub(b"", content)))
    if letters < TRUSTED_UTF8 * others:
        return None
    text = "".join(_field_in_utf8(part) for part in ENDS_IN_BYTES.split(content))
    certainty = round(letters / (letters + others), 2)
    text = composed(text)
    return Decoded(text, Encoding.UTF8, certainty, is_mended=True)


def _field_in_utf8(part: bytes) -> str:
    try:
        return part.decode("utf-8")
    except UnicodeDecodeError:
        if MULTIBYTE.search(part):
            return part.decode("utf-8", "replace")
        return _likeliest(part, None).text


def _likeliest(content: bytes, declared: Encoding | None) -> Decoded:
    """Give the text that looks most like words; the declared encoding is tried first."""
    # Without the code of the subfield, which is no letter of the word that follows.
    telling = b"\x1f".join(part[1:] for part in ENDS_IN_BYTES.split(content) if _tells(part))
    telling = telling[:LONGEST_SAMPLE]
    high = max(1, len(HIGH.findall(telling)))
    if declared in LEGACY:
        likeness = _likeness_declared(declared, telling) / high
        if likeness >= EVIDENT or not HIGH.search(telling):
            return Decoded(text_in(declared, content), declared, _share(likeness))
    texts = {encoding: text_in(encoding, telling) for encoding in LEGACY}
    scores = {encoding: _likeness(text) / high for encoding, text in texts.items()}
    if declared in LEGACY:
        scores[declared] = likeness
    best = max(LEGACY, key=scores.__getitem__)
    if declared in LEGACY and scores[declared] >= scores[best] - BELIEVED:
        best = declared
    others = [scores[one] for one in LEGACY if texts[one] != texts[best]]
    return Decoded(text_in(best, content), best, _certainty(scores[best], others))


def _likeness_declared(declared: Encoding, telling: bytes) -> float:
    """Score text in the encoding its record declares: who declares MARC-8 may well transliterate."""
    text = text_in(declared, telling)
    return _likeness(text.translate(SIGNS_WITHIN_WORDS) if declared is Encoding.MARC8 else text)


def _tells(part: bytes) -> bool:
    """Say whether a subfield has anything that encodings write differently."""
    return not part.isascii() or ESCAPE in part


def _certainty(best: float, others: Iterable[float]) -> float:
    ahead = best - max(others, default=best - 1)
    return _share(_share(best) * _share(0.5 + ahead / 2))


def _share(number: float) -> float:
    return round(max(0.0, min(1.0, number)), 2)


def _likeness(text: str) -> float:
    """Say how much the letters beyond ASCII look like those of words: about one each when they do."""
    counted = Counter(NOT_ASCII.findall(text))
    score = sum(_weight(char) * count for char, count in counted.items())
    return score - 1.5 * len(ASTRAY.findall(text))


def _weight(char: str) -> float:
    if char in WESTERN:
        return 1.0
    if char in SIGNS or char in EASTERN:
        return 0.6
    if char == UNKNOWN or unicodedata.category(char) in ("Cc", "Cn", "Co"):
        return -2.0
    if unicodedata.combining(char):
        return 0.8 if char in LIGATURES else -1.0
    if char.lower() in WESTERN:
        return 0.7
    return 0.5 if char.isalpha() and unicodedata.decomposition(char) else 0.2
