"""Many rows at once, when building a model for each costs more than all the rest of an import.

Values are given as the store takes them: the caller has put JSON into text and dates into the
form of the connection. SQLite and PostgreSQL share the one statement used here.
"""

from collections.abc import Sequence
from typing import Any

from django.db import connection, models


def insert_rows(
    model: type[models.Model],
    fields: Sequence[str],
    rows: Sequence[tuple[Any, ...]],
    *,
    unique: Sequence[str] = (),
    kept: Sequence[str] = (),
) -> None:
    """Insert rows, whose values are in the order of the fields.

    A row that is already there by its `unique` fields takes the new values, but for those `kept`.
    """
    if not rows:
        return
    columns = [_column(model, name) for name in fields]
    places = ", ".join(["%s"] * len(columns))
    statement = (
        f"INSERT INTO {_quoted(model._meta.db_table)} ({', '.join(columns)}) VALUES ({places})"  # noqa: S608
    )
    if unique:
        key = ", ".join(_column(model, name) for name in unique)
        changing = [_column(model, name) for name in fields if name not in {*unique, *kept}]
        changes = ", ".join(f"{column} = EXCLUDED.{column}" for column in changing)
        statement += f" ON CONFLICT ({key}) DO UPDATE SET {changes}"
    with connection.cursor() as cursor:
        cursor.executemany(statement, rows)


def _column(model: type[models.Model], name: str) -> str:
    return _quoted(str(getattr(model._meta.get_field(name), "column", name)))


def _quoted(name: str) -> str:
    return connection.ops.quote_name(name)
