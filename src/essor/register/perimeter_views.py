"""The public pages of the perimeter, and its tables as files that a build reads back."""

import csv
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from essor.presentation.spreadsheets import Echo, harmless
from essor.register.build.perimeter import (
    CATEGORY_COLUMNS,
    EXCLUSION_COLUMNS,
    Entry,
    category_entries,
    exclusion_entries,
)
from essor.register.perimeter_page import RULES, page_of
from essor.register.perimeter_queries import Known, known_perimeters
from essor.register.queries import current_vintage
from essor.register.starting.words import ESS_LAW
from essor.register.types import Perimeter, PerimeterOrigin


@dataclass(frozen=True, slots=True)
class Table:
    """A table of a perimeter as a file: its name, its columns, its lines."""

    name: str
    columns: Sequence[str]
    entries: Callable[[Perimeter], list[Entry]]


TABLES: Mapping[str, Table] = {
    "categories": Table("perimeter", CATEGORY_COLUMNS, category_entries),
    "activites-exclues": Table("excluded-activities", EXCLUSION_COLUMNS, exclusion_entries),
}
"""The tables by their names in addresses; files are called as those of the package, which tell the version."""


@require_safe
def perimeter(request: HttpRequest) -> HttpResponse:
    """Show the perimeter that the directory was made with."""
    known = known_perimeters()
    vintage = current_vintage()
    in_force = _in_force(known, has_directory=vintage is not None)
    return _shown(request, in_force, known, named=vintage.perimeter if vintage else "")


@require_safe
def perimeter_version(request: HttpRequest, slug: str) -> HttpResponse:
    """Show a perimeter that is known; 404 for any other, drafts among them."""
    known = known_perimeters()
    return _shown(request, _called(slug, known), known, named="")


@require_safe
def perimeter_table(request: HttpRequest, slug: str, table: str) -> StreamingHttpResponse:
    """Give a table of a perimeter as CSV, in the form that `essor build_register` reads."""
    if table not in TABLES:
        raise Http404
    chosen, shown = TABLES[table], _called(slug, known_perimeters())
    entries = chosen.entries(shown.perimeter)
    response = StreamingHttpResponse(
        _lines(chosen.columns, entries), content_type="text/csv; charset=utf-8"
    )
    name = f"{chosen.name}-{shown.perimeter.version}.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _in_force(known: Sequence[Known], *, has_directory: bool) -> Known | None:
    if has_directory:
        return next((one for one in known if one.is_in_force), None)
    return next(one for one in known if one.perimeter.origin is PerimeterOrigin.PACKAGE)


def _called(slug: str, known: Sequence[Known]) -> Known:
    found = next((one for one in known if one.slug == slug), None)
    if found is None:
        raise Http404
    return found


def _shown(
    request: HttpRequest, shown: Known | None, known: Sequence[Known], *, named: str
) -> HttpResponse:
    context = {
        "page": page_of(shown) if shown else None,
        "known": known,
        "named": named,
        "rules": RULES,
        "law": ESS_LAW,
    }
    return render(request, "register/perimeter.html", context)


def _lines(columns: Sequence[str], entries: Sequence[Entry]) -> Iterator[str]:
    writer = csv.writer(Echo())
    yield writer.writerow(columns)
    for entry in entries:
        yield writer.writerow([harmless(entry[name]) for name in columns])
