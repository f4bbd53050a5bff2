"""Fetch one document: redirects followed and checked one by one, every limit held."""

import email.utils
import time
import zlib
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import httpcore
import httpx
from django.conf import settings

import essor
from essor.fetching.addresses import WEB_PORTS, checked_url
from essor.fetching.errors import (
    AddressGone,
    BadAnswer,
    FetchError,
    ServerRefusal,
    TooLarge,
    TooManyRedirects,
    Unreachable,
)
from essor.fetching.network import CheckedNetwork, Deadline, Resolve, system_resolve
from essor.fetching.types import Fetched, Limits, NotModified

_FOUND = (200, 203)
_NOT_MODIFIED = 304
_GONE = 410
_REDIRECTS = (301, 302, 303, 307, 308)
_PERMANENT_REDIRECTS = {301, 308}
_MAX_VALIDATOR = 255
_GZIP = zlib.MAX_WBITS | 16
_PIECE_BYTES = 64 * 1024


def portal_client(limits: Limits | None = None) -> "Client":
    """Give the client of this portal: its name and address in each request, its trusted servers."""
    return Client(
        agent=f"Essor/{essor.__version__} (+{settings.URL})",
        trusted=frozenset(settings.TRUSTED_SERVERS),
        limits=limits,
    )


class Client:
    """Fetches documents of the public web, and of the servers in `trusted` (`host:port`) whatever they are.

    `resolve` gives the IP addresses of a name. The environment is not asked for a proxy: a proxy
    would resolve the names itself. Only `SSL_CERT_FILE` is read, for an authority of the network's own.
    """

    def __init__(
        self,
        *,
        agent: str,
        resolve: Resolve = system_resolve,
        ports: Collection[int] = WEB_PORTS,
        trusted: Collection[str] = frozenset(),
        limits: Limits | None = None,
    ) -> None:
        self._agent = agent
        self._resolve = resolve
        self._ports = ports
        self._trusted = trusted
        self._limits = limits or Limits()
        self._tls = httpx.create_ssl_context()

    def fetch(
        self, address: str, *, accept: str = "*/*", etag: str = "", last_modified: str = ""
    ) -> Fetched | NotModified:
        """Give the document at this address, or say that it has not changed since these validators.

        Raises a FetchError, which says why in words.
        """
        deadline = Deadline(self._limits.total_s)
        headers = {"User-Agent": self._agent, "Accept": accept, "Accept-Encoding": "gzip"}
        headers |= {"If-None-Match": etag} if etag else {}
        headers |= {"If-Modified-Since": last_modified} if last_modified else {}
        answer, hops = self._follow(self._checked(address), headers, deadline)
        if answer.status == _NOT_MODIFIED and (etag or last_modified):
            return NotModified(**_validators(answer.headers))
        if answer.status not in _FOUND:
            raise _refusal(answer)
        return Fetched(
            content=answer.content,
            address=str(answer.url),
            content_type=answer.headers.get("content-type", ""),
            moved_to=str(answer.url) if hops and set(hops) <= _PERMANENT_REDIRECTS else "",
            **_validators(answer.headers),
        )

    def _follow(
        self, url: httpx.URL, headers: dict[str, str], deadline: Deadline
    ) -> "tuple[_Answer, list[int]]":
        """Give the answer at the end of the redirects, and the code of each redirect."""
        hops: list[int] = []
        while len(hops) <= self._limits.redirects:
            answer = self._ask(url, headers, deadline)
            if not answer.is_redirect:
                return answer, hops
            hops.append(answer.status)
            url = self._checked(_target(answer))
        raise TooManyRedirects(self._limits.redirects)

    def _checked(self, address: str) -> httpx.URL:
        return checked_url(address, ports=self._ports, trusted=self._trusted)

    def _ask(self, url: httpx.URL, headers: dict[str, str], deadline: Deadline) -> "_Answer":
        """Send one request on a connection of its own, so that each is judged anew."""
        network = CheckedNetwork(
            deadline=deadline, resolve=self._resolve, ports=self._ports, trusted=self._trusted
        )
        asked = httpcore.URL(
            scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path
        )
        sent = {"Host": url.netloc.decode("ascii"), **headers}
        with (
            _told_in_words(url.host),
            httpcore.ConnectionPool(ssl_context=self._tls, network_backend=network) as pool,
            pool.stream("GET", asked, headers=[*sent.items()]) as response,
        ):
            received = httpx.Headers(response.headers)
            content = b""
            if response.status in _FOUND:
                content = _read(response, received, self._limits.size_bytes, url.host)
            return _Answer(url, response.status, received, content)


