"""What differs between two perimeters, line by line, in words."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from essor.presentation.templatetags.typography import long_date
from essor.register.labels import activity_label, category_label
from essor.register.models import FAMILY_LABELS
from essor.register.types import CategoryLine, ExcludedActivity, Perimeter


def changed_lines(before: Perimeter, after: Perimeter) -> tuple[str, ...]:
    """Give a sentence for each line that was added, taken away, or that decides otherwise or is proven otherwise."""
    return (*_categories(before, after), *_exclusions(before, after))


def _categories(before: Perimeter, after: Perimeter) -> Iterator[str]:
    for code in sorted({*before.categories, *after.categories}):
        old, new = before.categories.get(code), after.categories.get(code)
        if old == new:
            continue
        told = {"code": code, "label": category_label(code)}
        if _standing(old) != _standing(new):
            told |= {"before": _standing(old), "after": _standing(new)}
            yield _("%(code)s, %(label)s: %(before)s → %(after)s") % told
        else:
            yield _("%(code)s, %(label)s: proof or source changed") % told


def _standing(line: CategoryLine | None) -> str:
    if line is None:
        return _("no line")
    return str(FAMILY_LABELS[line.family]) if line.family else _("left out")


def _exclusions(before: Perimeter, after: Perimeter) -> Iterator[str]:
    for one in before.exclusions:
        if one not in after.exclusions:
            yield _("exclusion taken away: %(line)s") % {"line": _exclusion(one)}
    for one in after.exclusions:
        if one not in before.exclusions:
            yield _("exclusion added: %(line)s") % {"line": _exclusion(one)}


def _exclusion(one: ExcludedActivity) -> str:
    said = _("%(code)s (%(nomenclature)s), %(label)s, from %(start)s until %(end)s")
    return said % {
        "code": one.code,
        "nomenclature": one.nomenclature,
        "label": activity_label(one.code, one.nomenclature),
        "start": long_date(one.starts_on) if one.starts_on else "…",
        "end": long_date(one.ends_on) if one.ends_on else "…",
    }
