"""A real portal for the browser: its own home and database, its own server on a free port."""

import contextlib
import fcntl
import hashlib
import os
import shutil
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

from tests import migrated_database

ESSOR = [sys.executable, "-m", "essor"]
START_LIMIT_S = 60
BUILD_LIMIT_S = 300
ADMINISTRATOR = "administration"
CHECKOUT = hashlib.sha256(str(Path(__file__).resolve()).encode()).hexdigest()[:8]
STATIC_FILES = migrated_database.FOLDER / f"static-{CHECKOUT}"
"""Of this checkout alone: several may share the virtual environment, and each clears what is not its own."""


class PortalError(Exception):
    """A command of the portal failed; the message is its own output."""


def built_home(folder: Path) -> Path:
    """Give a home with a built portal, made once for all processes that run tests."""
    home = folder / "portal"
    with (folder / "portal.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (home / "built").exists():
            _build(home)
            (home / "built").touch()
    return home


def copied_home(built: Path, folder: Path) -> Path:
    """Give a copy of a built portal, which may then be changed freely."""
    home = folder / "home"
    shutil.copytree(
        built, home, symlinks=True, ignore=shutil.ignore_patterns("*.sqlite3*", "cache")
    )
    with (
        contextlib.closing(sqlite3.connect(built / "essor.sqlite3")) as source,
        contextlib.closing(sqlite3.connect(home / "essor.sqlite3")) as copy,
    ):
        source.backup(copy)
    return home


def _build(home: Path) -> None:
    shutil.rmtree(home, ignore_errors=True)
    home.mkdir()
    # Compressing static files takes ten seconds: they are kept from one run to the next.
    STATIC_FILES.mkdir(parents=True, exist_ok=True)
    (home / "static").symlink_to(STATIC_FILES)
    migrated_database.take(home / "essor.sqlite3")
    _essor(home, "demo", "--build-only")


def _essor(home: Path, *arguments: str) -> None:
    done = subprocess.run(
        [*ESSOR, *arguments],
        env=environment_of(home),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=BUILD_LIMIT_S,
    )
    if done.returncode:
        raise PortalError(f"essor {' '.join(arguments)}:\n{done.stdout}{done.stderr}")


def environment_of(home: Path) -> dict[str, str]:
    """Give the environment of a portal with everything as it comes, on SQLite."""
    foreign = ("ESSOR_", "DATABASE_URL", "CACHE_URL", "SEARCH_URL", "DJANGO_")
    return {
        **{name: value for name, value in os.environ.items() if not name.startswith(foreign)},
        "ESSOR_HOME": str(home),
        "DJANGO_SETTINGS_MODULE": "essor.settings",
    }


def password_of(username: str, home: Path) -> str:
    """Give the password of one of the demonstration's accounts, one per role."""
    lines = (home / "demo-accounts.txt").read_text(encoding="utf-8").splitlines()
    return dict(line.split() for line in lines)[username]


def free_port() -> int:
    """Give a port that nobody uses just now."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


@contextlib.contextmanager
def served(home: Path) -> Iterator[str]:
    """Serve the portal of a home and give its address."""
    port = free_port()
    _essor(home, "demo", "--build-only", f"--port={port}")  # complete addresses carry the port
    log = home / "server.log"
    with log.open("wb") as output:
        server = subprocess.Popen(
            [*ESSOR, "serve_web", f"--port={port}", "--workers=1"],
            env={**environment_of(home), "ESSOR_URL": f"http://127.0.0.1:{port}"},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
        )
    try:
        address = f"http://127.0.0.1:{port}"
        _wait_until_it_answers(server, f"{address}/gestion/login/", log)
        yield address
    finally:
        server.terminate()
        server.wait(START_LIMIT_S)


def _wait_until_it_answers(server: subprocess.Popen[bytes], address: str, log: Path) -> None:
    deadline = time.monotonic() + START_LIMIT_S
    while time.monotonic() < deadline and server.poll() is None:
        with contextlib.suppress(OSError):
            urllib.request.urlopen(address, timeout=5).close()
            return
        time.sleep(0.1)
    raise PortalError(f"The server does not answer at {address}:\n{log.read_text()}")
