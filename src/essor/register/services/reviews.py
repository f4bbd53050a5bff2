"""What people decide of the rows that the rules leave in doubt: kept in the history, never undone by an import."""

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from essor.register.matching import Means
from essor.register.models import DirectoryEntry, LegalUnit
from essor.register.services.approvals import give_approvals

CHOSEN = "register.entry_matched"
REFUSED = "register.entry_refused"
REOPENED = "register.entry_reopened"


def choose(entry: DirectoryEntry, siren: str, *, by: User) -> DirectoryEntry:
    """Say that a row is this structure. Raises ValidationError when the register does not hold it."""
    is_known = LegalUnit.objects.current().filter(siren=siren).exists()
    if not is_known:
        raise ValidationError(
            _("The register holds no structure with the SIREN %(siren)s.") % {"siren": siren}
        )
    return _decide(entry, DirectoryEntry.State.MATCHED, siren, by=by, action=CHOSEN)


def refuse(entry: DirectoryEntry, *, by: User) -> DirectoryEntry:
    """Say that a row is none of the structures proposed."""
    return _decide(entry, DirectoryEntry.State.REFUSED, "", by=by, action=REFUSED)


@transaction.atomic
def reopen(entry: DirectoryEntry, *, by: User) -> DirectoryEntry:
    """Take a decision back: the row is in doubt again, with its candidates."""
    held = _held(entry)
    if held.reviewed_at is None:
        return held
    siren, held.chosen_siren, held.means = held.chosen_siren, "", Means.NOTHING
    is_doubtful = bool(held.candidates)
    held.state = DirectoryEntry.State.DOUBTFUL if is_doubtful else DirectoryEntry.State.UNMATCHED
    held.reviewed_by, held.reviewed_at = None, None
    held.save()
    give_approvals(held.directory, {siren} - {""}, source_date=held.directory.source_date)
    log(instance=held, action=REOPENED, user=by, data={"siren": siren})
    return held


@transaction.atomic
def _decide(
    entry: DirectoryEntry, state: DirectoryEntry.State, siren: str, *, by: User, action: str
) -> DirectoryEntry:
    held = _held(entry)
    if held.reviewed_at is not None and (held.state, held.chosen_siren) == (state, siren):
        return held
    sirens = {held.chosen_siren, siren} - {""}
    held.state, held.chosen_siren = state, siren
    held.means = Means.PERSON if siren else Means.NOTHING
    held.reviewed_by, held.reviewed_at = by, timezone.now()
    held.save()
    give_approvals(held.directory, sirens, source_date=held.directory.source_date)
    log(instance=held, action=action, user=by, data={"siren": siren})
    return held


def _held(entry: DirectoryEntry) -> DirectoryEntry:
    locked = DirectoryEntry.objects.select_for_update(of=("self",)).select_related("directory")
    return locked.get(pk=entry.pk)
