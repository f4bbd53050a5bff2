"""Many rows at once, when building a model for each costs more than all the rest of an import.

Values are given as the store takes them: the caller has put JSON into text and dates into the
form of the connection. SQLite and PostgreSQL share the statements used here, but for the keys that
are taken ahead: rows that will be known by their key before they are stored.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, TypeVar

from django.db import connection, models, transaction

MOST_VALUES = 900
"""Values in one IN: what every SQLite accepts."""

Value = TypeVar("Value")

USUAL_PAGES, MANY_PAGES = 1_000, 10_000
"""Pages of the journal of SQLite after which they go into the base: its own choice, and 40 MB."""


def insert_rows(
    model: type[models.Model],
    fields: Sequence[str],
    rows: Sequence[tuple[Any, ...]],
    *,
    unique: Sequence[str] = (),
    changing: Sequence[str] = (),
) -> None:
    """Insert rows, whose values are in the order of the fields.

    A row that is already there by its `unique` fields takes the new values of the `changing` ones.
    """
    if not rows:
        return
    columns = [_column(model, name) for name in fields]
    places = ", ".join(["%s"] * len(columns))
    statement = f"INSERT INTO {_table(model)} ({', '.join(columns)}) VALUES ({places})"  # noqa: S608
    if unique:
        key = ", ".join(_column(model, name) for name in unique)
        changes = ", ".join(f"{_column(model, n)} = EXCLUDED.{_column(model, n)}" for n in changing)
        statement += f" ON CONFLICT ({key}) DO {f'UPDATE SET {changes}' if changes else 'NOTHING'}"
    with connection.cursor() as cursor:
        cursor.executemany(statement, rows)


def update_rows(
    model: type[models.Model],
    fields: Sequence[str],
    rows: Sequence[tuple[Any, ...]],
    *,
    unless: Mapping[str, str] | None = None,
) -> None:
    """Change rows; the values are in the order of the fields, and the key of the row comes last.

    `unless` gives, for a field, another one that keeps it as it is in the rows where it is true.
    """
    if not rows:
        return
    changes = ", ".join(_change(model, name, (unless or {}).get(name)) for name in fields)
    statement = f"UPDATE {_table(model)} SET {changes} WHERE {_column(model, 'id')} = %s"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.executemany(statement, rows)


def _change(model: type[models.Model], name: str, keeping: str | None) -> str:
    column = _column(model, name)
    if keeping is None:
        return f"{column} = %s"
    return f"{column} = CASE WHEN {_column(model, keeping)} THEN {column} ELSE %s END"


def delete_rows(model: type[models.Model], keys: Sequence[int]) -> None:
    """Delete rows by their key, as they are: no signal is sent, nothing else is looked for."""
    for part in in_parts(keys):
        places = ", ".join(["%s"] * len(part))
        statement = f"DELETE FROM {_table(model)} WHERE {_column(model, 'id')} IN ({places})"  # noqa: S608
        with connection.cursor() as cursor:
            cursor.execute(statement, list(part))


@contextmanager
def few_checkpoints() -> Iterator[None]:
    """Let the journal of SQLite grow: a page that much is written to goes into the base once, not each time."""
    if connection.vendor != "sqlite":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA wal_autocheckpoint = {MANY_PAGES}")
        try:
            yield
        finally:
            cursor.execute(f"PRAGMA wal_autocheckpoint = {USUAL_PAGES}")


def reserved_keys(model: type[models.Model], count: int) -> list[int]:
    """Take so many keys that no other row will ever have; those left unused are lost, harmlessly."""
    if not count:
        return []
    table = model._meta.db_table
    with transaction.atomic(savepoint=False), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            sequence = (
                "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)"
            )
            cursor.execute(sequence, [table, count])
            return sorted(key for (key,) in cursor.fetchall())
        # Keys of Django's tables are AUTOINCREMENT: SQLite keeps the last one given in this table.
        cursor.execute("UPDATE sqlite_sequence SET seq = seq + %s WHERE name = %s", [count, table])
        if not cursor.rowcount:
            cursor.execute(
                "INSERT INTO sqlite_sequence (name, seq) VALUES (%s, %s)", [table, count]
            )
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
        last = cursor.fetchone()[0]
    return list(range(last - count + 1, last + 1))


def in_parts(values: Sequence[Value]) -> Iterator[Sequence[Value]]:
    """Cut a list of values so that each part fits in one IN."""
    for start in range(0, len(values), MOST_VALUES):
        yield values[start : start + MOST_VALUES]


def _table(model: type[models.Model]) -> str:
    return _quoted(model._meta.db_table)


def _column(model: type[models.Model], name: str) -> str:
    return _quoted(str(getattr(model._meta.get_field(name), "column", name)))


def _quoted(name: str) -> str:
    return connection.ops.quote_name(name)
