"""The cover of a record, for templates of any app."""

from functools import lru_cache

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from essor.catalogue.covers import Face, draw_cover
from essor.catalogue.models import Record
from essor.catalogue.types import DocumentType

register = template.Library()

# A drawing takes 2 ms and 3 kB: a list of twenty would spend most of its time on covers drawn before.
_drawn = lru_cache(maxsize=2_000)(draw_cover)


@register.simple_tag
def cover(record: Record, alt: str = "") -> SafeString:
    """Show the picture of a record's cover, else draw one.

    Lists read the records with their cover (`select_related("cover")`). `alt` is for the place where
    the picture says more than the words beside it; a drawn cover says nothing more than the title.
    """
    picture = record.picture
    if picture is None:
        return drawn_cover(record)
    return format_html(
        '<img src="{}" width="{}" height="{}" alt="{}" loading="lazy" decoding="async">',
        picture.picture.url,
        picture.width,
        picture.height,
        alt,
    )


@register.simple_tag
def drawn_cover(record: Record) -> SafeString:
    """Draw the cover of a record, to stand inside the page: the drawing escapes every word it is given."""
    face = Face(
        identity=record.identity,
        title=record.title,
        author=record.authors,
        document_type=DocumentType(record.document_type),
        classification=record.classification,
    )
    return mark_safe(_drawn(face))
