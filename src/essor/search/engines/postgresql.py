"""The shared engine: full text in the portal's own PostgreSQL, for web workers on several machines.

The index is tables that the engine makes itself, outside migrations: like a folder, they are
disposable and rebuilt from the store. `search_document` has the terms as a tsvector (A title,
B authors, C keywords, D body; a number as one word after a `#`) and its facets as numbers of
`search_value`; its comment says what is complete in it, so that both are swapped together.
`search_word` has every term ever indexed, under keys that bring near words together;
`search_beginning` every value of a facet, under the forms it may be typed in.
"""

# ruff: noqa: S608 - what is put in statements is written in this file; all else is a value

import json
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from itertools import islice
from typing import Any, TypeVar, cast

from django.db import DatabaseError, InternalError, ProgrammingError, connection, transaction
from django.db.backends.utils import CursorWrapper
from psycopg import sql

from essor.search.engines import (
    COUNTS_KEPT,
    SHORTEST_NUMBER,
    Ask,
    Counts,
    Found,
    Sections,
    facet_counts,
)
from essor.search.engines.remembered import Remembered
from essor.search.engines.stored import (
    GAP,
    VERSION,
    PreparedDocument,
    Written,
    from_text,
    newest_from,
    prepared,
)
from essor.search.reading import Phrase, Reading
from essor.search.spelling import distance, is_near, near_keys, tolerated
from essor.search.types import (
    FIRST_YEAR,
    LAST_YEAR,
    Conditions,
    Document,
    FacetCount,
    IndexBusyError,
    IndexUnusableError,
    Match,
    Name,
    Sort,
    State,
    Years,
)

T = TypeVar("T")

LIVE = "search_document"
NEW = "search_document_new"
WRITER_LOCK = 0x6573736F72  # "essor": the advisory lock of the one writer

WEIGHTS = "{0.1, 0.5, 0.75, 1.0}"  # D, C, B, A
NUMBER_WEIGHT = 1_000
ORDERS = {
    Sort.NEWEST: "newest DESC",
    Sort.YEAR: "latest DESC",
    Sort.BORROWED: "borrowed DESC",
    Sort.TITLE: "filing",
}
FIELD_GAP = 100
"""Positions between two fields: no phrase goes from one to the other."""
LARGEST_VECTOR_BYTES = 1_000_000
MOST_NEAR_WORDS = 20
NEAR_DOCUMENTS = 50
MOST_RANKED = 20_000
"""Documents whose relevance is computed, the newest: each must be read, whatever the index."""
READING_MEMORY = "64MB"
"""What a search may use: with less, PostgreSQL forgets which documents it found, and reads them again."""
MOST_SUGGESTED = 300
"""Values that begin as what is typed, the first in the alphabet, of which the documents are counted."""

WAIT_S = 5.0
BATCH = 500

_CREATE = """
CREATE TABLE {table} (
    kind text NOT NULL, key text NOT NULL, words tsvector NOT NULL, facets int[] NOT NULL,
    filing text COLLATE "C" NOT NULL, newest bigint NOT NULL, latest bigint NOT NULL,
    borrowed bigint NOT NULL, year smallint, shown text NOT NULL, PRIMARY KEY (kind, key))
    WITH (toast_tuple_target = 512);
CREATE TABLE IF NOT EXISTS search_word (word text PRIMARY KEY, near_keys text[] NOT NULL);
CREATE INDEX IF NOT EXISTS search_word_near_keys ON search_word USING gin (near_keys);
CREATE TABLE IF NOT EXISTS search_value (
    id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text NOT NULL, value text NOT NULL);
CREATE UNIQUE INDEX IF NOT EXISTS search_value_value ON search_value (name, md5(value));
CREATE TABLE IF NOT EXISTS search_beginning (
    form text COLLATE "C" NOT NULL, value int NOT NULL);
CREATE INDEX IF NOT EXISTS search_beginning_form ON search_beginning (form)"""
_CREATE_INDEXES = """
CREATE INDEX ON {table} USING gin (words);
CREATE INDEX ON {table} USING gin (facets);
CREATE INDEX ON {table} (newest);
CREATE INDEX ON {table} (latest);
CREATE INDEX ON {table} (borrowed);
CREATE INDEX ON {table} (filing);
CREATE INDEX ON {table} (year)"""
_WRITE = """
INSERT INTO {table} VALUES (%s, %s, %s::tsvector, %s, %s, %s, %s, %s, %s, %s)
ON CONFLICT (kind, key) DO UPDATE SET words = excluded.words, facets = excluded.facets,
    filing = excluded.filing, newest = excluded.newest, latest = excluded.latest,
    borrowed = excluded.borrowed, year = excluded.year, shown = excluded.shown"""
