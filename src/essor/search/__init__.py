"""Full-text search: one interface, two engines, an index that is never the truth.

An app that has something to be found registers a `Source` from its `AppConfig.ready`, and calls
`essor.search.services.note_changes` wherever its documents change:

    search.register("record", RecordSource())
    note_changes("record", [record.pk])                      # within the transaction of the change
    results = search.index().search(search.Query("économie", {"kind": ("record",)}))
"""

from essor.search.engines.stored import Prepared
from essor.search.interface import Index, index
from essor.search.registry import Source, register, sources, unregister
from essor.search.types import (
    EVERY_SITE,
    FURTHEST_HIT,
    MOST_KEYS,
    CannotTellNow,
    Document,
    FacetCount,
    Health,
    Hit,
    IndexBusyError,
    IndexUnusableError,
    Match,
    Names,
    Part,
    Query,
    Results,
    SearchError,
    Sort,
    Suggestion,
    on_site,
)

__all__ = [
    "EVERY_SITE",
    "FURTHEST_HIT",
    "MOST_KEYS",
    "CannotTellNow",
    "Document",
    "FacetCount",
    "Health",
    "Hit",
    "Index",
    "IndexBusyError",
    "IndexUnusableError",
    "Match",
    "Names",
    "Part",
    "Prepared",
    "Query",
    "Results",
    "SearchError",
    "Sort",
    "Source",
    "Suggestion",
    "index",
    "on_site",
    "register",
    "sources",
    "unregister",
]
