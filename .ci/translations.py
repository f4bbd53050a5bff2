"""Fail when the French of an app is not complete, or not compiled as it stands.

Texts are extracted again in a copy, so that one added since is missed here and not by a reader.
Without gettext: skipped on a laptop (exit code 75), an error in CI.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

SOURCE = Path(__file__).resolve().parent.parent / "src"
CATALOGUE = Path("locale/fr/LC_MESSAGES/django.po")
DJANGO_ADMIN = Path(sys.executable).with_name("django-admin")
SKIPPED = 75
IN_CI = os.environ.get("CI", "").lower() in ("1", "true")


def main() -> int:
    """Look at each app that has texts, and print what is wrong."""
    missing = [
        tool
        for tool in ("xgettext", "msgmerge", "msgattrib", "msgfmt", "msgcmp")
        if not shutil.which(tool)
    ]
    if missing:
        print(f"{', '.join(missing)} not found: install gettext.")
        return 1 if IN_CI else SKIPPED
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "src"
        shutil.copytree(SOURCE, copy, ignore=shutil.ignore_patterns("__pycache__", "*.egg-info"))
        apps = sorted(path.parent for path in copy.glob("essor/*/__init__.py"))
        faults = [fault for app in apps for fault in faults_of(app)]
    print("\n".join(faults))
    return 1 if faults else 0


def faults_of(app: Path) -> Iterator[str]:
    """Give what is wrong with the French of one app, in readable lines."""
    po = app / CATALOGUE
    compiled = read(po.with_suffix(".mo"))
    kept = po.exists()
    po.parent.mkdir(parents=True, exist_ok=True)
    command = [
        DJANGO_ADMIN,
        "makemessages",
        "-l",
        "fr",
        "--no-obsolete",
        "--no-location",
        "-v",
        "0",
    ]
    done = subprocess.run(command, cwd=app, capture_output=True, text=True)
    if done.returncode:
        yield f"{app.name}: the texts cannot be extracted.\n{done.stdout}{done.stderr}"
    if not po.exists():
        return
    if not kept:
        yield f"{app.name}: {count(po)} texts and no {CATALOGUE}."
        return
    for what, option in (("untranslated", "--untranslated"), ("fuzzy", "--only-fuzzy")):
        yield from (f"{app.name}: {what}: {text}" for text in texts(po, option))
    yield from compilation_faults(app.name, SOURCE / po.relative_to(app.parent.parent), compiled)


def compilation_faults(name: str, po: Path, compiled: bytes | None) -> Iterator[str]:
    """Say whether the catalogue as it stands is sound, and compiled as it stands."""
    with tempfile.NamedTemporaryFile(suffix=".mo") as fresh:
        command = ["msgfmt", "--check", "-o", fresh.name, po]
        done = subprocess.run(command, capture_output=True, text=True)
        if done.returncode:
            yield f"{name}: {done.stderr.strip()}"
        elif Path(fresh.name).read_bytes() != compiled:
            yield f"{name}: django.mo is not the compilation of django.po: run compilemessages."


def read(path: Path) -> bytes | None:
    """Give the content of a file, None when there is none."""
    return path.read_bytes() if path.exists() else None


def texts(po: Path, option: str) -> list[str]:
    """Give the texts of the entries that msgattrib selects."""
    command = ["msgattrib", option, "--no-obsolete", "--no-wrap", po]
    entries = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    found = re.findall(r'^msgid ((?:".*"\n)+)', entries, flags=re.MULTILINE)
    return [text for text in (entry.replace('"\n"', "").strip() for entry in found) if text != '""']


def count(po: Path) -> int:
    """Give the number of texts."""
    return sum(line.startswith("msgid ") for line in po.read_text().splitlines()) - 1


if __name__ == "__main__":
    sys.exit(main())
