"""What the portal gets from a real server, and what it refuses to wait for, to keep or to reach."""

import gzip
import socket
import time
import zlib
from collections.abc import Callable
from email.utils import formatdate

import pytest

from essor.fetching import (
    AddressGone,
    BadAnswer,
    Client,
    Fetched,
    FetchError,
    Limits,
    NoNameService,
    NotModified,
    RefusedAddress,
    ServerRefusal,
    TooLarge,
    TooManyRedirects,
    TooSlow,
    UnknownHost,
    Unreachable,
    UntrustedCertificate,
    portal_client,
)
from tests.fetching.web_server import CERTIFICATE, HOST, Handler, WebServer

AGENT = "Essor/test (+https://portal.example)"
QUICK = Limits(total_s=0.5, size_bytes=100_000, redirects=5)


@pytest.fixture
def client(web: WebServer) -> Client:
    return Client(agent=AGENT, trusted=web.trusted, limits=QUICK)


def test_a_document_comes_with_its_type_and_what_to_send_next_time(
    web: WebServer, client: Client
) -> None:
    address = web.answer(
        "/feed", b"<rss/>", content_type="text/xml", etag='"v1"', last_modified="x"
    )

    assert client.fetch(address) == Fetched(
        content=b"<rss/>",
        address=address,
        content_type="text/xml",
        etag='"v1"',
        last_modified="x",
    )


def test_the_server_learns_who_asks_and_nothing_else(web: WebServer, client: Client) -> None:
    client.fetch(web.answer("/feed"), accept="application/atom+xml")

    headers = web.requests[0][1]
    assert headers == {
        "Host": f"{HOST}:{web.port}",
        "User-Agent": AGENT,
        "Accept": "application/atom+xml",
        "Accept-Encoding": "gzip",
    }


def test_the_client_of_the_portal_gives_the_address_of_the_portal(
    web: WebServer, settings: object
) -> None:
    settings.URL = "https://ess.example.org"
    settings.TRUSTED_SERVERS = list(web.trusted)

    portal_client().fetch(web.answer("/feed"))

    assert "(+https://ess.example.org)" in web.requests[0][1]["User-Agent"]


def test_a_document_that_has_not_changed_is_not_sent_again(web: WebServer, client: Client) -> None:
    address = web.answer("/feed", status=304, etag='"v1"')

    assert client.fetch(address, etag='"v1"', last_modified="x") == NotModified(etag='"v1"')
    headers = web.requests[0][1]
    assert headers["If-None-Match"] == '"v1"'
    assert headers["If-Modified-Since"] == "x"


def test_not_modified_without_having_asked_is_a_bad_answer(web: WebServer, client: Client) -> None:
    with pytest.raises(BadAnswer):
        client.fetch(web.answer("/feed", status=304))


def test_a_validator_that_could_not_be_sent_back_is_not_kept(
    web: WebServer, client: Client
) -> None:
    fetched = client.fetch(web.answer("/feed", etag='"é"', last_modified="x" * 300))

    assert isinstance(fetched, Fetched)
    assert (fetched.etag, fetched.last_modified) == ("", "")


def test_a_redirect_is_followed_to_the_end(web: WebServer, client: Client) -> None:
    end = web.answer("/end", b"here")
    start = web.answer("/start", status=302, location="/middle")
    web.answer("/middle", status=301, location=end)

    fetched = client.fetch(start)

    assert fetched == Fetched(content=b"here", address=end)


def test_a_permanent_move_is_told(web: WebServer, client: Client) -> None:
    end = web.answer("/end", b"here")

    fetched = client.fetch(web.answer("/start", status=308, location=end))

    assert isinstance(fetched, Fetched)
    assert fetched.moved_to == end


