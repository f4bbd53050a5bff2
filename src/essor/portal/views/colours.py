"""The colours a network chose, as a stylesheet: the policy forbids styles inside pages."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import cache_control

from essor.portal.models import PortalSettings


@cache_control(public=True, max_age=300)
def colours(request: HttpRequest) -> HttpResponse:
    """Give the accent of this portal; what was not chosen stays as in tokens.css."""
    identity = PortalSettings.for_request(request)
    chosen = {"light": identity.accent_light, "dark": identity.accent_dark}
    rules = [f"--brick-{theme}: {colour};" for theme, colour in chosen.items() if colour]
    sheet = f":root {{ {' '.join(rules)} }}\n" if rules else ""
    return HttpResponse(sheet, content_type="text/css; charset=utf-8")
