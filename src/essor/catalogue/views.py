"""The public pages of the catalogue."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from essor.catalogue.linked_data import book_of
from essor.catalogue.queries import records_to_show


def record(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a record; its address never changes."""
    found = get_object_or_404(records_to_show(), pk=pk)
    address = request.build_absolute_uri(found.get_absolute_url())
    context = {"record": found, "address": address, "linked_data": book_of(found, address)}
    return render(request, "catalogue/record.html", context)
