"""The same page in each language of the interface, for search engines."""

from django.conf import settings
from django.http import HttpRequest
from django.urls import translate_url


def alternates_of(request: HttpRequest) -> tuple[tuple[str, str], ...]:
    """Give the page in each language, as code and address; the first one is for all others."""
    addresses = [
        (code, request.build_absolute_uri(translate_url(request.path, code)))
        for code, _name in settings.LANGUAGES
    ]
    return (*addresses, ("x-default", addresses[0][1]))
