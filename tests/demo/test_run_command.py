"""The `demo` command refuses early."""

import socket
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from essor.demo.models import Step


def test_a_port_in_use_is_refused_before_anything_is_done(db, settings, tmp_path: Path) -> None:
    settings.HOME = tmp_path
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(CommandError, match=rf"{port}.*PORT=\d+"):
            call_command("demo", port=port, stdout=StringIO())
    assert not Step.objects.exists()
    assert list(tmp_path.glob("*.txt")) == []
