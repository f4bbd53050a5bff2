"""The connection itself: resolve, judge, connect to what was judged, before the deadline.

httpcore asks this backend for a connection to a host and a port. Nothing else opens a socket, so
an answer of the DNS that changes between the check and the use cannot matter: it is asked once.
"""

import queue
import socket
import ssl
import threading
import time
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from ipaddress import ip_address

import httpcore

from essor.fetching.addresses import IPAddress, endpoint, is_public, private_words
from essor.fetching.errors import (
    NoNameService,
    RefusedAddress,
    Stalled,
    TooSlow,
    UnknownHost,
    Unreachable,
    UntrustedCertificate,
)

Resolve = Callable[[str, int], list[str]]
MAX_TRIES = 4


def system_resolve(host: str, port: int) -> list[str]:
    """Give the IP addresses of a name, best first, from the system's resolver. Raises OSError."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(sockaddr[0]) for *_rest, sockaddr in found))


class Deadline:
    """The moment when the whole fetch must be over, redirects included."""

    def __init__(self, total_s: float) -> None:
        self.total_s = total_s
        self._end_s = time.monotonic() + total_s

    def remaining_s(self) -> float:
        """Give the seconds left. Raises TooSlow when there are none."""
        left = self._end_s - time.monotonic()
        if left <= 0:
            raise self.passed()
        return left

    def passed(self) -> TooSlow:
        """Give the error that says so."""
        return TooSlow(self.total_s)

    @contextmanager
    def watch(self) -> Iterator[None]:
        """Tell a time-out of the network as ours: there is only one limit of time."""
        try:
            yield
        except httpcore.TimeoutException as error:
            raise self.passed() from error


class Pace(Deadline):
    """A deadline that moves on as long as bytes come: at least `bytes_least` every `seconds`.

    A file of gigabytes has no reasonable limit of time of its own, a server that drips has one.
    """

    def __init__(self, seconds: float, bytes_least: int) -> None:
        super().__init__(seconds)
        self._least = bytes_least
        self._came = 0

    def received(self, count: int) -> None:
        """Count the bytes that came, and give more time when they are enough."""
        self._came += count
        if self._came >= self._least:
            self._came = 0
            self._end_s = time.monotonic() + self.total_s

    def passed(self) -> TooSlow:
        """Give the error that says so."""
        return Stalled(self._least, self.total_s)


class TimedStream(httpcore.NetworkStream):
    """A connection whose every read and write ends by the deadline: a slow drip gains nothing."""

    def __init__(self, stream: httpcore.NetworkStream, deadline: Deadline) -> None:
        self._stream = stream
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """Read what has come."""
        with self._deadline.watch():
            return self._stream.read(max_bytes, self._deadline.remaining_s())

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Send all."""
        with self._deadline.watch():
            self._stream.write(buffer, self._deadline.remaining_s())

    def close(self) -> None:
        """Close the connection."""
        self._stream.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        """Go on in TLS; the certificate is checked against the name, not the IP address."""
        with self._deadline.watch():
            left_s = self._deadline.remaining_s()
            try:
                stream = self._stream.start_tls(ssl_context, server_hostname, left_s)
            except httpcore.ConnectError as error:
                if isinstance(error.__cause__, ssl.SSLCertVerificationError):
                    raise UntrustedCertificate(server_hostname or "") from error
                raise
        return TimedStream(stream, self._deadline)


class CheckedNetwork(httpcore.NetworkBackend):
    """Opens connections to public addresses, and to the servers that the administrator trusts."""

    def __init__(
        self,
        *,
        deadline: Deadline,
        resolve: Resolve,
        ports: Collection[int],
        trusted: Collection[str],
    ) -> None:
        self._sockets = httpcore.SyncBackend()
        self._deadline = deadline
        self._resolve = resolve
        self._ports = ports
        self._trusted = trusted

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        """Connect to the first allowed address that answers. Raises RefusedAddress, Unreachable."""
        for ip in self._allowed(host, port)[:MAX_TRIES]:
            try:
                with self._deadline.watch():
                    stream = self._sockets.connect_tcp(ip, port, self._deadline.remaining_s())
            except httpcore.ConnectError:
                continue
            return TimedStream(stream, self._deadline)
        raise Unreachable(host)

    def _allowed(self, host: str, port: int) -> list[str]:
        name = host.rstrip(".").lower()
        found = [ip_address(text.partition("%")[0]) for text in self._addresses_of(name, port)]
        is_trusted = endpoint(name, port) in self._trusted
        allowed = [str(ip) for ip in found if is_trusted or self._may_reach(ip, port)]
        if not allowed:
            raise RefusedAddress(*private_words(host))
        return allowed

    def _may_reach(self, ip: IPAddress, port: int) -> bool:
        if endpoint(str(ip), port) in self._trusted:
            return True
        return port in self._ports and is_public(ip)

    def _addresses_of(self, host: str, port: int) -> list[str]:
        """Resolve within the deadline, in a thread: the system's resolver knows no time limit."""
        answer: queue.SimpleQueue[list[str] | BaseException] = queue.SimpleQueue()

        def ask() -> None:
            try:
                answer.put(self._resolve(host, port))
            except BaseException as error:
                answer.put(error)

        threading.Thread(target=ask, daemon=True, name="essor-resolve").start()
        try:
            found = answer.get(timeout=self._deadline.remaining_s())
        except queue.Empty:
            raise self._deadline.passed() from None
        if isinstance(found, socket.gaierror) and found.errno == socket.EAI_AGAIN:
            raise NoNameService(host)
        if isinstance(found, (OSError, UnicodeError)) or found == []:
            raise UnknownHost(host)
        if isinstance(found, BaseException):
            raise found
        return found
