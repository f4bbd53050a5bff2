"""The one interface to search: every app writes to it and asks it, whatever the engine behind."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import TypeVar

from django.core.cache import cache

from essor.search import registry
from essor.search.engines import (
    COMMIT_EVERY,
    FACET_VALUES,
    Ask,
    Bulk,
    Engine,
    Found,
    Sections,
    engine,
)
from essor.search.engines.stored import Prepared, Written
from essor.search.excerpts import (
    Wanted,
    corrected,
    near_words,
    nearest_words,
)
from essor.search.reading import Reading, read
from essor.search.spelling import tolerated
from essor.search.types import (
    Conditions,
    Document,
    FacetCount,
    Hit,
    IndexUnusableError,
    Match,
    Name,
    Names,
    Query,
    Results,
    State,
    Suggestion,
)
from essor.search.words import clean, folded

T = TypeVar("T")
Answer = TypeVar("Answer", Results, Names)

SUGGESTIONS = 8
SUGGESTED_FACETS = ("creator", "subject")
SHORTEST_BEGINNING, LONGEST_BEGINNING = 2, 100
SCOPE = ("kind", "site")
"""Conditions that say where one searches, rather than what one chooses there, unless they are counted."""
RARE = 2
"""With fewer hits than this for words found less often than this, another spelling is looked for."""
MUCH_MORE_FREQUENT = 10
"""How many times more frequent a near word must be to be suggested."""
UPKEEP_ASKED_ONCE_IN_S = 60


class Index:
    """Write documents, ask questions. The index is never the truth: see `services` for its upkeep."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    # Asking

    def search(self, query: Query) -> Results:
        """Answer a query. Never raises on what a visitor types, nor for want of an index.

        When no document has every word, words near those typed are tried, then some of the words.
        An index that is not whole is mended in the background, and the results say what they lack.
        """
        return self._answered(query, self._results, Results())

    def lacks(self, kind: str) -> bool:
        """Say whether documents of this kind may be missing from the answers; have them indexed if so."""
        try:
            missing = missing_kinds(self.engine.state(), (kind,))
        except IndexUnusableError:
            missing = (kind,)
        if missing:
            ask_for_upkeep()
        return bool(missing)

    def names(self, query: Query) -> Names:
        """Name what `search` would give for this query without its facets, and nothing more.

        For who reads the hits in the store: no text is unfolded, no word looked for in it.
        """
        return self._answered(replace(query, facets=()), self._names, Names())

    def _answered(self, query: Query, answer: Callable[[Query], Answer], nothing: Answer) -> Answer:
        """Answer, say what the index lacks, and have it mended in the background."""
        try:
            state = self.engine.state()
            answered = answer(query)
        except IndexUnusableError:
            state, answered = None, nothing
        if state and not missing_kinds(state):
            return answered
        ask_for_upkeep()
        missing = missing_kinds(state, query.filters.get("kind"))
        return replace(answered, missing=missing, is_incomplete=state is None or bool(missing))

    def _names(self, query: Query) -> Names:
        found, match = _more_and_more_loosely(self.engine.find_names, _ask(read(query.text), query))
        visible = _visible(found.hits)
        names = tuple(name for name in found.hits if name in visible)
        return Names(found.total - (len(found.hits) - len(names)), names, match)

    def _results(self, query: Query) -> Results:
        reading = read(query.text)
        found, match = _more_and_more_loosely(self.engine.find, _ask(reading, query))
        visible = _those_visible(found.hits)
        wanted = Wanted.of(reading, match)
        return Results(
            total=found.total - (len(found.hits) - len(visible)),
            hits=tuple(Hit(document, wanted) for document in visible),
            facets=found.facets,
            match=match,
            corrected=_corrected(query.text, reading, visible) if match is Match.NEAR_WORDS else "",
            suggestion=self._better_spelling(query, reading, found.total)
            if match is Match.EVERY_WORD
            else "",
        )

    def _better_spelling(self, query: Query, reading: Reading, total: int) -> str:
        """Give the text with much more frequent words near those typed, if few have these."""
        if not 0 < total < RARE:
            return ""
        meant = {word: near for word in reading.words if (near := self._much_more_frequent(word))}
        if not meant:
            return ""
        suggestion = corrected(query.text, meant)
        found = self.engine.find(_ask(read(suggestion), Query(suggestion, query.filters, limit=1)))
        return suggestion if found.total > total else ""

    def _much_more_frequent(self, word: str) -> str:
        """Give a word near this one, if this one is rare and the other is not."""
        frequency = self.engine.frequency(word) if tolerated(word) else RARE
        if frequency >= RARE:
            return ""
        surfaces = near_words(word, self.engine.near(word))
        frequencies = {term: self.engine.frequency(term) for term in surfaces}
        best = max(frequencies, key=lambda term: (frequencies[term], term), default="")
        enough = MUCH_MORE_FREQUENT * max(frequency, 1)
        return surfaces[best] if best and frequencies[best] >= enough else ""

    def suggest(
        self,
        text: str,
        *,
        filters: Mapping[str, tuple[str, ...]] | None = None,
        limit: int = SUGGESTIONS,
    ) -> tuple[Hit, ...]:
        """Give the documents whose title has these words, the last of them perhaps unfinished."""
        query = Query(text, filters or {}, limit=limit)
        reading = read(query.text)
        if reading.is_blank:
            return ()
        try:
            ask = _ask(reading, query, in_titles=True)
            found, match = _more_and_more_loosely(self.engine.find, ask)
        except IndexUnusableError:
            return ()
        wanted = Wanted.of(reading, match)
        return tuple(Hit(document, wanted) for document in _those_visible(found.hits))

    def suggest_terms(
        self,
        text: str,
        *,
        facets: Sequence[str] = SUGGESTED_FACETS,
        limit: int = SUGGESTIONS,
    ) -> tuple[Suggestion, ...]:
        """Give the values of these facets with a word that begins as the text, the most frequent first.

        « hug », « victor hu » and « hugo vic » all give « Hugo, Victor ».
        """
        beginning = folded(clean(text)[:LONGEST_BEGINNING])
        if len(beginning) < SHORTEST_BEGINNING:
            return ()
        try:
            found = [
                Suggestion(facet, counted.value, counted.count)
                for facet in facets
                for counted in self.engine.suggested(facet, beginning, limit)
            ]
        except IndexUnusableError:
            return ()
        return tuple(sorted(found, key=lambda s: (-s.count, s.text, s.kind))[:limit])

    def facet_values(
        self, query: Query, facet: str, *, beginning: str = "", limit: int = FACET_VALUES
    ) -> tuple[FacetCount, ...]:
        """Give more values of one facet of what the query finds, without the filter on it.

        With a beginning, only those that have a word which begins so. Only the documents that have
        every word are counted.
        """
        asked = replace(query, facets=(), facet_sizes={}, offset=0, limit=limit)
        beginning = folded(clean(beginning)[:LONGEST_BEGINNING])
        try:
            return self.engine.facet_values(_ask(read(asked.text), asked), facet, beginning)
        except IndexUnusableError:
            return ()

    # Writing

    def write(self, documents: Iterable[Written]) -> None:
        """Index these documents, in place of what was there under the same names."""
        self.engine.change(written=documents, removed=())

    def remove(self, kind: str, keys: Iterable[str]) -> None:
        """Take these documents out; those that are not there are no error."""
        self.engine.change(written=(), removed=((kind, key) for key in keys))

    def change(self, *, written: Iterable[Written], removed: Iterable[Name]) -> None:
        """Do both at one stroke."""
        self.engine.change(written=written, removed=removed)

    @property
    def prepare(self) -> Callable[[Document], Prepared]:
        """Give the function that does all that can be done before writing, in any process."""
        return self.engine.prepare

    @contextmanager
    def writing_many(self, *, commit_every: int = COMMIT_EVERY) -> Iterator[Bulk]:
        """Write much at the least cost: nobody else writes meanwhile, and readers see it by parts.

        Documents may be prepared by other processes (see `prepare`). Raises IndexBusyError.
        """
        with self.engine.bulk(commit_every) as bulk:
            yield bulk

    def replace_all(self, sections: Sections, *, expected: int = 0) -> Iterator[Written]:
        """Write a whole new index, kind after kind, then put it in place; give each document once written.

        Nothing happens until the documents are consumed; stopping half-way keeps the old index.
        Of `expected` documents, roughly, the engine makes an index in one piece, the fastest to read.
        """
        return self.engine.replace_all(sections, expected=expected)


