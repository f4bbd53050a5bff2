"""The public search of the catalogue: the page, the values of a facet, suggestions, feed, exports."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from essor import search
from essor.catalogue.answers import answer_to, values_of
from essor.catalogue.asked import PARAMETERS, Asked
from essor.catalogue.documents import KIND
from essor.catalogue.feeds import FEED_LENGTH, answer_with_feed
from essor.catalogue.finding import latest_found, numbers_found
from essor.catalogue.lists import public_lists
from essor.catalogue.suggestions import suggestions_for
from essor.catalogue.taking import MOST_TAKEN, OFFERED, Takeaway, answer_with_file, takeaways
from essor.presentation.alternates import alternates_of
from essor.search.addresses import LONGEST_TEXT
from essor.search.later import or_later

KEPT_S = 60
LISTS_OFFERED = 8
_FACETS = {parameter: facet for facet, parameter in PARAMETERS.items()}


@require_safe
def catalogue(request: HttpRequest) -> HttpResponse:
    """Show what is found in the catalogue; when nothing is asked, all of it and the ways into it."""
    asked = Asked.in_address(request.GET)
    answer = answer_to(asked)
    is_incomplete = answer.results.is_incomplete
    if not answer.records and 0 < answer.pages < asked.page and not is_incomplete:
        return HttpResponseRedirect(asked.on_page(answer.pages).address)
    is_front = asked == Asked()
    context = {
        "asked": asked,
        "answer": answer,
        "is_front": is_front,
        "alternates": alternates_of(request) if is_front else (),
        "lists": public_lists()[:LISTS_OFFERED] if is_front else (),
        "feed": reverse("catalogue_feed") + asked.on_page(1).address,
        "files": _files(asked),
    }
    response = render(request, "catalogue/search.html", context)
    if not is_front or is_incomplete:  # there are more questions than a cache of pages can hold
        patch_cache_control(response, max_age=0)
    return response


@require_safe
@cache_control(max_age=0)
def values(request: HttpRequest, parameter: str) -> HttpResponse:
    """List all the values of a facet among what is found, or those that begin as was typed."""
    facet = _FACETS.get(parameter)
    if facet is None or facet == "year":
        raise Http404
    asked = Asked.in_address(request.GET)
    beginning = request.GET.get("debut", "")[:LONGEST_TEXT].strip()
    context = {"page": values_of(asked, facet, beginning)}
    return render(request, "catalogue/values.html", context)


@require_safe
def suggestions(request: HttpRequest) -> HttpResponse:
    """Give what may be meant by what is being typed (OpenSearch Suggestions 1.1: texts, kinds, addresses)."""
    text = request.GET.get("q", "")[:LONGEST_TEXT]
    found = suggestions_for(text)
    answer: list[Any] = [
        text,
        [one.text for one in found],
        [one.kind for one in found],
        [request.build_absolute_uri(one.address) for one in found],
    ]
    response = JsonResponse(answer, safe=False, content_type="application/x-suggestions+json")
    if search.index().lacks(KIND):
        patch_cache_control(response, max_age=0)
    else:
        patch_cache_control(response, public=True, max_age=KEPT_S)
    return response


@require_safe
def opensearch(request: HttpRequest) -> HttpResponse:
    """Describe the search of the catalogue to browsers (OpenSearch 1.1)."""
    page = request.build_absolute_uri(reverse("catalogue"))
    context = {
        "page_address": page,
        "suggestions_address": request.build_absolute_uri(reverse("catalogue_suggestions")),
        "feed_address": request.build_absolute_uri(reverse("catalogue_feed")),
    }
    return render(
        request,
        "catalogue/opensearch.html",  # makemessages looks into no .xml
        context,
        content_type="application/opensearchdescription+xml",
    )


@or_later
@require_safe
@cache_control(public=True, max_age=KEPT_S)
def feed(request: HttpRequest) -> HttpResponse:
    """Follow a search: its latest records as an Atom feed."""
    asked = Asked.in_address(request.GET)
    title = _("Catalogue: %(text)s") % {"text": asked.text} if asked.text else _("Catalogue")
    page = reverse("catalogue") + asked.on_page(1).address
    return answer_with_feed(
        request, title=title, page=page, records=latest_found(asked, FEED_LENGTH)
    )


@or_later
@require_safe
@cache_control(public=True, max_age=KEPT_S)
def search_in_format(request: HttpRequest, extension: str) -> HttpResponseBase:
    """Give the first records of a search as a file."""
    asked = Asked.in_address(request.GET)
    root = request.build_absolute_uri("/").rstrip("/")
    numbers = numbers_found(asked, MOST_TAKEN)
    return answer_with_file(numbers, extension=extension, name="notices", root=root)


def _files(asked: Asked) -> tuple[Takeaway, ...]:
    if asked.is_blank:
        return ()
    query = asked.on_page(1).address
    return takeaways({name: reverse("catalogue_export", args=[name]) + query for name in OFFERED})
