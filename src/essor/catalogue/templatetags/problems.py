"""The problems of an import, in the language of who reads them."""

from django import template
from django.utils.translation import gettext

from essor.presentation.templatetags.typography import nbsp

register = template.Library()


@register.filter
def said(message: str) -> str:
    """Translate a message that was stored as its importer wrote it."""
    return nbsp(gettext(message)) if message else ""
