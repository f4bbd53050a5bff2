"""Find a real Chromium, or get one."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from tests import debian

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
MAC = Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome")
DOWNLOAD_LIMIT_S = 300
DRIVER_NEEDS = "libatomic1"
"""What the driver of the browser needs beyond a bare Debian."""
ARGUMENTS = ["--disable-background-networking", "--disable-component-update", "--disable-sync"]


def find() -> str | None:
    """Give the path of an installed Chromium or Chrome, or of the test tool's own download."""
    chosen = os.environ.get("TEST_CHROMIUM")
    installed = next(filter(None, map(shutil.which, NAMES)), None)
    return chosen or installed or (str(MAC) if MAC.exists() else _downloaded())


def find_or_get() -> str | None:
    """Give the path of a Chromium, installed if need be; None where none can be had, or none driven."""
    if not _is_driven() and not (debian.install(DRIVER_NEEDS) and _is_driven()):
        return None
    return find() or _from_debian() or _from_the_test_tool()


def arguments() -> list[str]:
    """Give the command-line options of a browser that calls nobody, and that starts as root too."""
    as_root = hasattr(os, "geteuid") and os.geteuid() == 0
    return [*ARGUMENTS, *(["--no-sandbox"] if as_root else [])]


def _is_driven() -> bool:
    """Say whether the test tool starts: it brings a program of its own, which needs a system library."""
    command = [sys.executable, "-m", "playwright", "--version"]
    return subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True).returncode == 0


def _from_debian() -> str | None:
    return find() if debian.install("chromium", "fonts-dejavu-core", "fonts-liberation") else None


def _from_the_test_tool() -> str | None:
    print("No Chromium on this machine: downloading one for the tests.", flush=True)
    command = [sys.executable, "-m", "playwright", "install", "chromium"]
    try:
        done = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=DOWNLOAD_LIMIT_S,
        )
    except subprocess.TimeoutExpired:
        return None
    return _downloaded() if done.returncode == 0 else None


def _downloaded() -> str | None:
    # Asked in another process: the library leaves an event loop in the one that asks.
    ask = (
        "from playwright.sync_api import sync_playwright as start\n"
        "with start() as tool: print(tool.chromium.executable_path)"
    )
    answer = subprocess.run([sys.executable, "-c", ask], capture_output=True, text=True)
    path = Path(answer.stdout.strip() or "/nowhere")
    return str(path) if path.is_file() else None
