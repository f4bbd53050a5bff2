"""Which addresses may be asked: the form of a URL, and the IP addresses that are truly public.

The list is that of IANA's special-purpose registries, written here because the `is_global` of
Python depends on its patch level and lets through multicast and IPv4 hidden in IPv6.
Sources: iana.org/assignments/iana-ipv4-special-registry and iana-ipv6-special-registry.
"""

import re
import socket
from collections.abc import Collection
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

import httpx
from django.utils.translation import gettext as _

from essor.fetching.errors import RefusedAddress

WEB_PORTS = frozenset({80, 443})
IPAddress = IPv4Address | IPv6Address

_CLOSED_V4 = [
    ip_network(block)
    for block in (
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",  # shared by the subscribers of an operator
        "127.0.0.0/8",
        "168.63.129.16/32",  # the platform of Azure, seen from its machines
        "169.254.0.0/16",  # link-local: where clouds keep the secrets of a machine
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.88.99.0/24",  # relays of 6to4
        "192.168.0.0/16",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/4",
        "240.0.0.0/4",
    )
]
_GLOBAL_V6 = ip_network("2000::/3")
_CLOSED_V6 = [
    ip_network(block)
    for block in (
        "2001::/23",  # protocols: Teredo, ORCHID, benchmarks
        "2001:db8::/32",
        "2002::/16",  # 6to4: an IPv4 address inside
        "3fff::/20",
    )
]
_ISATAP = (0x0000_5EFE, 0x0200_5EFE)

_NAME = re.compile(r"[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?)*")
_LOCAL_ENDINGS = (
    ".corp",
    ".home",
    ".home.arpa",
    ".internal",
    ".intranet",
    ".lan",
    ".local",
    ".localdomain",
    ".localhost",
    ".private",
)
MAX_LENGTH = 2_000


def is_public(ip: IPAddress) -> bool:
    """Say whether an IP address is one of the public Internet, not of a private or special network.

    IPv6 forms that carry an IPv4 address (mapped, 6to4, Teredo, NAT64, ISATAP) are refused whole.
    """
    if isinstance(ip, IPv4Address):
        return not any(ip in block for block in _CLOSED_V4)
    if (int(ip) >> 32) & 0xFFFF_FFFF in _ISATAP:
        return False
    return ip in _GLOBAL_V6 and not any(ip in block for block in _CLOSED_V6)


def endpoint(host: str, port: int) -> str:
    """Give `host:port` as the list of trusted servers writes it, with brackets around IPv6."""
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def port_of(url: httpx.URL) -> int:
    """Give the port asked for, in words or by the scheme."""
    return url.port or (443 if url.scheme == "https" else 80)


def checked_url(
    address: str,
    *,
    ports: Collection[int] = WEB_PORTS,
    trusted: Collection[str] = frozenset(),
) -> httpx.URL:
    """Give the address as a URL that may be asked; nothing is resolved or fetched here.

    Raises RefusedAddress for anything but http and https, for a user name or password in the
    address, an unusual port, a name or an IP address that is obviously not public. `trusted` lists
    the servers (`host:port`) that the administrator allows all the same.
    """
    url = _parsed(address)
    if url.userinfo:
        raise RefusedAddress(
            _("The address contains a user name or a password."),
            _("Ask for an address that can be read without an account."),
        )
    host = _host_of(url)
    if endpoint(host, port_of(url)) in trusted:
        return url
    if port_of(url) not in ports and not any(t.endswith(f":{port_of(url)}") for t in trusted):
        raise RefusedAddress(
            _("The port %(port)d is not one of the web.") % {"port": port_of(url)},
            _("Use an address without a port number, or ask the network administrator."),
        )
    _refuse_private(host)
    return url


def _parsed(address: str) -> httpx.URL:
    try:
        url = httpx.URL(address.strip()[: MAX_LENGTH + 1])
        url.host  # noqa: B018  read here, since a damaged xn-- name fails only when it is read
    except (httpx.InvalidURL, UnicodeError):
        url = httpx.URL()
    if url.scheme not in ("http", "https") or not url.host or len(address) > MAX_LENGTH:
        raise RefusedAddress(
            _("This is not the address of a document on the web."),
            _("Give a complete address, which starts with https:// or http://."),
        )
    return url


def _host_of(url: httpx.URL) -> str:
    host = url.raw_host.decode("ascii").rstrip(".").lower()
    if ":" not in host and not _NAME.fullmatch(host):
        raise RefusedAddress(
            _("The name of the site has characters that are not allowed."),
            _("Copy the address from your browser, and paste it whole."),
        )
    return host


def _refuse_private(host: str) -> None:
    ip = _as_ip(host)
    if not (is_public(ip) if ip else _may_be_public(host)):
        raise RefusedAddress(*private_words(host))


def private_words(host: str) -> tuple[str, str]:
    """Give what is wrong with an address of a private network, and what to do."""
    return (
        _("%(host)s belongs to a private or reserved network.") % {"host": host},
        _("Only sites of the public Internet are read, so that nobody reaches inner machines."),
    )


def _as_ip(host: str) -> IPAddress | None:
    """Give the IP address that a host is written as, in any form that systems accept (127.1, 0x7f.1)."""
    try:
        return ip_address(host.partition("%")[0])
    except ValueError:
        pass
    try:
        return IPv4Address(socket.inet_aton(host))
    except OSError:
        return None


def _may_be_public(name: str) -> bool:
    return "." in name and not name.endswith(_LOCAL_ENDINGS)
