"""Why a fetch failed, in words for a librarian: `what` happened, and what to do (`advice`).

The words are in the language active when the error is raised.
"""

from django.utils.translation import gettext as _


def kept_words() -> str:
    """Say what becomes of a download that stopped."""
    return _("What has come is kept: run the command again, and it goes on from there.")


class FetchError(Exception):
    """Nothing could be fetched."""

    def __init__(self, what: str, advice: str) -> None:
        super().__init__(f"{what} {advice}")
        self.what = what
        self.advice = advice


class RefusedAddress(FetchError):
    """The address is not one that the portal may ask; no byte was sent to it."""


class UnknownHost(FetchError):
    """No such name in the directory of the Internet (DNS)."""

    def __init__(self, host: str) -> None:
        super().__init__(
            _("The site %(host)s cannot be found.") % {"host": host},
            _("Check the spelling of the address; if it is right, the site may have closed."),
        )


class NoNameService(FetchError):
    """The directory of the Internet (DNS) does not answer: often this machine is without network."""

    def __init__(self, host: str) -> None:
        super().__init__(
            _("The address of %(host)s could not be looked up.") % {"host": host},
            _("This server may be without network: the portal will try again."),
        )


class Unreachable(FetchError):
    """Nobody answers there."""

    def __init__(self, host: str) -> None:
        super().__init__(
            _("The site %(host)s does not answer.") % {"host": host},
            _("It may be down for a while: the portal will try again."),
        )


class UntrustedCertificate(FetchError):
    """The site could not prove its identity."""

    def __init__(self, host: str) -> None:
        super().__init__(
            _("The security certificate of %(host)s is not valid.") % {"host": host},
            _("Tell the people who run that site; until they renew it nothing is read from it."),
        )


class TooSlow(FetchError):
    """The answer was not complete in time."""

    def __init__(self, total_s: float) -> None:
        super().__init__(
            _("The site did not answer completely within %(seconds)d seconds.")
            % {"seconds": round(total_s)},
            _("It may be overloaded: the portal will try again."),
        )


class Stalled(TooSlow):
    """Almost nothing comes any more."""

    def __init__(self, bytes_least: int, seconds: float) -> None:
        FetchError.__init__(
            self,
            _("The site sent less than %(size)s kB in %(seconds)s seconds.")
            % {"size": bytes_least // 1000, "seconds": round(seconds)},
            kept_words(),
        )


class CutShort(FetchError):
    """The connection ended before the document did."""

    def __init__(self, host: str) -> None:
        super().__init__(_("The connection with %(host)s was cut.") % {"host": host}, kept_words())


class NoRoom(FetchError):
    """The disk cannot hold the document; both sizes in bytes."""

    def __init__(self, needed: int, free: int) -> None:
        super().__init__(
            _("The disk has %(free)s MB free, and the file needs %(needed)s MB more.")
            % {"free": free // 1_000_000, "needed": -(-needed // 1_000_000)},
            _("Make room, or choose another folder: what has come is kept."),
        )


class AnotherKind(FetchError):
    """What was sent is no file of the kind that was asked for: often a web page in its place."""

    def __init__(self, host: str) -> None:
        super().__init__(
            _("%(host)s sent something else in place of the file, a web page perhaps.")
            % {"host": host},
            _("Open the address in a browser to see what it says. No file has been replaced."),
        )


class WrongChecksum(FetchError):
    """The document is not the one that its publisher describes."""

    def __init__(self, found: str) -> None:
        super().__init__(
            _("The checksum of the file is %(found)s, not the one given.") % {"found": found},
            _("It was thrown away, and no file has been replaced: compare with the publisher’s."),
        )


class AlreadyFetched(FetchError):
    """Another process is fetching this very file."""

    def __init__(self, name: str) -> None:
        super().__init__(
            _("%(name)s is being fetched already.") % {"name": name},
            _("Wait until the other command has finished."),
        )


class TooLarge(FetchError):
    """The document is larger than what this portal reads."""

    def __init__(self, size_bytes: int) -> None:
        super().__init__(
            _("The document is larger than %(size)d MB.") % {"size": size_bytes // 1024**2},
            _("Ask its publisher for a shorter one."),
        )


class TooManyRedirects(FetchError):
    """Each address sends to another one."""

    def __init__(self, redirects: int) -> None:
        super().__init__(
            _("The address was redirected more than %(count)d times.") % {"count": redirects},
            _("Open it in a browser and copy the address where you arrive."),
        )


class BadAnswer(FetchError):
    """What the server says is not proper HTTP, or not what was asked for."""

    def __init__(self, host: str) -> None:
        super().__init__(
            _("The answer of %(host)s cannot be understood.") % {"host": host},
            _("It may be a passing fault: the portal will try again."),
        )


class ServerRefusal(FetchError):
    """The server answers that it will not give the document; `retry_after_s` when it says until when."""

    def __init__(self, status: int, retry_after_s: int | None = None) -> None:
        super().__init__(*_words_for(status))
        self.status = status
        self.retry_after_s = retry_after_s


class AddressGone(ServerRefusal):
    """The server says that the document was removed for good (410)."""


def _words_for(status: int) -> tuple[str, str]:
    again = _("The portal will try again.")
    if status in (401, 403):
        return (
            _("The site refuses to give this document (code %(status)d).") % {"status": status},
            _("It may be reserved to members, or closed to automatic readers: ask its publisher."),
        )
    if status == 404:
        return (
            _("There is nothing at this address (code 404)."),
            _("Look on the site for its new address, and replace the old one here."),
        )
    if status == 410:
        return (
            _("The site says that this document was removed for good (code 410)."),
            _("Look for another address; the portal does not ask for this one any more."),
        )
    if status == 429:
        return _("The site asks us to come less often (code 429)."), again
    return _("The site is in trouble (code %(status)d).") % {"status": status}, again
