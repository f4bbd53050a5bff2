"""The index follows the store, and heals: missing, damaged, old or late, it says so and is made whole."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from essor import search
from essor.search.engines import engine
from essor.search.models import PendingChange
from essor.search.services import health, index_pending, keep_whole, note_changes, rebuild
from tests.search.builders import Shelf, a_document, find, found

ROOT = Path(__file__).parents[2]


def rebuild_now():
    return [document.key for document in rebuild()]


@pytest.fixture
def impatient(monkeypatch):
    """Wait for a busy index no longer than a test can."""
    for name in ("tantivy", "postgresql"):
        monkeypatch.setattr(f"essor.search.engines.{name}.WAIT_S", 0.1)


@contextlib.contextmanager
def written_by_somebody_else():
    """Let another thread hold the lock of the writer."""
    held, done = threading.Event(), threading.Event()

    def hold():
        with engine().writing():
            held.set()
            done.wait(20)
        connection.close()

    writer = threading.Thread(target=hold)
    writer.start()
    assert held.wait(20)
    try:
        yield
    finally:
        done.set()
        writer.join()


# Missing, damaged, of another version


@pytest.mark.usefixtures("both")
def test_a_missing_index_is_said_and_made(articles):
    articles.put(a_document("Une histoire"))

    first = find("histoire")

    assert (first.total, first.missing, first.is_incomplete) == (0, ("article",), True)
    second = find("histoire")
    assert (second.total, second.missing, second.is_incomplete) == (1, (), False)


@pytest.mark.usefixtures("both")
def test_suggestions_do_without_an_index(articles):
    assert search.index().suggest("hist") == ()


@pytest.mark.usefixtures("both")
def test_the_upkeep_is_asked_for_once_in_a_while(articles):
    cache.add("search.upkeep", True)
    assert find("histoire").is_incomplete
    assert find("histoire").is_incomplete


@pytest.mark.usefixtures("both")
def test_a_new_kind_is_missing_until_it_is_indexed(articles):
    articles.put(a_document("Une histoire"))
    keep_whole()
    search.register("record", Shelf(a_document("Une notice", kind="record")))

    assert find("notice").missing == ("record",)
    assert not find("histoire", {"kind": ("article",)}).is_incomplete
    assert found("notice") == ["Une notice"]


def test_an_index_of_another_version_is_made_again(tantivy_engine, articles):
    articles.put(a_document("Une histoire"))
    keep_whole()
    state = tantivy_engine.root / "state.json"
    state.write_text(json.dumps(json.loads(state.read_text()) | {"version": "0.0"}))

    assert find("histoire").is_incomplete
    assert found("histoire") == ["Une histoire"]


SPOILED = {
    "emptied": lambda content: b"",
    "shortened": lambda content: content[: len(content) // 2],
    "mangled": lambda content: b"\xff" * len(content),
}


@pytest.mark.parametrize("spoil", [*SPOILED, "removed"])
@pytest.mark.parametrize("file", ["meta.json", ".term", ".store", ".fast", ".idx"])
def test_a_damaged_file_is_noticed_and_healed(tantivy_engine, articles, file, spoil):
    articles.put(a_document("Une histoire", body="un texte " * 200))
    keep_whole()
    for path in tantivy_engine.root.glob(f"*/*{file}"):
        if spoil == "removed":
            path.unlink()
        else:
            path.write_bytes(SPOILED[spoil](path.read_bytes()))
    tantivy_engine._opened = None  # as in a process that starts

    assert find("histoire").is_incomplete
    assert found("histoire") == ["Une histoire"]


@pytest.mark.parametrize("state", ["", "{}", "[1]", '{"folder": "../..", "kinds": 3}', "\udcff"])
def test_a_state_that_cannot_be_read_is_no_index(tantivy_engine, articles, state):
    articles.put(a_document("Une histoire"))
    keep_whole()
    (tantivy_engine.root / "state.json").write_bytes(state.encode("utf-8", "surrogateescape"))

    assert find("histoire").is_incomplete
    assert found("histoire") == ["Une histoire"]


def test_a_damaged_index_is_not_written_to(tantivy_engine, articles):
    articles.put(a_document("Une histoire"))
    keep_whole()
    for meta in tantivy_engine.root.glob("*/meta.json"):
        meta.write_text("nonsense")

    with pytest.raises(search.IndexUnusableError):
        search.index().write([a_document("Une suite")])
    assert health().state is None


@pytest.mark.skipif(connection.vendor != "postgresql", reason="needs DATABASE_URL on PostgreSQL")
@pytest.mark.parametrize(
    "damage",
    [
        "ALTER TABLE search_document DROP COLUMN words",
        "DROP TABLE search_word",
        "COMMENT ON TABLE search_document IS 'nonsense'",
        """COMMENT ON TABLE search_document IS '{"version": "0.0"}'""",
        "DROP TABLE search_document",
    ],
)
@pytest.mark.parametrize("each_engine", ["postgresql"], indirect=True)
@pytest.mark.usefixtures("both")
def test_damaged_tables_are_noticed_and_healed(articles, damage):
    articles.put(a_document("Une histoire"))
    keep_whole()
    with connection.cursor() as cursor:
        cursor.execute(damage)

    find("histiore")  # the words near this one are in search_word
    assert found("histiore") == ["Une histoire"]


# Rebuilding


@pytest.mark.usefixtures("both")
def test_a_rebuilt_index_holds_what_the_store_holds(articles):
    search.index().write([a_document("Disparue")])
    articles.put(a_document("Une histoire"))
    articles.put(a_document("Une suite"))

    assert rebuild_now() == ["Une histoire", "Une suite"]
    assert set(found("")) == {"Une histoire", "Une suite"}
    assert health().is_whole


@pytest.mark.usefixtures("both")
def test_an_empty_store_makes_a_whole_index(articles):
    assert rebuild_now() == []
    assert (find("histoire").is_incomplete, health().documents) == (False, 0)


@pytest.mark.usefixtures("both")
def test_readers_keep_the_old_index_until_the_new_one_is_complete(articles):
    articles.put(a_document("Une histoire"))
    rebuild_now()
    articles.put(a_document("Une suite"))

    documents = rebuild()
    next(documents)

    assert found("") == ["Une histoire"]
    assert not find("").is_incomplete
    assert list(documents)
    assert set(found("")) == {"Une histoire", "Une suite"}


@pytest.mark.usefixtures("both")
def test_without_an_old_index_readers_see_the_new_one_grow(articles):
    articles.put(a_document("Une histoire"))
    search.register("record", Shelf(a_document("Une notice", kind="record")))

    cache.add("search.upkeep", True)  # nobody else is to mend it meanwhile

    documents = rebuild()
    next(documents)
    next(documents)  # the articles are complete

    assert found("histoire") == ["Une histoire"]
    assert find("histoire").missing == ("record",)
    assert list(documents) == []
    assert find("histoire").missing == ()


@pytest.mark.usefixtures("both")
def test_a_rebuild_that_fails_leaves_the_old_index(articles):
    articles.put(a_document("Une histoire"))
    rebuild_now()

    def documents():
        yield a_document("Une suite")
        raise OSError("the store went away")

    with pytest.raises(OSError, match="went away"):
        list(search.index().replace_all([("article", documents())]))

    assert_still_in_use(articles)


@pytest.mark.usefixtures("both")
def test_a_rebuild_that_is_stopped_leaves_the_old_index(articles):
    articles.put(a_document("Une histoire"))
    rebuild_now()

    documents = search.index().replace_all([("article", [a_document("Une suite")] * 3)])
    next(documents)
    documents.close()

    assert_still_in_use(articles)


def assert_still_in_use(articles):
    assert (found(""), health().is_being_written) == (["Une histoire"], False)
    articles.put(a_document("Une fin"))
    search.index().write(articles.documents())
    assert set(found("")) == {"Une histoire", "Une fin"}


def test_a_rebuild_leaves_no_old_folder(tantivy_engine, articles):
    for _ in range(3):
        rebuild_now()

    assert len([path for path in tantivy_engine.root.iterdir() if path.is_dir()]) == 1


@pytest.mark.usefixtures("both")
def test_the_command_rebuilds_and_says_how_much(articles, capsys):
    articles.put(a_document("Une histoire"))

    call_command("rebuild_search")

    assert "1 document" in capsys.readouterr().out
    assert found("histoire") == ["Une histoire"]


@pytest.mark.usefixtures("both", "impatient")
def test_the_command_says_that_the_index_is_busy(articles):
    with written_by_somebody_else(), pytest.raises(CommandError):
        call_command("rebuild_search")


# Following the store


@pytest.mark.usefixtures("both")
def test_a_change_is_indexed_once_committed(articles, django_capture_on_commit_callbacks):
    keep_whole()
    with django_capture_on_commit_callbacks(execute=True):
        articles.put(a_document("Une histoire"))
        note_changes("article", ["Une histoire"])
        assert found("histoire") == []

    assert found("histoire") == ["Une histoire"]
    assert health().waiting == 0


@pytest.mark.usefixtures("both")
def test_a_change_that_is_taken_back_is_not_indexed(articles):
    keep_whole()
    with contextlib.suppress(ValueError), transaction.atomic():
        note_changes("article", ["Une histoire"])
        raise ValueError

    assert index_pending() == 0


@pytest.mark.usefixtures("both")
def test_what_left_the_store_leaves_the_index(articles):
    articles.put(a_document("Une histoire"))
    articles.put(a_document("Une suite"))
    keep_whole()
    del articles.held["Une histoire"]

    note_changes("article", ["Une histoire", "Une suite", "jamais vue"])
    note_changes("unheard_of", ["1"])

    assert index_pending() == 4
    assert found("") == ["Une suite"]


@pytest.mark.usefixtures("both")
def test_many_changes_are_all_indexed(articles):
    keep_whole()
    for n in range(1_200):
        articles.put(a_document(f"Article {n}", key=str(n)))

    note_changes("article", range(1_200))

    assert index_pending() == 1_200
    assert health().documents == 1_200


@pytest.mark.usefixtures("both", "impatient")
def test_a_change_waits_while_somebody_writes(articles, django_capture_on_commit_callbacks):
    keep_whole()
    articles.put(a_document("Une histoire"))
    with written_by_somebody_else():
        assert health().is_being_written
        with django_capture_on_commit_callbacks(execute=True):
            note_changes("article", ["Une histoire"])
        assert (found("histoire"), health().waiting) == ([], 1)

    keep_whole()
    assert not health().is_being_written
    assert (found("histoire"), health().waiting) == (["Une histoire"], 0)


@pytest.mark.usefixtures("both", "impatient")
def test_readers_read_while_somebody_writes(articles):
    articles.put(a_document("Une histoire"))
    keep_whole()

    with written_by_somebody_else():
        assert found("histoire") == ["Une histoire"]


@pytest.mark.usefixtures("both")
def test_a_change_on_a_missing_index_makes_it(articles, django_capture_on_commit_callbacks):
    articles.put(a_document("Une histoire"))
    articles.put(a_document("Jamais notée"))
    with django_capture_on_commit_callbacks(execute=True):
        note_changes("article", ["Une histoire"])

    assert find("").is_incomplete
    assert set(found("")) == {"Une histoire", "Jamais notée"}


@pytest.mark.usefixtures("both")
def test_a_change_that_cannot_be_read_stays_noted(articles, monkeypatch):
    keep_whole()
    note_changes("article", ["Une histoire"])
    monkeypatch.setattr(articles, "documents_for", lambda keys: 1 / 0)

    with pytest.raises(ZeroDivisionError):
        index_pending()

    assert PendingChange.objects.count() == 1


# Several processes

READER = """
import sys
from pathlib import Path
from essor.search.engines.tantivy import TantivyEngine
engine = TantivyEngine(Path(sys.argv[1]))
for line in sys.stdin:
    print(engine.count(), flush=True)