_ADD_VALUES = """
INSERT INTO search_value (name, value) SELECT * FROM unnest(%s::text[], %s::text[])
ON CONFLICT DO NOTHING RETURNING id, name, value"""
_FIND_VALUES = """
SELECT v.id, v.name, v.value FROM unnest(%s::text[], %s::text[]) AS wanted (name, value)
JOIN search_value v ON v.name = wanted.name AND md5(v.value) = md5(wanted.value)"""
_COUNT_FACETS = """
SELECT name, value, found FROM (
    SELECT v.name, v.value, counted.found,
        row_number() OVER (PARTITION BY v.name ORDER BY counted.found DESC, v.value COLLATE "C") AS place
    FROM (SELECT id, count(*) AS found
          FROM (SELECT unnest(facets) AS id FROM {table} WHERE {where}) AS one GROUP BY id) AS counted
    JOIN search_value v USING (id) WHERE v.name = ANY (%s::text[])) AS placed
WHERE place <= %s"""
_IS_WRITING = """
SELECT EXISTS (SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND granted
    AND (classid::bigint << 32) | objid::bigint = %s
    AND database = (SELECT oid FROM pg_database WHERE datname = current_database()))"""


class PostgreSQLEngine:
    """Full text in the portal's own database."""

    name = "postgresql"
    prepare = staticmethod(prepared)

    def __init__(self) -> None:
        self._counts: Remembered[Counts] = Remembered(COUNTS_KEPT)

    # Reading

    def state(self) -> State | None:
        """Say what is indexed, from the comment of the table."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT obj_description(to_regclass(%s), 'pg_class')", [LIVE])
            (comment,) = cursor.fetchone()
        try:
            said = json.loads(comment or "{}")
        except ValueError:
            return None
        if said.get("version") != VERSION:
            return None
        return State(tuple(said["kinds"]), datetime.fromisoformat(said["updated"]))

    def count(self) -> int:
        """Count the documents of the index."""
        with _usable() as cursor:
            return _scalar(cursor, f"SELECT count(*) FROM {LIVE}", [])

    def find(self, ask: Ask) -> Found[Document]:
        """Answer one question."""
        return self._find(ask, "shown", lambda row: from_text(row[0]))

    def find_names(self, ask: Ask) -> Found[Name]:
        """Answer one question with names."""
        return self._find(ask, "kind, key", lambda row: (row[0], row[1]))

    def _find(self, ask: Ask, columns: str, hit_in: Callable[[tuple[str, ...]], T]) -> Found[T]:
        if ask.reading.asks_nothing:
            return Found(0, (), dict.fromkeys(ask.facets, ()))
        with self._reading() as (cursor, state):
            text = _Text.of(ask, cursor)
            where, values = _where(text, ask.conditions, cursor)
            order, order_values = text.order(ask.order)
            # The expression keeps the planner from walking an index by date to find rare words.
            ranked = f"ORDER BY newest + 0 DESC LIMIT {MOST_RANKED}" if order_values else ""
            cursor.execute(
                f"""SELECT {columns} FROM (SELECT * FROM {LIVE} WHERE {where} {ranked}) AS found
                    ORDER BY {order} LIMIT %s OFFSET %s""",
                [*values, *order_values, ask.limit, ask.offset],
            )
            hits = tuple(map(hit_in, cursor.fetchall()))
            counts = self._counts.get(
                (state.updated, ask.counted), lambda: _count_all(cursor, text, ask)
            )
            return Found(counts.total, hits, counts.facets)

    def facet_values(self, ask: Ask, facet: str, beginning: str) -> tuple[FacetCount, ...]:
        """Give the values of one facet that have a word with this beginning."""
        if ask.reading.asks_nothing:
            return ()
        with self._reading() as (cursor, _):
            text, conditions = _Text.of(ask, cursor), ask.conditions.without(facet)
            if not beginning:
                return _count_facets(cursor, text, conditions, {facet: ask.limit})[facet]
            where, values = _where(text, conditions, cursor)
            beginning = _like(f"{facet}{GAP}{beginning}")
            cursor.execute(
                f"""SELECT v.value, count(*) FROM {LIVE}, unnest(facets) AS id
                    JOIN search_value v USING (id)
                    WHERE {where} AND id IN (SELECT value FROM search_beginning WHERE form LIKE %s)
                    GROUP BY v.value ORDER BY 2 DESC, v.value COLLATE "C" LIMIT %s""",
                [*values, beginning, ask.limit],
            )
            return facet_counts(cursor.fetchall())

    def suggested(self, facet: str, beginning: str, limit: int) -> tuple[FacetCount, ...]:
        """Give the values of one facet in the whole index that have a word with this beginning."""
        with self._reading() as (cursor, _):
            cursor.execute(
                f"""SELECT v.value, (SELECT count(*) FROM {LIVE} WHERE facets && ARRAY[v.id])
                    FROM (SELECT DISTINCT value FROM search_beginning WHERE form LIKE %s
                          LIMIT {MOST_SUGGESTED}) AS begun
                    JOIN search_value v ON v.id = begun.value""",
                [_like(f"{facet}{GAP}{beginning}")],
            )
            return facet_counts(row for row in cursor.fetchall() if row[1])[:limit]

    def frequency(self, term: str) -> int:
        """Count the documents that have this term."""
        with self._reading() as (cursor, _):
            return _scalar(
                cursor,
                f"SELECT count(*) FROM {LIVE} WHERE words @@ %s::tsquery",
                [_phrase((term,), "")],
            )

    def near(self, term: str) -> tuple[Document, ...]:
        """Give some documents with words near this term."""
        with self._reading() as (cursor, _):
            near = [word for word in _near_words(term, cursor) if word != term]
            cursor.execute(
                f"""SELECT shown FROM unnest(%s::text[]) AS near, LATERAL (
                        SELECT shown FROM {LIVE}
                        WHERE words @@ near::tsquery AND NOT words @@ %s::tsquery LIMIT 5) AS found
                    LIMIT {NEAR_DOCUMENTS}""",
                [[_phrase((word,), "") for word in near], _phrase((term,), "")],
            )
            return tuple(from_text(shown) for (shown,) in cursor.fetchall())

    @contextmanager
    def _reading(self) -> Iterator[tuple[CursorWrapper, State]]:
        """Give a cursor, and the state of the index."""
        state = self.state()
        if state is None:
            raise IndexUnusableError("There is no index yet.")
        with _usable() as cursor:
            cursor.execute("SELECT set_config('work_mem', %s, true)", [READING_MEMORY])
            yield cursor, state

    # Writing

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Be the only writer; the server frees the lock when the connection dies."""
        with connection.cursor() as cursor:
            _take(cursor)
            try:
                yield
            finally:
                with suppress(DatabaseError):  # when the connection is lost, so is the lock
                    _scalar(cursor, "SELECT pg_advisory_unlock(%s)", [WRITER_LOCK])

    def is_being_written(self) -> bool:
        """Say whether somebody is writing now."""
        with connection.cursor() as cursor:
            return _scalar(cursor, _IS_WRITING, [WRITER_LOCK])

    def change(self, *, written: Iterable[Written], removed: Iterable[Name]) -> None:
        """Write and remove documents in one transaction."""
        with self.writing(), _usable() as cursor:
            kinds = self._in_use(cursor)
            _remove(cursor, removed)
            documents = iter(written)
            while batch := list(islice(documents, BATCH)):
                _write(cursor, LIVE, batch)
            _say(cursor, LIVE, kinds)

    @contextmanager
    def bulk(self, commit_every: int) -> Iterator["_Bulk"]:
        """Write much, in transactions of so many documents."""
        with self.writing():
            state = self.state()
            if state is None:
                self.change(written=(), removed=())
            bulk = _Bulk(state.kinds if state else (), commit_every)
            yield bulk
            bulk.commit()

    def _in_use(self, cursor: CursorWrapper) -> tuple[str, ...]:
        """Make the tables if need be, and give what is complete in them."""
        state = self.state()
        if state is None:
            _create(cursor, LIVE)
            _create_indexes(cursor, LIVE)
        return state.kinds if state else ()

    def replace_all(self, sections: Sections, *, expected: int = 0) -> Iterator[Written]:
        """Write a new table, then give it the name of the old one."""
        with self.writing(), connection.cursor() as cursor:
            table = LIVE if self.state() is None else NEW
            with transaction.atomic():
                _create(cursor, table)
                _say(cursor, table, ())
            kinds: tuple[str, ...] = ()
            for kind, documents in sections:
                remaining = iter(documents)
                while batch := list(islice(remaining, BATCH)):
                    with transaction.atomic():
                        _write(cursor, table, batch)
                    yield from batch
                kinds = (*kinds, kind)
                _say(cursor, table, kinds)
            with transaction.atomic():
                _create_indexes(cursor, table)
                if table == NEW:
                    cursor.execute(f"DROP TABLE {LIVE}; ALTER TABLE {NEW} RENAME TO {LIVE}")
        with connection.cursor() as cursor:
            cursor.execute(f"ANALYZE {LIVE}")


