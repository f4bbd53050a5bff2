"""The share links of a page or box."""

from django import template
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext

register = template.Library()


@register.simple_tag
def share(title: str, permalink_id: str | int) -> str:
    """Give the permanent link of what is shared."""
    home = reverse("wagtail_serve", args=[""])
    return format_html('<a href="{}p/{}">{}</a>', home, permalink_id, gettext("Permanent link"))
