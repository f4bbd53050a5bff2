"""Questions about feeds: what is new in these, and how old is what we show."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from django.db.models.functions import Coalesce

from essor.portal.models.feeds import FeedEntry, FeedSource


@dataclass(frozen=True, slots=True)
class LatestEntries:
    """The latest entries of some feeds, and what a reader must know of them.

    `silent_since` is the last good answer of a feed that now fails, None when all answer. `is_sample`
    says that some come with the demonstration.
    """

    entries: Sequence[FeedEntry]
    silent_since: datetime | None
    is_sample: bool


def latest_entries(sources: Sequence[FeedSource], limit: int) -> LatestEntries:
    """Give the latest entries of these feeds, merged; an undated one stands at the day it was first seen."""
    rows = (
        FeedEntry.objects.filter(source__in=[source.pk for source in sources])
        .select_related("source")
        .order_by(Coalesce("published", "first_seen").desc(), "-pk")
    )
    # At worst each article is in every feed.
    entries = tuple(islice(_without_doubles(rows[: limit * len(sources)]), limit))
    silent = [
        source.last_success for source in sources if source.is_failing and source.last_success
    ]
    return LatestEntries(
        entries=entries,
        silent_since=min(silent, default=None),
        is_sample=any(entry.source.is_sample for entry in entries),
    )


def _without_doubles(entries: Iterable[FeedEntry]) -> Iterable[FeedEntry]:
    """Pass over an article that another feed gave already; one feed may give many entries one link."""
    first_of: dict[str, int] = {}
    for entry in entries:
        if (
            not entry.link_key
            or first_of.setdefault(entry.link_key, entry.source_id) == entry.source_id
        ):
            yield entry
