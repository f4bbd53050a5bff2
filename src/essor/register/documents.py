"""What a structure is found by: its document for the search index.

A structure that SIRENE masks, or whose identity is withheld, is a document without any word or
number: no search finds it by its name, and the facets count it in its commune.
"""

from collections.abc import Iterable
from datetime import date
from types import MappingProxyType

from django.utils.text import capfirst

from essor.register.labels import activity_label, category_label, sector_label
from essor.register.models import FAMILY_LABELS, Approval, LegalUnit, StructureTag
from essor.register.models.directory import APPROVAL_LABELS, FILED_LAST
from essor.register.types import ApprovalKind, Family
from essor.search import Document

KIND = "structure"
"""The kind of documents that structures are found under; a structure's key is its SIREN."""

UNKNOWN = "unknown"

NAMED = "named"
"""The facet of the structures whose identity is public: the others are near nothing."""
YES = ("yes",)

SIZES = MappingProxyType(
    {
        "0": ("NN", "00"),
        "1-9": ("01", "02", "03"),
        "10-49": ("11", "12"),
        "50-249": ("21", "22", "31"),
        "250": ("32", "41", "42", "51", "52", "53"),
    }
)
"""The headcount bands of SIRENE, gathered as readers look for them."""

SIZE_OF_BAND = MappingProxyType({band: size for size, bands in SIZES.items() for band in bands})
OLDEST_DECADE = 1980

Place = tuple[str, str]
"""An establishment: its SIRET, and the code of its commune, empty when it is not known."""


def document_of(
    unit: LegalUnit,
    *,
    is_hidden: bool,
    places: Iterable[Place],
    approvals: Iterable[Approval],
    tags: Iterable[StructureTag],
    today: date,
) -> Document:
    """Give what a structure is found by; `places` are its establishments of the area."""
    held = list(places)
    facets = {
        "family": (unit.family,),
        "status": (unit.status,),
        "sector": (unit.sector,),
        "commune": tuple(sorted({commune for _siret, commune in held if commune})),
        "headcount": (SIZE_OF_BAND.get(unit.headcount_band, UNKNOWN),),
        "created": (created_in(unit.created_on),),
    }
    if is_hidden:
        return Document(
            kind=KIND,
            key=unit.siren,
            title="",
            filing=FILED_LAST,
            facets=facets,
            date=unit.created_on,
        )
    facets[NAMED] = YES
    words = list(tags)
    kinds = sorted({one.kind for one in approvals if is_in_force(one, today)})
    return Document(
        kind=KIND,
        key=unit.siren,
        title=" ".join(dict.fromkeys(filter(None, (unit.name, unit.usual_name, unit.acronym)))),
        keywords=tuple(filter(None, (*_keywords(unit, kinds), *(tag.name for tag in words)))),
        numbers=tuple(filter(None, (unit.siren, unit.rna, *(siret for siret, _commune in held)))),
        address=f"/annuaire/{unit.siren}/",
        date=unit.created_on,
        year=unit.created_on.year if unit.created_on else None,
        filing=unit.filing_name,
        facets=facets | {"approval": tuple(kinds), "tag": tuple(sorted(tag.slug for tag in words))},
    )


def created_in(day: date | None) -> str:
    """Give the decade in which a structure was created, "before" for the oldest, "unknown" for no day."""
    if day is None:
        return UNKNOWN
    return "before" if day.year < OLDEST_DECADE else str(day.year // 10 * 10)


def is_in_force(approval: Approval, today: date) -> bool:
    """Say whether an approval holds today; without an end, it does."""
    has_begun = approval.starts_on is None or approval.starts_on <= today
    return has_begun and (approval.ends_on is None or approval.ends_on >= today)


def _keywords(unit: LegalUnit, approvals: Iterable[str]) -> tuple[str, ...]:
    return (
        activity_label(unit.activity, unit.nomenclature),
        sector_label(unit.sector),
        capfirst(str(FAMILY_LABELS[Family(unit.family)])),
        category_label(unit.category),
        *(str(APPROVAL_LABELS[ApprovalKind(kind)]) for kind in approvals),
    )
