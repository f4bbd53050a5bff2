"""The screens of imports: drop a file, see the dry run, start, follow, stop, go on, read the report."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path, reverse
from django.utils.functional import cached_property
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import FormView, TemplateView, View
from wagtail.admin import messages
from wagtail.admin.ui.tables import BaseColumn, DateColumn, NumberColumn
from wagtail.admin.views.generic import IndexView, PermissionCheckedMixin
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.admin.widgets.button import Button, HeaderButton

from essor.catalogue.admin.selections import signed_in
from essor.catalogue.importers.inspection import Inspection, inspected
from essor.catalogue.importers.opening import NotRecords, opened
from essor.catalogue.importers.profiles import Profile, shipped_profile, shipped_profiles
from essor.catalogue.models import ImportRun, MappingProfile, Source
from essor.catalogue.models.imports import CODE_TABLES, FILE_FORMATS
from essor.catalogue.queries import (
    identifiers_in_doubt,
    latest_profiles,
    problems_by_reason,
    run_at_work_on,
    runs_to_list,
    unknown_codes_of,
)
from essor.catalogue.report import (
    ENCODINGS,
    encoding_name,
    report_heading,
    report_table,
)
from essor.catalogue.services import (
    ask_to_stop,
    missing_records,
    prepare_run,
    resume,
    source_known_as,
    stored_profile,
)
from essor.catalogue.services.dropped import (
    dropped_name,
    forget_dropped,
    keep_dropped,
    open_dropped,
)
from essor.catalogue.services.imports import STILL_RUNNING
from essor.catalogue.spreadsheets import csv_response
from essor.catalogue.tasks import import_file_task, withdraw_missing_task
from essor.catalogue.types import Encoding
from essor.presentation.templatetags.typography import number

MEGABYTE = 1024 * 1024
PROBLEMS_ON_A_PAGE = 100
CODES_SHOWN = 50
PART, WHOLE = "part", "whole"
AT_WORK = (ImportRun.State.WAITING, ImportRun.State.RUNNING)
UNFINISHED = (ImportRun.State.STOPPED, ImportRun.State.INTERRUPTED)


class StateColumn(BaseColumn):
    """The state of an import, in words and with how far it is."""

    cell_template_name = "catalogue/admin/state_cell.html"


class ImportRunIndexView(IndexView):
    """The imports, the latest first."""

    def get_base_queryset(self) -> QuerySet[ImportRun]:
        """Give the imports with their sources and who started them."""
        return runs_to_list()

    @cached_property
    def add_item_label(self) -> str:
        """Name the button after what it does."""
        return _("Import a file")


class ImportScreen(PermissionCheckedMixin, WagtailAdminTemplateMixin):
    """A screen about imports."""

    model = ImportRun
    header_icon = "download"
    any_permission_required: tuple[str, ...] = ("add",)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        """Lead from the list of imports to here."""
        imports = {"url": reverse("catalogue_imports:index"), "label": _("Imports")}
        here = self.get_page_subtitle() or self.get_page_title()
        return [*self.breadcrumbs_items, imports, {"url": "", "label": here}]


# A file is dropped


class DropForm(forms.Form):
    """The file that a library system has exported."""

    file = forms.FileField(
        label=gettext_lazy("File of records"),
        widget=forms.FileInput(attrs={"data-drop": ""}),
        help_text=gettext_lazy(
            "As your library system exports it: UNIMARC or MARC 21 in ISO 2709, MARCXML, the XML of "
            "PMB, a CSV table of items; compressed (gzip, zip) or not. Nothing is imported yet."
        ),
    )

    def clean_file(self) -> Any:
        """Refuse what is larger than the portal takes."""
        file = self.cleaned_data["file"]
        if file.size > settings.LARGEST_IMPORT:
            said = _(
                "This file is larger than %(most)s megabytes: compress it, or have it imported by "
                "the command import_records."
            )
            raise ValidationError(said % {"most": number(settings.LARGEST_IMPORT // MEGABYTE)})
        return file


class DropView(ImportScreen, FormView):
    """Takes a file, and goes on to what it holds."""

    template_name = "catalogue/admin/import_drop.html"
    form_class = DropForm
    page_title = gettext_lazy("Import a file")

    def form_valid(self, form: DropForm) -> HttpResponse:
        """Keep the file if it holds records, and show its dry run."""
        file = form.cleaned_data["file"]
        key = keep_dropped(file, file_name=file.name)
        try:
            with open_dropped(key) as stream:
                next(opened(stream, file.name).received(), None)
        except NotRecords as error:
            forget_dropped(key)
            form.add_error("file", _(str(error)))
            return self.form_invalid(form)
        return redirect("catalogue_imports:dry_run", key)


# The dry run


class StartForm(forms.Form):
    """Where the records come from, and how they are read."""

    source = forms.ModelChoiceField(
        Source.objects.select_related("profile"),
        label=gettext_lazy("Source"),
        required=False,
        empty_label=gettext_lazy("A new library system, named below"),
        help_text=gettext_lazy(
            "The library system that the file comes from. Choose the same one each time: its control "
            "numbers tell what is new from what has changed."
        ),
    )
    source_name = forms.CharField(
        label=gettext_lazy("Name of the new library system"),
        required=False,
        max_length=200,
        help_text=gettext_lazy("As readers know it, for instance “Réseau des médiathèques”."),
    )
    profile = forms.ChoiceField(label=gettext_lazy("Mapping profile"), required=False)
    encoding = forms.ChoiceField(
        label=gettext_lazy("Encoding"),
        required=False,
        choices=[("", gettext_lazy("Recognised record by record (advised)")), *ENCODINGS],
        help_text=gettext_lazy(
            "Impose one only if the accents of the titles above are wrong, then look again."
        ),
    )
    extent = forms.ChoiceField(
        label=gettext_lazy("What the file holds"),
        widget=forms.RadioSelect,
        initial=PART,
        choices=[
            (PART, gettext_lazy("A part: its records are added or changed, the others stay")),
            (
                WHOLE,
                gettext_lazy(
                    "The whole catalogue of this source: the records that are not in it are withdrawn"
                ),
            ),
        ],
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["profile"].choices = profile_choices()  # type: ignore[attr-defined]
        if not Source.objects.exists():
            self.fields["source"].widget = forms.HiddenInput()

    @property
    def chosen_source(self) -> Source | None:
        """The source chosen among those known, None for a new one."""
        return self.cleaned_data.get("source") if self.is_bound and self.is_valid() else None

    def profile_to_read_by(self) -> Profile | None:
        """Give the profile chosen, else that of the source, None to take the one that fits."""
        if not self.is_bound or not self.is_valid():
            return None
        chosen = self.cleaned_data["profile"]
        if chosen:
            return _profile_of(chosen)
        source = self.chosen_source
        return Profile.of(source.profile.definition) if source and source.profile else None

    def version_to_store(self) -> MappingProfile | None:
        """Give the version of the profile chosen, None when none was."""
        chosen = self.cleaned_data["profile"]
        if not chosen:
            return None
        kind, _colon, name = chosen.partition(":")
        if kind == "kept":
            return MappingProfile.objects.get(pk=name)
        return stored_profile(shipped_profile(name))

    def source_to_read(self) -> Source:
        """Give the source chosen, or make the new one. Raises ValidationError when there is neither."""
        source = self.chosen_source
        if source:
            return source
        name = self.cleaned_data["source_name"].strip()
        code = slugify(name)[:50]
        if not code:
            raise ValidationError(_("Choose the source of this file, or name a new one."))
        if Source.objects.filter(code=code).exists():
            raise ValidationError(_("A source has this name already: choose it in the list."))
        return source_known_as(code, name)


def profile_choices() -> list[tuple[str, str]]:
    """Give the profiles one can choose: those that are kept, then those that come with the portal."""
    kept = latest_profiles()
    codes = {one.code for one in kept}
    return [
        ("", _("That of the source, else the one that fits best")),
        *((f"kept:{one.pk}", str(one)) for one in kept),
        *((f"shipped:{one.code}", one.name) for one in shipped_profiles() if one.code not in codes),
    ]


def _profile_of(choice: str) -> Profile:
    kind, _colon, name = choice.partition(":")
    if kind == "kept":
        return Profile.of(MappingProfile.objects.get(pk=name).definition)
    return shipped_profile(name)


class DryRunView(ImportScreen, FormView):
    """Shows what was understood of a file, as often as one likes, and starts its import."""

    template_name = "catalogue/admin/import_dry_run.html"
    form_class = StartForm
    page_title = gettext_lazy("Import a file")

    @cached_property
    def file_name(self) -> str:
        """The name of the file; gone after a day, or once it is imported."""
        try:
            return dropped_name(self.kwargs["key"])
        except FileNotFoundError as error:
            raise Http404 from error

    def get_page_subtitle(self) -> str:
        """Say which file."""
        return self.file_name

    def get_initial(self) -> dict[str, Any]:
        """Choose the source when there is but one."""
        sources = Source.objects.order_by("pk")[:2]
        return {"source": sources[0].pk if len(sources) == 1 else None, "extent": PART}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add what was seen in the file."""
        form = kwargs.get("form") or self.get_form()
        seen = self._inspected(form)
        return super().get_context_data(
            **{**kwargs, "form": form},
            seen=seen,
            file_format=dict(FILE_FORMATS)[seen.file_format.value],
            encodings=[(encoding_name(one.encoding), one) for one in seen.encodings],
            samples=[(encoding_name(one.encoding), one) for one in seen.samples],
            unknown=_in_tables(
                (one.table.value, one.code, one.count) for one in seen.unknown_codes
            ),
            unknown_count=len(seen.unknown_codes),
        )

    def _inspected(self, form: StartForm) -> Inspection:
        name = self.file_name  # not found once the file is gone
        profile, encoding = form.profile_to_read_by(), ""
        if form.is_bound and form.is_valid():
            encoding = form.cleaned_data["encoding"]
        elif form.initial.get("source"):
            source = Source.objects.select_related("profile").get(pk=form.initial["source"])
            profile = Profile.of(source.profile.definition) if source.profile else None
        with open_dropped(self.kwargs["key"]) as stream:
            file = opened(stream, name)
            return inspected(file, profile, Encoding(encoding) if encoding else None)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Look again, or start, by the button that was pressed."""
        form = self.get_form()
        if request.POST.get("act") == "look" or not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form))
        try:
            run = self._started(form)
        except ValidationError as error:
            form.add_error(None, error)
            return self.render_to_response(self.get_context_data(form=form))
        return redirect("catalogue_imports:inspect", run.pk)

    def _started(self, form: StartForm) -> ImportRun:
        key: uuid.UUID = self.kwargs["key"]
        name = self.file_name
        source = form.source_to_read()
        with open_dropped(key) as stream:
            run = prepare_run(
                source,
                stream=stream,
                file_name=name,
                is_kept=True,
                profile=form.version_to_store(),
                encoding=form.cleaned_data["encoding"],
                is_full=form.cleaned_data["extent"] == WHOLE,
                started_by=signed_in(self.request),
            )
        forget_dropped(key)
        import_file_task.enqueue(run.pk)
        return run


@dataclass(frozen=True, slots=True)
class UnknownIn:
    """The codes of a table that have no meaning, with how many items have each."""

    table: str
    label: str
    codes: tuple[tuple[str, int], ...]
    more: int


def _in_tables(codes: Iterable[tuple[str, str, int]]) -> list[UnknownIn]:
    """Group unknown codes by table, the most frequent first."""
    grouped: dict[str, list[tuple[str, int]]] = {}
    for table, code, count in codes:
        grouped.setdefault(table, []).append((code, count))
    return [
        UnknownIn(
            table,
            str(label),
            tuple(grouped[table][:CODES_SHOWN]),
            len(grouped[table][CODES_SHOWN:]),
        )
        for table, label in CODE_TABLES
        if table in grouped
    ]


# An import is followed, and its report read


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
            unknown=_in_tables(unknown_codes_of(run)),
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


class ImportRunViewSet(ModelViewSet):
    """The imports: their history, their reports, and a new one."""

    model = ImportRun
    name = "catalogue_imports"
    url_prefix = "catalogue/imports"
    icon = "download"
    menu_label = gettext_lazy("Imports")
    form_fields = ["file_name"]
    add_to_reference_index = False
    copy_view_enabled = False
    inspect_view_enabled = True
    index_view_class = ImportRunIndexView
    list_display = [
        "file_name",
        "source",
        StateColumn("state", label=gettext_lazy("State")),
        DateColumn("started_at", label=gettext_lazy("Started"), sort_key="started_at"),
        NumberColumn("new", label=gettext_lazy("New records"), sort_key="new"),
        NumberColumn("changed", label=gettext_lazy("Changed records"), sort_key="changed"),
        NumberColumn("rejected", label=gettext_lazy("Rejected records"), sort_key="rejected"),
    ]
    list_filter = ["source", "state"]

    def get_urlpatterns(self) -> list[URLPattern]:
        """Give the addresses of these screens; an import is never changed or deleted."""
        return [
            path("", self.index_view, name="index"),
            path("results/", self.index_results_view, name="index_results"),
            path("new/", DropView.as_view(), name="add"),
            path("new/<uuid:key>/", DryRunView.as_view(), name="dry_run"),
            path("inspect/<int:pk>/", ReportView.as_view(), name="inspect"),
            path("progress/<int:pk>/", ProgressView.as_view(), name="progress"),
            path("stop/<int:pk>/", StopView.as_view(), name="stop"),
            path("resume/<int:pk>/", ResumeView.as_view(), name="resume"),
            path("withdraw/<int:pk>/", WithdrawView.as_view(), name="withdraw"),
            path("csv/<int:pk>/", ReportCsvView.as_view(), name="csv"),
        ]
