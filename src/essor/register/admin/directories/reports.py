"""An import of a directory: how far it is, what became of the rows, its report as a table; gone on with."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView, View
from wagtail.admin import messages
from wagtail.admin.widgets.button import Button, HeaderButton

from essor.presentation.spreadsheets import csv_response
from essor.register.admin.directories.screens import DirectoryScreen
from essor.register.entry_queries import problems_of
from essor.register.list_report import counts_of, rows_heading, rows_table
from essor.register.list_tasks import import_list_task
from essor.register.models import DirectoryImport
from essor.register.services.directories import AT_WORK, is_to_be_resumed, resume


class OfAnImport(DirectoryScreen):
    """A screen of one import that was started."""

    any_permission_required: tuple[str, ...] = ("view", "add")
    request: HttpRequest
    kwargs: dict[str, Any]

    @cached_property
    def run(self) -> DirectoryImport:
        """The import of the address."""
        started = DirectoryImport.objects.exclude(directory=None)
        return get_object_or_404(
            started.select_related("directory", "started_by"), pk=self.kwargs["pk"]
        )

    def get_page_subtitle(self) -> str:
        """Say which list."""
        return str(self.run.directory)

    def progress(self) -> dict[str, Any]:
        """Give what the part that renews itself shows."""
        run = self.run
        stands_still = is_to_be_resumed(run, now=timezone.now()) and bool(run.file)
        may_go_on = self.user_has_permission("add") and stands_still
        return {"run": run, "is_at_work": run.state in AT_WORK, "may_go_on": may_go_on}


class ReportView(OfAnImport, TemplateView):
    """An import: how far it is, then what it did and what is to be looked at."""

    template_name = "register/admin/list_report.html"
    page_title = gettext_lazy("Import of a directory")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the counts and the problems, by reason."""
        return super().get_context_data(
            **kwargs,
            **self.progress(),
            counts=counts_of(self.run),
            reasons=problems_of(self.run),
            review=reverse("register_directories:review", args=[self.run.directory_id]),
        )

    @cached_property
    def header_buttons(self) -> list[Button]:
        """Offer the report as a table."""
        address = reverse("register_directories:csv", args=[self.run.pk])
        return [HeaderButton(_("Report as CSV"), url=address, icon_name="download")]


class ProgressView(OfAnImport, TemplateView):
    """The part of the report that renews itself while the import is at work."""

    template_name = "register/admin/_list_progress.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Give just that part."""
        return self.progress()


class ReportCsvView(OfAnImport, View):
    """Each row with its state, its candidates and its problems, as a table."""

    http_method_names = ["get"]

    def get(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        """Give a line for each."""
        return csv_response(f"annuaire-{pk}", rows_heading(), rows_table(self.run))


class ResumeView(OfAnImport, View):
    """Goes on with an import whose process was killed."""

    http_method_names = ["post"]
    any_permission_required = ("add",)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Have it wait for its turn, and come back to the report."""
        try:
            run = resume(self.run)
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
        else:
            transaction.on_commit(lambda: import_list_task.enqueue(run.pk))
        return redirect("register_directories:report", pk)