def index() -> Index:
    """Give the index of this portal."""
    return Index(engine())


def ask_for_upkeep() -> None:
    """Have the index looked after in the background, unless that was asked for a moment ago."""
    from essor.search.tasks import keep_whole  # it rebuilds through this module

    if cache.add("search.upkeep", True, UPKEEP_ASKED_ONCE_IN_S):
        keep_whole.enqueue()


def missing_kinds(state: State | None, asked: Sequence[str] | None = None) -> tuple[str, ...]:
    """Name the registered kinds that are not indexed in full, among those asked for."""
    indexed = state.kinds if state else ()
    return tuple(
        kind
        for kind in registry.sources()
        if kind not in indexed and (asked is None or kind in asked)
    )


def _ask(reading: Reading, query: Query, *, in_titles: bool = False) -> Ask:
    return Ask(
        reading=reading,
        match=Match.EVERY_WORD,
        conditions=query.conditions,
        facets=query.facets,
        facet_sizes=query.facet_sizes,
        sort=query.sort,
        offset=query.offset,
        limit=query.limit,
        in_titles=in_titles,
    )


def _more_and_more_loosely(find: Callable[[Ask], Found[T]], ask: Ask) -> tuple[Found[T], Match]:
    """Ask the engine, more and more loosely; not when it is only the filters that leave nothing."""
    first = find(ask)
    if first.total or _is_found_without_filters(find, ask):
        return first, ask.match
    for match in _looser(ask.reading):
        found = find(replace(ask, match=match))
        if found.total:
            return found, match
    return first, ask.match