def test_five_redirects_are_followed_and_not_one_more(web: WebServer, client: Client) -> None:
    web.answer("/0", b"here")
    for step in range(1, 7):
        web.answer(f"/{step}", status=302, location=f"/{step - 1}")

    assert isinstance(client.fetch(web.url("/5")), Fetched)
    with pytest.raises(TooManyRedirects):
        client.fetch(web.url("/6"))


@pytest.mark.parametrize(
    "target",
    [
        "http://127.0.0.1:1/",
        "http://10.0.0.1/",
        "http://169.254.169.254/latest/meta-data/",
        "http://[::1]/",
        "http://localhost/",
        "http://user:secret@example.org/",
        "file:///etc/passwd",
        "gopher://example.org/",
    ],
)
def test_a_redirect_to_a_forbidden_address_is_refused(
    web: WebServer, client: Client, target: str
) -> None:
    with pytest.raises(RefusedAddress):
        client.fetch(web.answer("/feed", status=302, location=target))


def test_a_redirect_to_a_name_of_a_private_address_is_refused(web: WebServer) -> None:
    names = {HOST: [HOST], "inner.example.org": ["10.0.0.1", "fd00::1"]}
    client = _client(web, resolve=lambda host, port: names[host])

    with pytest.raises(RefusedAddress):
        client.fetch(web.answer("/feed", status=302, location="http://inner.example.org/"))


@pytest.mark.parametrize("ip", ["127.0.0.1", "10.0.0.1", "::1", "::ffff:127.0.0.1", "fe80::1%lo"])
def test_a_name_that_resolves_to_a_private_address_is_refused(ip: str) -> None:
    client = Client(agent=AGENT, resolve=lambda host, port: [ip])

    with pytest.raises(RefusedAddress):
        client.fetch("https://feed.example.org/")


def test_a_name_is_asked_once_so_that_a_changed_answer_cannot_matter(web: WebServer) -> None:
    """DNS rebinding: the first answer is allowed, the next one would lead to an inner machine."""
    answers = iter([[HOST], ["10.0.0.1"]])
    client = _client(web, resolve=lambda host, port: next(answers))
    web.answer("/feed", b"here")

    fetched = client.fetch(web.url("/feed", host="feed.example.org"))

    assert isinstance(fetched, Fetched)
    with pytest.raises(RefusedAddress):
        client.fetch(web.url("/feed", host="feed.example.org"))


def test_only_the_allowed_addresses_of_a_name_are_tried(web: WebServer) -> None:
    client = _client(web, resolve=lambda host, port: ["10.0.0.1", "127.0.0.2", HOST])
    web.answer("/feed", b"here")

    assert isinstance(client.fetch(web.url("/feed", host="feed.example.org")), Fetched)


def test_the_name_of_the_site_is_kept_in_the_request(web: WebServer) -> None:
    client = _client(web, resolve=lambda host, port: [HOST])
    web.answer("/feed")

    client.fetch(web.url("/feed", host="feed.example.org"))

    assert web.requests[0][1]["Host"] == f"feed.example.org:{web.port}"


def test_the_proxy_of_the_environment_is_not_used(
    web: WebServer, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")

    assert isinstance(client.fetch(web.answer("/feed")), Fetched)


def test_a_certificate_that_nobody_signed_is_refused(tls_web: WebServer) -> None:
    client = _client(tls_web, resolve=lambda host, port: [HOST])

    with pytest.raises(UntrustedCertificate):
        client.fetch(tls_web.url("/feed", host="feed.example.org"))


def test_the_certificate_is_that_of_the_name_and_not_of_the_address(
    tls_web: WebServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATE))
    client = _client(tls_web, resolve=lambda host, port: [HOST])
    tls_web.answer("/feed", b"here")

    assert isinstance(client.fetch(tls_web.url("/feed", host="feed.example.org")), Fetched)
    with pytest.raises(UntrustedCertificate):
        client.fetch(tls_web.url("/feed", host="other.example.org"))


