"""The demonstration, built once for each file of tests; what a test changes is undone after it."""

from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import transaction

from essor.demo.services.build import build

NOW = datetime(2026, 11, 23, 12, tzinfo=ZoneInfo("Europe/Paris"))

Build = Callable[..., list[str]]


def builder(accounts: Path) -> Build:
    """Give a function that builds what is missing and gives the lines it told."""

    def run(*, port: int = 8000, now: datetime = NOW, tell: Any = None) -> list[str]:
        told: list[str] = []
        build(port=port, now=now, accounts=accounts, tell=tell or told.append)
        return told

    return run


@pytest.fixture
def build_demo(db: None, tmp_path: Path) -> Build:
    """Build the demonstration from nothing; not in a file that also asks for it already built."""
    return builder(tmp_path / "accounts.txt")


@pytest.fixture(scope="module")
def accounts_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the demonstration already built keeps its passwords."""
    return tmp_path_factory.mktemp("demo") / "accounts.txt"


@pytest.fixture(scope="module")
def module_build(
    django_db_setup: None, django_db_blocker: Any, accounts_path: Path
) -> Iterator[Build]:
    with django_db_blocker.unblock(), transaction.atomic():
        build_again = builder(accounts_path)
        build_again()
        yield build_again
        transaction.set_rollback(True)


@pytest.fixture
def build_again(module_build: Build, db: None) -> Build:
    """Run once more on a demonstration already built."""
    return module_build


@pytest.fixture
def demo(build_again: Build) -> None:
    """A demonstration already built."""
