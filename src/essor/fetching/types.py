"""What is asked of a server and what comes back."""

from dataclasses import dataclass


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