"""

WRITER = """
import sys, time
from pathlib import Path
from essor.search.types import Document
from essor.search.engines.tantivy import TantivyEngine
def documents():
    yield Document(kind="article", key="never", title="Jamais finie")
    print("writing", flush=True)
    time.sleep(60)
TantivyEngine(Path(sys.argv[1])).change(written=documents(), removed=())
"""


@contextlib.contextmanager
def another_process(code, root):
    process = subprocess.Popen(
        [sys.executable, "-c", code, str(root)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "tests.settings"},
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def test_another_process_sees_what_is_written(tantivy_engine, articles):
    articles.put(a_document("Une histoire"))
    rebuild_now()
    with another_process(READER, tantivy_engine.root) as reader:

        def count():
            reader.stdin.write("\n")
            reader.stdin.flush()
            return int(reader.stdout.readline())

        assert count() == 1
        search.index().write([a_document("Une suite")])
        assert count() == 2
        search.index().remove("article", ["Une suite", "Une histoire"])
        assert count() == 0
        rebuild_now()
        assert count() == 1


@pytest.mark.usefixtures("impatient")
def test_a_writer_that_is_killed_leaves_neither_lock_nor_half_a_change(tantivy_engine, articles):
    articles.put(a_document("Une histoire"))
    rebuild_now()
    with another_process(WRITER, tantivy_engine.root) as writer:
        assert writer.stdout.readline() == "writing\n"
        with pytest.raises(search.IndexBusyError):
            search.index().write([a_document("Une suite")])
        os.kill(writer.pid, signal.SIGKILL)
        writer.wait()

    assert_still_in_use(articles)