def test_a_server_that_does_not_speak_tls_is_unreachable(web: WebServer) -> None:
    client = _client(web, resolve=lambda host, port: [HOST])

    with pytest.raises(Unreachable):
        client.fetch(web.url("/feed", host="feed.example.org").replace("http:", "https:"))


def test_an_unknown_name_is_told() -> None:
    with pytest.raises(UnknownHost):
        Client(agent=AGENT).fetch("https://feed.invalid/")


def test_a_machine_without_network_is_not_told_that_the_site_has_closed() -> None:
    def offline(host: str, port: int) -> list[str]:
        raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")

    with pytest.raises(NoNameService):
        Client(agent=AGENT, resolve=offline).fetch("https://feed.example.org/")


def test_a_name_without_any_address_is_unknown() -> None:
    with pytest.raises(UnknownHost):
        Client(agent=AGENT, resolve=lambda host, port: []).fetch("https://feed.example.org/")


def test_a_server_that_is_down_is_told(web: WebServer) -> None:
    closed = Client(agent=AGENT, trusted={"127.0.0.1:1"}, limits=QUICK)

    with pytest.raises(Unreachable):
        closed.fetch("http://127.0.0.1:1/")


def test_a_resolver_that_does_not_answer_is_not_waited_for(web: WebServer) -> None:
    def never(host: str, port: int) -> list[str]:
        web.released.wait()
        return []

    with _over_within(2):
        _client(web, resolve=never).fetch(web.url("/feed", host="feed.example.org"))


def _drip_headers(handler: Handler) -> None:
    handler.wfile.write(b"HTTP/1.1 200 OK\r\n")
    for _ in range(100):
        handler.wfile.write(b"X-Slow: 1\r\n")
        time.sleep(0.05)


def _drip_body(handler: Handler) -> None:
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
    for _ in range(100):
        handler.wfile.write(b"x")
        time.sleep(0.05)


@pytest.mark.parametrize("drip", [_drip_headers, _drip_body])
def test_a_server_that_answers_drop_by_drop_is_left(
    web: WebServer, client: Client, drip: Callable[[Handler], None]
) -> None:
    with _over_within(2):
        client.fetch(web.behave("/feed", drip))


def test_a_silent_server_is_left(web: WebServer, client: Client) -> None:
    with _over_within(2):
        client.fetch(web.behave("/feed", lambda handler: web.released.wait()))


def test_redirects_share_one_limit_of_time(web: WebServer, client: Client) -> None:
    def dawdle(handler: Handler) -> None:
        time.sleep(0.2)
        handler.reply(302, {"Location": "/feed"})

    with _over_within(2):
        client.fetch(web.behave("/feed", dawdle))


