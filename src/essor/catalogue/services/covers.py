"""Covers: the pictures that staff bring, those found by ISBN, and the memory that there is none.

What staff decided, a picture or none, is never replaced by what a provider has. The network is
asked outside of any transaction, and little of it at a time: the worker has other work.
"""

import hashlib
import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import BinaryIO

from django.core.cache import cache
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import translation

from essor.catalogue.cover_providers import Provider
from essor.catalogue.covers.pictures import MOST_BYTES, Fitted, UnfitPicture, fitted
from essor.catalogue.models import Cover, Record
from essor.catalogue.queries import MOST_FAILURES, isbns_of, records_to_show, without_cover
from essor.fetching import (
    BadAnswer,
    Client,
    Fetched,
    FetchError,
    ServerRefusal,
    TooLarge,
)

logger = logging.getLogger(__name__)

FIRST_PAUSE_S = 5 * 60
LONGEST_PAUSE_S = 24 * 3600
ISBNS_ASKED = 2
WAITING = 300
"""Records chosen at once: choosing among a million takes longer than asking for fifteen."""

WAITING_KEY = "covers-to-look-for"
WAITING_S = 3600


@transaction.atomic
def keep_uploaded_cover(record: Record, file: BinaryIO) -> Cover:
    """Keep the picture that staff brought, in the place of any other. Raises UnfitPicture."""
    picture = fitted(file.read(MOST_BYTES + 1))
    return _keep(_locked_cover(record), picture, origin=Cover.UPLOAD)


@transaction.atomic
def forget_cover(record: Record) -> Cover:
    """Take the picture of a record away for good: its cover is drawn, and no provider is asked again."""
    cover = _locked_cover(record)
    _drop_file(cover)
    cover.origin, cover.licence, cover.address, cover.failures = Cover.UPLOAD, "", "", 0
    cover.save()
    return cover


def _locked_cover(record: Record) -> Cover:
    """Give the cover of a record, made if need be; two people never make two."""
    Record.objects.select_for_update(of=("self",)).get(pk=record.pk)
    return Cover.objects.filter(record=record).first() or Cover(record=record)


def _keep(
    cover: Cover, picture: Fitted, *, origin: str, licence: str = "", address: str = ""
) -> Cover:
    _drop_file(cover)
    cover.origin, cover.licence, cover.address, cover.failures = origin, licence, address, 0
    name = hashlib.blake2b(picture.content, digest_size=12).hexdigest()
    cover.picture.save(f"{name[:2]}/{name}.webp", ContentFile(picture.content), save=False)
    cover.width, cover.height = picture.width, picture.height
    cover.full_clean(exclude=["picture", "record"])
    cover.save()
    return cover


def _drop_file(cover: Cover) -> None:
    """Take the file away once nothing in the store names it any more."""
    if cover.picture:
        storage, name = cover.picture.storage, str(cover.picture.name)
        transaction.on_commit(lambda: storage.delete(name))
        cover.picture = ""
        cover.width = cover.height = None


# Found by ISBN


@dataclass(slots=True)
class Turn:
    """What may still be asked, provider by provider, before `until`."""

    providers: Sequence[Provider]
    client: Client
    clock: Callable[[], datetime]
    until: datetime
    asked: dict[str, int] = field(default_factory=dict)

    @property
    def is_over(self) -> bool:
        """Say whether nobody can be asked any more."""
        return self.clock() >= self.until or not any(map(self.may_ask, self.providers))

    def may_ask(self, provider: Provider) -> bool:
        """Say whether this provider can be asked once more, and is not at rest."""
        asked = self.asked.get(provider.code, 0)
        return asked < provider.asked_a_minute and not cache.get(_rest_key(provider))

    def ask(self, provider: Provider, isbn: str) -> tuple[Fitted, str] | None:
        """Give the picture that a provider has, and where it was in the end; None when it has none.

        Raises FetchError when the provider is in trouble; it is then left alone for a while.
        """
        self.asked[provider.code] = self.asked.get(provider.code, 0) + 1
        try:
            answer = self.client.fetch(provider.address.format(isbn=isbn), accept="image/*")
            return _fitted(answer) if isinstance(answer, Fetched) else None
        except FetchError as error:
            if not _is_trouble(error):
                return None
            _let_rest(provider, error)
            raise


