"""What commands and screens say of an import, in the words of a librarian."""

from collections.abc import Iterable, Iterator
from itertools import islice

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from essor.catalogue.importers.inspection import Inspection
from essor.catalogue.importers.oai import Deletions
from essor.catalogue.models import ImportProblem, ImportRun
from essor.catalogue.models.imports import CODE_TABLES, FILE_FORMATS
from essor.catalogue.queries import identifiers_in_doubt, problems_by_reason, unknown_codes_of
from essor.catalogue.services.harvests import Tested
from essor.catalogue.types import BasketImport, Encoding
from essor.presentation.templatetags.typography import nbsp, number

EXAMPLES = 3
LONGEST_LIST = 20
ENCODINGS = [
    (Encoding.UTF8.value, "UTF-8"),
    (Encoding.ISO5426.value, "ISO 5426"),
    (Encoding.MARC8.value, "MARC-8"),
    (Encoding.ISO6937.value, "ISO 6937"),
    (Encoding.CP1252.value, "Windows-1252"),
    (Encoding.LATIN1.value, "Latin-1"),
]


def import_report(run: ImportRun) -> Iterator[str]:
    """Give the lines of the report of a run: counts, rate, and what stayed out, grouped by reason."""
    said = _("%(file)s, source “%(source)s”: %(count)s records read in %(seconds)s s")
    values = {"file": run.file_name, "source": run.source.code, "count": number(run.read)}
    yield nbsp(said % {**values, "seconds": number(run.elapsed_s, 1)})
    if run.records_per_s:
        yield nbsp(_("  %(rate)s records a second") % {"rate": number(round(run.records_per_s))})
    for label, count in counts_of(run):
        yield nbsp(f"  {label:<28}{number(count):>10}")
    for encoding, count in sorted(run.decoded.items()):
        yield nbsp(f"  {encoding_name(encoding):<28}{number(count):>10}")
    in_doubt = identifiers_in_doubt(run.source)
    if in_doubt:
        said = _("Wrong ISBN, ISSN or EAN of this source, kept and marked: %(count)s")
        yield nbsp(said % {"count": number(in_doubt)})
    yield from _problems_of(run)
    yield from _codes_of(unknown_codes_of(run))
    if run.message:
        yield run.message


def _codes_of(codes: Iterable[tuple[str, str, int]]) -> Iterator[str]:
    tables = dict(CODE_TABLES)
    for table, code, count in islice(codes, LONGEST_LIST):
        said = _("Unknown code: %(table)s “%(code)s”, %(count)s times")
        yield nbsp(said % {"table": tables[table], "code": code, "count": number(count)})


def inspection_report(seen: Inspection) -> Iterator[str]:
    """Give the lines of a dry run: what the file is, how it would be read, and what would stay out."""
    formats = dict(FILE_FORMATS)
    values = {"file": seen.file_name, "format": formats[seen.file_format.value]}
    yield nbsp(_("%(file)s: %(format)s") % values)
    read = _("First records of the file: %(records)s read, with %(items)s items")
    if seen.is_whole:
        read = _("Whole file: %(records)s records read, with %(items)s items")
    yield nbsp(read % {"records": number(seen.records), "items": number(seen.items)})
    yield nbsp(
        _("Mapping profile: %(name)s") % {"name": f"{seen.profile.name} ({seen.profile.code})"}
    )
    if seen.suggested.code != seen.profile.code:
        name = f"{seen.suggested.name} ({seen.suggested.code})"
        yield nbsp(_("The one that fits best is “%(name)s”.") % {"name": name})
    for one in seen.encodings:
        said = _("  %(encoding)s: %(count)s records, certain at %(percent)s %%")
        values = {"encoding": encoding_name(one.encoding), "count": number(one.count)}
        yield nbsp(said % {**values, "percent": number(round(one.certainty * 100))})
    for sample in seen.samples:
        yield "    " + " – ".join(
            filter(None, (f"{sample.control_number}  {sample.title}", sample.author))
        )
    for problem in seen.problems:
        yield nbsp(f"{number(problem.count)} × {_(problem.what)} {_(problem.advice)}")
    yield from _codes_of((one.table.value, one.code, one.count) for one in seen.unknown_codes)
    yield _("Nothing was stored.")


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


def report_heading() -> list[str]:
    """Give the heading of the report as a table."""
    return [
        _("Kind"),
        _("Control number"),
        _("Position in the file (bytes)"),
        _("What"),
        _("What to do"),
        _("Detail"),
        _("Count"),
    ]


def report_table(run: ImportRun) -> Iterator[tuple[object, ...]]:
    """Give the report as a table: counts, encodings, then each problem and each unknown code."""
    for label, count in counts_of(run):
        yield _("count"), "", "", label, "", "", count
    for encoding, count in run.decoded.items():
        yield _("encoding"), "", "", encoding_name(encoding), "", "", count
    for one in run.problems.all().iterator(1000):
        kind = _("rejected") if one.is_rejection else _("to be looked at")
        yield kind, one.control_number, one.offset, _(one.what), _(one.advice), one.detail, ""
    for table, code, count in unknown_codes_of(run):
        yield _("unknown code"), "", "", dict(CODE_TABLES)[table], "", code, count


def encoding_name(encoding: str) -> str:
    """Give the usual name of an encoding."""
    return dict(ENCODINGS).get(encoding, encoding)


def counts_of(run: ImportRun) -> list[tuple[str, int]]:
    """Give what an import counted, in words."""
    records, items = _("Records: %(what)s"), _("Items: %(what)s")
    return [
        *(
            (records % {"what": label}, count)
            for label, count in (
                (pgettext("records", "new"), run.new),
                (pgettext("records", "changed"), run.changed),
                (pgettext("records", "unchanged"), run.unchanged),
                (pgettext("records", "repaired"), run.repaired),
                (pgettext("records", "rejected"), run.rejected),
                (pgettext("records", "withdrawn"), run.withdrawn),
            )
        ),
        *(
            (items % {"what": label}, count)
            for label, count in (
                (pgettext("items", "new"), run.items_new),
                (pgettext("items", "changed"), run.items_changed),
                (pgettext("items", "unchanged"), run.items_unchanged),
                (pgettext("items", "withdrawn"), run.items_withdrawn),
            )
        ),
    ]
