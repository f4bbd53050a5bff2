"""The problems of an import, in the language of who reads them."""

from django import template
from django.utils.translation import gettext

from essor.presentation.templatetags.typography import nbsp, number

register = template.Library()


@register.filter
def said(message: str) -> str:
    """Translate a message that was stored as its importer wrote it."""
    return nbsp(gettext(message)) if message else ""


@register.filter
def duration(seconds: float) -> str:
    """Say how long something took, or will take: in seconds, then minutes, then hours."""
    if seconds < 90:
        return nbsp(gettext("%(count)s s") % {"count": number(max(round(seconds, 1), 0.1), 1)})
    if seconds < 90 * 60:
        return nbsp(gettext("%(count)s min") % {"count": number(round(seconds / 60))})
    return nbsp(gettext("%(count)s h") % {"count": number(seconds / 3600, 1)})
