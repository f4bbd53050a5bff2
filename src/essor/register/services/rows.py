"""Many rows at once, when making a model of each would cost more than storing it.

Values are given as the store takes them, in the order of the fields: JSON as text.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.db import connection, models

REMOVED_AT_ONCE = 5_000
"""Rows taken out in one transaction: other writers wait no longer than that takes."""

_WHILE_WRITING = {"cache_size": -256_000, "wal_autocheckpoint": 50_000}
"""Of SQLite: kilobytes of pages kept at hand, and pages of its journal before they are brought home."""


@contextmanager
def writing_much() -> Iterator[None]:
    """Have SQLite keep pages longer before it writes them: rows change pages of their indexes all over."""
    if connection.vendor != "sqlite":
        yield
        return
    with connection.cursor() as cursor:
        usual = {}
        for name, value in _WHILE_WRITING.items():
            (usual[name],) = cursor.execute(f"PRAGMA {name}").fetchone()
            cursor.execute(f"PRAGMA {name} = {value}")
        try:
            yield
        finally:
            for name, value in usual.items():
                cursor.execute(f"PRAGMA {name} = {value}")


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
