"""What guards every test: strict templates, no outside network, no trace left, no failure unseen."""

import gc
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from django.conf import settings
from django.core.cache import caches
from django.db import connection
from django_tasks.base import TaskResult, TaskResultStatus
from django_tasks.signals import task_finished

from essor.kiosk.kept_frames import kept_frames
from tests import closed_network, migrated_database, strict_templates

TOGETHER = ("tests/demo/built/", "tests/catalogue/test_kill_imports.py")


def pytest_configure(config: pytest.Config) -> None:
    strict_templates.install()
    closed_network.install()
    # Speed is measured by the benchmarks: a test must not fail because the machine is busy.
    hypothesis.settings.register_profile("untimed", deadline=None)
    hypothesis.settings.load_profile("untimed")


def pytest_unconfigure(config: pytest.Config) -> None:
    shutil.rmtree(settings.HOME, ignore_errors=True)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Run the browser last: a mistake shows first where it is quick to find.

    What asks no store was tried in the pass on SQLite: it would say the same on PostgreSQL.
    """
    items.sort(key=lambda item: item.get_closest_marker("browser") is not None)
    if not _is_sqlite():
        config.hook.pytest_deselected(items=[item for item in items if not _asks_the_store(item)])
        items[:] = [item for item in items if _asks_the_store(item)]


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Let one process run what shares something that takes long to make; it begins with that."""
    from xdist.scheduler import LoadScopeScheduling

    class TogetherOrAlone(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            return next((place for place in TOGETHER if nodeid.startswith(place)), nodeid)

    return TogetherOrAlone(config, log)


def pytest_collection_finish(session: pytest.Session) -> None:
    """Spare the collector of garbage the modules that stay until the end: a tenth of the time."""
    gc.collect()
    gc.freeze()


def _asks_the_store(item: pytest.Item) -> bool:
    fixtures = getattr(item, "fixturenames", ())
    return item.get_closest_marker("django_db") is not None or "db" in fixtures


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Repeat what `make test` left out, where nobody can miss it."""
    for note in filter(None, os.environ.get("TEST_NOTES", "").splitlines()):
        terminalreporter.write_line(note, yellow=True, bold=True)


@pytest.fixture(scope="session")
def django_db_keepdb() -> bool:
    return _is_sqlite()


@pytest.fixture(scope="session")
def template() -> migrated_database.Template:
    return migrated_database.Template()


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None, template: migrated_database.Template
) -> None:
    if _is_sqlite():
        migrated_database.take(_test_database())
    else:
        template.take()


@pytest.fixture(scope="session")
def django_db_setup(
    django_db_setup: None, django_db_blocker: Any, template: migrated_database.Template
) -> None:
    if _is_sqlite():
        migrated_database.keep(_test_database())
    else:
        template.keep()


def _is_sqlite() -> bool:
    return settings.DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3"


def _test_database() -> Path:
    return Path(settings.DATABASES["default"]["TEST"]["NAME"])


@pytest.fixture(autouse=True)
def empty_caches() -> Iterator[None]:
    """Leave no page and no value in the caches to the next test."""
    yield
    for cache in caches.all(initialized_only=True):
        cache.clear()
    kept_frames.clear()


@pytest.fixture
def own_index(settings: Any, tmp_path: Path) -> None:
    """Search in an index where other tests have left nothing."""
    settings.SEARCH_URL = f"tantivy://{tmp_path / 'index'}"


@pytest.fixture(params=["tantivy", "postgresql"])
def each_engine(request: pytest.FixtureRequest, own_index: None, settings: Any) -> None:
    """Run the test on each engine, in an index where other tests have left nothing."""
    if request.param == "postgresql":
        if connection.vendor != "postgresql":
            pytest.skip("the engine of PostgreSQL needs DATABASE_URL on PostgreSQL")
        settings.SEARCH_URL = "postgresql:"


@pytest.fixture(autouse=True)
def failed_tasks() -> Iterator[list[TaskResult]]:
    """Fail a test whose background task failed: its error is kept, not raised.

    A test that means a task to fail asks for this list, looks at it and clears it.
    """
    failed: list[TaskResult] = []

    def remember(task_result: TaskResult, **kwargs: Any) -> None:
        if task_result.status == TaskResultStatus.FAILED:
            failed.append(task_result)

    task_finished.connect(remember)
    yield failed
    task_finished.disconnect(remember)
    for result in failed:
        pytest.fail(f"The task {result.task.module_path} failed:\n{result.errors[0].traceback}")
