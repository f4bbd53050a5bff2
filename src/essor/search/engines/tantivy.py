"""The default engine: a tantivy index in a folder of the local disk.

    <root>/state.json    the folder in use, what is complete in it, and a number that grows with each write
    <root>/lock          held (flock) by the one writer: the system frees it when its process dies
    <root>/<folder>/     one tantivy index; a new one is written beside it and state.json then names it

A value of a facet is indexed as a number drawn from its text (`number_of`), and counted by it: numbers
are the same in all parts of the index, where the place of a text in a dictionary is not, and looking
up thousands of texts costs more than counting. `values` gives the text back of the few that are shown.

Readers of any process look at state.json before each search, and reopen or reload when it changed.
They search in turn (`Turns`).
"""

import fcntl
import json
import math
import os
import shutil
import threading
import time
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar, cast

import tantivy
from tantivy import Occur, Order, Query

from essor.search.engines import (
    COMMIT_EVERY,
    COSTLY_COUNTS_KEPT,
    COSTLY_S,
    COUNTS_KEPT,
    Ask,
    Found,
    Sections,
    facet_counts,
)
from essor.search.engines.remembered import Remembered
from essor.search.engines.stored import (
    GAP,
    MOST_BEGINNINGS,
    VERSION,
    Written,
    from_text,
    name_in,
)
from essor.search.engines.tantivy_documents import (
    SCHEMA,
    VALUES_KEPT,
    WEIGHTS,
    ReadyDocument,
    ready,
)
from essor.search.engines.tantivy_queries import (
    NAMING,
    NEAR_WEIGHT,
    any_field,
    filtered,
    loosely,
    matching,
    ranked,
)
from essor.search.engines.turns import Turns
from essor.search.spelling import tolerated
from essor.search.types import (
    Conditions,
    Document,
    FacetCount,
    IndexBusyError,
    IndexUnusableError,
    Match,
    Name,
    Sort,
    State,
)

T = TypeVar("T")

_Facets = dict[tuple[str, int], tuple[FacetCount, ...]]
"""The values of facets, by the name of each and how many were asked for."""

ORDERS = {
    Sort.NEWEST: {"order_by_field": "newest", "order": Order.Desc},
    Sort.YEAR: {"order_by_field": "latest", "order": Order.Desc},
    Sort.BORROWED: {"order_by_field": "borrowed", "order": Order.Desc},
    Sort.TITLE: {"order_by_field": "filing", "order": Order.Asc},
}

MORE_BY_SEGMENT = 1_000
"""Values of a facet that each segment gives beyond those wanted: one that is not among them is not counted there."""
MORE_FOR_TIES = 10
NEAR_DOCUMENTS = 25
"""Documents in which the words near a word are looked for."""

