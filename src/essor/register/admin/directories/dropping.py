"""The start of an import: a list is dropped, what was understood of it is shown, and somebody starts it."""

from collections.abc import Mapping
from typing import Any, cast

from django import forms
from django.conf import settings
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.generic import FormView

from essor.presentation.problems import said
from essor.register.admin.directories.screens import DirectoryScreen
from essor.register.importers.directories import Column, ListKind, columns_recognised, entry_of
from essor.register.importers.tables import ENCODINGS, LARGEST_TABLE, Table
from essor.register.list_tasks import import_list_task
from essor.register.models import LIST_LABELS, DirectoryImport, ImportedDirectory
from essor.register.services.directories import (
    ListAsked,
    columns_of,
    keep_list,
    start_import,
    table_read,
)
from essor.register.types import RegisterError

SAMPLE = 5

COLUMN_LABELS = {
    Column.IDENTIFIER: gettext_lazy("Identifier in the list"),
    Column.SIRET: gettext_lazy("SIRET"),
    Column.SIREN: gettext_lazy("SIREN"),
    Column.NAME: gettext_lazy("Name"),
    Column.USUAL_NAME: gettext_lazy("Usual name"),
    Column.DETAIL: pgettext_lazy("of a structure", "Kind"),
    Column.ADDRESS: gettext_lazy("Street"),
    Column.POSTCODE: gettext_lazy("Postcode"),
    Column.COMMUNE: gettext_lazy("Commune"),
    Column.COMMUNE_CODE: gettext_lazy("Code of the commune (INSEE)"),
    Column.LONGITUDE: gettext_lazy("Longitude"),
    Column.LATITUDE: gettext_lazy("Latitude"),
}


class DropForm(forms.Form):
    """A list, and what list it is."""

    file = forms.FileField(
        label=gettext_lazy("List in CSV"),
        widget=forms.FileInput(attrs={"data-drop": "", "accept": ".csv,.txt,.tsv"}),
        help_text=gettext_lazy(
            "One row for each structure, with a SIRET, or a name and a commune. Nothing is imported yet."
        ),
    )
    kind = forms.ChoiceField(
        label=gettext_lazy("What list it is"),
        choices=list(LIST_LABELS.items()),
        initial=ListKind.OTHER,
        widget=forms.RadioSelect,
    )

    def clean_file(self) -> Any:
        """Refuse what is larger than the portal takes."""
        file = self.cleaned_data["file"]
        if file.size > min(settings.LARGEST_IMPORT, LARGEST_TABLE):
            raise ValidationError(_("This file is too large."))
        return file


class DropView(DirectoryScreen, FormView):
    """Takes a list, and goes on to what it holds."""

    template_name = "register/admin/list_drop.html"
    form_class = DropForm
    page_title = gettext_lazy("Import a directory")

    def form_valid(self, form: DropForm) -> HttpResponse:
        """Keep the list if it is a table, and show what was understood."""
        file = form.cleaned_data["file"]
        try:
            run = keep_list(
                file.read(),
                file_name=file.name,
                kind=ListKind(form.cleaned_data["kind"]),
                by=cast("User", self.request.user),
            )
        except RegisterError as error:
            form.add_error("file", said(error.problem))
            return self.form_invalid(form)
        return redirect("register_directories:check", run.pk)


