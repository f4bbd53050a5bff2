"""What is shown of a hit: its title and the place of its text that answers best, as plain parts."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from essor.search.reading import Reading
from essor.search.spelling import distance, is_near
from essor.search.types import Document, Match, Part
from essor.search.words import Token, tokens, tokens_where

EXCERPT_LENGTH = 240
LEAD = 60
"""Characters shown before the first word that matches."""
READ_AT_MOST = 50_000
"""Characters of a body where the words are looked for: far more than a page has."""
ELLIPSIS = Part("…", is_match=False)


@dataclass(slots=True)
class Wanted:
    """The words to show as matching; remembers its verdict on each term it has seen."""

    exact: frozenset[str]
    beginning: str = ""
    near: tuple[str, ...] = ()
    seen: dict[str, bool] = field(default_factory=dict)

    @classmethod
    def of(cls, reading: Reading, match: Match) -> "Wanted":
        """Give the words of a reading, and those near them when the match was so."""
        exact = frozenset(reading.words).union(*reading.phrases)
        near = reading.words if match is Match.NEAR_WORDS else ()
        return cls(exact, reading.beginning, near)

    def accepts(self, term: str) -> bool:
        """Say whether this term is to be shown as matching."""
        verdict = self.seen.get(term)
        if verdict is None:
            verdict = self.seen[term] = self._matches(term)
        return verdict

    def _matches(self, term: str) -> bool:
        if term in self.exact or (self.beginning and term.startswith(self.beginning)):
            return True
        return any(is_near(word, term) for word in self.near)

    def highlight(self, text: str) -> tuple[Part, ...]:
        """Cut the text into parts that match and parts that do not."""
        return _parts(text, tokens_where(text, self.accepts), 0, len(text))

    def excerpt(self, text: str) -> tuple[Part, ...]:
        """Give the stretch of the text where most of the words stand, or its beginning when none does."""
        text = " ".join(text[:READ_AT_MOST].split())
        matches = tokens_where(text, self.accepts)
        start = _word_boundary(text, _best_start(matches))
        end = _last_space(text, start + EXCERPT_LENGTH)
        parts = _parts(text, [t for t in matches if t.start >= start and t.end <= end], start, end)
        goes_on = end < len(text) and text[end - 1] not in ".!?…"
        return (*[ELLIPSIS][: start > 0], *parts, *[ELLIPSIS][:goes_on])


def nearest_words(reading: Reading, documents: Iterable[Document]) -> dict[str, str]:
    """Give, for each word that no document has, the word of theirs that was most likely meant."""
    surfaces = _surfaces(documents, read=READ_AT_MOST)
    unknown = [word for word in reading.words if word not in surfaces]
    return {word: best for word in unknown if (best := _nearest(word, surfaces))}


def near_words(word: str, documents: Iterable[Document]) -> dict[str, str]:
    """Give the terms of the documents, but for their text, that are near this one, as most often written."""
    return {
        term: written.most_common(1)[0][0]
        for term, written in _surfaces(documents, read=0).items()
        if term != word and is_near(word, term)
    }


def _surfaces(documents: Iterable[Document], *, read: int) -> dict[str, Counter[str]]:
    """Count how each term is written in these documents, in so many characters of their text."""
    surfaces: dict[str, Counter[str]] = {}
    for document in documents:
        fields = (document.title, *document.authors, *document.keywords)
        text = f"{' . '.join(fields)} . {document.body[:read]}"
        for token in tokens(text):
            surfaces.setdefault(token.term, Counter())[text[token.start : token.end].lower()] += 1
    return surfaces


def corrected(text: str, meant: dict[str, str]) -> str:
    """Write the text again with the words that were meant."""
    result, at = "", 0
    for token in tokens(text):
        if token.term in meant:
            result += text[at : token.start] + meant[token.term]
            at = token.end
    return " ".join((result + text[at:]).split())


def _nearest(word: str, surfaces: dict[str, Counter[str]]) -> str:
    near = [term for term in surfaces if is_near(word, term)]
    if not near:
        return ""
    best = min(near, key=lambda term: (distance(word, term), -surfaces[term].total(), term))
    return surfaces[best].most_common(1)[0][0]


def _best_start(matches: Sequence[Token]) -> int:
    """Give the place from which one excerpt shows most different words; the first such place."""
    best, most = 0, 0
    for i, first in enumerate(matches):
        shown = {t.term for t in matches[i : i + 40] if t.end < first.start + EXCERPT_LENGTH - LEAD}
        if len(shown) > most:
            best, most = max(first.start - LEAD, 0), len(shown)
    return best


def _word_boundary(text: str, at: int) -> int:
    return at and text.rfind(" ", 0, at) + 1


def _last_space(text: str, at: int) -> int:
    if at >= len(text):
        return len(text)
    space = text.rfind(" ", at - LEAD, at)
    return space if space > 0 else at


def _parts(text: str, matches: Iterable[Token], start: int, end: int) -> tuple[Part, ...]:
    parts: list[Part] = []
    at = start
    for token in matches:
        parts += [Part(text[at : token.start], False), Part(text[token.start : token.end], True)]
        at = token.end
    parts.append(Part(text[at:end], False))
    return tuple(part for part in parts if part.text)
