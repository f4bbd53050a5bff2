"""Keep a migrated SQLite database between runs: applying 240 migrations takes longer than the tests.

It lies in the virtual environment, named after the content of all migrations; Django still runs
`migrate` on its copy, so a missing step is applied and never hidden.
"""

import hashlib
import inspect
import os
import shutil
import sqlite3
import sys
from contextlib import closing
from pathlib import Path

from django.apps import apps

FOLDER = Path(sys.prefix) / "tests"


def kept_database() -> Path:
    """Give the path of the database of these very migrations; it may not exist yet."""
    digest = hashlib.sha256()
    for config in apps.get_app_configs():
        folder = Path(inspect.getfile(config.module)).parent / "migrations"
        for file in sorted(folder.glob("*.py")):
            digest.update(f"{config.label}/{file.name}\n".encode())
            digest.update(file.read_bytes())
    return FOLDER / f"migrated-{digest.hexdigest()[:16]}.sqlite3"


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
