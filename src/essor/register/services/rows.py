"""Many rows at once, when making a model of each would cost more than storing it.

Values are given as the store takes them, in the order of the fields: JSON as text.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.db import connection, models

REMOVED_AT_ONCE = 5_000
"""Rows taken out in one transaction: other writers wait no longer than that takes."""

WRITING_MEMORY_KB = 256_000


@contextmanager
def writing_much() -> Iterator[None]:
    """Let SQLite keep the pages of indexes at hand, which rows in another order than theirs change all over."""
    if connection.vendor != "sqlite":
        yield
        return
    with connection.cursor() as cursor:
        (usual,) = cursor.execute("PRAGMA cache_size").fetchone()
        cursor.execute(f"PRAGMA cache_size = -{WRITING_MEMORY_KB}")
        try:
            yield
        finally:
            cursor.execute(f"PRAGMA cache_size = {usual}")


def insert_rows(
    model: type[models.Model], fields: Sequence[str], rows: Sequence[tuple[Any, ...]]
) -> None:
    """Insert new rows."""
    if not rows:
        return
    columns = ", ".join(column_of(model, name) for name in fields)
    places = ", ".join(["%s"] * len(fields))
    statement = f"INSERT INTO {_quoted(model._meta.db_table)} ({columns}) VALUES ({places})"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.executemany(statement, rows)


def removed_by_parts(rows: models.QuerySet[Any]) -> Iterator[int]:
    """Take rows out some thousands at a time, each time for good; give how many each time."""
    while keys := list(rows.order_by("pk").values_list("pk", flat=True)[:REMOVED_AT_ONCE]):
        rows.model._default_manager.filter(pk__gte=keys[0], pk__lte=keys[-1]).filter(
            pk__in=rows.values("pk")
        ).delete()
        yield len(keys)


def column_of(model: type[models.Model], name: str) -> str:
    """Give the column of a field, as a statement names it."""
    return _quoted(str(getattr(model._meta.get_field(name), "column", name)))


def _quoted(name: str) -> str:
    return connection.ops.quote_name(name)
