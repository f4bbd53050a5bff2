"""The upkeep of the index: it follows the store, catches up when it could not, and is rebuilt when it must.

Everything is read from the store while the writer's lock is held, so that the last writer has
always read the latest state; what changes meanwhile is noted and indexed after.
"""

import logging
from collections.abc import Iterable, Iterator, Sequence

from django.db import transaction

from essor.search import registry, tasks
from essor.search.engines import Bulk, engine
from essor.search.engines.stored import Written
from essor.search.interface import index, missing_kinds
from essor.search.models import PendingChange
from essor.search.types import Document, Health, IndexUnusableError, Name

logger = logging.getLogger(__name__)

BATCH = 500
BATCHES_SHOWN = 10
"""Batches of changes after which readers see them, and they are forgotten."""


@transaction.atomic
def note_changes(kind: str, keys: Iterable[str | int]) -> None:
    """Have these documents indexed again, or taken out, once the current transaction is committed."""
    noted = PendingChange.objects.bulk_create(
        (PendingChange(kind=kind, key=str(key)) for key in keys), batch_size=BATCH
    )
    if noted:
        transaction.on_commit(lambda: tasks.index_changes.enqueue())


def index_pending() -> int:
    """Index what changed, and give how many changes there were. Raises IndexBusyError, IndexUnusableError."""
    count = 0
    if not PendingChange.objects.exists():
        return count
    with engine().bulk(commit_every=BATCHES_SHOWN * BATCH + 1) as bulk:
        while changes := list(PendingChange.objects.order_by("pk")[: BATCHES_SHOWN * BATCH]):
            for start in range(0, len(changes), BATCH):
                _index(changes[start : start + BATCH], bulk)
            bulk.commit()
            _forget(changes)
            count += len(changes)
    return count


def _index(changes: Sequence[PendingChange], bulk: Bulk) -> None:
    names: list[Name] = [(change.kind, change.key) for change in changes]
    found: set[Name] = set()
    for kind in dict(names):
        for document in _documents(kind, names):
            bulk.write(document)
            found.add((document.kind, document.key))
    for name in set(names) - found:
        bulk.remove(name)


def _forget(changes: Sequence[PendingChange]) -> None:
    for start in range(0, len(changes), BATCH):
        noted = [change.pk for change in changes[start : start + BATCH]]
        PendingChange.objects.filter(pk__in=noted).delete()


def _documents(kind: str, names: Sequence[Name]) -> Iterable[Document]:
    source = registry.sources().get(kind)
    keys = dict.fromkeys(key for its_kind, key in names if its_kind == kind)
    return source.documents_for(list(keys)) if source else ()


def rebuild() -> Iterator[Written]:
    """Write the whole index anew from the store; give each document once written.

    Nothing happens until the documents are consumed. Raises IndexBusyError.
    """
    sources = registry.sources()
    yield from index().replace_all(
        ((kind, source.documents()) for kind, source in sources.items()),
        expected=sum(source.count() for source in sources.values()),
    )


def keep_whole() -> None:
    """Rebuild the index if it is missing, damaged, of another version or lacks a kind; then catch up."""
    if not health().is_whole:
        count = sum(1 for _ in rebuild())
        logger.info("search.rebuilt", extra={"documents": count})
    index_pending()


def health() -> Health:
    """Say how the index is; an index that cannot be read has no state."""
    used = engine()
    try:
        state = used.state()
        documents = used.count() if state else 0
    except IndexUnusableError:
        state, documents = None, 0
    return Health(
        engine=used.name,
        state=state,
        documents=documents,
        missing=missing_kinds(state),
        waiting=PendingChange.objects.count(),
        is_being_written=used.is_being_written(),
    )
