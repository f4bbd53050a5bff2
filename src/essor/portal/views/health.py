"""Say to a monitor whether the portal works: one word for each part, and no detail for strangers."""

import os
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from essor import schedule
from essor.portal.tasks import WORKER_SILENCE


@never_cache
@require_safe
def health(request: HttpRequest) -> JsonResponse:
    """Answer 200 when all works, 503 otherwise."""
    parts = {"database": _database, "index": _index, "worker": _worker}
    state = {name: "ok" if _holds(works) else "failed" for name, works in parts.items()}
    sound = set(state.values()) == {"ok"}
    return JsonResponse(state, status=200 if sound else 503)


def _holds(works: Callable[[], bool]) -> bool:
    try:
        return works()
    except (DatabaseError, OSError):
        return False


def _database() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        return cursor.fetchone() == (1,)


def _index() -> bool:
    """An index that is missing is made again, as long as its folder can be written."""
    place = urlsplit(settings.SEARCH_URL)
    if place.scheme != "tantivy":
        return True
    folder = Path(place.path)
    existing = next(path for path in (folder, *folder.parents) if path.exists())
    return existing.is_dir() and os.access(existing, os.W_OK)


def _worker() -> bool:
    return schedule.shows_life(timezone.now(), within=WORKER_SILENCE)
