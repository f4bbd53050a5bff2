"""What left its source is withdrawn, never erased: its page answers, lists and searches leave it out."""

from collections.abc import Sequence

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from essor.catalogue.documents import KIND
from essor.catalogue.importers.opening import NOT_READ_WHOLE
from essor.catalogue.models import Harvest, HarvestedRecord, ImportRun, Item, Record
from essor.catalogue.rows import in_parts
from essor.catalogue.services.works import release_duplicates_of
from essor.search.services import note_changes

LARGEST_SHARE = 0.2
"""Share of a catalogue beyond which its leaving must be confirmed: the file is more likely wrong."""
SMALLEST_COUNT = 10
"""Records that may leave whatever their share: a small catalogue changes a lot."""


class WithdrawalRefused(Exception):
    """Nothing was withdrawn; the message says why, and what to do."""


def withdrawn_at_the_end(run: ImportRun, *, is_confirmed: bool) -> str:
    """Withdraw what a whole catalogue has no more; give what is to be said when it may not be."""
    said = ""
    try:
        withdraw_missing(run, is_confirmed=is_confirmed)
    except WithdrawalRefused as refused:
        said = str(refused)
    _forget_names(run)
    return said


def _forget_names(run: ImportRun) -> None:
    """Forget the OAI identifiers that a whole harvest did not give again; the import of a file gives none.

    Kept for ever, the former name of a record would keep it from being withdrawn when its present one
    is deleted. One that a withdrawal was refused for keeps its names: it may still be deleted by them.
    """
    if not Harvest.objects.filter(last_run=run.pk).exists():
        return
    names = HarvestedRecord.objects.filter(source=run.source_id)
    not_given = names.exclude(seen_in=run.pk, seen_in__isnull=False)
    is_gone = Q(record__withdrawn_at__isnull=False)
    not_given.filter(Q(record__seen_in=run.pk) | is_gone).delete()


def withdraw_missing(run: ImportRun, *, is_confirmed: bool = False) -> int:
    """Withdraw the records of a source that the file of a run, its whole catalogue, does not hold.

    Gives how many. Raises WithdrawalRefused when that file was cut off, when it is not the last one
    of its source, and, unless somebody confirms it, when so many records were rejected or would be
    withdrawn that the file is more likely wrong than the catalogue.
    """
    run.refresh_from_db()
    _refuse_when_unsure(run)
    missing = missing_records(run)
    leaving = missing.count()
    if not is_confirmed:
        _refuse_when_many(run, leaving)
    while keys := list(missing.order_by().values_list("pk", flat=True)[:500]):
        _withdraw(run, keys)
    return leaving


def missing_records(run: ImportRun) -> QuerySet[Record]:
    """Give the current records of the source of a run that its file did not hold."""
    return Record.objects.filter(source=run.source_id, withdrawn_at=None).exclude(
        seen_in=run.pk, seen_in__isnull=False
    )


def _refuse_when_unsure(run: ImportRun) -> None:
    if not run.is_full:
        raise WithdrawalRefused(_("This import was not of the whole catalogue."))
    if run.problems.filter(what__in=NOT_READ_WHOLE).exists():
        raise WithdrawalRefused(
            _("The file was cut off: no record was withdrawn. Send it again, whole.")
        )
    later = run.source.runs.filter(pk__gt=run.pk)
    if later.exclude(state=ImportRun.State.WAITING, position=0).exists():
        raise WithdrawalRefused(
            _("Another import of this source came after: no record was withdrawn.")
        )


def _refuse_when_many(run: ImportRun, leaving: int) -> None:
    held = Record.objects.filter(source=run.source_id, withdrawn_at=None).count()
    if leaving > max(SMALLEST_COUNT, held * LARGEST_SHARE):
        said = _(
            "%(leaving)s records of %(held)s are not in this file: none was withdrawn, because it "
            "looks incomplete. Send the whole catalogue, or confirm that they are to be withdrawn."
        )
        raise WithdrawalRefused(said % {"leaving": leaving, "held": held})
    if run.rejected > max(SMALLEST_COUNT, run.read * LARGEST_SHARE):
        said = _(
            "%(rejected)s records of this file were rejected: none of those that it lacks was "
            "withdrawn. Correct the file, or confirm that they are to be withdrawn."
        )
        raise WithdrawalRefused(said % {"rejected": run.rejected})


def withdraw_records(run: ImportRun, control_numbers: Sequence[str]) -> int:
    """Withdraw the records that their source says it has deleted, and give how many were there."""
    count = 0
    for part in in_parts(control_numbers):
        records = Record.objects.filter(source=run.source_id, control_number__in=part)
        keys = list(records.filter(withdrawn_at=None).order_by().values_list("pk", flat=True))
        _withdraw(run, keys)
        count += len(keys)
    return count


@transaction.atomic
def _withdraw(run: ImportRun, keys: Sequence[int]) -> None:
    if not keys:
        return
    now = timezone.now()
    Record.objects.filter(pk__in=keys).order_by().update(withdrawn_at=now, changed_at=now)
    items = Item.objects.filter(record__in=keys, withdrawn_at=None).order_by()
    gone = items.update(withdrawn_at=now)
    release_duplicates_of(keys)
    note_changes(KIND, keys)
    ImportRun.objects.filter(pk=run.pk).update(
        withdrawn=F("withdrawn") + len(keys), items_withdrawn=F("items_withdrawn") + gone
    )
