"""Whether an address can be served, asked before anything starts, and who holds it if not."""

import errno
import socket
from collections.abc import Iterator
from pathlib import Path

from django.utils.translation import gettext as _

LISTENING = "0A"
HIGHEST_PORT = 65_535


class AddressRefusedError(Exception):
    """The portal cannot be served at this address; the message says why, and what to do."""


def check_address_is_free(*, host: str, port: int) -> None:
    """Raise AddressRefusedError when another program serves this address, or when we may not."""
    if not 0 < port <= HIGHEST_PORT:
        message = _("There is no port %(port)s: choose one between 1024 and 65535.")
        raise AddressRefusedError(message % {"port": port})
    try:
        family, _kind, _protocol, _name, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM
        )[0]
        # Without SO_REUSEPORT, which the server uses: two portals must not share a port unawares.
        socket.create_server(address[:2], family=family).close()
    except OSError as error:
        raise AddressRefusedError(_advice(error, host=host, port=port)) from error


def _advice(error: OSError, *, host: str, port: int) -> str:
    if error.errno == errno.EADDRINUSE:
        return _(
            "Port %(port)s is already used by %(program)s. Stop that program, or choose another "
            "port: make demo PORT=%(other)s, or essor serve --port %(other)s."
        ) % {"port": port, "program": _program_listening_on(port), "other": port + 1}
    if error.errno == errno.EACCES:
        return _(
            "Port %(port)s is reserved for the administrator of this machine. Choose a port above "
            "1023: essor serve --port 8000."
        ) % {"port": port}
    return _(
        "The address %(host)s cannot be served: %(error)s. 127.0.0.1 serves this machine only, "
        "0.0.0.0 every machine of the network."
    ) % {"host": host, "error": error.strerror}


def _program_listening_on(port: int) -> str:
    sockets = set(_listening_sockets(port))
    for process in Path("/proc").glob("[0-9]*"):
        if sockets & set(_sockets_of(process)):
            return _program(process)
    return _("another program")


def _listening_sockets(port: int) -> Iterator[str]:
    for table in (Path("/proc/net/tcp"), Path("/proc/net/tcp6")):
        for line in table.read_text().splitlines()[1:] if table.exists() else []:
            _number, local, _remote, state, *rest = line.split()
            if state == LISTENING and int(local.rpartition(":")[2], 16) == port:
                yield f"socket:[{rest[5]}]"


def _sockets_of(process: Path) -> Iterator[str]:
    try:
        for descriptor in (process / "fd").iterdir():
            yield str(descriptor.readlink())
    except OSError:
        return  # the process has ended, or belongs to someone else


def _program(process: Path) -> str:
    try:
        command = (process / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    except OSError:
        command = ""
    return _("process %(number)s (%(command)s)") % {
        "number": process.name,
        "command": command.strip()[:80] or "?",
    }
