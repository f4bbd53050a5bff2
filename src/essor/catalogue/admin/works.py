"""Works and duplicates of a record: what was brought together and why; parted or joined by staff."""

from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import View
from wagtail.admin import messages

from essor.catalogue.models import Record
from essor.catalogue.queries import records_numbered
from essor.catalogue.services import join_work, part_duplicate, part_from_work

RIGHT = "catalogue.change_work"


class JoinForm(forms.Form):
    """The record whose work another one joins, by a number that people can copy."""

    number = forms.CharField(
        label=gettext_lazy("Control number or ISBN of another edition"),
        max_length=100,
        help_text=gettext_lazy("Both records then show each other as editions of one work."),
    )


class OfARecord(View):
    """An act on one record, by who may change works."""

    http_method_names = ["post"]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Refuse others."""
        if not request.user.has_perm(RIGHT):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Act, and come back to the record."""
        self.act(request, get_object_or_404(Record, pk=pk))
        return redirect("catalogue_records:inspect", pk)

    def act(self, request: HttpRequest, record: Record) -> None:
        """Do it, and say what was done."""
        raise NotImplementedError


class PartFromWorkView(OfARecord):
    """Gives a record a work of its own."""

    def act(self, request: HttpRequest, record: Record) -> None:
        """Part it from the other editions."""
        part_from_work(record)
        said = _("This record is now a work of its own. Imports will leave it so.")
        messages.success(request, said)


class JoinWorkView(OfARecord):
    """Makes a record an edition of the work of another."""

    def act(self, request: HttpRequest, record: Record) -> None:
        """Join the work of the record that has this number."""
        form = JoinForm(request.POST)
        number = form.cleaned_data["number"].strip() if form.is_valid() else ""
        found = [one for one in records_numbered([number]).get(number, ()) if one != record]
        if len(found) > 1:
            said = _("Several records have this number: give the ISBN or the number of just one.")
            messages.error(request, said)
        elif not found:
            messages.error(request, _("No other record has this number."))
        else:
            join_work(record, found[0])
            said = _("This record is now an edition of the same work as “%(title)s”.")
            messages.success(request, said % {"title": found[0].full_title})


class PartDuplicateView(OfARecord):
    """Says that a record is the same edition as no other."""

    def act(self, request: HttpRequest, record: Record) -> None:
        """Part it, and what was linked to it."""
        part_duplicate(record)
        said = _("This record is no longer linked to another one. Imports will leave it so.")
        messages.success(request, said)
