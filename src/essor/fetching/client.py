"""Fetch one document: redirects followed and checked one by one, every limit held."""

import email.utils
import time
import zlib
from collections.abc import Collection, Iterator, Mapping
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
        headers = {"Accept": accept, "Accept-Encoding": "gzip"}
        headers |= {"If-None-Match": etag} if etag else {}
        headers |= {"If-Modified-Since": last_modified} if last_modified else {}
        with self.opened(address, headers, deadline=Deadline(self._limits.total_s)) as answer:
            if answer.status == _NOT_MODIFIED and (etag or last_modified):
                return NotModified(**validators(answer.headers))
            if answer.status not in _FOUND:
                raise refusal(answer)
            return Fetched(
                content=_read(answer, self._limits.size_bytes),
                address=str(answer.url),
                content_type=answer.headers.get("content-type", ""),
                moved_to=answer.moved_to,
                **validators(answer.headers),
            )

    @contextmanager
    def opened(
        self, address: str, headers: Mapping[str, str], *, deadline: Deadline
    ) -> "Iterator[Answer]":
        """Give the answer at the end of the redirects; its body is read as it comes, within the deadline.

        Raises a FetchError, also for what goes wrong while the body is read.
        """
        url = self._checked(address)
        hops: list[int] = []
        while len(hops) <= self._limits.redirects:
            with self._asking(url, headers, deadline) as (response, received):
                answer = Answer(url, response.status, received, response.iter_stream(), hops)
                if not answer.is_redirect:
                    yield answer
                    return
            hops.append(answer.status)
            url = self._checked(_target(answer))
        raise TooManyRedirects(self._limits.redirects)

    def _checked(self, address: str) -> httpx.URL:
        return checked_url(address, ports=self._ports, trusted=self._trusted)

    @contextmanager
    def _asking(
        self, url: httpx.URL, headers: Mapping[str, str], deadline: Deadline
    ) -> Iterator[tuple[httpcore.Response, httpx.Headers]]:
        """Send one request on a connection of its own, so that each is judged anew."""
        network = CheckedNetwork(
            deadline=deadline, resolve=self._resolve, ports=self._ports, trusted=self._trusted
        )
        asked = httpcore.URL(
            scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path
        )
        sent = {"Host": url.netloc.decode("ascii"), "User-Agent": self._agent, **headers}
        with (
            _told_in_words(url.host),
            httpcore.ConnectionPool(ssl_context=self._tls, network_backend=network) as pool,
            pool.stream("GET", asked, headers=[*sent.items()]) as response,
        ):
            yield response, httpx.Headers(response.headers)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server answers; `pieces` is the body as it comes, `hops` the codes of the redirects before."""

    url: httpx.URL
    status: int
    headers: httpx.Headers
    pieces: Iterator[bytes]
    hops: list[int]

    @property
    def is_redirect(self) -> bool:
        """Whether the document is to be asked for at another address."""
        return self.status in _REDIRECTS and "location" in self.headers

    @property
    def moved_to(self) -> str:
        """The address that was arrived at, when every redirect on the way was permanent."""
        return str(self.url) if self.hops and set(self.hops) <= _PERMANENT_REDIRECTS else ""

    @property
    def length(self) -> int | None:
        """The bytes that the server announces, None when it does not."""
        text = self.headers.get("content-length", "")
        return int(text[:19]) if text.isascii() and text.isdigit() else None


def _target(answer: Answer) -> str:
    try:
        return str(answer.url.join(answer.headers["location"]))
    except httpx.InvalidURL as error:
        raise BadAnswer(answer.url.host) from error


def refusal(answer: Answer) -> FetchError:
    """Give the error of an answer that is not the document."""
    if answer.status == _GONE:
        return AddressGone(answer.status)
    if answer.status >= 400:
        return ServerRefusal(answer.status, _retry_after_s(answer.headers))
    return BadAnswer(answer.url.host)


def validators(headers: httpx.Headers) -> dict[str, str]:
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


def _read(answer: Answer, size_bytes: int) -> bytes:
    """Read the body, decompressed, and stop as soon as it passes the limit."""
    if (answer.length or 0) > size_bytes:
        raise TooLarge(size_bytes)
    coding = answer.headers.get("content-encoding", "").strip().lower()
    if coding not in ("", "identity", "gzip", "x-gzip"):
        raise BadAnswer(answer.url.host)  # nothing else was offered
    pieces = _inflated(answer.pieces, answer.url.host) if "gzip" in coding else answer.pieces
    body = bytearray()
    for piece in pieces:
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
