"""A perimeter of one's own: written as a draft, compared with a build that is kept, then chosen.

A draft is chosen only once it has been compared as it is now: whoever decides has seen what changes. A
chosen version is never written again, since builds name it; one goes on from a copy.
"""

import logging
from collections.abc import Iterable
from pathlib import Path

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from essor.problems import Problem
from essor.register.build import gettext_noop
from essor.register.build.built import open_build, read_build
from essor.register.build.comparison import Counted, compare
from essor.register.build.perimeter import (
    CURRENT,
    Entry,
    category_entries,
    exclusion_entries,
    fingerprint_of,
    version_of,
)
from essor.register.models import PerimeterComparison, PerimeterVersion, Vintage
from essor.register.perimeter_queries import perimeter_of_version
from essor.register.types import Perimeter, RegisterError

logger = logging.getLogger(__name__)

BEGUN = "register.perimeter_begun"
WRITTEN = "register.perimeter_written"
CHOSEN = "register.perimeter_chosen"
LEFT = "register.perimeter_left"

State = PerimeterComparison.State

_OVERTAKEN = gettext_noop("The draft or the vintage has changed since: compare again.")
_NO_BUILD = gettext_noop("The build that this vintage was loaded from is not on this machine.")
_BUILD_AGAIN = gettext_noop("Build the register again.")


@transaction.atomic
def begin_draft(version: str, note: str, *, base: Perimeter, by: User) -> PerimeterVersion:
    """Copy a perimeter into a draft. Raises ValidationError for a name that is taken or that is no name."""
    draft = PerimeterVersion(
        version=version,
        note=note,
        based_on=base.version,
        categories=category_entries(base),
        exclusions=exclusion_entries(base),
        fingerprint=fingerprint_of(base),
        author=by,
    )
    if version in (version_of(CURRENT), *Vintage.objects.values_list("perimeter", flat=True)):
        raise ValidationError(
            {"version": _("A perimeter is already called “%(name)s”.") % {"name": version}}
        )
    draft.full_clean()
    draft.save()
    log(instance=draft, action=BEGUN, user=by, data={"based_on": base.version})
    return draft


@transaction.atomic
def write_lines(
    draft: PerimeterVersion,
    *,
    seen: str,
    by: User,
    categories: Iterable[Entry] | None = None,
    exclusions: Iterable[Entry] | None = None,
) -> PerimeterVersion:
    """Write one table of a draft, or both, whole; `seen` is the fingerprint of the draft that was read for it.

    Raises RegisterError at the first line that cannot be understood, and ValidationError when the version
    was chosen, or written by someone else meanwhile: nothing is then changed.
    """
    held = _held(draft)
    if not held.is_draft:
        raise ValidationError(_("This perimeter was chosen: it cannot change any more. Copy it."))
    if held.fingerprint != seen:
        raise ValidationError(
            _("Someone else has changed this draft meanwhile: nothing was saved. Begin again.")
        )
    if categories is not None:
        held.categories = list(categories)
    if exclusions is not None:
        held.exclusions = list(exclusions)
    held.fingerprint = fingerprint_of(perimeter_of_version(held))
    held.full_clean()
    held.save()
    log(instance=held, action=WRITTEN, user=by, data={"fingerprint": held.fingerprint})
    return held


@transaction.atomic
def discard(draft: PerimeterVersion, *, by: User) -> None:
    """Delete a draft with its comparisons. Raises ValidationError when it was chosen at some time."""
    held = _held(draft)
    if not held.is_draft:
        raise ValidationError(_("This perimeter was chosen: builds may name it, so it is kept."))
    log(instance=held, action="wagtail.delete", user=by, deleted=True)
    _forget(held.comparisons.all())
    held.delete()


@transaction.atomic
def choose(draft: PerimeterVersion, *, by: User) -> PerimeterVersion:
    """Mark a version for the next build, in place of any other. Twice is once.

    Raises ValidationError when it was not compared as it is now.
    """
    held = _held(draft)
    if held.is_chosen:
        return held
    if not any(one.is_of(held) for one in held.comparisons.all()):
        raise ValidationError(_("Compare this perimeter, as it is now, with a build first."))
    PerimeterVersion.objects.filter(is_chosen=True).update(is_chosen=False)
    held.is_chosen, held.chosen_at, held.chosen_by = True, timezone.now(), by
    held.save()
    log(instance=held, action=CHOSEN, user=by, data={"fingerprint": held.fingerprint})
    return held


