"""The commands that serve start what they say, and leave nothing behind."""

import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from essor.portal.processes import ports
from tests import migrated_database
from tests.processes import descendants, is_alive

START_LIMIT_S = 90
STOP_LIMIT_S = 30

needs_proc = pytest.mark.skipif(
    not Path("/proc/self/stat").exists(), reason="looks at processes in /proc, as on Linux"
)


@pytest.fixture(scope="module")
def migrated(tmp_path_factory):
    """A database ready for a portal of its own, on SQLite whatever the tests run on."""
    kept = migrated_database.kept_database()
    if kept.exists():
        return kept
    folder = tmp_path_factory.mktemp("migrated")
    assert essor(folder, "migrate", "--verbosity=0").wait() == 0
    return folder / "essor.sqlite3"


@pytest.fixture
def home(migrated, tmp_path):
    """The home of a portal of its own."""
    shutil.copyfile(migrated, tmp_path / "essor.sqlite3")
    return tmp_path


def essor(home, *arguments):
    environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    # Nothing to compress when debugging.
    environment |= {"ESSOR_HOME": str(home), "ESSOR_DEBUG": "1"}
    environment["DJANGO_SETTINGS_MODULE"] = "essor.settings"
    with (home / "output").open("wb") as output:
        return subprocess.Popen(
            [sys.executable, "-m", "essor", *arguments],
            env=environment,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )


@contextlib.contextmanager
def running(home, *arguments):
    """Run a command; whatever happens in the test, none of its processes is left after it."""
    process = essor(home, *arguments)
    try:
        yield process
    finally:
        for pid in [*descendants(process.pid), process.pid]:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        process.wait()


def health(process, port, home, *, until):
    """Ask the health address until it answers so; fail with the output of a server that dies."""
    deadline, seen = time.monotonic() + START_LIMIT_S, None
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/sante/", timeout=5) as answer:
                seen = json.load(answer)
        except urllib.error.HTTPError as error:
            seen = json.load(error)
        except OSError:
            pass
        if seen and until(seen):
            return seen
        time.sleep(0.2)
    pytest.fail(f"The server answered {seen}; its output:\n{(home / 'output').read_text()}")


def a_free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def everything_works(parts):
    return set(parts.values()) == {"ok"}


@pytest.mark.processes
@needs_proc
def test_serve_runs_web_and_worker_and_stops_both(home):
    port = a_free_port()
    with running(home, "serve", "--port", str(port), "--workers", "2") as server:
        health(server, port, home, until=everything_works)
        family = descendants(server.pid)
        assert len(family) >= 4  # web leader, two web workers, background worker

        server.send_signal(signal.SIGINT)

        assert server.wait(STOP_LIMIT_S) == 0
        assert not any(map(is_alive, family))
    ports.check_address_is_free(host="127.0.0.1", port=port)


@pytest.mark.processes
@needs_proc
def test_when_the_worker_dies_the_web_is_stopped_and_the_exit_code_tells(home):
    port = a_free_port()
    with running(home, "serve", "--port", str(port), "--workers", "1") as server:
        health(server, port, home, until=everything_works)
        family = descendants(server.pid)

        os.kill(next(pid for pid in family if "work" in command_line(pid)), signal.SIGKILL)

        assert server.wait(STOP_LIMIT_S) != 0
        assert not any(map(is_alive, family))
    assert "s’est arrêté de lui-même" in (home / "output").read_text()
    ports.check_address_is_free(host="127.0.0.1", port=port)


def command_line(pid):
    return Path(f"/proc/{pid}/cmdline").read_text().split("\0")


@pytest.mark.processes
@needs_proc
def test_the_two_parts_run_apart(home):
    port = a_free_port()
    with running(home, "serve_web", "--port", str(port), "--workers", "1") as web:
        health(web, port, home, until=lambda parts: parts["database"] == "ok")
        with running(home, "work") as worker:
            health(web, port, home, until=everything_works)
            worker.terminate()
            assert worker.wait(STOP_LIMIT_S) == 0
        web.terminate()
        assert web.wait(STOP_LIMIT_S) == 0


@pytest.mark.parametrize("command", ["serve", "serve_web"])
def test_a_port_in_use_is_said_before_anything_starts(command):
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(CommandError, match=rf"make demo PORT={port + 1}"):
            call_command(command, port=port)


@needs_proc
def test_the_user_of_a_port_is_named():
    named = pytest.raises(ports.AddressRefusedError, match=rf"processus {os.getpid()} \(")
    with socket.create_server(("127.0.0.1", 0)) as other, named:
        ports.check_address_is_free(host="127.0.0.1", port=other.getsockname()[1])


@pytest.mark.parametrize("port", [70_000, -1])
def test_a_port_that_cannot_be_is_refused(port):
    with pytest.raises(CommandError, match=str(port)):
        call_command("serve", port=port)
