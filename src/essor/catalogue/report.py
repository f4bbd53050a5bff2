"""What commands say after an import, in the words of a librarian."""

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from essor.catalogue.importers.oai import Deletions
from essor.catalogue.models import ImportProblem, ImportRun
from essor.catalogue.queries import identifiers_in_doubt, problems_by_reason
from essor.catalogue.services.harvests import Tested
from essor.catalogue.types import BasketImport
from essor.presentation.templatetags.typography import nbsp, number

EXAMPLES = 3
LONGEST_LIST = 20


def import_report(run: ImportRun) -> Iterator[str]:
    """Give the lines of the report of a run: counts, rate, and what stayed out, grouped by reason."""
    elapsed_s = max((run.updated_at - run.started_at).total_seconds(), 0.001)
    said = _("%(file)s, source “%(source)s”: %(count)s records read in %(seconds)s s")
    values = {"file": run.file_name, "source": run.source.code, "count": number(run.read)}
    yield nbsp(said % {**values, "seconds": number(elapsed_s, 1)})
    for label, count in (
        (pgettext("records", "new"), run.new),
        (pgettext("records", "changed"), run.changed),
        (pgettext("records", "unchanged"), run.unchanged),
        (pgettext("records", "rejected"), run.rejected),
        (pgettext("records", "repaired"), run.repaired),
    ):
        yield f"  {label:<20}{number(count):>10}"
    in_doubt = identifiers_in_doubt(run.source)
    if in_doubt:
        said = _("Wrong ISBN, ISSN or EAN of this source, kept and marked: %(count)s")
        yield nbsp(said % {"count": number(in_doubt)})
    yield from _problems_of(run)


def _problems_of(run: ImportRun) -> Iterator[str]:
    for what, advice, count in problems_by_reason(run):
        yield nbsp(f"{number(count)} × {_(what)} {_(advice)}")
        examples = run.problems.filter(what=what).order_by("offset")
        yield nbsp("    " + " ; ".join(_place(one) for one in examples[:EXAMPLES]))
    if run.rejected:
        yield _("Every rejected record is listed in the staff screens, under Catalogue, Imports.")


def _place(problem: ImportProblem) -> str:
    place = {"offset": number(problem.offset), "number": problem.control_number}
    if problem.control_number:
        return _("record %(number)s, byte %(offset)s") % place
    return _("byte %(offset)s") % place


def harvest_report(tested: Tested) -> Iterator[str]:
    """Give the lines of the test of an address: who answers, what it has, what it tells."""
    yield nbsp(_("“%(name)s” answers.") % {"name": tested.repository.name})
    prefixes = ", ".join(tested.prefixes)
    yield nbsp(_("Metadata prefixes: %(prefixes)s") % {"prefixes": prefixes})
    yield (
        _("It does not tell which records were deleted: it is read whole each week.")
        if tested.repository.deletions is Deletions.NO
        else _("It tells which records were deleted.")
    )


def basket_report(done: BasketImport) -> Iterator[str]:
    """Give the lines of the report of a list: what the basket gained, what was not found."""
    added = ngettext("%(count)s record added", "%(count)s records added", done.added)
    said = _("Basket “%(name)s”: %(added)s, %(held)s already there.")
    values = {"name": done.name, "held": number(done.held)}
    yield nbsp(said % {**values, "added": added % {"count": number(done.added)}})
    for problem in done.problems[:LONGEST_LIST]:
        line = _("line %(line)s") % {"line": problem.where}
        yield nbsp(f"  {line} : {_(problem.what)} {_(problem.advice)}")
    if len(done.problems) > LONGEST_LIST:
        rest = len(done.problems) - LONGEST_LIST
        yield _("  and %(count)s more") % {"count": number(rest)}