@transaction.atomic
def leave(version: PerimeterVersion, *, by: User) -> None:
    """Go back to the perimeter of the package for the next build. Twice is once."""
    held = _held(version)
    if held.is_chosen:
        held.is_chosen = False
        held.save()
        log(instance=held, action=LEFT, user=by)


@transaction.atomic
def ask_comparison(draft: PerimeterVersion, vintage: Vintage, *, by: User) -> PerimeterComparison:
    """Have a draft compared with the build of a vintage, in the background; its former comparison is forgotten.

    Raises RegisterError when the build is no longer on this machine.
    """
    from essor.register.perimeter_tasks import compare_perimeter  # it calls back here

    held = _held(draft)
    open_build(_folder_of(vintage))
    _forget(held.comparisons.filter(vintage=vintage))
    comparison = PerimeterComparison.objects.create(
        draft=held,
        vintage=vintage,
        compared_with=f"{vintage} – {vintage.perimeter}",
        fingerprint=held.fingerprint,
        started_by=by,
    )
    transaction.on_commit(lambda: compare_perimeter.enqueue(comparison.pk))
    return comparison


def run_comparison(comparison: PerimeterComparison) -> None:
    """Compare, telling how far it is; one that cannot be done says why."""
    _update(comparison, state=State.RUNNING)
    try:
        if comparison.vintage is None or comparison.fingerprint != comparison.draft.fingerprint:
            _update(comparison, state=State.FAILED, message=_OVERTAKEN)
            return
        build = read_build(_folder_of(comparison.vintage))
        perimeter = perimeter_of_version(comparison.draft)

        def say(position: int, groups: int) -> None:
            _update(comparison, position=position, groups=groups)

        counted = compare(build, perimeter, comparison.moves_path, say=say)
    except RegisterError as error:
        _update(comparison, state=State.FAILED, message=str(error)[:500])
    except BaseException as error:
        _update(comparison, state=State.FAILED, message=str(error)[:500])
        raise
    else:
        if not _update(comparison, state=State.FINISHED, counted=_as_json(counted)):
            comparison.moves_path.unlink(missing_ok=True)
        logger.info("register.perimeter.compared", extra={"comparison": comparison.pk})


def kept_builds() -> tuple[Vintage, ...]:
    """Give the vintages whose build is whole on this machine, the one that is shown first."""
    vintages = (
        Vintage.objects.shown().exclude(folder="").order_by("-is_current", "-loaded_at", "-pk")
    )
    return tuple(vintage for vintage in vintages if _is_kept(vintage))


def _is_kept(vintage: Vintage) -> bool:
    try:
        open_build(_folder_of(vintage))
    except RegisterError:
        return False
    return True


def _folder_of(vintage: Vintage) -> Path:
    if not vintage.folder:
        raise RegisterError(Problem(str(vintage), _NO_BUILD, _BUILD_AGAIN))
    return Path(vintage.folder)


def _held(version: PerimeterVersion) -> PerimeterVersion:
    """Give a version that nobody else may change until the end of the transaction."""
    return PerimeterVersion.objects.select_for_update(of=("self",)).get(pk=version.pk)


def _forget(comparisons: Iterable[PerimeterComparison]) -> None:
    """Delete comparisons; their files go once that is certain."""
    for comparison in list(comparisons):
        path = comparison.moves_path
        comparison.delete()
        transaction.on_commit(lambda path=path: path.unlink(missing_ok=True))  # type: ignore[misc]


def _update(comparison: PerimeterComparison, **values: object) -> bool:
    """Write how far it is; say whether it is still there, not forgotten for a later one."""
    kept = PerimeterComparison.objects.filter(pk=comparison.pk)
    return kept.update(updated_at=timezone.now(), **values) == 1


def _as_json(counted: Counted) -> dict[str, dict[str, object]]:
    return {
        "before": dict(counted.before),
        "after": dict(counted.after),
        "moves": {str(side): dict(counts) for side, counts in counted.moves.items()},
    }
