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

__all__ = [
    "FAMILY_LABELS",
    "STATUS_LABELS",
    "Approval",
    "Establishment",
    "LegalUnit",
    "StructureProfile",
    "StructureTag",
    "Vintage",
]
