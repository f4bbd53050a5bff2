"""The colours a network chose, as a stylesheet: the policy forbids styles inside pages."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import cache_control

from essor.portal.models import PortalSettings


@cache_control(public=True, max_age=300)
def colours(request: HttpRequest) -> HttpResponse:
    """Give the accent of this portal; what was not chosen stays as in tokens.css."""
    identity = PortalSettings.for_request(request)
    rules = []
    if identity.accent_light:
        rules.append(f":root {{ --brick: {identity.accent_light}; }}")
    if identity.accent_dark:
        rules.append(
            f"@media (prefers-color-scheme: dark) {{ :root {{ --brick: {identity.accent_dark}; }} }}"
        )
    return HttpResponse("\n".join(rules), content_type="text/css; charset=utf-8")