class _Bulk:
    """What writes much: it keeps documents until they are enough for a transaction."""

    def __init__(self, kinds: tuple[str, ...], commit_every: int) -> None:
        self._kinds, self._commit_every = kinds, commit_every
        self._written: dict[Name, Written] = {}
        self._removed: set[Name] = set()

    def write(self, document: Written, *, is_new: bool = False) -> None:
        """Write this document in place of the one of the same name; new ones cost no less here."""
        name = (document.kind, document.key)
        self._removed.discard(name)
        self._written[name] = document
        if len(self._written) >= self._commit_every:
            self.commit()

    def remove(self, name: Name) -> None:
        """Take this document out."""
        self._written.pop(name, None)
        self._removed.add(name)

    def commit(self) -> None:
        """Let the readers see what was written so far."""
        if not (self._written or self._removed):
            return
        documents = iter(self._written.values())
        with _usable() as cursor:
            _remove(cursor, self._removed)
            while batch := list(islice(documents, BATCH)):
                _write(cursor, LIVE, batch)
            _say(cursor, LIVE, self._kinds)
        self._written.clear()
        self._removed.clear()


@contextmanager
def _usable() -> Iterator[CursorWrapper]:
    """Give a cursor in a transaction; when the tables are not what they should be, say so for good."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            yield cursor
    except (ProgrammingError, InternalError) as error:
        with suppress(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"COMMENT ON TABLE {LIVE} IS NULL")
        raise IndexUnusableError(f"The index cannot be used: {error}") from error


def _scalar(cursor: CursorWrapper, statement: str, values: list[Any]) -> Any:
    cursor.execute(statement, values)
    return cursor.fetchone()[0]


def _take(cursor: CursorWrapper) -> None:
    deadline = time.monotonic() + WAIT_S
    while not _scalar(cursor, "SELECT pg_try_advisory_lock(%s)", [WRITER_LOCK]):
        if time.monotonic() >= deadline:
            raise IndexBusyError("The search index is being written by another process.")
        time.sleep(0.05)


def _create(cursor: CursorWrapper, table: str) -> None:
    cursor.execute(f"DROP TABLE IF EXISTS {table}")
    if table == LIVE:
        cursor.execute("DROP TABLE IF EXISTS search_word, search_value, search_beginning")
    cursor.execute(_CREATE.format(table=table))


def _create_indexes(cursor: CursorWrapper, table: str) -> None:
    cursor.execute(_CREATE_INDEXES.format(table=table))


def _say(cursor: CursorWrapper, table: str, kinds: tuple[str, ...]) -> None:
    """Write the state of the index in the comment of its table."""
    said = {"version": VERSION, "kinds": kinds, "updated": datetime.now(UTC).isoformat()}
    comment = sql.SQL("COMMENT ON TABLE {} IS {}").format(sql.Identifier(table), json.dumps(said))
    cursor.execute(comment.as_string(cursor.connection))


def _remove(cursor: CursorWrapper, names: Iterable[Name]) -> None:
    cursor.executemany(f"DELETE FROM {LIVE} WHERE (kind, key) = (%s, %s)", list(names))


def _write(cursor: CursorWrapper, table: str, documents: Iterable[Written]) -> None:
    ready = [
        document if isinstance(document, PreparedDocument) else prepared(cast("Document", document))
        for document in documents
    ]
    ids = _keep_values(cursor, ready)
    rows = [
        (
            d.kind,
            d.key,
            _vector(d),
            [ids[name, value] for name, values in d.facets.items() for value in values],
            d.filing,
            d.newest,
            d.latest,
            d.borrowed,
            d.year,
            d.shown,
        )
        for d in ready
    ]
    cursor.executemany(_WRITE.format(table=table), rows)
    _keep_words(cursor, {word for d in ready for field in d.terms for word in field.split()})


def _keep_values(
    cursor: CursorWrapper, documents: list[PreparedDocument]
) -> dict[tuple[str, str], int]:
    """Give the number of each value of their facets; new ones get one."""
    pairs = {(n, value) for d in documents for n, values in d.facets.items() for value in values}
    ids = _ids_of(cursor, pairs)
    unknown = sorted(pairs - ids.keys())
    if not unknown:
        return ids
    cursor.execute(_ADD_VALUES, _columns(unknown))
    added = {(name, value): number for number, name, value in cursor.fetchall()}
    cursor.executemany(
        "INSERT INTO search_beginning VALUES (%s, %s)", list(_beginnings(documents, added))
    )
    return ids | added


def _beginnings(
    documents: list[PreparedDocument], added: dict[tuple[str, str], int]
) -> Iterator[tuple[str, int]]:
    for text in {text for document in documents for text in document.beginnings}:
        facet, form, value = text.split(GAP)
        if (facet, value) in added:
            yield f"{facet}{GAP}{form}", added[facet, value]


def _ids_of(cursor: CursorWrapper, pairs: Iterable[tuple[str, str]]) -> dict[tuple[str, str], int]:
    """Give the number of these values of facets; those that are in no document have none."""
    cursor.execute(_FIND_VALUES, _columns(pairs))
    return {(name, value): number for number, name, value in cursor.fetchall()}


def _columns(pairs: Iterable[tuple[str, str]]) -> list[list[str]]:
    pairs = list(pairs)
    return [[name for name, _ in pairs], [value for _, value in pairs]]


def _keep_words(cursor: CursorWrapper, words: set[str]) -> None:
    cursor.execute(
        "SELECT word FROM unnest(%s::text[]) AS word EXCEPT SELECT word FROM search_word",
        [sorted(words)],
    )
    cursor.executemany(
        "INSERT INTO search_word VALUES (%s, %s) ON CONFLICT DO NOTHING",
        [(word, sorted(near_keys(word))) for (word,) in cursor.fetchall()],
    )


def _vector(document: PreparedDocument) -> str:
    """Write the terms with their positions and weights; they hold nothing to be quoted.

    Within the size that PostgreSQL takes: the end of an enormous text cannot be found.
    """
    written = [f"'#{number}'" for number in document.numbers.split()]
    size, position = 0, 0
    for field, weight in zip(document.terms, "ABCD", strict=True):
        for term in field.split():
            position += 1
            size += len(term.encode()) + 4
            if size < LARGEST_VECTOR_BYTES:
                written.append(f"'{term}':{position}{weight}")
        position += FIELD_GAP
    return " ".join(written)


# Queries


class _Text:
    """The reading as conditions and as an order."""

    def __init__(self, wanted: str, exact: str, excluded: list[str], whole: str) -> None:
        self.wanted, self.exact, self.excluded, self.whole = wanted, exact, excluded, whole

    @classmethod
    def of(cls, ask: Ask, cursor: CursorWrapper) -> "_Text":
        reading, field = ask.reading, "A" if ask.in_titles else ""
        exact = [_phrase(p, field) for p in (*((w,) for w in reading.words), *reading.phrases)]
        wanted = [_word(word, ask, field, cursor) for word in reading.words]
        wanted += exact[len(reading.words) :]
        numbers = [f"('#{n.whole}' | {_phrase(n.terms, field)})" for n in reading.numbers]
        both = " | " if ask.match is Match.SOME_WORDS else " & "
        excluded = [_phrase(phrase, "") for phrase in reading.excluded]
        wanted, exact = [*wanted, *numbers], [*exact, *numbers]
        return cls(both.join(wanted), " | ".join(exact), excluded, _whole(reading))

    def where(self) -> tuple[str, list[Any]]:
        """Give the condition on a document, and its values."""
        conditions = ["words @@ %s::tsquery"] if self.wanted else []
        values: list[Any] = []
        if self.wanted:
            values.append(f"({self.wanted}) | {self.whole}" if self.whole else self.wanted)
        for phrase in self.excluded:
            conditions.append("NOT words @@ %s::tsquery")
            values.append(phrase)
        return " AND ".join(conditions) or "TRUE", values

    def order(self, sort: Sort) -> tuple[str, list[Any]]:
        """Give the order of the hits, and its values."""
        if sort is not Sort.RELEVANCE:
            return f"{ORDERS[sort]}, kind, key", []
        rank = "ts_rank_cd(%s::real[], words, %s::tsquery, 1)"
        order, values = f"{rank} + 0.1 * {rank}", [WEIGHTS, self.exact, WEIGHTS, self.wanted]
        if len(self.whole) >= SHORTEST_NUMBER + len("'#'"):
            order += f" + {NUMBER_WEIGHT} * (words @@ %s::tsquery)::int"
            values.append(self.whole)
        return f"{order} DESC, kind, key", values


def _whole(reading: Reading) -> str:
    return f"'#{reading.whole}'" if reading.whole else ""


def _where(text: _Text, conditions: Conditions, cursor: CursorWrapper) -> tuple[str, list[Any]]:
    """Give the condition on a document, with what the hits are limited to."""
    where, values = text.where()
    ids = _ids_of(cursor, ((n, v) for n, chosen in conditions.values.items() for v in chosen))
    for name, chosen in conditions.values.items():
        numbers = [ids[name, value] for value in chosen if (name, value) in ids]
        if name != "year" or not conditions.years:
            where += " AND facets && %s::int[]"
            values.append(numbers)
    if conditions.years:
        in_years, year_values = _in_years(conditions.years)
        where += f" AND ({in_years} OR facets && %s::int[])"
        chosen = conditions.values.get("year", ())
        values += [*year_values, [ids["year", v] for v in chosen if ("year", v) in ids]]
    if conditions.since:
        where += " AND newest >= %s"
        values.append(newest_from(conditions.since))
    if conditions.keys is not None:
        where += " AND (kind, key) IN (SELECT * FROM unnest(%s::text[]) AS kind, unnest(%s::text[]) AS key)"
        values += [list(conditions.kinds), list(conditions.keys)]
    return where, values


def _in_years(ranges: Iterable[Years]) -> tuple[str, list[int]]:
    """Give the condition of being in one of these ranges, and its values."""
    written, values = [], []
    for first, last in ranges:
        written.append("year BETWEEN %s AND %s")
        values += [FIRST_YEAR if first is None else first, LAST_YEAR if last is None else last]
    return " OR ".join(written), values


def _like(beginning: str) -> str:
    """Give the pattern of what begins so; it holds only letters, figures, spaces and names of facets."""
    return beginning.replace("_", r"\_") + "%"


def _phrase(phrase: Phrase, field: str) -> str:
    words = " <-> ".join(f"'{word}':{field}" if field else f"'{word}'" for word in phrase)
    return f"({words})"


def _word(word: str, ask: Ask, field: str, cursor: CursorWrapper) -> str:
    """Ask for the word, or for the beginning of one, or for words near it."""
    ways = [_phrase((word,), field)]
    if word == ask.reading.last_word:
        ways.append(f"'{ask.reading.beginning}':*{field}")
    if ask.match is Match.NEAR_WORDS and tolerated(word):
        ways += [_phrase((near,), field) for near in _near_words(word, cursor)]
    return f"({' | '.join(ways)})"


def _near_words(word: str, cursor: CursorWrapper) -> list[str]:
    cursor.execute(
        "SELECT word FROM search_word WHERE near_keys && %s::text[]", [sorted(near_keys(word))]
    )
    near = [found for (found,) in cursor.fetchall() if is_near(word, found)]
    return sorted(near, key=lambda found: (distance(word, found), found))[:MOST_NEAR_WORDS]


def _count_all(cursor: CursorWrapper, text: _Text, ask: Ask) -> Counts:
    """Count the facets that are not filtered in one go, and each filtered one without its own filter."""
    filtered = [name for name in ask.facets if ask.conditions.bears_on(name)]
    free = {name: ask.size_of(name) for name in ask.facets if name not in filtered}
    counted = _count_facets(cursor, text, ask.conditions, free)
    for name in filtered:
        conditions = ask.conditions.without(name)
        counted |= _count_facets(cursor, text, conditions, {name: ask.size_of(name)})
    where, values = _where(text, ask.conditions, cursor)
    total = _scalar(cursor, f"SELECT count(*) FROM {LIVE} WHERE {where}", values)
    return Counts(total, {name: counted[name] for name in ask.facets})


def _count_facets(
    cursor: CursorWrapper, text: _Text, conditions: Conditions, sizes: Mapping[str, int]
) -> dict[str, tuple[FacetCount, ...]]:
    """Count the values of these facets in one pass over what is found."""
    if not sizes:
        return {}
    where, values = _where(text, conditions, cursor)
    cursor.execute(
        _COUNT_FACETS.format(table=LIVE, where=where),
        [*values, list(sizes), max(sizes.values())],
    )
    counts: dict[str, list[tuple[str, int]]] = {name: [] for name in sizes}
    for name, value, count in cursor.fetchall():
        counts[name].append((value, count))
    return {name: facet_counts(found)[: sizes[name]] for name, found in counts.items()}
