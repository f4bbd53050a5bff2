"""The screens of imports."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from wagtail.admin.views.generic import IndexView, InspectView
from wagtail.admin.viewsets.model import ModelViewSet

from essor.catalogue.models import ImportRun
from essor.catalogue.queries import problems_by_reason

MOST_PROBLEMS_SHOWN = 500


class ImportRunIndexView(IndexView):
    """The list of imports."""

    def get_base_queryset(self) -> QuerySet[ImportRun]:
        """Give the imports with their sources, the latest first."""
        return ImportRun.objects.select_related("source")


class ImportRunInspectView(InspectView):
    """The report of an import: counts, then what stayed out, by reason and one by one."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the problems; the first ones only, when there are many."""
        problems = self.object.problems.all()[:MOST_PROBLEMS_SHOWN]
        reasons = problems_by_reason(self.object)
        return super().get_context_data(**kwargs, problems=problems, reasons=reasons)


class ImportRunViewSet(ModelViewSet):
    """The imports and their reports."""

    model = ImportRun
    name = "catalogue_imports"
    url_prefix = "catalogue/imports"
    icon = "download"
    menu_label = _("Imports")
    form_fields = ["file_name"]
    add_to_reference_index = False
    copy_view_enabled = False
    inspect_view_enabled = True
    inspect_view_class = ImportRunInspectView
    index_view_class = ImportRunIndexView
    inspect_template_name = "catalogue/admin/import_run.html"
    inspect_view_fields = [
        "source",
        "file_name",
        "state",
        "started_at",
        "updated_at",
        "new",
        "changed",
        "unchanged",
        "repaired",
        "rejected",
    ]
    list_display = ["file_name", "source", "state", "started_at", "new", "changed", "rejected"]
    list_filter = ["source", "state"]
