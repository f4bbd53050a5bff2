"""Old character sets of libraries, in which accents come before their letter.

Python knows none of them. Sources: ISO 5426:1983, as the table of YAZ gives it
(codetables-iso5426.xml: C8 diaeresis and C9 umlaut are one in Unicode); ISO/IEC 6937:2001, as the
one of glibc (ISO_6937) for its letters; MARC-8 (ANSEL) by the table of pymarc. Bytes under 80 are
ASCII in all of them.
"""

import codecs
import re
from dataclasses import dataclass

from pymarc import marc8_mapping

from essor.catalogue.rules import composed

UNKNOWN = "\ufffd"
NOTHING = "\ufdd0"
"""Holds the place of a byte that adds nothing to the one before."""
ANSEL = 0x45
WHOLE_FOR_HALVES = {"\ufe20": "\u0361", "\ufe21": "", "\ufe22": "\u0360", "\ufe23": ""}
"""The ties of transliterated Russian, in one character rather than two halves, as LC now writes them."""
NON_FILING = {0x88: "\u0098", 0x89: "\u009c"}
SPACING_ISO5426 = {
    0xA1: "¡„£$¥†§′‘“«♭©℗®",
    0xB0: "ʻʼ‚",
    0xB6: "‡·″’”»♯ʹʺ¿",
    0xE1: "ÆĐ",
    0xE6: "Ĳ",
    0xE8: "ŁØŒ",
    0xEC: "Þ",
    0xF1: "æđð",
    0xF5: "ıĳ",
    0xF8: "łøœß" + "þ",
}
MARKS_ISO5426 = {
    0xC0: "\u0309\u0300\u0301\u0302\u0303\u0304\u0306\u0307\u0308\u0308\u030a\u0315\u0313\u030b\u031b\u030c",
    0xD0: "\u0327\u031c\u0326\u0328\u0325\u032e\u0323\u0324\u0332\u0333\u0329\u032d",
    0xDD: "\u0360",
}
SPACING_ISO6937 = {
    0xA0: "\u00a0¡¢£$¥#§¤‘“«←↑→↓°±²³×µ¶·÷’”»¼½¾¿",
    0xD0: "—¹®©™♪¬¦",
    0xDC: "⅛⅜⅝⅞ΩÆÐªĦ",
    0xE6: "ĲĿŁØŒºÞŦŊŉĸæđðħıĳŀłøœßþŧŋ\u00ad",
}
MARKS_ISO6937 = {
    0xC1: "\u0300\u0301\u0302\u0303\u0304\u0306\u0307\u0308\u0308\u030a\u0327\u0332\u030b\u0328\u030c"
}


@dataclass(frozen=True, slots=True)
class CharacterTable:
    """What each byte stands for, and which characters are accents of the letter that follows."""

    characters: str
    accented: re.Pattern[str]

    def decoded(self, content: bytes) -> str:
        """Give the text, composed; a byte that stands for nothing is U+FFFD."""
        turned = codecs.charmap_decode(content, "strict", self.characters)[0].replace(NOTHING, "")
        return composed(self.accented.sub(r"\2\1", turned))


def _table(spacing: dict[int, str], marks: dict[int, str]) -> CharacterTable:
    known = NON_FILING | _spread(spacing) | _spread(marks)
    characters = "".join(chr(byte) for byte in range(0x80))
    characters += "".join(known.get(byte, UNKNOWN) or NOTHING for byte in range(0x80, 0x100))
    accents = re.escape("".join(sorted(set("".join(marks.values())))))
    # More than eight accents are no letter. An accent never crosses the end of a subfield, of a field or of a record.
    pattern = re.compile(f"([{accents}]{{1,8}})([^{accents}\x1d\x1e\x1f])")
    return CharacterTable(characters, pattern)


def _spread(runs: dict[int, str]) -> dict[int, str]:
    return {
        first + place: char for first, run in runs.items() for place, char in enumerate(run or [""])
    }


def _ansel() -> CharacterTable:
    known = marc8_mapping.CODESETS[ANSEL]
    spacing = {byte: chr(code) for byte, (code, is_mark) in known.items() if not is_mark}
    marks = {byte: chr(code) for byte, (code, is_mark) in known.items() if is_mark}
    whole = {byte: WHOLE_FOR_HALVES.get(mark, mark) for byte, mark in marks.items()}
    return _table(spacing, whole)


ISO5426 = _table(SPACING_ISO5426, MARKS_ISO5426)
ISO6937 = _table(SPACING_ISO6937, MARKS_ISO6937)
MARC8 = _ansel()
