"""The public page of a structure, and “is it of the ESS?”."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from essor.register.is_it_ess import LONGEST_TEXT, answer_to, possible_answers
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


@require_safe
def is_it_ess(request: HttpRequest) -> HttpResponse:
    """Answer “is it of the ESS?” for a name or a number; the question is in the address."""
    text = request.GET.get("q", "").strip()[:LONGEST_TEXT]
    context = {
        "text": text,
        "answer": answer_to(text) if text else None,
        "possible": () if text else possible_answers(),
        "longest": LONGEST_TEXT,
    }
    return render(request, "register/is_it_ess.html", context)


def root_of(request: HttpRequest) -> str:
    """Give what whole addresses begin with."""
    return request.build_absolute_uri("/").rstrip("/")
