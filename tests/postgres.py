"""A private PostgreSQL for one run of the tests: a temporary cluster, reached by a local socket only."""

import contextlib
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import psycopg

from tests import debian

START_LIMIT_S = 30
STOP_LIMIT_S = 10
# The data is thrown away: nothing is worth waiting for the disk.
SPEED = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_wal_size=2GB")


class ServerError(Exception):
    """The private server could not be started; the message is its own output."""


def find_or_get() -> Path | None:
    """Give the folder of PostgreSQL's programs, installed if need be; None where there is none."""
    return find() or (find() if debian.install("postgresql") else None)


def find() -> Path | None:
    """Give the folder of an installed `initdb`, that of the highest version first."""
    if program := shutil.which("initdb"):
        return Path(program).resolve().parent
    found = Path("/usr/lib/postgresql").glob("*/bin/initdb")
    return max(
        (path.parent for path in found), key=lambda path: int(path.parent.name), default=None
    )


@contextlib.contextmanager
def private_server(programs: Path) -> Iterator[str]:
    """Serve an empty database until the block ends, however it ends; give its address."""
    owner = _owner()
    folder = Path(tempfile.mkdtemp(prefix="essor-pg-", dir="/tmp"))
    if owner:
        os.chown(folder, pwd.getpwnam(owner).pw_uid, -1)
    try:
        _make_cluster(programs, folder, owner=owner)
        with _running(programs, folder, owner=owner):
            yield f"postgresql://essor@{quote(str(folder), safe='')}/postgres"
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _owner() -> str | None:
    """Name the user that runs the server: PostgreSQL refuses to be root."""
    if os.geteuid() != 0:
        return None
    names = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in names else "nobody"


def _make_cluster(programs: Path, folder: Path, *, owner: str | None) -> None:
    command = [programs / "initdb", "-D", folder / "data", "-U", "essor", "--auth=trust"]
    done = subprocess.run(
        [*command, "--encoding=UTF8", "--locale=C", "--no-sync"],
        user=owner,
        cwd=folder,
        capture_output=True,
        text=True,
    )
    if done.returncode:
        raise ServerError(done.stdout + done.stderr)


@contextlib.contextmanager
def _running(programs: Path, folder: Path, *, owner: str | None) -> Iterator[None]:
    settings = [word for setting in SPEED for word in ("-c", setting)]
    command = [programs / "postgres", "-D", folder / "data", "-k", folder, "-h", "", *settings]
    with (folder / "log").open("wb") as log:
        # In a session of its own: Ctrl-C reaches us first, and we stop it in order.
        server = subprocess.Popen(
            command, user=owner, cwd=folder, stdout=log, stderr=log, start_new_session=True
        )
    try:
        _wait_until_it_answers(server, folder)
        yield
    finally:
        _stop(server)


def _wait_until_it_answers(server: subprocess.Popen[bytes], folder: Path) -> None:
    deadline = time.monotonic() + START_LIMIT_S
    while time.monotonic() < deadline and server.poll() is None:
        with contextlib.suppress(psycopg.OperationalError):
            psycopg.connect(host=str(folder), user="essor", dbname="postgres").close()
            return
        time.sleep(0.1)
    raise ServerError((folder / "log").read_text(errors="replace"))


def _stop(server: subprocess.Popen[bytes]) -> None:
    for farewell in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):
        with contextlib.suppress(ProcessLookupError, subprocess.TimeoutExpired):
            server.send_signal(farewell)
            server.wait(STOP_LIMIT_S)
            return
