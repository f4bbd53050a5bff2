"""The `demo` command: early refusals and what it prints."""

import socket
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from essor.demo.models import Step


@pytest.fixture
def home(tmp_path: Path, settings, db: None) -> Path:
    settings.HOME = tmp_path
    settings.STATIC_ROOT = tmp_path / "static"
    settings.STATIC_ROOT.mkdir()
    return tmp_path


def test_a_port_in_use_is_refused_before_anything_is_done(home: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(CommandError, match=rf"{port}.*PORT=\d+"):
            call_command("demo", port=port, stdout=StringIO())
    assert not Step.objects.exists()
    assert list(home.glob("*.txt")) == []


def test_addresses_and_accounts_are_printed_at_each_run(home: Path) -> None:
    outputs = []
    for _run in range(2):
        out = StringIO()
        call_command("demo", port=8123, build_only=True, stdout=out)
        outputs.append(out.getvalue())
    for output in outputs:
        assert "http://127.0.0.1:8123/" in output
        assert "http://127.0.0.1:8123/gestion/" in output
    lines = (home / "demo-accounts.txt").read_text().splitlines()
    assert len(lines) == 4
    for line in lines:
        assert all(line.split()[1] in output for output in outputs)


def test_lost_passwords_are_said_to_be_lost(home: Path) -> None:
    call_command("demo", port=8123, build_only=True, stdout=StringIO())
    (home / "demo-accounts.txt").unlink()
    out = StringIO()
    call_command("demo", port=8123, build_only=True, stdout=out)
    assert "changepassword" in out.getvalue()
    assert not (home / "demo-accounts.txt").exists()
