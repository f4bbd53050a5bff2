"""The shared engine: full text in the portal's own PostgreSQL, for web workers on several machines.

The index is two tables that the engine makes itself, outside migrations: like a folder, they are
disposable and rebuilt from the store. `search_document` has the terms as a tsvector (A title,
B keywords, D body); its comment says what is complete in it, so that both are swapped together.
`search_word` has every term ever indexed, under keys that bring near words together.
"""

# ruff: noqa: S608 - what is put in statements is written in this file; all else is a value

import json
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from itertools import islice
from typing import Any

from django.db import DatabaseError, InternalError, ProgrammingError, connection, transaction
from django.db.backends.utils import CursorWrapper
from psycopg import sql

from essor.search.engines import FACET_VALUES, Ask, Found, Name, Sections, facet_counts
from essor.search.engines.stored import VERSION, Terms, from_text, terms_of, to_text
from essor.search.reading import Phrase
from essor.search.spelling import distance, is_near, near_keys, tolerated
from essor.search.types import (
    Document,
    FacetCount,
    IndexBusyError,
    IndexUnusableError,
    Match,
    Sort,
    State,
)

LIVE = "search_document"
NEW = "search_document_new"
WRITER_LOCK = 0x6573736F72  # "essor": the advisory lock of the one writer

WEIGHTS = "{0.1, 0.1, 0.5, 1.0}"  # D, C, B, A
FIELD_GAP = 100
"""Positions between two fields: no phrase goes from one to the other."""
LARGEST_VECTOR_BYTES = 1_000_000
MOST_NEAR_WORDS = 20

WAIT_S = 5.0
BATCH = 500

_CREATE = """
CREATE TABLE {table} (
    kind text NOT NULL, key text NOT NULL, words tsvector NOT NULL, facets jsonb NOT NULL,
    day date, shown text NOT NULL, PRIMARY KEY (kind, key));
CREATE TABLE IF NOT EXISTS search_word (word text PRIMARY KEY, near_keys text[] NOT NULL);
CREATE INDEX IF NOT EXISTS search_word_near_keys ON search_word USING gin (near_keys)"""
_CREATE_INDEXES = """
CREATE INDEX ON {table} USING gin (words);
CREATE INDEX ON {table} USING gin (facets jsonb_path_ops)"""
_WRITE = """
INSERT INTO {table} (kind, key, words, facets, day, shown)
VALUES (%s, %s, %s::tsvector, %s::jsonb, %s, %s)
ON CONFLICT (kind, key) DO UPDATE SET words = excluded.words, facets = excluded.facets,
    day = excluded.day, shown = excluded.shown"""
_IS_WRITING = """
SELECT EXISTS (SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND granted
    AND (classid::bigint << 32) | objid::bigint = %s
    AND database = (SELECT oid FROM pg_database WHERE datname = current_database()))"""


class PostgreSQLEngine:
    """Full text in the portal's own database."""

    name = "postgresql"

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

    def find(self, ask: Ask) -> Found:
        """Answer one question."""
        if ask.reading.asks_nothing:
            return Found(0, (), dict.fromkeys(ask.facets, ()))
        if self.state() is None:
            raise IndexUnusableError("There is no index yet.")
        with _usable() as cursor:
            text = _Text.of(ask, cursor)
            where, values = text.where(ask.filters)
            total = _scalar(cursor, f"SELECT count(*) FROM {LIVE} WHERE {where}", values)
            order, order_values = text.order(ask.sort)
            cursor.execute(
                f"SELECT shown FROM {LIVE} WHERE {where} ORDER BY {order} LIMIT %s OFFSET %s",
                [*values, *order_values, ask.limit, ask.offset],
            )
            documents = tuple(from_text(shown) for (shown,) in cursor.fetchall())
            return Found(total, documents, _count_facets(cursor, text, ask))

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

    def change(self, *, written: Iterable[Document], removed: Iterable[Name]) -> None:
        """Write and remove documents in one transaction."""
        with self.writing(), _usable() as cursor:
            state = self.state()
            if state is None:
                _create(cursor, LIVE)
                _create_indexes(cursor, LIVE)
            cursor.executemany(f"DELETE FROM {LIVE} WHERE (kind, key) = (%s, %s)", list(removed))
            documents = iter(written)
            while batch := list(islice(documents, BATCH)):
                _write(cursor, LIVE, batch)
            _say(cursor, LIVE, state.kinds if state else ())

    def replace_all(self, sections: Sections) -> Iterator[Document]:
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
        cursor.execute("DROP TABLE IF EXISTS search_word")
    cursor.execute(_CREATE.format(table=table))


def _create_indexes(cursor: CursorWrapper, table: str) -> None:
    cursor.execute(_CREATE_INDEXES.format(table=table))