class StartForm(forms.Form):
    """What a list is called, what may be done with it, and what its columns mean."""

    name = forms.CharField(
        label=gettext_lazy("Name of the list"),
        max_length=160,
        help_text=gettext_lazy(
            "As readers see it. Give the same name to each edition of a list: it is then updated, and what was "
            "reviewed stays."
        ),
    )
    licence = forms.CharField(label=gettext_lazy("Licence"), max_length=250)
    origin = forms.CharField(
        label=gettext_lazy("Origin"),
        max_length=500,
        required=False,
        help_text=gettext_lazy("Who publishes it, and where this file was taken from."),
    )
    source_date = forms.DateField(
        label=gettext_lazy("Date of the list"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    encoding = forms.ChoiceField(
        label=gettext_lazy("Encoding"),
        required=False,
        choices=[("", gettext_lazy("Recognised (advised)")), *((one, one) for one in ENCODINGS)],
        help_text=gettext_lazy("Impose one only if the accents of the rows above are wrong."),
    )
    confirms_departures = forms.BooleanField(
        label=gettext_lazy(
            "Rows of the former edition that are not in this file have left the list"
        ),
        required=False,
        help_text=gettext_lazy("Tick it if they are more than half of the list."),
    )

    def __init__(
        self, *args: Any, columns: Mapping[Column, str], table: Table, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        headings = [("", _("None")), *((name, name) for name in table.columns)]
        for meaning, label in COLUMN_LABELS.items():
            self.fields[f"column_{meaning}"] = forms.ChoiceField(
                label=label, required=False, choices=headings, initial=columns.get(meaning, "")
            )
        known = ImportedDirectory.objects.order_by("name").values_list("name", flat=True)
        self.known_names = tuple(known)
        self.fields["name"].widget.attrs["list"] = "known-lists"

    @property
    def column_fields(self) -> list[forms.BoundField]:
        """Give the fields that say what the columns mean."""
        return [self[name] for name in self.fields if name.startswith("column_")]

    @property
    def list_fields(self) -> list[forms.BoundField]:
        """Give the other fields."""
        return [self[name] for name in self.fields if not name.startswith("column_")]

    @property
    def columns(self) -> dict[Column, str]:
        """Give the column of each meaning, as chosen."""
        chosen = {meaning: self.cleaned_data.get(f"column_{meaning}") for meaning in COLUMN_LABELS}
        return {meaning: heading for meaning, heading in chosen.items() if heading}


class CheckView(DirectoryScreen, FormView):
    """Shows what was understood of a list, as often as one likes, and starts its import."""

    template_name = "register/admin/list_check.html"
    form_class = StartForm
    page_title = gettext_lazy("Import a directory")

    @cached_property
    def run(self) -> DirectoryImport:
        """The import of the address, not started yet."""
        prepared = DirectoryImport.objects.filter(state=DirectoryImport.State.PREPARED)
        return get_object_or_404(prepared.exclude(file=""), pk=self.kwargs["pk"])

    @cached_property
    def table(self) -> Table:
        """The table that was dropped, read by the encoding chosen."""
        asked = self.request.POST.get("encoding", "")
        return table_read(self.run, encoding=asked if asked in ENCODINGS else "")

    def get_page_subtitle(self) -> str:
        """Say which file."""
        return self.run.file_name

    def get_form_kwargs(self) -> dict[str, Any]:
        """Offer the columns of the table, those recognised chosen."""
        columns = columns_recognised(self.table)
        return {**super().get_form_kwargs(), "columns": columns, "table": self.table}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the first rows, as received and as understood by the columns chosen."""
        context = super().get_context_data(**kwargs)
        form: StartForm = context["form"]
        columns = form.columns if form.is_bound and form.is_valid() else columns_of(self.run)
        rows = self.table.rows
        entries = [entry_of(row, columns) for row in rows[:SAMPLE]]
        return {
            **context,
            "table": self.table,
            "kind": LIST_LABELS[ListKind(self.run.kind)],
            "rows": len(rows),
            "faulty": sum(bool(entry_of(row, columns).problems) for row in rows),
            "entries": entries,
        }

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Look again, or start, by the button that was pressed."""
        form = self.get_form()
        if request.POST.get("act") == "look" or not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form))
        try:
            run = start_import(self.run, self._asked(form))
        except ValidationError as error:
            form.add_error(None, error)
        except RegisterError as error:
            form.add_error(None, said(error.problem))
        else:
            transaction.on_commit(lambda: import_list_task.enqueue(run.pk))
            return redirect("register_directories:report", run.pk)
        return self.render_to_response(self.get_context_data(form=form))

    def _asked(self, form: StartForm) -> ListAsked:
        chosen = form.cleaned_data
        return ListAsked(
            name=chosen["name"],
            licence=chosen["licence"],
            kind=ListKind(self.run.kind),
            origin=chosen["origin"],
            source_date=chosen["source_date"],
            encoding=chosen["encoding"],
            columns=form.columns,
            confirms_departures=chosen["confirms_departures"],
        )
