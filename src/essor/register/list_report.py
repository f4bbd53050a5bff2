"""The report of an import of a directory: in lines for a terminal, as a table for a spreadsheet."""

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from essor.presentation.problems import said
from essor.presentation.templatetags.typography import nbsp, number
from essor.register.entry_queries import problems_of
from essor.register.models import DirectoryEntry, DirectoryImport
from essor.register.services.approvals import ApprovalReport


def counts_of(run: DirectoryImport) -> list[tuple[str, int]]:
    """Give what an import counted, in words."""
    return [
        (_("Rows of the file"), run.rows),
        (pgettext("rows", "New"), run.new),
        (pgettext("rows", "Changed"), run.changed),
        (pgettext("rows", "Unchanged"), run.unchanged),
        (pgettext("rows", "Left the list"), run.left),
        (pgettext("rows", "Matched"), run.matched),
        (pgettext("rows", "To be reviewed"), run.doubtful),
        (pgettext("rows", "Match no structure"), run.unmatched),
        (pgettext("rows", "Refused by a person"), run.refused),
        (_("With a problem"), run.faulty),
    ]


def list_report(run: DirectoryImport) -> Iterator[str]:
    """Give the report in lines."""
    yield f"{run.directory} ({run.file_name}) : {run.get_state_display()}"
    if run.message:
        yield nbsp(_(run.message))
    for label, count in counts_of(run):
        yield f"  {label} : {number(count)}"
    for what, advice, count in problems_of(run):
        yield f"  {number(count)} × {nbsp(_(what))} {nbsp(_(advice))}"


def rows_heading() -> list[str]:
    """Give the heading of the rows as a table."""
    return [
        _("Line"),
        _("Name"),
        _("Usual name"),
        pgettext("of a structure", "Kind"),
        "SIRET",
        _("Commune"),
        _("State"),
        _("Structure (SIREN)"),
        _("Matched"),
        _("Candidates"),
        _("Reviewed by"),
        _("Problems"),
    ]


def rows_table(run: DirectoryImport) -> Iterator[tuple[object, ...]]:
    """Give each row that an import saw last, in the order of the file, with its state and its problems."""
    rows = DirectoryEntry.objects.filter(last_import=run).order_by("line", "pk")
    for row in rows.select_related("commune", "reviewed_by").iterator(1000):
        yield (
            row.line,
            row.name,
            row.usual_name,
            row.detail,
            row.siret,
            row.place,
            row.get_state_display(),
            row.chosen_siren,
            row.get_means_display() if row.means else "",
            ", ".join(f"{siren} ({score})" for siren, score in row.candidates),
            row.reviewed_by.get_username() if row.reviewed_by else "",
            " ".join(_(what) for what, _advice in row.problems),
        )


def approvals_report(report: ApprovalReport) -> Iterator[str]:
    """Give what an import of approvals did, in lines."""
    for label, count in (
        (pgettext("approvals", "New"), report.new),
        (pgettext("approvals", "Changed"), report.changed),
        (pgettext("approvals", "Unchanged"), report.unchanged),
        (pgettext("approvals", "Left the list"), report.left),
    ):
        yield f"  {label} : {number(count)}"
    for problem in report.problems:
        yield f"  {said(problem)}"
