"""What is tagged with a word."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from taggit.models import Tag
from wagtail.models import Site

from essor.portal.queries.pages import pages_tagged


def tag(request: HttpRequest, slug: str) -> HttpResponse:
    """List the readable pages of this site that carry a tag; 404 when there is none."""
    word = get_object_or_404(Tag, slug=slug)
    site = Site.find_for_request(request)
    pages = pages_tagged(word, site.root_page) if site else []
    if not pages:
        raise Http404
    return render(request, "portal/tag.html", {"tag": word, "pages": pages})
