"""What is asked of a server and what comes back."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Limits:
    """How long, how much and how far one fetch may go; the size counts once decompressed."""

    total_s: float = 20.0
    size_bytes: int = 5 * 1024 * 1024
    redirects: int = 5


@dataclass(frozen=True, slots=True)
class Fetched:
    """A document, with what to send next time to get it only when it has changed.

    `address` is where it was found in the end; `moved_to` is that address when every redirect on
    the way was permanent, so that the one kept can be replaced.
    """

    content: bytes
    address: str
    content_type: str = ""
    etag: str = ""
    last_modified: str = ""
    moved_to: str = ""


@dataclass(frozen=True, slots=True)
class NotModified:
    """The server says that the document is the one we already have."""

    etag: str = ""
    last_modified: str = ""


@dataclass(frozen=True, slots=True)
class DownloadLimits:
    """How much a download may bring, and how slowly: `bytes_least` in every `patience_s` seconds.

    `room_bytes` is what must stay free on the disk. A connection that is cut is opened again up to
    `tries` times, as long as something came since the last.
    """

    size_bytes: int = 20 * 1000**3
    patience_s: float = 60.0
    bytes_least: int = 100_000
    room_bytes: int = 200_000_000
    tries: int = 10


@dataclass(frozen=True, slots=True)
class Receipt:
    """What is written beside a downloaded file, in `<file>.json`: where it comes from, and what it is.

    The size is in bytes; `last_modified` is as the server writes it.
    """

    address: str
    etag: str
    last_modified: str
    fetched_at: datetime
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Downloaded:
    """What a download did: the receipt of the file that is there now, and the bytes that came for it.

    It was restarted when the start that was kept could not be completed: another file since, or a
    server that gives whole files only.
    """

    receipt: Receipt
    is_new: bool
    received: int
    restarted: bool = False
