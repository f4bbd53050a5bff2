"""What other sites show of the directory in a frame: its map, its list, each in the state of its address."""

from dataclasses import replace

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe

from essor.presentation.framing import THEMES, framable
from essor.register.cartography.page import map_shown
from essor.register.found import structures_found
from essor.register.listing import first_structures


@require_safe
@framable
def framed_map(request: HttpRequest) -> HttpResponse:
    """Show the map alone; its links open in the page around the frame."""
    found = structures_found(request.GET)
    shown = replace(map_shown(found), target="_parent") if found else None
    return _framed(request, "register/frame_map.html", {"map": shown})


@require_safe
@framable
def framed_list(request: HttpRequest) -> HttpResponse:
    """Show the first structures by name, and the way to all of them."""
    found = structures_found(request.GET)
    return _framed(
        request, "register/frame_list.html", {"listed": first_structures(found) if found else None}
    )


def _framed(request: HttpRequest, template: str, context: dict[str, object]) -> HttpResponse:
    theme = THEMES.get(request.GET.get("theme", ""), "auto")
    response = render(request, template, {**context, "theme": theme})
    if len(request.GET):  # there are more questions than a cache of pages can hold
        patch_cache_control(response, public=True, max_age=0)
    return response
