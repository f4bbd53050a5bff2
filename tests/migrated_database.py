"""Keep a migrated database: applying 240 migrations takes longer than many tests.

It is named after the content of all migrations; Django still runs `migrate` on its copy, so a
missing step is applied and never hidden. That of SQLite lies in the virtual environment, from one
run to the next; that of PostgreSQL is a template on the server, made by the first of the processes
that run tests while the others wait.
"""

import hashlib
import inspect
import os
import shutil
import sqlite3
import sys
from contextlib import closing
from pathlib import Path

import psycopg
from django.apps import apps
from django.db import connection

FOLDER = Path(sys.prefix) / "tests"


def kept_database() -> Path:
    """Give the path of the database of these very migrations; it may not exist yet."""
    return FOLDER / f"migrated-{_digest()}.sqlite3"


def _digest() -> str:
    """Name the content of all migrations."""
    digest = hashlib.sha256()
    for config in apps.get_app_configs():
        folder = Path(inspect.getfile(config.module)).parent / "migrations"
        for file in sorted(folder.glob("*.py")):
            digest.update(f"{config.label}/{file.name}\n".encode())
            digest.update(file.read_bytes())
    return digest.hexdigest()[:16]


def take(copy: Path) -> None:
    """Copy the kept database, when there is one."""
    if (kept := kept_database()).exists():
        shutil.copyfile(kept, copy)


def keep(database: Path) -> None:
    """Keep a migrated database for later runs, in place of those of other migrations."""
    kept = kept_database()
    if kept.exists():
        return
    FOLDER.mkdir(exist_ok=True)
    for old in FOLDER.glob("migrated-*.sqlite3"):
        old.unlink(missing_ok=True)
    unfinished = kept.with_suffix(f".{os.getpid()}")
    with closing(sqlite3.connect(database)) as source, closing(sqlite3.connect(unfinished)) as new:
        source.backup(new)
    unfinished.replace(kept)


class Template:
    """The migrated database that is copied on PostgreSQL, where copying one takes a moment."""

    def __init__(self) -> None:
        self.name = f"migrated-{_digest()}"
        self._server: psycopg.Connection | None = None

    def take(self) -> None:
        """Let Django copy it; where there is none yet, make the others wait until `keep`."""
        self._server = _server_of_databases()
        self._server.execute("SELECT pg_advisory_lock(hashtext('migrated'))")
        found = self._server.execute("SELECT 1 FROM pg_database WHERE datname = %s", [self.name])
        if found.fetchone():
            connection.settings_dict["TEST"]["TEMPLATE"] = self.name
            self._release()

    def keep(self) -> None:
        """Make it from the database that Django has just migrated, unless that is a copy of it."""
        if self._server is None:
            return
        connection.close()  # a database in use cannot be copied
        self._server.execute(
            f'CREATE DATABASE "{self.name}" TEMPLATE "{connection.settings_dict["NAME"]}"'
        )
        self._release()

    def _release(self) -> None:
        if self._server is not None:
            self._server.close()
            self._server = None


def _server_of_databases() -> psycopg.Connection:
    named = {**connection.get_connection_params(), "dbname": "postgres"}
    ways = {
        name: named[name]
        for name in ("dbname", "user", "password", "host", "port")
        if name in named
    }
    return psycopg.connect(**ways, autocommit=True)
