"""The page that offers the directory as files, and the files."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from essor.register.downloads.columns import NAMES
from essor.register.downloads.provenance import Provenance, provenance_of
from essor.register.downloads.rows import MOST_ROWS, Row, rows_of
from essor.register.downloads.writing import FORMATS, Format, parquet_file
from essor.register.queries import current_vintage
from essor.register.selecting import Selection
from essor.search.later import or_later

KEPT_S = 300
BLOCK = 32_768
"""Letters sent at once: thousands of short lines would each be a packet."""


@dataclass(frozen=True, slots=True)
class Offered:
    """A file that may be taken: its format, its address."""

    format: Format
    address: str


@or_later
@require_safe
def downloads(request: HttpRequest) -> HttpResponse:
    """Offer what is selected in each format, with what the columns mean."""
    selection = Selection.in_address(request.GET)
    vintage = current_vintage()
    context = {
        "selection": selection,
        "vintage": vintage,
        "provenance": provenance_of(vintage, "") if vintage else None,
        "total": selection.units().count(),
        "most": MOST_ROWS,
        "offered": tuple(
            Offered(one, reverse("directory_file", args=[one.extension]) + selection.address)
            for one in FORMATS.values()
        ),
        "columns": tuple(NAMES.values()),
    }
    response = render(request, "register/downloads/downloads.html", context)
    if selection.state:
        patch_cache_control(response, max_age=0)
    return response


@or_later
@require_safe
@cache_control(public=True, max_age=KEPT_S)
def directory_file(request: HttpRequest, extension: str) -> HttpResponseBase:
    """Give what is selected as a file; 404 for a format that we have not, or without any vintage."""
    wanted, vintage = FORMATS.get(extension), current_vintage()
    if wanted is None or vintage is None:
        raise Http404
    provenance = provenance_of(vintage, request.build_absolute_uri("/"))
    units = Selection.in_address(request.GET).units().filter(vintage=vintage)
    # A file has no place in the cache of pages.
    request._cache_update_cache = False  # type: ignore[attr-defined]
    response = _answer(wanted, provenance, rows_of(units, provenance.sentence))
    name = f"annuaire-ess-{vintage.month}.{extension}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["X-Robots-Tag"] = "noindex"
    return response


def _answer(wanted: Format, provenance: Provenance, rows: Iterator[Row]) -> HttpResponseBase:
    if wanted.lines is None:
        return FileResponse(parquet_file(rows, provenance), content_type=wanted.content_type)
    return StreamingHttpResponse(
        _blocks(wanted.lines(rows, provenance)), content_type=wanted.content_type
    )


def _blocks(lines: Iterator[str]) -> Iterator[str]:
    held: list[str] = []
    size = 0
    for line in lines:
        held.append(line)
        size += len(line)
        if size >= BLOCK:
            yield "".join(held)
            held, size = [], 0
    yield "".join(held)