SEARCHES_AT_ONCE = max(1, (os.cpu_count() or 1) // 4)
"""In each process: there are as many web processes as processors, and four of them at most (`portal.processes`)."""

WAIT_S = 5.0
CHANGE_HEAP_BYTES = 50_000_000
MUCH_HEAP_BYTES = 200_000_000
"""Much in one segment makes few of them, and each costs every search its part."""
PARTS = 8 * 8
"""Equal parts in which an index of a known size is written: tantivy makes one segment of eight alike."""


@dataclass(frozen=True, slots=True)
class _Published:
    """What state.json says."""

    folder: str
    kinds: tuple[str, ...]
    generation: int
    updated: datetime


class TantivyEngine:
    """A tantivy index in a folder; see the module for the files."""

    name = "tantivy"
    prepare = staticmethod(ready)

    def __init__(self, root: Path) -> None:
        self.root = root
        self._state_path = f"{root}/state.json"
        self._opening = threading.Lock()
        self._opened: tuple[str, int, tantivy.Index] | None = None
        self._held = threading.local()
        self._totals: Remembered[int] = Remembered(COUNTS_KEPT, COSTLY_COUNTS_KEPT)
        self._facets: Remembered[_Facets] = Remembered(COUNTS_KEPT, COSTLY_COUNTS_KEPT)
        self._values: dict[int, str] = {}
        self._turns = Turns(SEARCHES_AT_ONCE)

    # Reading

    def state(self) -> State | None:
        """Say what is indexed."""
        published = self._published()
        return State(published.kinds, published.updated) if published else None

    def count(self) -> int:
        """Count the documents of the index."""
        with self._searcher() as (searcher, _):
            return searcher.num_docs

    def find(self, ask: Ask) -> Found[Document]:
        """Answer one question."""
        return self._find(ask, from_text)

    def find_names(self, ask: Ask) -> Found[Name]:
        """Answer one question with names."""
        return self._find(ask, name_in)

    def _find(self, ask: Ask, hit_in: Callable[[bytes], T]) -> Found[T]:
        text = matching(ask)
        in_order = ranked(ask) if ask.order is Sort.RELEVANCE else text
        query = filtered(in_order, ask.conditions)
        is_going_on = ask.match is not Match.EVERY_WORD  # no document had every word
        turn = self._turns.taken(is_going_on=is_going_on)
        with turn, self._searcher() as (searcher, published):
            key = (published.generation, ask.under(ask.conditions))
            total = self._totals.kept(key)
            start = time.thread_time()
            result = searcher.search(
                query,
                max(ask.limit, 1),
                count=total is None,
                offset=ask.offset,
                **ORDERS.get(ask.order, {}),
            )
            if total is None:
                total = result.count
                self._totals.keep(key, total, is_costly=_was_costly(start))
            facets = self._count_all(searcher, published, text, ask, total)
            hits = result.hits[: ask.limit]
            shown = [searcher.doc(address).get_first("shown") for _, address in hits]
            return Found(total, tuple(map(hit_in, shown)), facets)

    def facet_values(self, ask: Ask, facet: str, beginning: str) -> tuple[FacetCount, ...]:
        """Give the values of one facet that have a word with this beginning."""
        query = filtered(matching(ask), ask.conditions.without(facet))
        with self._turns.taken(), self._searcher() as (searcher, _):
            if not beginning:
                return self._count(searcher, query, {facet: ask.limit})[facet]
            return _values_beginning(searcher, facet, beginning, ask.limit, query)

    def suggested(self, facet: str, beginning: str, limit: int) -> tuple[FacetCount, ...]:
        """Give the values of one facet that have a word with this beginning, in the whole index."""
        with self._searcher() as (searcher, _):
            return _values_beginning(searcher, facet, beginning, limit)

    def frequency(self, term: str) -> int:
        """Give the number of documents in the field where there are most."""
        with self._searcher() as (searcher, _):
            return max(searcher.doc_freq(field, term) for field in WEIGHTS)

    def near(self, term: str) -> tuple[Document, ...]:
        """Give some documents with words near this term."""
        near = loosely(term, NAMING, NEAR_WEIGHT, errors=tolerated(term), prefix=False)
        other = [(Occur.Must, near), (Occur.MustNot, any_field(NAMING, (term,)))]
        with self._searcher() as (searcher, _):
            result = searcher.search(Query.boolean_query(other), NEAR_DOCUMENTS, count=False)
            shown = [searcher.doc(address).get_first("shown") for _, address in result.hits]
        return tuple(map(from_text, shown))

    def _count_all(
        self, searcher: tantivy.Searcher, published: _Published, text: Query, ask: Ask, total: int
    ) -> dict[str, tuple[FacetCount, ...]]:
        """Count each facet without its own filter: those under the same conditions in one go.

        Whoever filters by a value sees again the counts of its facet as they were before: they are
        remembered.
        """
        counted: dict[str, tuple[FacetCount, ...]] = {}
        for conditions, names in _by_conditions(ask):
            if not total and conditions is ask.conditions:
                counted |= dict.fromkeys(names, ())
                continue
            sizes = {name: ask.size_of(name) for name in names}
            key = (published.generation, ask.under(conditions))
            known = self._facets.kept(key) or {}
            wanted = {name: size for name, size in sizes.items() if (name, size) not in known}
            if wanted:
                start = time.thread_time()
                found = self._count(searcher, filtered(text, conditions), wanted)
                known = known | {(name, wanted[name]): found[name] for name in found}
                self._facets.keep(key, known, is_costly=_was_costly(start))
            counted |= {name: known[name, size] for name, size in sizes.items()}
        return {name: counted[name] for name in ask.facets}

    def _count(
        self, searcher: tantivy.Searcher, query: Query, sizes: Mapping[str, int]
    ) -> dict[str, tuple[FacetCount, ...]]:
        """Count the values of these facets among what the query finds, so many of each."""
        if not sizes:
            return {}
        # Some more than wanted: among those of the same count, the first in the alphabet are given.
        asked = {
            name: {
                "terms": {
                    "field": f"facets.{name}",
                    "size": size + MORE_FOR_TIES,
                    "segment_size": size + MORE_BY_SEGMENT,
                }
            }
            for name, size in sizes.items()
        }
        answer = searcher.aggregate(query, asked)
        return {
            name: facet_counts(self._named(searcher, answer[name]["buckets"], size), size)
            for name, size in sizes.items()
        }

    def _named(
        self, searcher: tantivy.Searcher, buckets: Sequence[Mapping[str, Any]], size: int
    ) -> Iterator[tuple[str, int]]:
        """Give the values of these buckets, the most frequent first, that can be among the first `size`."""
        least = buckets[size - 1]["doc_count"] if len(buckets) > size else 0
        known = self._values
        for bucket in buckets:
            number, count = int(bucket["key"]), bucket["doc_count"]
            if count < least:
                return
            yield known.get(number) or self._value(searcher, number), count

    def _value(self, searcher: tantivy.Searcher, number: int) -> str:
        """Look up the text that a number was drawn from, and remember it: it never changes."""
        ((found, _),) = searcher.terms_with_prefix("values", f"{number:x}{GAP}", limit=1)
        if len(self._values) >= VALUES_KEPT:
            self._values = {}
        return self._values.setdefault(number, str(found.partition(GAP)[2]))

    @contextmanager
    def _searcher(self) -> Iterator[tuple[tantivy.Searcher, _Published]]:
        """Give the last committed index; on any failure inside, say that it is damaged."""
        published = self._published()
        if published is None:
            raise IndexUnusableError("There is no index yet.")
        try:
            yield self._open(published).searcher(), published
        except BaseException as error:
            if not _is_damage(error):
                raise
            if self._published() == published:
                self._mark_damaged(published.folder)
            raise IndexUnusableError(f"The index cannot be read: {error}") from error

    def _open(self, published: _Published) -> tantivy.Index:
        with self._opening:
            folder, generation, index = self._opened or ("", 0, None)
            if index is None or folder != published.folder:
                index = tantivy.Index.open(str(self.root / published.folder))
                index.config_reader("manual")
            if (folder, generation) != (published.folder, published.generation):
                index.reload()
                self._opened = published.folder, published.generation, index
            return index

    # Writing

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Be the only writer of all processes; again inside itself it does nothing."""
        if getattr(self._held, "yes", False):
            yield
            return
        self.root.mkdir(parents=True, exist_ok=True)
        with (self.root / "lock").open("w") as lock:
            _take(lock.fileno(), wait_s=WAIT_S)
            self._held.yes = True
            try:
                yield
            finally:
                self._held.yes = False

    def is_being_written(self) -> bool:
        """Say whether somebody is writing now."""
        with suppress(FileNotFoundError), (self.root / "lock").open("r") as lock:
            try:
                _take(lock.fileno(), wait_s=0)
            except IndexBusyError:
                return True
        return False

    def change(self, *, written: Iterable[Written], removed: Iterable[Name]) -> None:
        """Write and remove documents in one commit."""
        with self.writing():
            folder, kinds = self._in_use()
            with self._writer(folder, CHANGE_HEAP_BYTES) as writer:
                for name in removed:
                    _remove(writer, name)
                for document in written:
                    _remove(writer, (document.kind, document.key))
                    _add(writer, document)
            self._publish(folder, kinds)

    @contextmanager
    def bulk(self, commit_every: int) -> Iterator["_Bulk"]:
        """Write much, with one writer for all."""
        with self.writing():
            folder, kinds = self._in_use()
            with self._writer(folder, MUCH_HEAP_BYTES) as writer:
                yield _Bulk(writer, lambda: self._show(writer, folder, kinds), commit_every)
            self._publish(folder, kinds)

    def _in_use(self) -> tuple[str, tuple[str, ...]]:
        """Give the folder to write to, a new one if need be, and what is complete in it."""
        published = self._published()
        return (published.folder, published.kinds) if published else (self._new_folder(), ())

    def replace_all(self, sections: Sections, *, expected: int = 0) -> Iterator[Written]:
        """Write a new folder, then name it in state.json."""
        commit_every = math.ceil(expected / PARTS) if expected > PARTS * 1_000 else COMMIT_EVERY
        count = 0
        with self.writing():
            grows_in_sight = self._published() is None
            folder = self._new_folder()
            try:
                with self._writer(folder, MUCH_HEAP_BYTES) as writer:
                    kinds: tuple[str, ...] = ()
                    for kind, documents in sections:
                        for document in documents:
                            _add(writer, document)
                            yield document
                            count += 1
                            if count % commit_every == 0:
                                writer.commit()
                                if grows_in_sight:
                                    self._publish(folder, kinds)
                        kinds = (*kinds, kind)
                        if grows_in_sight:
                            self._show(writer, folder, kinds)
                self._publish(folder, kinds)
            finally:
                self._clear(keep=self._published())

    def _show(self, writer: tantivy.IndexWriter, folder: str, kinds: tuple[str, ...]) -> None:
        writer.commit()
        self._publish(folder, kinds)

    @contextmanager
    def _writer(self, folder: str, heap: int) -> Iterator[tantivy.IndexWriter]:
        """Give a writer whose work is committed at the end; forgotten, when it does not come to it."""
        try:
            index = tantivy.Index.open(str(self.root / folder))
            writer = index.writer(heap, num_threads=1)
        except BaseException as error:
            if not _is_damage(error):
                raise
            self._mark_damaged(folder)
            raise IndexUnusableError(f"The index cannot be written: {error}") from error
        try:
            yield writer
            writer.commit()
        finally:
            writer.wait_merging_threads()

    # Files

    def _published(self) -> _Published | None:
        """Read state.json; None when it, or the folder it names, is missing, damaged or of another version."""
        try:
            with open(self._state_path, "rb") as state:  # noqa: PTH123 - asked several times by search
                published = _read_state(state.read())
        except OSError:
            return None
        if published is None:
            return None
        folder = f"{self.root}/{published.folder}"
        is_whole = os.path.exists(f"{folder}/meta.json")  # noqa: PTH110
        return published if is_whole and not os.path.exists(f"{folder}/damaged") else None  # noqa: PTH110

    def _publish(self, folder: str, kinds: tuple[str, ...]) -> None:
        said = {
            "version": VERSION,
            "folder": folder,
            "kinds": kinds,
            "generation": time.time_ns(),
            "updated": datetime.now(UTC).isoformat(),
        }
        temporary = self.root / "state.json.new"
        temporary.write_text(json.dumps(said), encoding="utf-8")
        temporary.replace(self.root / "state.json")

    def _mark_damaged(self, folder: str) -> None:
        with suppress(OSError):
            (self.root / folder / "damaged").touch()

    def _new_folder(self) -> str:
        folder = uuid.uuid4().hex
        (self.root / folder).mkdir(parents=True)
        tantivy.Index(SCHEMA, path=str(self.root / folder))
        return folder

    def _clear(self, *, keep: _Published | None) -> None:
        """Remove the folders that nobody will open any more."""
        for path in self.root.iterdir():
            if path.is_dir() and (keep is None or path.name != keep.folder):
                shutil.rmtree(path, ignore_errors=True)


def _by_conditions(ask: Ask) -> Iterator[tuple[Conditions, list[str]]]:
    """Give the facets that are counted under the same conditions, together."""
    together = [name for name in ask.facets if not ask.conditions.bears_on(name)]
    if together:
        yield ask.conditions, together
    for name in ask.facets:
        if ask.conditions.bears_on(name):
            yield ask.conditions.without(name), [name]


def _was_costly(start: float) -> bool:
    return time.thread_time() - start > COSTLY_S


@lru_cache(maxsize=2)
def _read_state(said: bytes) -> _Published | None:
    """Understand state.json; None when it is damaged, or of another version."""
    try:
        state = json.loads(said)
        published = _Published(
            folder=state["folder"],
            kinds=tuple(state["kinds"]),
            generation=state["generation"],
            updated=datetime.fromisoformat(state["updated"]),
        )
        return published if state["version"] == VERSION else None
    except (ValueError, KeyError, TypeError):
        return None


def _take(lock: int, *, wait_s: float) -> None:
    deadline = time.monotonic() + wait_s
    while True:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() >= deadline:
                raise IndexBusyError(
                    "The search index is being written by another process."
                ) from None
            time.sleep(0.05)
        else:
            return


def _is_damage(error: BaseException) -> bool:
    """Tell what tantivy raises on files it cannot read: a panic of its Rust code is no Exception."""
    return isinstance(error, OSError | ValueError) or type(error).__name__ == "PanicException"


class _Bulk:
    """A writer that shows its work every so many documents."""

    def __init__(
        self, writer: tantivy.IndexWriter, show: Callable[[], None], commit_every: int
    ) -> None:
        self._writer, self._show, self._commit_every = writer, show, commit_every
        self._unseen = 0

    def write(self, document: Written, *, is_new: bool = False) -> None:
        """Write this document in place of the one of the same name; there is none when it `is_new`."""
        if not is_new:
            _remove(self._writer, (document.kind, document.key))
        _add(self._writer, document)
        self._unseen += 1
        if self._unseen >= self._commit_every:
            self.commit()

    def remove(self, name: Name) -> None:
        """Take this document out."""
        _remove(self._writer, name)

    def commit(self) -> None:
        """Let the readers see what was written so far."""
        self._show()
        self._unseen = 0


def _remove(writer: tantivy.IndexWriter, name: Name) -> None:
    writer.delete_documents_by_term("name", ":".join(name))


def _add(writer: tantivy.IndexWriter, document: Written) -> None:
    made = ready(document) if isinstance(document, Document) else cast("ReadyDocument", document)
    writer.add_json(made.text)


def _values_beginning(
    searcher: tantivy.Searcher, facet: str, beginning: str, limit: int, among: Query | None = None
) -> tuple[FacetCount, ...]:
    """Give the most frequent values of a facet, by the form they may be typed in."""
    # One value is there under each of its words, several of which may begin so.
    most = MOST_BEGINNINGS * limit
    found = searcher.terms_with_prefix("beginnings", f"{facet}{GAP}{beginning}", among, most)
    counts = {term.rpartition(GAP)[2]: count for term, count in found if count}
    return facet_counts(counts.items())[:limit]
