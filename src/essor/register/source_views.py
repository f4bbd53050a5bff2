"""Other directories as readers see them: where each comes from, and its rows that match no structure."""

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_safe

from essor.register.entry_queries import entries_without_structure, public_directories

ROWS_ON_A_PAGE = 50


@require_safe
def sources(request: HttpRequest) -> HttpResponse:
    """Name the directories that were imported, with licence, date and counts."""
    return render(request, "register/sources.html", {"directories": public_directories()})


@require_safe
def source(request: HttpRequest, slug: str) -> HttpResponse:
    """Show one directory, and a page of its rows that match no structure of the register."""
    directory = public_directories().filter(slug=slug).first()
    if directory is None:
        raise Http404
    pages = Paginator(entries_without_structure(directory), ROWS_ON_A_PAGE)
    asked = request.GET.get("page", "1")
    number = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 7 else 1
    if number > pages.num_pages:
        return HttpResponseRedirect(f"?page={pages.num_pages}")
    context = {"directory": directory, "page": pages.get_page(number)}
    return render(request, "register/source.html", context)
