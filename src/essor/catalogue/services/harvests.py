"""Harvests by OAI-PMH, from their setting up to their end: what is read, when, and by whom it is started."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from essor.catalogue.importers import oai
from essor.catalogue.models import Harvest, HarvestedRecord, ImportRun, Source
from essor.catalogue.services.harvesting import PLACE, WHAT_IS_ASKED, Harvesting, content
from essor.catalogue.services.imports import (
    UNFINISHED,
    give_up_killed,
    only_import_of,
    start_next,
)
from essor.catalogue.types import FileFormat
from essor.fetching import Client, Limits, portal_client

LIMITS = Limits(total_s=120, size_bytes=20 * 1024 * 1024, redirects=5)
"""A server takes its time over a page, and a page of large records may be large."""

LONGEST = timedelta(hours=3)
TO_GO_ON_WITH = (*UNFINISHED, ImportRun.State.WAITING)

NIGHT_HOURS = range(1, 6)
ONCE_A_NIGHT = timedelta(hours=12)
AT_THE_LATEST = timedelta(hours=30)
"""A harvest that missed its night, because no worker ran, is made by day."""
AFTER_AN_INTERRUPTION = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Tested:
    """What the test of an address found: the server, and the metadata prefixes it has."""

    repository: oai.Repository
    prefixes: tuple[str, ...]


def harvest_client() -> Client:
    """Give the client of the portal, patient enough for the pages of a harvest."""
    return portal_client(LIMITS)


def tested_address(address: str, *, client: Client) -> Tested:
    """Ask a server what it is. Raises FetchError or OaiError, which say in words why it cannot be used."""
    repository = oai.repository_of(content(client, oai.identify_address(address)))
    return Tested(repository, oai.prefixes_of(content(client, oai.formats_address(address))))


@transaction.atomic
def set_up(source: Source, *, address: str, metadata_prefix: str, set_spec: str = "") -> Harvest:
    """Say where the records of a source are harvested.

    Another address, prefix or set begins from the first record. Raises ValidationError when the
    address is none.
    """
    held = Harvest.objects.filter(source=source).first() or Harvest(source=source)
    before = [getattr(held, name) for name in WHAT_IS_ASKED]
    held.address, held.metadata_prefix, held.set_spec = address, metadata_prefix, set_spec
    held.full_clean(exclude=(*PLACE, "last_run"))
    if before != [getattr(held, name) for name in WHAT_IS_ASKED]:
        forget_place(held)
    if before[0] != held.address:
        # Names that another server gave would keep its records from being withdrawn.
        HarvestedRecord.objects.filter(source=source).delete()
    held.save()
    return held


def forget_place(held: Harvest) -> None:
    """Have the next harvest begin from the first record; to be saved."""
    held.changed_since, held.resumption_token, held.windows = "", "", []
    held.began_at, held.read_whole_at, held.pages = None, None, 0


def is_due(held: Harvest, now: datetime) -> bool:
    """Say whether a harvest is to be made now: once a night, or soon after it was interrupted."""
    run = held.last_run
    if run is None:
        return True
    rest = now - run.updated_at
    if run.state in (ImportRun.State.INTERRUPTED, ImportRun.State.WAITING):
        return rest >= AFTER_AN_INTERRUPTION
    is_night = timezone.localtime(now).hour in NIGHT_HOURS
    return rest >= (ONCE_A_NIGHT if is_night else AT_THE_LATEST)


def harvest(
    wanted: Harvest,
    *,
    client: Client,
    is_full: bool = False,
    confirms_withdrawals: bool = False,
    longest: timedelta = LONGEST,
    wait: Callable[[float], object] = time.sleep,
) -> ImportRun:
    """Read what has changed on a server, or all it has, and give the run with its counts.

    What was left half-way is gone on with first; `is_full` begins anew. After `longest` the run waits
    for the next call. A failure is told by the run, not raised. Raises RunBusy when the source is
    being imported already.
    """
    with only_import_of(wanted.source):
        held, run = _begun(wanted, is_full=is_full)
        ends_at = timezone.now() + longest
        Harvesting(held, run, client, wait, ends_at).go(confirms_withdrawals)
    start_next(wanted.source)
    return run


@transaction.atomic
def _begun(wanted: Harvest, *, is_full: bool) -> tuple[Harvest, ImportRun]:
    """Take up a harvest where it stands, or begin a new one; since it is alone, no other one runs."""
    give_up_killed(wanted.source)
    held = Harvest.objects.select_for_update(of=("self",)).get(pk=wanted.pk)
    last = held.last_run
    is_left = last and last.state in TO_GO_ON_WITH and (held.windows or not last.read)
    if last and is_left and not is_full:
        last.state, last.is_asked_to_stop, last.message = ImportRun.State.RUNNING, False, ""
        last.save(update_fields=["state", "is_asked_to_stop", "message", "updated_at"])
        return held, last
    held.windows, held.resumption_token, held.began_at, held.pages = [], "", None, 0
    run = ImportRun.objects.create(
        source=held.source,
        profile=held.source.profile,
        file_name=held.address[:255],
        file_format=oai.FORMAT_OF_PREFIX.get(held.metadata_prefix, FileFormat.MARCXML).value,
        is_full=is_full,
        state=ImportRun.State.RUNNING,
    )
    held.last_run = run
    held.save(update_fields=["windows", "resumption_token", "began_at", "pages", "last_run"])
    return held, run
