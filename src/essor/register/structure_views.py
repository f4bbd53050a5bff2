"""The public page of a structure."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from essor.register.structure_page import has_left, structure_page


@require_safe
def structure(request: HttpRequest, siren: str) -> HttpResponse:
    """Show a structure of the register; 410 for one that left it, 404 for one never known."""
    page = structure_page(siren, root=root_of(request))
    if page is not None:
        return render(request, "register/structure.html", {"page": page, "unit": page.unit})
    if has_left(siren):
        return render(request, "register/left.html", {"siren": siren}, status=410)
    raise Http404


def root_of(request: HttpRequest) -> str:
    """Give what whole addresses begin with."""
    return request.build_absolute_uri("/").rstrip("/")
