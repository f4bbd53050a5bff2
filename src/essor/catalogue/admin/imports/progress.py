"""An import at work: how far it is, stopped, gone on with."""

from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views.generic import TemplateView, View
from wagtail.admin import messages

from essor.catalogue.admin.imports.screens import ImportScreen
from essor.catalogue.models import ImportRun
from essor.catalogue.queries import run_at_work_on, runs_to_list
from essor.catalogue.services import ask_to_stop, resume
from essor.catalogue.services.imports import UNFINISHED

AT_WORK = (ImportRun.State.WAITING, ImportRun.State.RUNNING)


class OfARun(ImportScreen):
    """A screen of one import."""

    any_permission_required: tuple[str, ...] = ("view", "add")
    request: HttpRequest
    kwargs: dict[str, Any]

    @cached_property
    def run(self) -> ImportRun:
        """The import of the address."""
        return get_object_or_404(runs_to_list(), pk=self.kwargs["pk"])

    def get_page_subtitle(self) -> str:
        """Say which file."""
        return self.run.file_name

    def progress(self) -> dict[str, Any]:
        """Give what the part that renews itself shows."""
        may = bool(self.user_has_permission("add"))
        is_at_work = self.run.state in AT_WORK
        is_waiting = self.run.state == ImportRun.State.WAITING
        return {
            "run": self.run,
            "is_at_work": is_at_work,
            "other": run_at_work_on(self.run.source) if is_waiting else None,
            "may_stop": may and is_at_work and not self.run.is_asked_to_stop,
            "may_go_on": may and self.run.state in UNFINISHED and bool(self.run.file),
            "share": _share(self.run),
            "left_s": _left_s(self.run),
        }


def _share(run: ImportRun) -> float | None:
    """Say how far an import is, 0 to 1; None when nobody knows."""
    return min(run.position / run.size, 1.0) if run.size else None


def _left_s(run: ImportRun) -> float | None:
    """Estimate the seconds left, None before there is something to measure."""
    share = _share(run)
    is_running = run.state == ImportRun.State.RUNNING
    return run.elapsed_s * (1 - share) / share if is_running and share and run.elapsed_s else None


class ProgressView(OfARun, TemplateView):
    """The part of the report that renews itself while the import is at work."""

    template_name = "catalogue/admin/_progress.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Give just that part."""
        return self.progress()


class StopView(OfARun, View):
    """Stops an import at the end of the batch it is at; what is stored stays."""

    http_method_names = ["post"]
    any_permission_required = ("add",)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Ask, and come back to the report."""
        if self.run.state in AT_WORK:
            ask_to_stop(self.run)
            messages.success(
                request, _("The import stops. What is stored stays; it can go on later.")
            )
        return redirect("catalogue_imports:inspect", pk)


class ResumeView(OfARun, View):
    """Goes on with an import from where it stands."""

    http_method_names = ["post"]
    any_permission_required = ("add",)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Go on, or say why not."""
        try:
            resume(self.run)
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
        return redirect("catalogue_imports:inspect", pk)
