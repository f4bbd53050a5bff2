"""The search index follows the vintage that is shown: in bulk, for it may hold a million structures.

Nothing is noted structure by structure. The vintage itself says that the index has still to follow
(`is_indexed`), so that what was interrupted is done again by the upkeep.
"""

import logging
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from typing import TypeVar

from django.db.models import Exists, OuterRef, QuerySet

from essor import search
from essor.register.asked import Asked
from essor.register.documents import KIND
from essor.register.models import LegalUnit, Vintage
from essor.register.queries import count_found
from essor.register.search import StructureSource
from essor.search.services import index_pending

logger = logging.getLogger(__name__)

Value = TypeVar("Value")

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
    written = 0
    try:
        for part in _turns(StructureSource().documents()):
            with search.index().writing_many(commit_every=TURN + 1) as bulk:
                # The index may hold them all: made whole from the store, or by an indexing that was
                # stopped. None of this part is there only if nothing is but what was written so far.
                is_new = count_found(Asked()) == written
                for document in part:
                    bulk.write(document, is_new=is_new)
            written += len(part)
            on_progress(len(part))
        for gone in _turns(_gone(vintage)):
            with search.index().writing_many(commit_every=TURN + 1) as bulk:
                for siren in gone:
                    bulk.remove((KIND, siren))
        index_pending()
    except (search.IndexBusyError, search.IndexUnusableError):
        logger.info("register.index_busy", extra={"vintage": vintage.pk})
        return False
    return bool(Vintage.objects.filter(pk=vintage.pk, is_current=True).update(is_indexed=True))


def _turns(values: Iterator[Value]) -> Iterator[Sequence[Value]]:
    while part := list(islice(values, TURN)):
        yield part


def _other_units(vintage: Vintage) -> QuerySet[LegalUnit]:
    return LegalUnit.objects.exclude(vintage=vintage)


def _gone(vintage: Vintage) -> Iterator[str]:
    """Give the structures of the vintages that are still kept which this one lacks."""
    here = LegalUnit.objects.filter(vintage=vintage, siren=OuterRef("siren"))
    gone = _other_units(vintage).filter(~Exists(here)).order_by("pk")
    last = 0
    while chunk := list(gone.filter(pk__gt=last).values_list("pk", "siren")[:1_000]):
        yield from (siren for _pk, siren in chunk)
        last = chunk[-1][0]
