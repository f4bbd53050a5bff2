"""How tests build the demonstration."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

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
    """Build the demonstration from nothing."""
    return builder(tmp_path / "accounts.txt")
