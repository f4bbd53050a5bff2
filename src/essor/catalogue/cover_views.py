"""The drawn cover of a record at an address of its own, for what cannot carry a drawing inside it: feeds."""

from csp.constants import NONE
from csp.decorators import csp
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from essor.catalogue.queries import current_records
from essor.catalogue.templatetags.covers import drawn_cover

COVER_TYPE = "image/svg+xml"
KEPT_S = 24 * 3600


@require_safe
@csp({"default-src": [NONE], "sandbox": [""]})
@cache_control(public=True, max_age=KEPT_S)
def cover_picture(request: HttpRequest, pk: int) -> HttpResponse:
    """Draw the cover of a record, as a picture; a withdrawn record has none."""
    record = get_object_or_404(current_records().select_related("source"), pk=pk)
    # Quick to draw again: thousands of them, each kept for a day, would drive pages out of the cache.
    request._cache_update_cache = False  # type: ignore[attr-defined]
    response = HttpResponse(drawn_cover(record), content_type=COVER_TYPE)
    response["Access-Control-Allow-Origin"] = "*"
    return response
