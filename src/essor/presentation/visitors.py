"""Who asks, as far as the network tells."""

from django.conf import settings
from django.http import HttpRequest


def address_of_visitor(request: HttpRequest) -> str | None:
    """Give the network address of who asks; behind our proxy, the one that the proxy wrote last.

    What stands before it in X-Forwarded-For was written by the visitor, and is not believed.
    """
    forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "") if settings.BEHIND_PROXY else ""
    return forwarded.rpartition(",")[2].strip() or request.META.get("REMOTE_ADDR")
