"""The list of the other directories, and the addresses of all their screens."""

from django.db.models import QuerySet
from django.urls import URLPattern, path
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from wagtail.admin.ui.tables import BaseColumn, Column
from wagtail.admin.views.generic import IndexView
from wagtail.admin.viewsets.model import ModelViewSet

from essor.register.admin.directories.dropping import CheckView, DropView
from essor.register.admin.directories.reports import (
    ProgressView,
    ReportCsvView,
    ReportView,
    ResumeView,
)
from essor.register.admin.directories.reviewing import EntryView, ReviewView
from essor.register.entry_queries import directories_counted
from essor.register.models import ImportedDirectory


class ReviewColumn(BaseColumn):
    """How many rows are to be reviewed, with the way there."""

    cell_template_name = "register/admin/review_cell.html"


class DirectoryIndexView(IndexView):
    """The directories by name, with what became of their rows."""

    def get_base_queryset(self) -> QuerySet[ImportedDirectory]:
        """Give the directories with their counts."""
        return directories_counted().prefetch_related("imports")

    @cached_property
    def add_item_label(self) -> str:
        """Name the button after what it does."""
        return _("Import a directory")


class ImportedDirectoryViewSet(ModelViewSet):
    """The other directories: what they are called, what may be done with them, their rows."""

    model = ImportedDirectory
    name = "register_directories"
    url_prefix = "register/directories"
    icon = "list-ul"
    menu_label = gettext_lazy("Other directories")
    form_fields = ["licence", "origin", "is_public"]
    add_to_reference_index = False
    copy_view_enabled = False
    inspect_view_enabled = False
    index_view_class = DirectoryIndexView
    list_display = [
        "name",
        Column("source_date", label=gettext_lazy("Date of the list")),
        Column("rows_count", label=gettext_lazy("Rows")),
        Column("matched_count", label=pgettext_lazy("rows", "Matched")),
        ReviewColumn("doubtful_count", label=pgettext_lazy("rows", "To be reviewed")),
        Column("unmatched_count", label=pgettext_lazy("rows", "Match no structure")),
    ]

    def get_urlpatterns(self) -> list[URLPattern]:
        """Give the addresses of these screens; a directory is made by importing it."""
        return [
            path("", self.index_view, name="index"),
            path("results/", self.index_results_view, name="index_results"),
            path("edit/<int:pk>/", self.edit_view, name="edit"),
            path("delete/<int:pk>/", self.delete_view, name="delete"),
            path("history/<int:pk>/", self.history_view, name="history"),
            path("history-results/<int:pk>/", self.history_results_view, name="history_results"),
            path("usage/<int:pk>/", self.usage_view, name="usage"),
            path("new/", DropView.as_view(), name="add"),
            path("new/<int:pk>/", CheckView.as_view(), name="check"),
            path("import/<int:pk>/", ReportView.as_view(), name="report"),
            path("import/<int:pk>/progress/", ProgressView.as_view(), name="progress"),
            path("import/<int:pk>/csv/", ReportCsvView.as_view(), name="csv"),
            path("import/<int:pk>/resume/", ResumeView.as_view(), name="resume"),
            path("review/<int:pk>/", ReviewView.as_view(), name="review"),
            path("row/<int:pk>/", EntryView.as_view(), name="entry"),
        ]