def _is_found_without_filters(find: Callable[[Ask], Found[T]], ask: Ask) -> bool:
    """Say whether something is found without the filters: on the same site and of the same kinds, unless counted."""
    own = ask.conditions.values
    scope = Conditions(
        {name: own[name] for name in SCOPE if name in own and name not in ask.facets}
    )
    if ask.conditions == scope:
        return False
    return find(replace(ask, conditions=scope, facets=(), offset=0, limit=1)).total > 0


def _looser(reading: Reading) -> Iterator[Match]:
    if reading.words:
        yield Match.NEAR_WORDS
    if len(reading.words) + len(reading.phrases) > 1:
        yield Match.SOME_WORDS


def _visible(names: Sequence[Name]) -> set[Name]:
    """Leave out what the store says may not be seen any more, though the index has not heard of it yet."""
    visible: set[Name] = set()
    sources = registry.sources()
    for kind in dict(names):
        keys = [key for its_kind, key in names if its_kind == kind]
        seen = sources[kind].visible(keys) if kind in sources else set(keys)
        visible |= {(kind, key) for key in seen}
    return visible


def _those_visible(documents: Sequence[Document]) -> tuple[Document, ...]:
    visible = _visible([(document.kind, document.key) for document in documents])
    return tuple(document for document in documents if (document.kind, document.key) in visible)


def _corrected(text: str, reading: Reading, documents: tuple[Document, ...]) -> str:
    return corrected(clean(text), nearest_words(reading, documents))