def _say(cursor: CursorWrapper, table: str, kinds: tuple[str, ...]) -> None:
    """Write the state of the index in the comment of its table."""
    said = {"version": VERSION, "kinds": kinds, "updated": datetime.now(UTC).isoformat()}
    comment = sql.SQL("COMMENT ON TABLE {} IS {}").format(sql.Identifier(table), json.dumps(said))
    cursor.execute(comment.as_string(cursor.connection))


def _write(cursor: CursorWrapper, table: str, documents: list[Document]) -> None:
    terms = [terms_of(document) for document in documents]
    rows = [
        (d.kind, d.key, _vector(t), json.dumps(d.all_facets), d.date, to_text(d))
        for d, t in zip(documents, terms, strict=True)
    ]
    cursor.executemany(_WRITE.format(table=table), rows)
    _keep_words(cursor, {word for t in terms for field in t for word in field})


def _keep_words(cursor: CursorWrapper, words: set[str]) -> None:
    cursor.execute(
        "SELECT word FROM unnest(%s::text[]) AS word EXCEPT SELECT word FROM search_word",
        [sorted(words)],
    )
    cursor.executemany(
        "INSERT INTO search_word VALUES (%s, %s) ON CONFLICT DO NOTHING",
        [(word, sorted(near_keys(word))) for (word,) in cursor.fetchall()],
    )


def _vector(terms: Terms) -> str:
    """Write the terms with their positions and weights; they hold nothing to be quoted.

    Within the size that PostgreSQL takes: the end of an enormous text cannot be found.
    """
    written, size, position = [], 0, 0
    for field, weight in zip(terms, "ABD", strict=True):
        for term in field:
            position += 1
            size += len(term.encode()) + 4
            if size < LARGEST_VECTOR_BYTES:
                written.append(f"'{term}':{position}{weight}")
        position += FIELD_GAP
    return " ".join(written)


# Queries


class _Text:
    """The reading as conditions and as an order."""

    def __init__(self, wanted: str, exact: str, excluded: list[str]) -> None:
        self.wanted, self.exact, self.excluded = wanted, exact, excluded

    @classmethod
    def of(cls, ask: Ask, cursor: CursorWrapper) -> "_Text":
        reading, field = ask.reading, "A" if ask.in_titles else ""
        exact = [_phrase(p, field) for p in (*((w,) for w in reading.words), *reading.phrases)]
        wanted = [_word(word, ask, field, cursor) for word in reading.words]
        wanted += exact[len(reading.words) :]
        both = " | " if ask.match is Match.SOME_WORDS else " & "
        excluded = [_phrase(phrase, "") for phrase in reading.excluded]
        return cls(both.join(wanted), " | ".join(exact), excluded)

    def where(self, filters: Mapping[str, tuple[str, ...]]) -> tuple[str, list[Any]]:
        """Give the condition on a document, and its values."""
        conditions = ["words @@ %s::tsquery"] if self.wanted else []
        values: list[Any] = [self.wanted] if self.wanted else []
        for phrase in self.excluded:
            conditions.append("NOT words @@ %s::tsquery")
            values.append(phrase)
        for name, chosen in filters.items():
            conditions.append("facets @> ANY (%s::jsonb[])")
            values.append([json.dumps({name: [value]}) for value in chosen])
        return " AND ".join(conditions) or "TRUE", values

    def order(self, sort: Sort) -> tuple[str, list[Any]]:
        """Give the order of the hits, and its values."""
        if sort is Sort.NEWEST or not self.wanted:
            return "day DESC NULLS LAST, kind, key", []
        rank = "ts_rank_cd(%s::real[], words, %s::tsquery, 1)"
        return (
            f"{rank} + 0.1 * {rank} DESC, kind, key",
            [WEIGHTS, self.exact, WEIGHTS, self.wanted],
        )


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


def _count_facets(
    cursor: CursorWrapper, text: _Text, ask: Ask
) -> dict[str, tuple[FacetCount, ...]]:
    """Count all facets in one statement, each one without its own filter."""
    selects, values = [], []
    for name in ask.facets:
        others = {other: chosen for other, chosen in ask.filters.items() if other != name}
        where, where_values = text.where(others)
        selects.append(
            f"(SELECT %s, value, count(*) FROM {LIVE}, jsonb_array_elements_text(facets -> %s) AS value"
            f" WHERE {where} GROUP BY value ORDER BY 3 DESC, 2 LIMIT {FACET_VALUES})"
        )
        values += [name, name, *where_values]
    if not selects:
        return {}
    cursor.execute(" UNION ALL ".join(selects), values)
    counts: dict[str, list[tuple[str, int]]] = {name: [] for name in ask.facets}
    for name, value, count in cursor.fetchall():
        counts[name].append((value, count))
    return {name: facet_counts(found) for name, found in counts.items()}
