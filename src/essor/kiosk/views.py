"""The pages of a kiosk: its own, and the one that other sites put in a frame."""

from csp.decorators import csp_replace
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.clickjacking import xframe_options_exempt

from essor.kiosk.blocks import embedding
from essor.kiosk.queries import kiosks_to_show, records_of


def kiosk(request: HttpRequest, slug: str) -> HttpResponse:
    """Show a kiosk and the code that shows it elsewhere."""
    return _shown(request, slug, template="kiosk/kiosk.html")


@xframe_options_exempt
@csp_replace({"frame-ancestors": ["*"]})
def frame(request: HttpRequest, slug: str) -> HttpResponse:
    """Show a kiosk alone, in a page that any site may frame."""
    return _shown(request, slug, template="kiosk/frame.html")


def _shown(request: HttpRequest, slug: str, *, template: str) -> HttpResponse:
    found = get_object_or_404(kiosks_to_show(), slug=slug)
    context = {"kiosk": found, "records": records_of(found), "embed": embedding(slug, request)}
    return render(request, template, context)
