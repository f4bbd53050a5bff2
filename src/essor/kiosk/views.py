"""The pages of a kiosk: its own, and the one that other sites put in a frame."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe

from essor.kiosk.cross_origin import readable_by_any_site
from essor.kiosk.embedding import embedding
from essor.kiosk.queries import kiosks_to_show
from essor.kiosk.showing import Shown, shown
from essor.kiosk.types import Theme
from essor.presentation import framing
from essor.presentation.framing import framable

PROXY_KEPT_S = 1
"""How late a proxy in front may be: an edit shows within a second."""

THEMES = {name: Theme(theme) for name, theme in framing.THEMES.items()}
"""What the address of a frame may ask for, in the place of the kiosk's own colours."""


@require_safe
def kiosk(request: HttpRequest, slug: str) -> HttpResponse:
    """Show a kiosk and the code that shows it elsewhere."""
    found = get_object_or_404(kiosks_to_show(), slug=slug)
    seen = shown(found)
    context = {"kiosk": found, "shown": seen, "embed": embedding(found, request)}
    response = render(request, "kiosk/kiosk.html", context)
    if seen.is_for_one_view:
        patch_cache_control(response, private=True, no_store=True)
    return response


@require_safe
@readable_by_any_site
@framable
def frame(request: HttpRequest, slug: str) -> HttpResponse:
    """Show a kiosk alone, in a page that any site may frame; the element `<essor-kiosk>` reads it too."""
    framed = shown(get_object_or_404(kiosks_to_show(), slug=slug))
    theme = THEMES.get(request.GET.get("theme", ""))
    return in_frame(request, framed.in_theme(theme) if theme else framed)


def in_frame(request: HttpRequest, framed: Shown) -> HttpResponse:
    """Give the page of a frame, whatever address was asked for: kept a second by a proxy, and checked by browsers."""
    response = render(request, "kiosk/frame.html", {"shown": framed})
    if framed.is_for_one_view:
        patch_cache_control(response, no_store=True)
    else:
        patch_cache_control(response, public=True, max_age=0, s_maxage=PROXY_KEPT_S)
    return response
