"""Run all tests, on both stores and in a real browser: this is `make test`.

First everything on SQLite, then on PostgreSQL everything but the tests of the browser and of the
portal's own processes, which have a store of their own or need no other one; a failing pass is the
last one, so that the final line is always the verdict. What cannot be had is left out on a laptop,
with a line that says so at the end of each summary, and is an error in CI (`CI=true`).
Further arguments go to pytest.
"""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import NoReturn

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests import chromium, postgres  # noqa: E402

IN_CI = os.environ.get("CI", "").lower() in ("1", "true")


def main(arguments: list[str]) -> int:
    """Run both passes and give pytest's exit code."""
    for name in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(name, _end_in_order)
    browser = chromium.find_or_get()
    address = _existing_server()
    programs = None if address else postgres.find_or_get()
    environment = {**os.environ, "TEST_CHROMIUM": browser or ""}
    environment["TEST_NOTES"] = "\n".join(_notes(browser, address or programs))
    failed = _sqlite_pass(environment, arguments)
    if failed:
        return failed
    if address:
        return _postgresql_pass(environment, arguments, address=address)
    if programs:
        with postgres.private_server(programs) as private:
            return _postgresql_pass(environment, arguments, address=private)
    return 0


def _end_in_order(number: int, frame: object) -> NoReturn:
    raise SystemExit(128 + number)


def _existing_server() -> str | None:
    address = os.environ.get("DATABASE_URL", "")
    return address if address.startswith(("postgres:", "postgresql:")) else None


def _notes(browser: str | None, server: object) -> list[str]:
    notes = []
    if not browser:
        notes.append(
            "SKIPPED: the tests in the browser. No Chromium or Chrome here, or the test tool does not"
            f" start: install one (on Debian: chromium and {chromium.DRIVER_NEEDS})."
        )
    if not server:
        notes.append("SKIPPED: the pass on PostgreSQL. No initdb here: install PostgreSQL.")
    if not shutil.which("java"):
        notes.append("SKIPPED: the register on Spark. No java here: install a Java 17.")
    if notes and IN_CI:
        sys.exit("\n".join(["In CI every test must run.", *notes]))
    return notes


def _sqlite_pass(environment: Mapping[str, str], arguments: list[str]) -> int:
    store = {name: value for name, value in environment.items() if name != "DATABASE_URL"}
    return _pytest("SQLite", store, arguments)


def _postgresql_pass(environment: Mapping[str, str], arguments: list[str], *, address: str) -> int:
    store = {**environment, "DATABASE_URL": address}
    return _pytest("PostgreSQL", store, ["-m", "not browser and not processes", *arguments])


def _pytest(store: str, environment: Mapping[str, str], arguments: list[str]) -> int:
    print(f"\n=== Tests on {store} ===", flush=True)
    command = [sys.executable, "-m", "pytest", "-n", "2", *arguments]
    return subprocess.run(command, cwd=ROOT, env=environment).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
