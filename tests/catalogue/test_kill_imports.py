"""An import that is killed, at whatever moment, is gone on with and ends with the same content."""

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests import migrated_database
from tests.catalogue.builders import a_book

pytestmark = pytest.mark.processes

RECORDS = 6_000
LIMIT_S = 240
CONTENT = """
    SELECT r.control_number, r.title, r.loans, r.withdrawn_at IS NULL, i.barcode, i.call_number, n.value, w.key
    FROM catalogue_record r
    LEFT JOIN catalogue_item i ON i.record_id = r.id
    LEFT JOIN catalogue_recordidentifier n ON n.record_id = r.id
    LEFT JOIN catalogue_work w ON w.id = r.work_id
    ORDER BY r.control_number, i.barcode, n.value
"""


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    path = tmp_path_factory.mktemp("file") / "notices.mrc"
    with path.open("wb") as out:
        for n in range(RECORDS):
            item = f"995 $bMED$f{n:08}$kR {n}$x{n % 50}"
            long = "330 $a" + "Résumé de l’économie sociale et solidaire. " * 5
            out.write(a_book(str(n), f"Titre {n}", f"Nom{n % 900}, Jean", item, long))
    return path


def essor(home, *words, **options):
    environ = {**os.environ, "ESSOR_HOME": str(home), "ESSOR_LOG_LEVEL": "ERROR"}
    environ["DJANGO_SETTINGS_MODULE"] = "essor.settings"
    environ.pop("DATABASE_URL", None)
    command = [sys.executable, "-m", "essor", *words]
    return subprocess.Popen(command, env=environ, stdout=subprocess.DEVNULL, **options)


def done(process):
    assert process.wait(LIMIT_S) == 0


@pytest.fixture(scope="module")
def empty_home(tmp_path_factory):
    """A portal that has nothing yet, to be copied: making one takes longer than all the rest."""
    home = tmp_path_factory.mktemp("empty")
    migrated_database.take(home / "essor.sqlite3")
    done(essor(home, "migrate"))
    return home


@pytest.fixture(scope="module")
def uninterrupted(file, empty_home, tmp_path_factory):
    home = tmp_path_factory.mktemp("whole")
    shutil.copytree(empty_home, home, dirs_exist_ok=True)
    done(essor(home, "import_records", str(file)))
    return content_of(home)


def content_of(home):
    with sqlite3.connect(home / "essor.sqlite3") as store:
        return store.execute(CONTENT).fetchall()


def how_many(home, question):
    with sqlite3.connect(home / "essor.sqlite3", timeout=20) as store:
        return store.execute(question).fetchone()[0]


def wait_for_records(home, count):
    deadline = time.monotonic() + LIMIT_S
    while how_many(home, "SELECT count(*) FROM catalogue_record") < count:
        assert time.monotonic() < deadline
        time.sleep(0.02)


def children_of(pid):
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text()
    return [int(child) for child in children.split()]


def is_alive(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().split(") ")[1][0] != "Z"
    except FileNotFoundError:
        return False


@pytest.mark.parametrize("moments", [(1,), (500, 3_000)])
def test_a_killed_import_goes_on_and_ends_with_the_same_content(
    moments, file, uninterrupted, empty_home, tmp_path
):
    shutil.copytree(empty_home, tmp_path, dirs_exist_ok=True)
    for moment in moments:
        process = essor(tmp_path, "import_records", str(file))
        wait_for_records(tmp_path, moment)
        children = children_of(process.pid)
        process.send_signal(signal.SIGKILL)
        process.wait()
        # A record is never there without its item.
        assert how_many(tmp_path, WITHOUT_ITEM) == 0
        deadline = time.monotonic() + 30
        while any(map(is_alive, children)):
            assert time.monotonic() < deadline, "the second process outlives the first"
            time.sleep(0.05)
    done(essor(tmp_path, "import_records", str(file)))

    assert content_of(tmp_path) == uninterrupted
    runs = "SELECT count(*) || state || min(new) FROM catalogue_importrun"
    assert how_many(tmp_path, runs) == f"1finished{RECORDS}"
    assert how_many(tmp_path, "SELECT count(*) FROM search_pendingchange") == 0


WITHOUT_ITEM = """
    SELECT count(*) FROM catalogue_record r
    WHERE NOT EXISTS (SELECT 1 FROM catalogue_item i WHERE i.record_id = r.id)
"""