def look_for_covers(turn: Turn) -> int:
    """Look for some covers, of the newest records and of the most borrowed; give how many were found.

    To be called once a minute: a turn stays within what each provider allows.
    """
    found = 0
    if turn.is_over:
        return found
    for record in _waiting_records(turn.clock()):
        found += look_for_cover(record, turn)
        if turn.is_over:
            break
    return found


def _waiting_records(now: datetime) -> Iterator[Record]:
    """Give the records whose cover is to be looked for, one by one, each once."""
    waiting: list[int] | None = cache.get(WAITING_KEY)
    if waiting is None:
        waiting = without_cover(now, WAITING)
        cache.set(WAITING_KEY, waiting, WAITING_S)  # when empty, there is time before looking again
    while waiting:
        number = waiting.pop(0)
        cache.set(WAITING_KEY, waiting, WAITING_S) if waiting else cache.delete(WAITING_KEY)
        if record := records_to_show().filter(pk=number, withdrawn_at=None).first():
            yield record


def look_for_cover(record: Record, turn: Turn) -> bool:
    """Ask the providers, in their order, for the cover of a record; keep it, or remember that there is none."""
    is_sure = True
    for provider in turn.providers:
        for isbn in isbns_of(record)[:ISBNS_ASKED]:
            if not turn.may_ask(provider):
                is_sure = False
                break
            try:
                found = turn.ask(provider, isbn)
            except FetchError:
                is_sure = False
                break
            if found:
                return _keep_found(record, provider, *found)
    _remember_absence(record, turn.providers[0], is_sure=is_sure)
    return False


def _fitted(answer: Fetched) -> tuple[Fitted, str] | None:
    try:
        return fitted(answer.content), answer.address
    except UnfitPicture:
        return None


def _is_trouble(error: FetchError) -> bool:
    """Tell a provider in trouble from one that has no such picture, or sends something else."""
    if isinstance(error, ServerRefusal):
        return error.status in (401, 403, 429) or error.status >= 500
    return not isinstance(error, TooLarge | BadAnswer)


def _let_rest(provider: Provider, error: FetchError) -> None:
    """Leave a provider alone as long as it asks, and twice as long as the last time."""
    times = cache.get(_times_key(provider), 0)
    wanted = error.retry_after_s if isinstance(error, ServerRefusal) else None
    pause_s = min(max(wanted or 0, FIRST_PAUSE_S * 2**times), LONGEST_PAUSE_S)
    cache.set(_times_key(provider), min(times + 1, 10), LONGEST_PAUSE_S * 2)
    cache.set(_rest_key(provider), True, pause_s)
    logger.warning(
        "catalogue.covers.provider_at_rest",
        extra={"provider": provider.code, "pause_s": pause_s, "why": error.what},
    )


def _rest_key(provider: Provider) -> str:
    return f"cover-provider-rest:{provider.code}"


def _times_key(provider: Provider) -> str:
    return f"cover-provider-troubles:{provider.code}"


@transaction.atomic
def _keep_found(record: Record, provider: Provider, picture: Fitted, address: str) -> bool:
    cache.delete(_times_key(provider))
    cover = _locked_cover(record)
    if cover.pk and cover.origin == Cover.UPLOAD:
        return False  # staff was quicker
    with translation.override(None):  # stored as written here, translated when it is shown
        licence = str(provider.licence)
    _keep(cover, picture, origin=provider.code, licence=licence, address=address[:500])
    return True


@transaction.atomic
def _remember_absence(record: Record, provider: Provider, *, is_sure: bool) -> None:
    cover = _locked_cover(record)
    if cover.pk and (cover.origin == Cover.UPLOAD or cover.picture):
        return
    cover.origin = provider.code
    cover.failures = 0 if is_sure else min(cover.failures + 1, MOST_FAILURES)
    cover.save()
