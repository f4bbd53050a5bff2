"""A record in the words of schema.org, for the engines that read pages.

Only what is true is said: an offer is a loan (never a sale), there is one only for an item whose
availability is known, and its price is left out, since membership decides it.
"""

import json
from collections.abc import Iterable, Sequence
from typing import Any

from django.utils.safestring import SafeString, mark_safe

from essor.catalogue.exports import Published
from essor.catalogue.exports.types import TRANSLATOR, Holding
from essor.catalogue.models import Record
from essor.catalogue.types import Availability, DocumentType, IdentifierKind

TYPES = {
    DocumentType.BOOK: "Book",
    DocumentType.SERIAL: "Periodical",
    DocumentType.MAP: "Map",
    DocumentType.FILM: "Movie",
    DocumentType.SPEECH: "Audiobook",
    DocumentType.MUSIC: "MusicAlbum",
    DocumentType.SCORE: "SheetMusic",
    DocumentType.OBJECT: "Game",
}
OTHER = "CreativeWork"
LENT = "http://purl.org/goodrelations/v1#LeaseOut"
AVAILABILITIES = {
    Availability.AVAILABLE: "https://schema.org/InStock",
    Availability.ON_SITE: "https://schema.org/InStoreOnly",
    Availability.ON_LOAN: "https://schema.org/OutOfStock",
}
_HANDS = {TRANSLATOR: "translator", "440": "illustrator", "340": "editor"}
_INERT = str.maketrans({"<": "\\u003c", ">": "\\u003e", "&": "\\u0026"})


def described(
    published: Published, *, editions: Iterable[Record], root: str, picture: str = ""
) -> SafeString:
    """Give JSON-LD that can stand in a page: whatever the title, no mark in it ends the script.

    `editions` are the other editions of the same work, `picture` the path of that of the cover.
    """
    known = {name: value for name, value in _thing(published).items() if value}
    if picture:
        known["image"] = f"{root}{picture}"
    if others := [_edition(one, root) for one in editions]:
        known["exampleOfWork"] = {"@type": OTHER, "name": published.title, "workExample": others}
    return mark_safe(json.dumps(known, ensure_ascii=False).translate(_INERT))


def _thing(published: Published) -> dict[str, Any]:
    return {
        "@context": "https://schema.org",
        "@type": TYPES.get(published.document_type, OTHER),
        "@id": published.address,
        "url": published.address,
        "name": published.full_title,
        "author": [{"name": hand.name} for hand in published.authors],
        **_other_hands(published),
        "publisher": {"@type": "Organization", "name": published.publisher}
        if published.publisher
        else None,
        "datePublished": str(published.year) if published.year else None,
        "bookEdition": published.edition if published.document_type is DocumentType.BOOK else None,
        "isbn": next(iter(published.numbers(IdentifierKind.ISBN)), None),
        "issn": next(iter(published.numbers(IdentifierKind.ISSN)), None),
        "inLanguage": list(published.languages),
        "about": [{"name": subject.label} for subject in published.subjects],
        "description": published.summary,
        "offers": [
            _offer(held) for held in published.holdings if held.availability in AVAILABILITIES
        ],
    }


def _other_hands(published: Published) -> dict[str, list[dict[str, str]]]:
    hands: dict[str, list[dict[str, str]]] = {}
    for hand in published.others:
        for part in {_HANDS[code] for code in hand.roles if code in _HANDS}:
            hands.setdefault(part, []).append({"name": hand.name})
    return hands


def _offer(held: Holding) -> dict[str, Any]:
    told = {
        "@type": "Offer",
        "businessFunction": LENT,
        "availability": AVAILABILITIES[held.availability],
        "sku": held.call_number,
        "offeredBy": {"@type": "Library", "name": held.branch} if held.branch else None,
    }
    return {name: value for name, value in told.items() if value}


def _edition(record: Record, root: str) -> dict[str, str]:
    kind = TYPES.get(DocumentType(record.document_type), OTHER)
    told = {
        "@type": kind,
        "@id": f"{root}{record.get_absolute_url()}",
        "name": record.full_title,
        "datePublished": str(record.year or ""),
    }
    return {name: value for name, value in told.items() if value}


def list_of(name: str, address: str, addresses: Sequence[str], *, total: int) -> SafeString:
    """Describe a public list, by the addresses of the records that its page shows."""
    told = {
        "@context": "https://schema.org",
        "@type": "ItemList",
        "@id": address,
        "url": address,
        "name": name,
        "numberOfItems": total,
        "itemListElement": [
            {"@type": "ListItem", "position": place, "url": record}
            for place, record in enumerate(addresses, 1)
        ],
    }
    return mark_safe(json.dumps(told, ensure_ascii=False).translate(_INERT))