@dataclass(frozen=True, slots=True)
class _Answer:
    url: httpx.URL
    status: int
    headers: httpx.Headers
    content: bytes

    @property
    def is_redirect(self) -> bool:
        return self.status in _REDIRECTS and "location" in self.headers


def _target(answer: _Answer) -> str:
    try:
        return str(answer.url.join(answer.headers["location"]))
    except httpx.InvalidURL as error:
        raise BadAnswer(answer.url.host) from error


def _refusal(answer: _Answer) -> FetchError:
    if answer.status == _GONE:
        return AddressGone(answer.status)
    if answer.status >= 400:
        return ServerRefusal(answer.status, _retry_after_s(answer.headers))
    return BadAnswer(answer.url.host)


def _validators(headers: httpx.Headers) -> dict[str, str]:
    """Give what to send next time; anything that would not pass as a header again is left out."""
    kept = {name: headers.get(name.replace("_", "-"), "") for name in ("etag", "last_modified")}
    return {
        name: text if len(text) <= _MAX_VALIDATOR and text.isascii() and text.isprintable() else ""
        for name, text in kept.items()
    }


def _retry_after_s(headers: httpx.Headers) -> int | None:
    """Give the delay that the server asks for, in seconds, whether it gives a number or a date."""
    text = headers.get("retry-after", "").strip()
    if text.isascii() and text.isdigit():
        return int(text[:9])
    try:
        return max(0, int(email.utils.parsedate_to_datetime(text).timestamp() - time.time()))
    except (ValueError, OverflowError):
        return None


def _read(response: httpcore.Response, headers: httpx.Headers, size_bytes: int, host: str) -> bytes:
    """Read the body, decompressed, and stop as soon as it passes the limit."""
    length = headers.get("content-length", "")
    if length.isascii() and length.isdigit() and int(length[:19]) > size_bytes:
        raise TooLarge(size_bytes)
    coding = headers.get("content-encoding", "").strip().lower()
    if coding not in ("", "identity", "gzip", "x-gzip"):
        raise BadAnswer(host)  # nothing else was offered
    pieces = response.iter_stream()
    body = bytearray()
    for piece in _inflated(pieces, host) if "gzip" in coding else pieces:
        body += piece
        if len(body) > size_bytes:
            raise TooLarge(size_bytes)
    return bytes(body)


def _inflated(pieces: Iterator[bytes], host: str) -> Iterator[bytes]:
    """Decompress by small pieces: a few bytes may unfold to gigabytes."""
    inflater = zlib.decompressobj(_GZIP)
    try:
        for piece in pieces:
            while piece and not inflater.eof:
                yield inflater.decompress(piece, _PIECE_BYTES)
                piece = inflater.unconsumed_tail
        yield inflater.flush()  # the end of the last piece
    except zlib.error as error:
        raise BadAnswer(host) from error
    if not inflater.eof:
        raise BadAnswer(host)  # cut short


@contextmanager
def _told_in_words(host: str) -> Iterator[None]:
    try:
        yield
    except httpcore.NetworkError as error:
        raise Unreachable(host) from error
    except (httpcore.ProtocolError, httpcore.UnsupportedProtocol) as error:
        raise BadAnswer(host) from error
