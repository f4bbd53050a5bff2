"""The one interface to search: every app writes to it and asks it, whatever the engine behind."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from django.core.cache import cache

from essor.search import registry
from essor.search.engines import Ask, Engine, Found, Name, Sections, engine
from essor.search.excerpts import Wanted, corrected, excerpt, highlight, nearest_words
from essor.search.reading import Reading, read
from essor.search.types import (
    Document,
    Hit,
    IndexUnusableError,
    Match,
    Query,
    Results,
    State,
)
from essor.search.words import clean

SUGGESTIONS = 8
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
        kinds = query.filters.get("kind")
        try:
            state = self.engine.state()
            results = self._answer(query)
        except IndexUnusableError:
            state, results = None, Results()
        if state and not missing_kinds(state):
            return results
        ask_for_upkeep()
        missing = missing_kinds(state, kinds)
        return replace(results, missing=missing, is_incomplete=state is None or bool(missing))

    def _answer(self, query: Query) -> Results:
        reading = read(query.text)
        found, match = self._find(reading, query)
        visible = _visible(found.documents)
        wanted = Wanted.of(reading, match)
        return Results(
            total=found.total - (len(found.documents) - len(visible)),
            hits=tuple(_hit(document, wanted) for document in visible),
            facets=found.facets,
            match=match,
            corrected=_corrected(query.text, reading, visible) if match is Match.NEAR_WORDS else "",
        )

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
            found, match = self._find(reading, query, in_titles=True)
        except IndexUnusableError:
            return ()
        wanted = Wanted.of(reading, match)
        return tuple(_hit(document, wanted) for document in _visible(found.documents))

    def _find(
        self, reading: Reading, query: Query, *, in_titles: bool = False
    ) -> tuple[Found, Match]:
        """Ask the engine, more and more loosely; not when it is only the filters that leave nothing."""
        ask = Ask(
            reading=reading,
            match=Match.EVERY_WORD,
            filters=query.filters,
            facets=query.facets,
            sort=query.sort,
            offset=query.offset,
            limit=query.limit,
            in_titles=in_titles,
        )
        first = self.engine.find(ask)
        if first.total or any(first.facets.values()):
            return first, ask.match
        for match in _looser(reading):
            found = self.engine.find(replace(ask, match=match))
            if found.total:
                return found, match
        return first, ask.match

    # Writing

    def write(self, documents: Iterable[Document]) -> None:
        """Index these documents, in place of what was there under the same names."""
        self.engine.change(written=documents, removed=())

    def remove(self, kind: str, keys: Iterable[str]) -> None:
        """Take these documents out; those that are not there are no error."""
        self.engine.change(written=(), removed=((kind, key) for key in keys))

    def change(self, *, written: Iterable[Document], removed: Iterable[Name]) -> None:
        """Do both at one stroke."""
        self.engine.change(written=written, removed=removed)

    def replace_all(self, sections: Sections) -> Iterator[Document]:
        """Write a whole new index, kind after kind, then put it in place; give each document once written.

        Nothing happens until the documents are consumed; stopping half-way keeps the old index.
        """
        return self.engine.replace_all(sections)


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


def _looser(reading: Reading) -> Iterator[Match]:
    if reading.words:
        yield Match.NEAR_WORDS
    if len(reading.words) + len(reading.phrases) > 1:
        yield Match.SOME_WORDS


def _visible(documents: tuple[Document, ...]) -> tuple[Document, ...]:
    """Leave out what the store says may not be seen any more, though the index has not heard of it yet."""
    visible: set[Name] = set()
    sources = registry.sources()
    for kind in {document.kind for document in documents}:
        keys = [document.key for document in documents if document.kind == kind]
        seen = sources[kind].visible(keys) if kind in sources else set(keys)
        visible |= {(kind, key) for key in seen}
    return tuple(document for document in documents if (document.kind, document.key) in visible)


def _hit(document: Document, wanted: Wanted) -> Hit:
    return Hit(document, highlight(document.title, wanted), excerpt(document.body, wanted))


def _corrected(text: str, reading: Reading, documents: tuple[Document, ...]) -> str:
    return corrected(clean(text), nearest_words(reading, documents))
