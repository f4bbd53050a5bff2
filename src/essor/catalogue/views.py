"""The public pages of the catalogue."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from essor.catalogue.exports import FORMATS
from essor.catalogue.models import Record
from essor.catalogue.queries import published
from essor.catalogue.record_page import record_page


@require_safe
def record(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a record; its address never changes, and answers even once the record is withdrawn."""
    page = record_page(pk, root=_root(request))
    if page is None:
        raise Http404
    return render(request, "catalogue/record.html", {"page": page, "record": page.record})


@require_safe
def record_in_format(request: HttpRequest, pk: int, extension: str) -> HttpResponse:
    """Give a record in one of the formats of `exports`, as a file."""
    wanted = FORMATS[extension]
    found = Record.objects.filter(pk=pk)
    one = next(published(found, root=_root(request), with_marc=wanted.needs_marc), None)
    if one is None:
        raise Http404
    response = HttpResponse(wanted.one(one), content_type=wanted.content_type)
    response["Content-Disposition"] = f'attachment; filename="notice-{pk}.{extension}"'
    response["X-Robots-Tag"] = "noindex"
    return response


def _root(request: HttpRequest) -> str:
    return request.build_absolute_uri("/").rstrip("/")
