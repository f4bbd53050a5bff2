"""The report of an import: what it did, what is to be looked at, what somebody has to confirm."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView, View
from wagtail.admin import messages
from wagtail.admin.widgets.button import Button, HeaderButton

from essor.catalogue.admin.imports.progress import OfARun
from essor.catalogue.admin.imports.screens import in_tables
from essor.catalogue.models import ImportRun
from essor.catalogue.queries import (
    identifiers_in_doubt,
    problems_by_reason,
    run_at_work_on,
    unknown_codes_of,
)
from essor.catalogue.report import encoding_name, report_heading, report_table
from essor.catalogue.services import missing_records
from essor.catalogue.services.imports import STILL_RUNNING
from essor.catalogue.tasks import withdraw_missing_task
from essor.presentation.spreadsheets import csv_response

PROBLEMS_ON_A_PAGE = 100


class ReportView(OfARun, TemplateView):
    """An import: how far it is, then what it did and what is to be looked at."""

    template_name = "catalogue/admin/import_run.html"
    page_title = gettext_lazy("Import")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the counts, the problems of this page, and the unknown codes."""
        run = self.run
        reasons = problems_by_reason(run)
        problems = Paginator(run.problems.all(), PROBLEMS_ON_A_PAGE)
        return super().get_context_data(
            **kwargs,
            **self.progress(),
            reasons=reasons,
            problems=problems.get_page(self.request.GET.get("p")),
            decoded=[(encoding_name(name), count) for name, count in run.decoded.items()],
            unknown=in_tables(unknown_codes_of(run)),
            in_doubt=identifiers_in_doubt(run.source),
            missing=self._missing(),
            may_correct=self.request.user.has_perm("catalogue.add_mappingprofile"),
        )

    def _missing(self) -> int:
        """Count what would be withdrawn if somebody confirmed it."""
        may = self.run.is_full and self.run.state == ImportRun.State.FINISHED and self.run.message
        return missing_records(self.run).count() if may and self.user_has_permission("add") else 0

    @cached_property
    def header_buttons(self) -> list[Button]:
        """Offer the report as a table."""
        address = reverse("catalogue_imports:csv", args=[self.run.pk])
        return [HeaderButton(_("Report as CSV"), url=address, icon_name="download")]


class WithdrawView(OfARun, View):
    """Withdraws the records that the whole catalogue of a source lacks, once somebody has confirmed it."""

    http_method_names = ["post"]
    any_permission_required = ("add",)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Withdraw in the background."""
        if run_at_work_on(self.run.source):
            messages.error(request, _(STILL_RUNNING))
        elif self.run.is_full and self.run.state == ImportRun.State.FINISHED:
            withdraw_missing_task.enqueue(self.run.pk)
            messages.success(request, _("The records are being withdrawn."))
        return redirect("catalogue_imports:inspect", pk)


class ReportCsvView(OfARun, View):
    """The report as a table: counts, then each problem and each unknown code."""

    http_method_names = ["get"]

    def get(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        """Give a line for each."""
        return csv_response(f"import-{pk}", report_heading(), report_table(self.run))
