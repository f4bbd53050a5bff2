"""The demonstration already built, once for all tests of this folder; what a test changes is undone after it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction

from tests.demo.conftest import Build, builder


@pytest.fixture(scope="package")
def accounts_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the demonstration already built keeps its passwords."""
    return tmp_path_factory.mktemp("demo") / "accounts.txt"


@pytest.fixture(scope="package")
def build_kept(
    django_db_setup: None, django_db_blocker: Any, accounts_path: Path
) -> Iterator[Build]:
    with django_db_blocker.unblock(), transaction.atomic():
        build_again = builder(accounts_path)
        build_again()
        yield build_again
        transaction.set_rollback(True)


@pytest.fixture
def build_again(build_kept: Build, db: None) -> Build:
    """Run once more on a demonstration already built."""
    return build_kept


@pytest.fixture
def demo(build_again: Build) -> None:
    """A demonstration already built."""
