"""The public search of the directory: the page, and all the values of a facet."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from essor.presentation.alternates import alternates_of
from essor.register.answers import answer_to, values_of
from essor.register.asked import PARAMETERS, Asked
from essor.register.embedding import list_frame
from essor.register.new_structures import feed_address

_FACETS = {parameter: facet for facet, parameter in PARAMETERS.items()}


@require_safe
def directory(request: HttpRequest) -> HttpResponse:
    """Show what is found in the directory; when nothing is asked, all of it by name."""
    asked = Asked.in_address(request.GET)
    answer = answer_to(asked, today=timezone.localdate())
    if answer is None:
        return _nothing_yet(request)
    if not answer.structures and 0 < answer.pages < asked.page and not answer.is_incomplete:
        return HttpResponseRedirect(asked.on_page(answer.pages).address)
    is_front = asked == Asked()
    context = {
        "asked": asked,
        "answer": answer,
        "source": answer.source,
        "is_front": is_front,
        "alternates": alternates_of(request) if is_front else (),
        "feed": feed_address(asked, answer.source.vintage),
        "embed": list_frame(request, "" if is_front else asked.on_page(1).address),
    }
    response = render(request, "register/directory.html", context)
    if not is_front or answer.is_incomplete:  # there are more questions than a cache of pages holds
        patch_cache_control(response, max_age=0)
    return response


@require_safe
@cache_control(max_age=0)
def directory_values(request: HttpRequest, parameter: str) -> HttpResponse:
    """List all the values of a facet among what is found."""
    facet = _FACETS.get(parameter)
    if facet is None:
        raise Http404
    page = values_of(Asked.in_address(request.GET), facet)
    return render(request, "register/directory_values.html", {"page": page})


def _nothing_yet(request: HttpRequest) -> HttpResponse:
    """Say that the directory is empty; to staff who load it, how it is filled.

    Nobody's session is opened without its cookie: the page of a reader can be kept for all.
    """
    has_session = settings.SESSION_COOKIE_NAME in request.COOKIES
    may_load = has_session and request.user.has_perm("register.view_vintage")
    response = render(request, "register/directory_empty.html", {"may_load": may_load})
    patch_cache_control(response, max_age=0)
    return response
