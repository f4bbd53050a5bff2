"""The index fed by an import as it goes, rather than record by record afterwards.

Everything that is stored is first noted as pending, in the same transaction: what an import that is
killed did not index is indexed by the upkeep of the search.
"""

import contextlib
import logging
import time
from collections.abc import Container, Iterable
from typing import Self

from essor import search
from essor.catalogue.rows import delete_rows
from essor.search import Prepared
from essor.search.engines import Bulk
from essor.search.models import PendingChange
from essor.search.services import index_pending
from essor.search.tasks import index_changes

logger = logging.getLogger(__name__)

SHOWN_AFTER = 30_000
"""Documents after which readers find them."""

TURN_S = 20.0
"""After which other writers of the index have their turn: not sooner, for it waits until its parts are merged."""

TRY_AGAIN_AFTER_S = 30.0


class Feeding:
    """Writes prepared documents in bulk while the index is free; leaves them pending while it is not."""

    def __init__(self) -> None:
        self._open = contextlib.ExitStack()
        self._bulk: Bulk | None = None
        self._written: list[int] = []
        self._try_at = self._ends_at = 0.0

    def add(
        self, documents: Iterable[Prepared], pending: Iterable[int], new: Container[int]
    ) -> None:
        """Write the documents of a stored batch; `pending` are the keys of their notes.

        `new` are the keys of the records that the store did not have.
        """
        was_open = self._bulk is not None
        if not self._is_open():
            return
        assert self._bulk is not None  # noqa: S101  # it is open
        for document in documents:
            # Nobody can have indexed meanwhile what was stored while the index was ours.
            self._bulk.write(document, is_new=was_open and int(document.key) in new)
        self._written += pending
        if len(self._written) >= SHOWN_AFTER:
            self._show(self._bulk)

    def _show(self, bulk: Bulk) -> None:
        if time.monotonic() >= self._ends_at:
            self.settle()
        else:
            bulk.commit()
            self._forget()

    def _is_open(self) -> bool:
        if self._bulk is None and time.monotonic() >= self._try_at:
            try:
                self._bulk = self._open.enter_context(
                    search.index().writing_many(commit_every=2 * SHOWN_AFTER)
                )
                self._ends_at = time.monotonic() + TURN_S
            except (search.IndexBusyError, search.IndexUnusableError):
                logger.info("catalogue.import.index_busy")
                self._try_at = time.monotonic() + TRY_AGAIN_AFTER_S
        return self._bulk is not None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: object, error: BaseException | None, traceback: object) -> None:
        if error is None:
            self.settle()
        else:
            self.abandon()

    def settle(self) -> None:
        """Let readers find what was written, and index whatever else is waiting, of anyone."""
        self._open.close()
        self._bulk = None
        self._forget()
        try:
            index_pending()
        except (search.IndexBusyError, search.IndexUnusableError):
            index_changes.enqueue()

    def _forget(self) -> None:
        """Forget the notes of what is in the index for good."""
        delete_rows(PendingChange, self._written)
        self._written = []

    def abandon(self) -> None:
        """Stop here; what was written is kept when it can be, and stays pending."""
        with contextlib.suppress(search.SearchError):
            self._open.close()
