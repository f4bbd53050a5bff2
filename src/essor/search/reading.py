"""The query language: what people type, understood the same way whatever the engine.

`économie sociale` asks for both words, `"économie sociale"` for the words in this order,
`-sociale` for documents without the word. Nothing that is typed is an error.
"""

import re
from dataclasses import dataclass

from essor.search.words import STOP_WORDS, fold, terms

LONGEST_TEXT = 500
MOST_WORDS = 24
SHORTEST_BEGINNING = 2

_QUOTES = str.maketrans({"«": '"', "»": '"', "“": '"', "”": '"', "„": '"', "−": "-"})
_CHUNK = re.compile(r'(?P<minus>(?<!\S)-)?(?:"(?P<phrase>[^"]*)"|(?P<words>[^\s"]+))')
_LAST_WORD = re.compile(r"[^\W_]+$")

Phrase = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Reading:
    """What was understood: terms and phrases that must be there, and those that must not.

    `beginning` is the last word as typed, folded: it may be the beginning of the word meant.
    """

    words: tuple[str, ...] = ()
    phrases: tuple[Phrase, ...] = ()
    excluded: tuple[Phrase, ...] = ()
    beginning: str = ""
    is_blank: bool = False

    @property
    def asks_nothing(self) -> bool:
        """Something was typed, and no word could be read in it."""
        return not (self.is_blank or self.words or self.phrases or self.excluded)

    @property
    def last_word(self) -> str:
        """The term that `beginning` may be the beginning of."""
        return self.words[-1] if self.beginning else ""


def read(text: str) -> Reading:
    """Understand a clean text. Never raises."""
    if not text.strip():
        return Reading(is_blank=True)
    words: list[str] = []
    phrases: list[Phrase] = []
    excluded: list[Phrase] = []
    beginning = ""
    for chunk in _CHUNK.finditer(_balanced(text[:LONGEST_TEXT].translate(_QUOTES))):
        read_terms = terms(chunk["phrase"] if chunk["words"] is None else chunk["words"])
        beginning = ""
        if not read_terms:
            continue
        if chunk["minus"]:
            excluded.append(tuple(read_terms))
        elif chunk["words"] is not None:
            words += read_terms
            beginning = _beginning(chunk["words"])
        elif len(read_terms) > 1:
            phrases.append(tuple(read_terms))
        else:
            words += read_terms
    if len(words) > MOST_WORDS:
        words, beginning = words[:MOST_WORDS], ""
    return _without_stop_words(words, phrases[:MOST_WORDS], excluded[:MOST_WORDS], beginning)


def _without_stop_words(
    words: list[str], phrases: list[Phrase], excluded: list[Phrase], beginning: str
) -> Reading:
    telling = [word for word in words if word not in STOP_WORDS]
    kept = telling if telling or phrases else words
    ends_on_it = bool(kept) and bool(words) and kept[-1] == words[-1]
    return Reading(
        words=tuple(dict.fromkeys(reversed(kept)))[::-1],
        phrases=tuple(phrases),
        excluded=tuple(excluded),
        beginning=beginning if ends_on_it else "",
    )


def _balanced(text: str) -> str:
    """Leave out a quotation mark that is never closed."""
    if text.count('"') % 2:
        before, _, after = text.rpartition('"')
        return f"{before} {after}"
    return text


def _beginning(words: str) -> str:
    last = _LAST_WORD.search(words)
    folded = fold(last[0]) if last else ""
    return folded if len(folded) >= SHORTEST_BEGINNING else ""
