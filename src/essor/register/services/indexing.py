"""The search index follows the vintage that is shown: in bulk, for it may hold a million structures.

Nothing is noted structure by structure. The vintage itself says that the index has still to follow
(`is_indexed`), so that what was interrupted is done again by the upkeep. A structure is read while the
index is held: what changed meanwhile is noted, and indexed after.
"""

import logging
from collections.abc import Callable, Iterator
from itertools import islice

from django.db.models import Exists, OuterRef, QuerySet

from essor import search
from essor.register.documents import KIND
from essor.register.models import LegalUnit, Vintage
from essor.register.search import StructureSource
from essor.search.services import index_pending

logger = logging.getLogger(__name__)

TURN = 60_000
"""Documents after which other writers of the index have their turn."""


def index_vintage(on_progress: Callable[[int], None] = lambda documents: None) -> bool:
    """Write the structures of the vintage that is shown, and take out those that it lacks.

    Say whether the index has followed: it has not when another process is writing it, or when it
    has to be rebuilt, which its own upkeep does.
    """
    vintage = Vintage.objects.filter(is_current=True, is_indexed=False).first()
    if vintage is None or search.index().lacks(KIND):
        return vintage is None
    try:
        _write_all(on_progress)
        _take_out_gone(vintage)
        index_pending()
    except (search.IndexBusyError, search.IndexUnusableError):
        logger.info("register.index_busy", extra={"vintage": vintage.pk})
        return False
    return bool(Vintage.objects.filter(pk=vintage.pk, is_current=True).update(is_indexed=True))


def _write_all(on_progress: Callable[[int], None]) -> None:
    documents, written, count = StructureSource().documents(), 0, TURN
    while count == TURN:
        with search.index().writing_many(commit_every=TURN + 1) as bulk:
            # Others may have written some of them before, or between two turns.
            is_new, count = _held() == written, 0
            for document in islice(documents, TURN):
                bulk.write(document, is_new=is_new)
                count += 1
        written += count
        on_progress(count)


def _held() -> int:
    """Count the structures that the index holds."""
    return search.index().names(search.Query("", {"kind": (KIND,)}, limit=1)).total


def _take_out_gone(vintage: Vintage) -> None:
    gone = _gone(vintage)
    while part := list(islice(gone, TURN)):
        with search.index().writing_many(commit_every=TURN + 1) as bulk:
            for siren in part:
                bulk.remove((KIND, siren))


def _other_units(vintage: Vintage) -> QuerySet[LegalUnit]:
    return LegalUnit.objects.filter(vintage__in=Vintage.objects.shown()).exclude(vintage=vintage)


def _gone(vintage: Vintage) -> Iterator[str]:
    """Give the structures of the vintages that are still kept which this one lacks."""
    here = LegalUnit.objects.filter(vintage=vintage, siren=OuterRef("siren"))
    gone = _other_units(vintage).filter(~Exists(here)).order_by("pk")
    last = 0
    while chunk := list(gone.filter(pk__gt=last).values_list("pk", "siren")[:1_000]):
        yield from (siren for _pk, siren in chunk)
        last = chunk[-1][0]
