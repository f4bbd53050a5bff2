"""Close the outside network to the tests: only this machine's own addresses are reached.

An attempt fails the test rather than raise an error that the code would take for a broken network.
A name under `.invalid` is unknown, as everywhere (RFC 2606): that is how to test a dead host.
"""

import ipaddress
import socket
from typing import Any

import pytest

_getaddrinfo = socket.getaddrinfo


def install() -> None:
    """Refuse outside addresses from now on."""
    socket.getaddrinfo = _resolve_on_this_machine
    for method in ("connect", "connect_ex"):
        setattr(socket.socket, method, _refusing_outside(getattr(socket.socket, method)))


def _resolve_on_this_machine(host: Any, *args: Any, **kwargs: Any) -> Any:
    name = host.decode() if isinstance(host, bytes) else host
    if name and name.rstrip(".").endswith(".invalid"):
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
    if name and name != "localhost" and not _is_address(name):
        pytest.fail(f"The tests may not ask the outside network for the address of {name!r}.")
    return _getaddrinfo(host, *args, **kwargs)


def _refusing_outside(connect: Any) -> Any:
    def guarded(self: socket.socket, address: Any) -> Any:
        if self.family in (socket.AF_INET, socket.AF_INET6) and not _is_here(address[0]):
            self.close()
            pytest.fail(f"The tests may not reach {address!r} on the outside network.")
        return connect(self, address)

    return guarded


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name.partition("%")[0])
    except ValueError:
        return False
    return True


def _is_here(host: str) -> bool:
    return host in ("localhost", "") or (
        _is_address(host) and ipaddress.ip_address(host.partition("%")[0]).is_loopback
    )
