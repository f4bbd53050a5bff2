"""Search the portal: by the page, by the browser's own search box."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe
from wagtail.models import Site

from essor.portal.queries.pages import readable_dossiers
from essor.portal.queries.search import Asked, answer_to, suggestions_for

DOSSIERS_OFFERED = 6


@require_safe
@cache_control(max_age=0)
def search(request: HttpRequest) -> HttpResponse:
    """Show what is found on this site; without a question, or an answer, where else to go."""
    site = _site(request)
    asked = Asked.in_address(request.GET)
    answer = answer_to(asked, site) if asked.text else None
    if answer and answer.hits == () and 0 < answer.pages < asked.page:
        return HttpResponseRedirect(asked.address(page=answer.pages))
    found = bool(answer and answer.hits)
    context = {
        "asked": asked,
        "answer": answer,
        "dossiers": () if found else readable_dossiers(site.root_page)[:DOSSIERS_OFFERED],
    }
    return render(request, "portal/search.html", context)


@require_safe
@cache_control(max_age=0)
def suggestions(request: HttpRequest) -> HttpResponse:
    """Give the titles that begin so, in the form browsers read (OpenSearch Suggestions 1.1)."""
    text = request.GET.get("q", "")
    titles = suggestions_for(text, _site(request))
    return JsonResponse([text, titles], safe=False, content_type="application/x-suggestions+json")


@require_safe
def opensearch(request: HttpRequest) -> HttpResponse:
    """Describe the search to browsers (OpenSearch 1.1)."""
    context = {
        "description": _("Search the portal %(name)s") % {"name": _site(request).site_name},
        "page_address": request.build_absolute_uri(reverse("search")),
        "suggestions_address": request.build_absolute_uri(reverse("search_suggestions")),
    }
    return render(
        request,
        "portal/opensearch.xml",
        context,
        content_type="application/opensearchdescription+xml",
    )


def _site(request: HttpRequest) -> Site:
    return Site.find_for_request(request) or get_object_or_404(Site, is_default_site=True)