class _over_within:  # noqa: N801
    """Expect TooSlow, and soon: well before the test would give up."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds

    def __enter__(self) -> None:
        self.start = time.monotonic()

    def __exit__(self, kind: object, error: object, trace: object) -> bool:
        assert isinstance(error, TooSlow), error
        assert time.monotonic() - self.start < self.seconds
        return True


def test_a_compressed_document_is_decompressed(web: WebServer, client: Client) -> None:
    body = b"<item>actualite</item>" * 4_000
    fetched = client.fetch(web.answer("/feed", gzip.compress(body), content_encoding="gzip"))

    assert isinstance(fetched, Fetched)
    assert fetched.content == body


def test_a_bomb_is_refused_before_it_unfolds(web: WebServer, client: Client) -> None:
    packer = zlib.compressobj(9, zlib.DEFLATED, zlib.MAX_WBITS | 16)
    million = bytes(1_000_000)
    bomb = b"".join(packer.compress(million) for _ in range(50)) + packer.flush()
    assert len(bomb) < QUICK.size_bytes

    def send(handler: Handler) -> None:
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n" + bomb)

    with pytest.raises(TooLarge):
        client.fetch(web.behave("/feed", send))


def test_a_document_that_declares_too_much_is_not_read(web: WebServer, client: Client) -> None:
    def announce(handler: Handler) -> None:
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 999999999999\r\n\r\n")
        web.released.wait()

    with pytest.raises(TooLarge):
        client.fetch(web.behave("/feed", announce))


def test_a_document_without_end_is_cut(web: WebServer, client: Client) -> None:
    def flood(handler: Handler) -> None:
        handler.wfile.write(b"HTTP/1.1 200 OK\r\n\r\n")
        while True:
            handler.wfile.write(b"x" * 10_000)

    with pytest.raises(TooLarge):
        client.fetch(web.behave("/feed", flood))


@pytest.mark.parametrize(
    ("body", "encoding"),
    [
        (b"not gzip at all", "gzip"),
        (gzip.compress(b"cut short", mtime=0)[:-9], "gzip"),
        (b"anything", "br"),
        (zlib.compress(b"anything"), "deflate"),
    ],
)
def test_a_compression_that_was_not_asked_for_or_is_broken_is_a_bad_answer(
    web: WebServer, client: Client, body: bytes, encoding: str
) -> None:
    with pytest.raises(BadAnswer):
        client.fetch(web.answer("/feed", body, content_encoding=encoding))


def test_what_is_not_http_is_a_bad_answer(web: WebServer, client: Client) -> None:
    with pytest.raises(BadAnswer):
        client.fetch(web.behave("/feed", lambda handler: handler.wfile.write(b"220 mail\r\n\r\n")))


def test_a_document_removed_for_good_is_told_apart(web: WebServer, client: Client) -> None:
    with pytest.raises(AddressGone):
        client.fetch(web.answer("/feed", status=410))


@pytest.mark.parametrize("status", [400, 401, 403, 404, 429, 451, 500, 502, 503])
def test_a_refusal_of_the_server_is_told_with_its_code(
    web: WebServer, client: Client, status: int
) -> None:
    with pytest.raises(ServerRefusal) as refusal:
        client.fetch(web.answer("/feed", status=status))

    assert refusal.value.status == status
    assert str(status) in refusal.value.what
    assert refusal.value.advice


@pytest.mark.parametrize(
    ("retry_after", "low", "high"),
    [
        ("120", 120, 120),
        (formatdate(0, usegmt=True), 0, 0),
        ("9" * 400, 1, 10**9),
    ],
)
def test_the_delay_that_a_server_asks_for_is_given_in_seconds(
    web: WebServer, client: Client, retry_after: str, low: int, high: int
) -> None:
    with pytest.raises(ServerRefusal) as refusal:
        client.fetch(web.answer("/feed", status=429, retry_after=retry_after))

    assert refusal.value.retry_after_s is not None
    assert low <= refusal.value.retry_after_s <= high


def test_a_server_may_ask_to_wait_until_a_date(web: WebServer, client: Client) -> None:
    in_an_hour = formatdate(time.time() + 3_600, usegmt=True)

    with pytest.raises(ServerRefusal) as refusal:
        client.fetch(web.answer("/feed", status=429, retry_after=in_an_hour))

    assert 3_500 <= refusal.value.retry_after_s <= 3_600


@pytest.mark.parametrize("retry_after", ["", "soon", "-5", "²"])
def test_a_delay_that_cannot_be_read_is_unknown(
    web: WebServer, client: Client, retry_after: str
) -> None:
    with pytest.raises(ServerRefusal) as refusal:
        client.fetch(web.answer("/feed", status=503, retry_after=retry_after))

    assert refusal.value.retry_after_s is None


def test_every_failure_has_words(web: WebServer, client: Client) -> None:
    with pytest.raises(FetchError) as failure:
        client.fetch(web.answer("/feed", status=204))

    assert failure.value.what
    assert failure.value.advice


def _client(web: WebServer, *, resolve: Callable[[str, int], list[str]]) -> Client:
    return Client(agent=AGENT, resolve=resolve, trusted=web.trusted, limits=QUICK)
