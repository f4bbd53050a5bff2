"""What every public template knows: the portal's name, menu and language addresses."""

from django.http import HttpRequest


def portal(request: HttpRequest) -> dict[str, object]:
    """Give the context of the site asked for."""
    return {}
