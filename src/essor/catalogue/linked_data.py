"""A record in the words of schema.org, for the engines that read pages."""

import json

from django.utils.safestring import SafeString, mark_safe

from essor.catalogue.models import Record
from essor.catalogue.types import DocumentType, IdentifierKind

TYPES = {
    DocumentType.BOOK: "Book",
    DocumentType.SERIAL: "Periodical",
    DocumentType.MAP: "Map",
    DocumentType.FILM: "Movie",
    DocumentType.SPEECH: "Audiobook",
    DocumentType.MUSIC: "MusicAlbum",
    DocumentType.SCORE: "SheetMusic",
}
_INERT = str.maketrans({"<": "\\u003c", ">": "\\u003e", "&": "\\u0026"})


def book_of(record: Record, address: str) -> SafeString:
    """Give JSON-LD that can stand in a page: whatever the title, no mark in it ends the script."""
    isbns = [
        one.value
        for one in record.identifiers.all()
        if one.kind == IdentifierKind.ISBN and one.is_valid
    ]
    described = {
        "@context": "https://schema.org",
        "@type": TYPES.get(DocumentType(record.document_type), "CreativeWork"),
        "@id": address,
        "url": address,
        "name": record.full_title,
        "author": [{"name": hand.name} for hand in record.hands if hand.is_primary],
        "publisher": {"@type": "Organization", "name": record.publisher}
        if record.publisher
        else None,
        "datePublished": str(record.year) if record.year else None,
        "isbn": isbns[0] if isbns else None,
        "description": record.summary or None,
    }
    known = {name: value for name, value in described.items() if value}
    return mark_safe(json.dumps(known, ensure_ascii=False).translate(_INERT))
