"""The list of the imports, and the addresses of all their screens."""

from django.db.models import QuerySet
from django.urls import URLPattern, path
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.ui.tables import BaseColumn, DateColumn, NumberColumn
from wagtail.admin.views.generic import IndexView
from wagtail.admin.viewsets.model import ModelViewSet

from essor.catalogue.admin.imports.dry_run import DropView, DryRunView
from essor.catalogue.admin.imports.progress import ProgressView, ResumeView, StopView
from essor.catalogue.admin.imports.report import ReportCsvView, ReportView, WithdrawView
from essor.catalogue.models import ImportRun
from essor.catalogue.queries import runs_to_list


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
