"""What is taken out of a basket whole: a copy, a table, a file for other software."""

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.generic import View
from wagtail.admin import messages

from essor.catalogue.admin.baskets.one_basket import OfABasket, contents_address
from essor.catalogue.admin.selections import signed_in
from essor.catalogue.exports import FORMATS
from essor.catalogue.models import Record
from essor.catalogue.queries import records_placed_in
from essor.catalogue.services.selections import copy_basket
from essor.catalogue.taking import answer_with_file
from essor.presentation.spreadsheets import csv_response


class CopyView(OfABasket, View):
    """Copies a basket that this person sees into one of their own."""

    http_method_names = ["post"]
    needs = "view"
    any_permission_required = ("add",)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Copy, and show the copy."""
        copy = copy_basket(self.basket, owner=signed_in(request))
        said = _("“%(name)s” is yours, and private: rename it as you like.")
        messages.success(request, said % {"name": copy.name})
        return redirect(contents_address(copy))


class ExportView(OfABasket, View):
    """Gives the records of a basket as a table."""

    http_method_names = ["get"]
    needs = "view"

    def get(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        """Give one line a record, in order."""
        heading = [
            _("Source"),
            _("Control number"),
            _("ISBN"),
            _("Title"),
            _("Author"),
            _("Publisher"),
            _("Year"),
            _("Document type"),
        ]
        records = records_placed_in(self.basket).prefetch_related("identifiers")
        return csv_response(
            self.basket.slug, heading, (_exported(one) for one in records.iterator(500))
        )


def _exported(record: Record) -> list[object]:
    return [
        record.source.code,
        record.control_number,
        " ".join(one.value for one in record.identifiers.all() if one.is_valid),
        record.full_title,
        record.authors,
        record.publisher,
        record.year,
        record.get_document_type_display(),
    ]


class CiteView(OfABasket, View):
    """Gives the records of a basket in a format of reference managers, MARC or the like."""

    http_method_names = ["get"]
    needs = "view"

    def get(self, request: HttpRequest, pk: int, extension: str) -> HttpResponseBase:
        """Give the file; a format that is none is not found."""
        if extension not in FORMATS:
            raise Http404
        numbers = list(records_placed_in(self.basket).values_list("pk", flat=True))
        root = request.build_absolute_uri("/").removesuffix("/")
        return answer_with_file(numbers, extension=extension, name=self.basket.slug, root=root)
