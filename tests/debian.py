"""Install Debian packages that the tests need, where we may: as root, on a machine that has apt."""

import os
import shutil
import subprocess
import sys

LIMIT_S = 600
QUIET = {**os.environ, "DEBIAN_FRONTEND": "noninteractive", "LC_ALL": "C.UTF-8"}


def install(*packages: str) -> bool:
    """Install the packages and say whether it worked; False at once where we may not."""
    if os.name != "posix" or os.geteuid() != 0 or not shutil.which("apt-get"):
        return False
    print(f"Installing Debian packages: {' '.join(packages)}", flush=True)
    return _apt_get("update") and _apt_get("install", "--no-install-recommends", *packages)


def _apt_get(*arguments: str) -> bool:
    command = ["apt-get", "--quiet", "--quiet", "--yes", "-o", "DPkg::Lock::Timeout=60", *arguments]
    try:
        done = subprocess.run(
            command,
            env=QUIET,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=LIMIT_S,
        )
    except subprocess.TimeoutExpired:
        print(f"{' '.join(command)}: stopped after {LIMIT_S} s.", file=sys.stderr)
        return False
    if done.returncode:
        print(f"{' '.join(command)} failed:\n{done.stdout}{done.stderr}", file=sys.stderr)
    return done.returncode == 0
