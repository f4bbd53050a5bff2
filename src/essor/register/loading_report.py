"""What a loading did and which vintages are kept, in words."""

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from essor.presentation.templatetags.typography import long_date, nbsp, number
from essor.problems import Problem
from essor.register.labels import month_label
from essor.register.models import Vintage
from essor.register.services.loading import Loading, restorable

EXAMPLES = 5


def loading_report(loading: Loading) -> Iterator[str]:
    """Give the lines of the report of a loading."""
    vintage = loading.vintage
    if loading.was_kept and loading.previous is None:
        yield nbsp(_("This build is the one that is shown already: nothing has changed."))
        return
    if loading.was_kept:
        yield nbsp(_("This build was kept: it is shown again."))
    yield nbsp(vintage_line(vintage))
    if loading.previous is not None and not loading.was_kept:
        said = _("Since %(month)s: %(new)s new structures, %(gone)s gone, %(changed)s changed.")
        yield nbsp(
            said
            % {
                "month": month_label(loading.previous.month),
                "new": number(loading.new),
                "gone": number(loading.gone),
                "changed": number(loading.changed),
            }
        )
    if loading.approvals:
        said = ngettext(
            "%(count)s approval added.", "%(count)s approvals added.", loading.approvals
        )
        yield nbsp(said % {"count": number(loading.approvals)})
    if loading.problem:
        yield nbsp(problem_in_words(loading.problem))
    if loading.unknown_communes:
        yield from _unknown_communes(loading)


def vintage_line(vintage: Vintage) -> str:
    """Give a vintage in a line: its month, its area, its perimeter, its counts."""
    said = _(
        "SIRENE %(month)s, %(area)s, perimeter %(perimeter)s: %(units)s structures,"
        " %(establishments)s establishments"
    )
    line = said % {
        "month": month_label(vintage.month),
        "area": vintage.area,
        "perimeter": vintage.perimeter,
        "units": number(vintage.units),
        "establishments": number(vintage.establishments),
    }
    return line + (_(" (synthetic data)") if vintage.is_synthetic else "")


def vintages_listed() -> Iterator[str]:
    """Give the vintages that are kept, the latest first."""
    previous = restorable()
    vintages = list(Vintage.objects.all())
    if not vintages:
        yield _("No vintage yet: make one with “essor build_register”, then “essor load_register”.")
    for vintage in vintages:
        yield nbsp(f"{vintage.pk}. {vintage_line(vintage)}, {_state(vintage, previous)}")


def _state(vintage: Vintage, previous: Vintage | None) -> str:
    if vintage.is_current:
        return _("shown since %(day)s") % {"day": long_date(vintage.shown_at)}
    if vintage == previous:
        return _("kept: it can be shown again")
    if vintage.shown_at is None:
        return _("not whole: being loaded, or stopped before its end")
    return _("being removed")


def _unknown_communes(loading: Loading) -> Iterator[str]:
    codes = sorted(
        loading.unknown_communes, key=lambda code: (-loading.unknown_communes[code], code)
    )
    total = sum(loading.unknown_communes.values())
    said = ngettext(
        "%(count)s establishment is in a commune that the portal does not know: %(codes)s.",
        "%(count)s establishments are in communes that the portal does not know: %(codes)s.",
        total,
    )
    yield nbsp(said % {"count": number(total), "codes": ", ".join(codes[:EXAMPLES]) or "—"})


def problem_in_words(problem: Problem) -> str:
    """Give a problem in the reader's language: those of a build are marked, and translated here."""
    return f"{problem.where}: {_(problem.what)} {_(problem.advice)}"
