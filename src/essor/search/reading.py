"""The query language: what people type, understood the same way whatever the engine.

`économie sociale` asks for both words, `"économie sociale"` for the words in this order,
`-sociale` for documents without the word. Nothing that is typed is an error.
"""

import re
from dataclasses import dataclass

from essor.search.identifiers import Number, as_one_number, take_numbers
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
    `numbers` are the ISBN and EAN typed, which must be there; `whole` is the whole text as one
    number, which is enough by itself.
    """

    words: tuple[str, ...] = ()
    phrases: tuple[Phrase, ...] = ()
    excluded: tuple[Phrase, ...] = ()
    beginning: str = ""
    is_blank: bool = False
    numbers: tuple[Number, ...] = ()
    whole: str = ""

    @property
    def asks_nothing(self) -> bool:
        """Something was typed, and no word could be read in it."""
        return not (self.is_blank or self.asks_for_something or self.excluded)

    @property
    def asks_for_something(self) -> bool:
        """Something must be there, and not only be left out."""
        return bool(self.words or self.phrases or self.numbers)

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
    text = text[:LONGEST_TEXT]
    whole = as_one_number(text)
    text, numbers = take_numbers(text)
    for chunk in _CHUNK.finditer(_balanced(text.translate(_QUOTES))):
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
    telling = [word for word in words if word not in STOP_WORDS]
    kept = telling if telling or phrases or numbers else words
    ends_on_it = bool(kept) and bool(words) and kept[-1] == words[-1]
    return Reading(
        words=tuple(dict.fromkeys(reversed(kept)))[::-1],
        phrases=tuple(phrases[:MOST_WORDS]),
        excluded=tuple(excluded[:MOST_WORDS]),
        beginning=beginning if ends_on_it else "",
        numbers=numbers[:MOST_WORDS],
        whole="" if excluded or phrases else whole,
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
