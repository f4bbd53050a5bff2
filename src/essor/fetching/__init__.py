"""The one door to the outside: everything the portal fetches goes through `Client`.

An address comes from an editor, a feed or a catalogue, and is hostile until proved otherwise: the
name is resolved here, each IP address is judged, and the connection is made to the very address
that was judged; so for each redirect. Time, size and number of redirects are bounded.
"""

from essor.fetching.addresses import checked_url
from essor.fetching.client import Client, portal_client
from essor.fetching.errors import (
    AddressGone,
    BadAnswer,
    FetchError,
    NoNameService,
    RefusedAddress,
    ServerRefusal,
    TooLarge,
    TooManyRedirects,
    TooSlow,
    UnknownHost,
    Unreachable,
    UntrustedCertificate,
)
from essor.fetching.types import Fetched, Limits, NotModified

__all__ = [
    "AddressGone",
    "BadAnswer",
    "Client",
    "FetchError",
    "Fetched",
    "Limits",
    "NoNameService",
    "NotModified",
    "RefusedAddress",
    "ServerRefusal",
    "TooLarge",
    "TooManyRedirects",
    "TooSlow",
    "UnknownHost",
    "Unreachable",
    "UntrustedCertificate",
    "checked_url",
    "portal_client",
]
