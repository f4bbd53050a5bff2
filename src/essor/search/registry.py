"""Who has documents to be found: each app registers its own, from `AppConfig.ready`."""

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Protocol

from essor.search.types import Document, SearchError

if TYPE_CHECKING:
    from django.utils.functional import Promise


class Source(Protocol):
    """Where the documents of one kind come from: the store, which is the truth."""

    @property
    def label(self) -> "str | Promise":
        """What the readers call one of this kind, translated lazily."""

    @property
    def label_plural(self) -> "str | Promise":
        """What they call several of them."""

    def documents(self) -> Iterator[Document]:
        """Give every document that anyone may find, one after the other, in constant memory."""

    def count(self) -> int:
        """Say roughly how many there are of these documents."""

    def documents_for(self, keys: Sequence[str]) -> Iterable[Document]:
        """Give those of these documents that anyone may find; the others leave the index."""

    def visible(self, keys: Sequence[str]) -> set[str]:
        """Say which of these anyone may see at this instant, in a constant number of queries."""


_sources: dict[str, Source] = {}


def register(kind: str, source: Source) -> None:
    """Let the documents of this kind be found. Raises SearchError when the kind is taken."""
    if kind in _sources:
        raise SearchError(f"The documents of kind {kind!r} are registered twice.")
    _sources[kind] = source


def unregister(kind: str) -> None:
    """Forget this kind: its documents leave the index when it is next rebuilt."""
    _sources.pop(kind, None)


def sources() -> dict[str, Source]:
    """Give every source by its kind, in the order of registration."""
    return dict(_sources)
