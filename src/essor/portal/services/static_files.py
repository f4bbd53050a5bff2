"""Static files, gathered and compressed when they have changed: nobody has to think of it."""

import hashlib
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.cache import caches
from django.core.management import call_command

from essor.kiosk.kept_frames import kept_frames

MARK = "gathered"


def gather_static_files() -> bool:
    """Gather the static files of all applications where the web server takes them.

    Compressing them takes ten seconds: nothing is done, and False is given, when none has changed
    since the last time.
    """
    mark = Path(settings.STATIC_ROOT) / MARK
    state = _state_of_sources()
    if mark.exists() and mark.read_text() == state:
        return False
    call_command("collectstatic", interactive=False, clear=True, verbosity=0)
    mark.write_text(state)
    # What was kept before names the files of before. No transaction here: the store is not even open.
    kept_frames.forget()
    caches["pages"].clear()
    return True


def _state_of_sources() -> str:
    digest = hashlib.sha256(repr(settings.STORAGES["staticfiles"]).encode())
    for finder in get_finders():
        for path, storage in finder.list([]):
            digest.update(f"{path} {storage.size(path)} {_changed_at(storage.path(path))}".encode())
    return digest.hexdigest()


def _changed_at(path: str) -> int:
    return Path(path).stat().st_mtime_ns
