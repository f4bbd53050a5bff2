"""What the catalogue stores: sources and their profiles, records and items, imports, covers, selections.

A record is known by its source and the control number its source gave it, an item by its source and
its barcode; the bytes received are kept as they were, so that what is understood can be understood
anew. What leaves a source is withdrawn, never erased.
"""

from essor.catalogue.models.covers import Cover, CoverSettings
from essor.catalogue.models.imports import Harvest, ImportProblem, ImportRun, UnknownCode
from essor.catalogue.models.logs import SelectionLogEntry
from essor.catalogue.models.records import (
    DOCUMENT_TYPES,
    PERMALINK_LETTER,
    HarvestedRecord,
    Item,
    Record,
    RecordIdentifier,
    Work,
)
from essor.catalogue.models.selections import Basket, BasketItem, SavedSearch, Selection
from essor.catalogue.models.sources import Branch, MappingProfile, Source

__all__ = [
    "DOCUMENT_TYPES",
    "PERMALINK_LETTER",
    "Basket",
    "BasketItem",
    "Branch",
    "Cover",
    "CoverSettings",
    "Harvest",
    "HarvestedRecord",
    "ImportProblem",
    "ImportRun",
    "Item",
    "MappingProfile",
    "Record",
    "RecordIdentifier",
    "SavedSearch",
    "Selection",
    "SelectionLogEntry",
    "Source",
    "UnknownCode",
    "Work",
]
