"""The manifest: what a build was made from and what it gave, as JSON that a person can read."""

import hashlib
import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from essor.problems import Problem
from essor.register.build import gettext_noop as _
from essor.register.types import BuiltFile, Manifest, RegisterError

NAME = "manifest.json"
_BLOCK = 1024 * 1024


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Write the manifest, which makes the folder a build: the last thing that is written there."""
    text = json.dumps(asdict(manifest), ensure_ascii=False, indent=2)
    (folder / NAME).write_text(f"{text}\n", encoding="utf-8")


def read_manifest(folder: Path) -> Manifest:
    """Give the manifest of a folder. Raises RegisterError when the folder is no build, or its manifest is damaged."""
    path = folder / NAME
    try:
        values = json.loads(path.read_text(encoding="utf-8"))
        return _manifest(values)
    except FileNotFoundError as error:
        raise RegisterError(
            Problem(
                str(folder),
                _("This folder is no build of the register: it has no manifest."),
                _("Make it with “essor build_register”."),
            )
        ) from error
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise RegisterError(
            Problem(str(path), _("The manifest cannot be read."), _("Build the register again."))
        ) from error


def described(path: Path, rows: int) -> BuiltFile:
    """Give the size and the checksum of a file, read once."""
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while block := stream.read(_BLOCK):
            digest.update(block)
    return BuiltFile(path.name, path.stat().st_size, digest.hexdigest(), rows)


def _manifest(values: dict[str, Any]) -> Manifest:
    for name, made in (("sources", BuiltFile), ("files", BuiltFile), ("problems", Problem)):
        values[name] = tuple(made(**one) for one in values[name])
    return Manifest(**values)
