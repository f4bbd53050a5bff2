"""What the register stores."""

from essor.register.models.contributions import Contribution
from essor.register.models.directory import (
    APPROVAL_LABELS,
    FAMILY_LABELS,
    PERMALINK_LETTER,
    STATUS_LABELS,
    Approval,
    Establishment,
    LegalUnit,
    Vintage,
)
from essor.register.models.editorial import StructureProfile, StructureTag
from essor.register.models.guides import Guide, GuideEdition
from essor.register.models.imports import (
    LIST_LABELS,
    DirectoryEntry,
    DirectoryImport,
    ImportedDirectory,
)
from essor.register.models.initiatives import (
    INITIATIVE_LETTER,
    Initiative,
    InitiativeStructure,
    InitiativeTheme,
)
from essor.register.models.perimeters import PerimeterComparison, PerimeterVersion

__all__ = [
    "APPROVAL_LABELS",
    "FAMILY_LABELS",
    "INITIATIVE_LETTER",
    "LIST_LABELS",
    "PERMALINK_LETTER",
    "STATUS_LABELS",
    "Approval",
    "Contribution",
    "DirectoryEntry",
    "DirectoryImport",
    "Establishment",
    "Guide",
    "GuideEdition",
    "ImportedDirectory",
    "Initiative",
    "InitiativeStructure",
    "InitiativeTheme",
    "LegalUnit",
    "PerimeterComparison",
    "PerimeterVersion",
    "StructureProfile",
    "StructureTag",
    "Vintage",
]
