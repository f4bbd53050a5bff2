"""A harvest at work: a catalogue read page by page by OAI-PMH, from where the last harvest left it.

A page and the place that comes after it are stored in one transaction: killed at any moment, the next
run goes on from there, in the same import. Servers that lose the place in a list, go round in circles
or stumble over one record are gone round, by shorter and shorter periods; the period that cannot be
read is told, and left. Time, pages and periods left are bounded.
"""

import hashlib
import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import astuple, dataclass, field
from datetime import UTC, datetime, timedelta
from typing import cast

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from essor.catalogue.importers import gettext_noop, oai
from essor.catalogue.importers.inspection import suggested_profile
from essor.catalogue.importers.iso2709 import bad_record
from essor.catalogue.importers.oai import Deletions, Page, Repository, Window
from essor.catalogue.models import Harvest, ImportProblem, ImportRun, Source
from essor.catalogue.services.harvested_names import (
    forget_deleted,
    numbers_named,
    remember_names,
)
from essor.catalogue.services.importing import store_received
from essor.catalogue.services.imports import close_run
from essor.catalogue.services.sources import stored_profile
from essor.catalogue.services.withdrawals import withdrawn_at_the_end
from essor.catalogue.types import BadRecord, Received
from essor.fetching import (
    Client,
    Fetched,
    FetchError,
    RefusedAddress,
    ServerRefusal,
    TooLarge,
)

logger = logging.getLogger(__name__)

ACCEPT = "text/xml, application/xml"
RETRY_AFTER_S = (2, 10, 30)
"""How long to wait before each new try of a page, when the server does not say."""
LONGEST_WAIT_S = 300
"""A server that asks for more is left until the next harvest."""

BUSY = frozenset({429, 500, 502, 503, 504})
NOT_GIVEN = frozenset({400, 404, 410, 422})
"""What some servers answer, instead of the error of the protocol, to a token they have forgotten."""

MOST_PAGES = 1_000_000
"""A list of more pages than this is one that does not end."""
MOST_EMPTY_PAGES = 100
MOST_PERIODS_LEFT = 50
MOST_BEGINNINGS = 3
"""Times that one list is begun again before it is cut in shorter ones."""

OVERLAP = timedelta(minutes=5)
"""Servers date a record before they let it be seen: a little is read again."""
WHOLE_EACH = timedelta(days=7)
"""How often a server that does not announce its deletions is read whole."""
LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)

WHAT_IS_ASKED = ("address", "metadata_prefix", "set_spec")
PLACE = ("changed_since", "windows", "resumption_token", "began_at", "pages", "read_whole_at")
A_DAY = timedelta(days=1)

PERIOD_LEFT = (
    gettext_noop("The records that changed in this period could not be read: they are left out."),
    gettext_noop(
        "Tell the people who run the server; then save these records again, or harvest all."
    ),
)
IN_CIRCLES = gettext_noop("The list of the server goes round in circles.")


class _Over(Exception):
    """The harvest cannot go on: how its run ends, and what is said of it."""

    def __init__(self, state: ImportRun.State, message: str) -> None:
        super().__init__(message)
        self.state = state
        self.message = message


class _NotGiven(_Over):
    """The server answers that it has no such thing: some say so of a token that they have forgotten."""


class _PageLost(Exception):
    """The server answers, but not for this page."""

    def __init__(self, what: str) -> None:
        super().__init__(what)
        self.what = what


def is_whole_due(wanted: Harvest, deletions: Deletions, now: datetime) -> bool:
    """Say whether a server must be read whole: never read yet, or silent about what it deletes."""
    if not wanted.changed_since:
        return True
    last = wanted.read_whole_at
    return deletions is Deletions.NO and (last is None or now - last >= WHOLE_EACH)


