"""What the register stores."""

from essor.register.models.directory import (
    FAMILY_LABELS,
    STATUS_LABELS,
    Approval,
    Establishment,
    LegalUnit,
    Vintage,
)
from essor.register.models.editorial import StructureProfile, StructureTag
from essor.register.models.imports import (
    LIST_LABELS,
    DirectoryEntry,
    DirectoryImport,
    ImportedDirectory,
)

__all__ = [
    "FAMILY_LABELS",
    "LIST_LABELS",
    "STATUS_LABELS",
    "Approval",
    "DirectoryEntry",
    "DirectoryImport",
    "Establishment",
    "ImportedDirectory",
    "LegalUnit",
    "StructureProfile",
    "StructureTag",
    "Vintage",
]
