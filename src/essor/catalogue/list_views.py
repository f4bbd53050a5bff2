"""The public lists of the catalogue: baskets and saved searches; a private one is not found."""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from essor.catalogue.asked import Asked
from essor.catalogue.feeds import FEED_LENGTH, answer_with_feed
from essor.catalogue.linked_data import list_of
from essor.catalogue.lists import (
    PublicList,
    latest_listed,
    numbers_listed,
    page_of,
    public_list,
    public_lists,
)
from essor.catalogue.taking import MOST_TAKEN, OFFERED, Takeaway, answer_with_file, takeaways
from essor.search.later import or_later

KEPT_S = 60


@require_safe
def lists(request: HttpRequest) -> HttpResponse:
    """Name the public lists."""
    return render(request, "catalogue/lists.html", {"lists": public_lists()})


@require_safe
def one_list(request: HttpRequest, slug: str) -> HttpResponse:
    """Show a page of a list."""
    listed = _readable(slug)
    page = page_of(listed, Asked.in_address(request.GET).page)
    if not page.records and 0 < page.pages < page.number and not page.is_incomplete:
        return HttpResponseRedirect(f"?page={page.pages}")
    address = request.build_absolute_uri(listed.address)
    addresses = [request.build_absolute_uri(one.record.get_absolute_url()) for one in page.records]
    context = {
        "page": page,
        "address": address,
        "feed": reverse("catalogue_list_feed", args=[slug]),
        "files": _files(slug) if page.records else (),
        "linked_data": list_of(listed.name, address, addresses, total=page.total)
        if not page.is_incomplete
        else "",
    }
    response = render(request, "catalogue/list.html", context)
    if page.is_incomplete:
        patch_cache_control(response, max_age=0)
    return response


@or_later
@require_safe
@cache_control(public=True, max_age=KEPT_S)
def list_feed(request: HttpRequest, slug: str) -> HttpResponse:
    """Follow a list as an Atom feed."""
    listed = _readable(slug)
    records = latest_listed(listed, FEED_LENGTH)
    return answer_with_feed(request, title=listed.name, page=listed.address, records=records)


@or_later
@require_safe
@cache_control(public=True, max_age=KEPT_S)
def list_in_format(request: HttpRequest, slug: str, extension: str) -> HttpResponseBase:
    """Give the first records of a list as a file."""
    numbers = numbers_listed(_readable(slug), MOST_TAKEN)
    root = request.build_absolute_uri("/").rstrip("/")
    return answer_with_file(numbers, extension=extension, name=slug, root=root)


def _files(slug: str) -> tuple[Takeaway, ...]:
    return takeaways(
        {name: reverse("catalogue_list_export", args=[slug, name]) for name in OFFERED}
    )


def _readable(slug: str) -> PublicList:
    listed = public_list(slug)
    if listed is None:
        raise Http404
    return listed