@dataclass
class Harvesting:
    """One harvest at work, alone on its source, until a moment (`ends_at`) when it waits for its next turn."""

    harvest: Harvest
    run: ImportRun
    client: Client
    wait: Callable[[float], object]
    ends_at: datetime
    seen_pages: set[bytes] = field(default_factory=set)
    empty_pages: int = 0
    beginnings: int = 0

    def go(self, confirms_withdrawals: bool) -> None:
        """Harvest until the end, or until it cannot go on, and close the run."""
        try:
            self.repository = self._repository()
            self._plan()
            while self.harvest.windows:
                self._refuse_to_go_on_for_ever()
                self._step()
            message = self._end(confirms_withdrawals)
            close_run(self.run, ImportRun.State.FINISHED, message)
        except _Over as over:
            close_run(self.run, over.state, over.message)
        except BaseException as error:
            close_run(self.run, ImportRun.State.INTERRUPTED, str(error))
            raise

    # Asking

    def _repository(self) -> Repository:
        try:
            return oai.repository_of(self._tried(oai.identify_address(self.harvest.address)))
        except _PageLost as lost:
            raise _Over(ImportRun.State.INTERRUPTED, lost.what) from lost
        except oai.OaiError as error:
            raise _Over(ImportRun.State.FAILED, _words(error)) from error

    def _tried(self, address: str) -> bytes:
        """Fetch, again and again while the server is in trouble.

        Raises _PageLost when it stays so, _Over when there is no use in asking.
        """
        for pause_s in RETRY_AFTER_S:
            try:
                return content(self.client, address)
            except FetchError as error:
                _raise_if_hopeless(error)
                self.wait(_pause_s(error, pause_s))
        try:
            return content(self.client, address)
        except FetchError as error:
            _raise_if_hopeless(error)
            raise _PageLost(_said(error)) from error

    def _page(self, address: str) -> Page:
        """Give a page, read again once when it is damaged: it may have been cut on its way."""
        try:
            return oai.page_of(self._tried(address))
        except (oai.DamagedPage, oai.NotOai):
            self.wait(RETRY_AFTER_S[0])
        try:
            return oai.page_of(self._tried(address))
        except (oai.DamagedPage, oai.NotOai) as error:
            raise _PageLost(_words(error)) from error

    # The list

    def _plan(self) -> None:
        """Say which period is to be read, unless one was left half-way."""
        held = self.harvest
        if held.windows:
            return
        if self.run.is_full or is_whole_due(held, self.repository.deletions, timezone.now()):
            self.run.is_full = True
            self.run.save(update_fields=["is_full"])
            self._move([Window()])
            return
        since = oai.moment_of(held.changed_since) or LONG_AGO
        self._move([Window(self._date(since))])

    def _date(self, moment: datetime) -> str:
        return oai.written(moment, has_seconds=self.repository.has_seconds)

    def _move(self, windows: Sequence[Window], token: str = "") -> None:
        """Keep the place of what is to be read next."""
        held = self.harvest
        held.windows, held.resumption_token = [list(astuple(one)) for one in windows], token
        held.save(update_fields=["windows", "resumption_token", "began_at", "pages"])

    @property
    def _windows(self) -> list[Window]:
        return [Window(since, until) for since, until in self.harvest.windows]

    def _refuse_to_go_on_for_ever(self) -> None:
        held = self.harvest
        if ImportRun.objects.filter(pk=self.run.pk, is_asked_to_stop=True).exists():
            raise _Over(ImportRun.State.STOPPED, "")
        asked = {name: getattr(held, name) for name in WHAT_IS_ASKED}
        if not Harvest.objects.filter(pk=held.pk, **asked).exists():
            raise _Over(ImportRun.State.STOPPED, _("What is harvested was changed meanwhile."))
        if held.pages >= MOST_PAGES:
            raise _Over(ImportRun.State.FAILED, _("The list of the server does not end."))
        if timezone.now() >= self.ends_at:
            said = _("This harvest is long: it goes on from here in a moment.")
            raise _Over(ImportRun.State.WAITING, said)

    def _step(self) -> None:
        """Read one page, and go to the next one, or round what cannot be read."""
        try:
            page = self._page(self._address())
            self._refuse_circles(page)
        except oai.TokenRefused as error:
            self._begin_again(_words(error))
        except _NotGiven as error:
            if not self.harvest.resumption_token:
                raise
            self._begin_again(error.message)
        except _PageLost as lost:
            self._repository()  # a server that is down altogether interrupts the harvest
            self._go_round(lost.what)
        except oai.OaiError as error:
            raise _Over(ImportRun.State.FAILED, _words(error)) from error
        else:
            self._keep(page)

    def _address(self) -> str:
        held = self.harvest
        if held.resumption_token:
            return oai.next_address(held.address, held.resumption_token)
        return oai.list_address(
            held.address,
            prefix=held.metadata_prefix,
            set_spec=held.set_spec,
            window=self._windows[0],
        )

    def _refuse_circles(self, page: Page) -> None:
        if not page.identifiers:
            self.empty_pages += 1
            if self.empty_pages > MOST_EMPTY_PAGES:
                raise _PageLost(_(IN_CIRCLES))
            return
        self.empty_pages = 0
        mark = hashlib.blake2b("\n".join(page.identifiers).encode(), digest_size=16).digest()
        if mark in self.seen_pages and page.token and not page.is_end_of_list:
            raise _PageLost(_(IN_CIRCLES))
        self.seen_pages.add(mark)

    def _begin_again(self, said: str) -> None:
        """Read the current period again from its start, or by halves when that never ends."""
        self.beginnings += 1
        if self.beginnings > MOST_BEGINNINGS:
            self._go_round(said)
        else:
            self.seen_pages.clear()
            self._move(self._windows)

    @transaction.atomic
    def _go_round(self, said: str) -> None:
        """Cut the current period in two; leave it when it is too short for that, and tell."""
        window, *others = self._windows
        cut = oai.halves(
            window,
            earliest=self.repository.earliest or LONG_AGO,
            latest=self.harvest.began_at or timezone.now(),
            has_seconds=self.repository.has_seconds,
        )
        self.seen_pages.clear()
        self.beginnings = 0
        if cut is None:
            self._tell_left(window, said)
        self._move([*(cut or ()), *others])

    def _tell_left(self, window: Window, said: str) -> None:
        left = self.run.problems.filter(what=PERIOD_LEFT[0])
        if left.count() >= MOST_PERIODS_LEFT:
            raise _Over(ImportRun.State.FAILED, said)
        self.run.refresh_from_db()
        ImportProblem.objects.create(
            run=self.run,
            is_rejection=False,
            offset=self.run.position,
            detail=f"{window.since or '…'} – {window.until or '…'}",
            what=PERIOD_LEFT[0],
            advice=PERIOD_LEFT[1],
        )
        logger.warning("catalogue.harvest.period_left", extra={"run": self.run.pk})

    # What comes

    @transaction.atomic
    def _keep(self, page: Page) -> None:
        """Store a page and the place that follows it, at once."""
        held = self.harvest
        held.pages += 1
        if held.began_at is None:
            # A clock that is far ahead must not hide what changes until it is right.
            now = timezone.now()
            held.began_at = min(page.answered_at or now, now + A_DAY)
        received = list(self._received(page))
        self._choose_profile(received)
        unusable = store_received(self.run, received)
        remember_names(self.run, page, unusable=unusable)
        forget_deleted(self.run, page.deleted)
        goes_on = bool(page.token) and not self._is_last(page)
        window, *others = self._windows
        if goes_on:
            self._move([window, *others], page.token)
        else:
            self.seen_pages.clear()
            self.beginnings = 0
            self._move(others)
        self.run.refresh_from_db()

    def _choose_profile(self, received: Sequence[Received | BadRecord]) -> None:
        """Read a source that has no profile yet by the one that suits its first page."""
        if self.run.profile is not None or not received:
            return
        profile, _because, _syntax = suggested_profile(received)
        self.run.profile = stored_profile(profile)
        self.run.save(update_fields=["profile"])
        sources = Source.objects.filter(pk=self.run.source_id, profile=None)
        sources.update(profile=self.run.profile)

    def _is_last(self, page: Page) -> bool:
        """Say whether a page that leads on to itself is the last: some servers repeat their last token."""
        return page.token == self.harvest.resumption_token and page.is_end_of_list

    def _received(self, page: Page) -> Iterator[Received | BadRecord]:
        """Give what is to be stored; its place is counted in the bytes of all records received.

        One that cannot be used has the number it is known by: it is there, and is not to be withdrawn.
        """
        unread = [problem.identifier for problem in page.problems]
        known = numbers_named(self.run.source_id, unread)
        place = self.run.position
        for one in page.records:
            yield Received(place, one.control_number, one.content, one.file_format)
            place += len(one.content)
        for problem in page.problems:
            number = known.get(problem.identifier) or problem.identifier[:100]
            yield bad_record(place, number, (problem.what, problem.advice))

    # The end

    def _end(self, confirms_withdrawals: bool) -> str:
        """Note where the next harvest begins; withdraw what a whole list has no more. Say what is to be told."""
        said = []
        left = self.run.problems.filter(what=PERIOD_LEFT[0]).count()
        if left:
            text = ngettext("%(count)d period left out.", "%(count)d periods left out.", left)
            said.append(text % {"count": left})
        elif self.run.is_full:
            said.append(withdrawn_at_the_end(self.run, is_confirmed=confirms_withdrawals))
        self._note_end(is_whole=self.run.is_full and not left)
        return " ".join(filter(None, said))

    def _note_end(self, *, is_whole: bool) -> None:
        held = self.harvest
        began_at = held.began_at or timezone.now()
        held.changed_since = self._date(began_at - OVERLAP)
        held.windows, held.resumption_token, held.began_at, held.pages = [], "", None, 0
        if is_whole:
            held.read_whole_at = timezone.now()
        held.save(update_fields=PLACE)


