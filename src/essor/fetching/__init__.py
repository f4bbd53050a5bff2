"""The one door to the outside: everything the portal fetches goes through `Client`.

An address comes from an editor, a feed or a catalogue, and is hostile until proved otherwise: the
name is resolved here, each IP address is judged, and the connection is made to the very address
that was judged; so for each redirect. Time, size and number of redirects are bounded. `download`
brings to the disk what is too large for the memory.
"""

from essor.fetching.addresses import checked_url
from essor.fetching.client import Client, portal_client
from essor.fetching.downloads import Wanted, download, receipt_of
from essor.fetching.errors import (
    AddressGone,
    AlreadyFetched,
    AnotherKind,
    BadAnswer,
    CutShort,
    FetchError,
    NoNameService,
    NoRoom,
    RefusedAddress,
    ServerRefusal,
    Stalled,
    TooLarge,
    TooManyRedirects,
    TooSlow,
    UnknownHost,
    Unreachable,
    UntrustedCertificate,
    WrongChecksum,
)
from essor.fetching.types import Downloaded, DownloadLimits, Fetched, Limits, NotModified, Receipt

__all__ = [
    "AddressGone",
    "AlreadyFetched",
    "AnotherKind",
    "BadAnswer",
    "Client",
    "CutShort",
    "DownloadLimits",
    "Downloaded",
    "FetchError",
    "Fetched",
    "Limits",
    "NoNameService",
    "NoRoom",
    "NotModified",
    "Receipt",
    "RefusedAddress",
    "ServerRefusal",
    "Stalled",
    "TooLarge",
    "TooManyRedirects",
    "TooSlow",
    "UnknownHost",
    "Unreachable",
    "UntrustedCertificate",
    "Wanted",
    "WrongChecksum",
    "checked_url",
    "download",
    "portal_client",
    "receipt_of",
]
