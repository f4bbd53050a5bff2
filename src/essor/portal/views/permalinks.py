"""Permanent links: always a redirect to where the thing is today."""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from essor.presentation import permalinks
from essor.presentation.permalinks import Permalink

KEPT_S = 300
"""A page can move: the redirect is a 302, and nobody keeps it for long."""


@require_safe
@cache_control(public=True, max_age=KEPT_S)
def permalink(request: HttpRequest, link: Permalink) -> HttpResponse:
    """Redirect to the present address; 410 for a deleted thing, 404 for one that is not public."""
    try:
        destination = permalinks.resolve(link, request)
    except permalinks.Gone:
        return render(request, "410.html", status=410)
    if destination is None:
        raise Http404
    return HttpResponseRedirect(destination.address)