def content(client: Client, address: str) -> bytes:
    """Fetch an answer. Raises FetchError."""
    return cast("Fetched", client.fetch(address, accept=ACCEPT)).content


def _raise_if_hopeless(error: FetchError) -> None:
    """Go on only if the same request may be answered in a while."""
    failed = ImportRun.State.FAILED
    if isinstance(error, TooLarge):
        raise _PageLost(_said(error)) from error
    if isinstance(error, RefusedAddress):
        raise _Over(failed, _said(error)) from error
    if isinstance(error, ServerRefusal):
        if error.status not in BUSY:
            over = _NotGiven if error.status in NOT_GIVEN else _Over
            raise over(failed, _said(error)) from error
        if (error.retry_after_s or 0) > LONGEST_WAIT_S:
            raise _Over(ImportRun.State.INTERRUPTED, _said(error)) from error


def _pause_s(error: FetchError, usual_s: int) -> int:
    asked_s = error.retry_after_s if isinstance(error, ServerRefusal) else None
    return usual_s if asked_s is None else asked_s


def _said(error: FetchError) -> str:
    return f"{error.what} {error.advice}"


def _words(error: oai.OaiError) -> str:
    said = f"{_(error.what)} {_(error.advice)}"
    if isinstance(error, oai.RequestRefused) and error.words:
        return _("%(said)s It says: “%(words)s”") % {"said": said, "words": error.words}
    return said
