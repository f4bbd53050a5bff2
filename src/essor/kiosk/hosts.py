"""The name under which an embedding site is counted: a host name and nothing else, whatever a browser sent."""

import ipaddress
import re

PORTAL = ""
"""The portal's own pages."""

OTHERS = "*"
"""Sites that say no name, or none that can be kept; sites of a day that has seen too many."""

LONGEST_NAME = 253
_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_NAME = re.compile(rf"(?:{_LABEL}\.)*(?!\d+$){_LABEL}")


def host_to_count(said: str, *, portal: str) -> str:
    """Give the host name to count under, in lower case and in ASCII; `portal` is the portal's own host.

    Addresses of machines (IP) are among `OTHERS`: they would say too much of who reads at home.
    """
    if not said:
        return PORTAL
    name = _in_ascii(said.strip().rstrip(".").lower())
    if name == portal.lower():
        return PORTAL
    return name if is_name(name) else OTHERS


def is_name(host: str) -> bool:
    """Say whether this is a host name in ASCII, and no address of a machine."""
    return len(host) <= LONGEST_NAME and bool(_NAME.fullmatch(host)) and not _is_address(host)


def readable(host: str) -> str:
    """Give a host name with its accents: xn--mdiathque-53af.fr is médiathèque.fr."""
    try:
        return host.encode("ascii").decode("idna")
    except UnicodeError:
        return host


def _in_ascii(name: str) -> str:
    try:
        return name if name.isascii() else name.encode("idna").decode("ascii")
    except UnicodeError:
        return ""


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
