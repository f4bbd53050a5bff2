"""HTML of strangers made into short plain text: no tag, no script, whatever the encoding hides."""

import html
import re
import unicodedata

import nh3

READ_LENGTH = 20_000
"""Characters looked at: a hundred times what is shown."""

_MOST_ENCODINGS = 5
_BETWEEN_BLOCKS = re.compile(
    r"(?=</?(?:article|blockquote|br|dd|div|dl|dt|figcaption|figure|h[1-6]|hr|li|ol|p|pre|section"
    r"|table|td|th|tr|ul)\b)",
    re.I,
)
_BLANKS = re.compile(r"[ \t\r\n\f\v\x1c-\x1f\x85\u2028\u2029]+")
_TAG_LEFT = re.compile(r"<+(?=[a-zA-Z/!?])")
_TURNED = frozenset(
    "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff"
)
"""Marks that turn the direction of the text, and could disguise what follows on the page."""


def plain_text(markup: str, length: int) -> str:
    """Give the text of a piece of HTML, encoded once or several times, in at most `length` characters."""
    text = _visible(markup[:READ_LENGTH])
    for _encoding in range(_MOST_ENCODINGS):
        decoded = _visible(_without_tags(text))
        if decoded == text:
            break
        text = decoded
    return shortened(_TAG_LEFT.sub("", text), length)


def shortened(text: str, length: int) -> str:
    """Cut between two words, with an ellipsis, when the text is longer than `length`."""
    if len(text) <= length:
        return text
    cut = text[:length]
    head, blank, _rest = cut.rpartition(" ")
    kept = head if blank and len(head) > length // 2 else cut[:-1]
    return kept.rstrip(" \u00a0,;:–-") + "…"


def _without_tags(text: str) -> str:
    spaced = _BETWEEN_BLOCKS.sub(" ", text)
    return html.unescape(nh3.clean(spaced, tags=set()))


def _visible(text: str) -> str:
    """Drop what cannot be seen or stored: control characters, half characters, marks of direction."""
    blanked = _BLANKS.sub(" ", text)
    kept = (c for c in blanked if c not in _TURNED and unicodedata.category(c) not in ("Cc", "Cs"))
    return "".join(kept).strip(" \u00a0")
