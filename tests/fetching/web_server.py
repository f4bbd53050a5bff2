"""A real server on this machine, that answers what each test tells it to."""

import ssl
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

HOST = "127.0.0.1"
CERTIFICATE = Path(__file__).parents[1] / "data" / "tls" / "feed.example.org.pem"


class Handler(BaseHTTPRequestHandler):
    server: "Server"

    def do_GET(self) -> None:
        self.server.requests.append((self.path, dict(self.headers)))
        self.server.answers[self.path](self)

    def reply(self, status: int, headers: Mapping[str, str], body: bytes = b"") -> None:
        self.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: object) -> None:
        pass


class Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def __init__(self) -> None:
        super().__init__((HOST, 0), Handler)
        self.answers: dict[str, Callable[[Handler], None]] = {}
        self.requests: list[tuple[str, dict[str, str]]] = []

    def handle_error(self, *args: object) -> None:
        """A client that leaves early is what several tests are about."""


@dataclass
class WebServer:
    """The server as a test sees it: `trusted` is what makes a client accept its private address."""

    server: Server
    scheme: str = "http"
    released: threading.Event = field(default_factory=threading.Event)

    @property
    def trusted(self) -> frozenset[str]:
        return frozenset({f"{HOST}:{self.port}"})

    @property
    def port(self) -> int:
        return int(self.server.server_port)

    @property
    def requests(self) -> list[tuple[str, dict[str, str]]]:
        """The paths asked for, each with the headers it came with."""
        return self.server.requests

    def url(self, path: str, host: str = HOST) -> str:
        return f"{self.scheme}://{host}:{self.port}{path}"

    def answer(self, path: str, body: bytes = b"", *, status: int = 200, **headers: str) -> str:
        """Answer this from now on; give the address. `content_type="…"` is the header Content-Type."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self.server.answers[path] = lambda handler: handler.reply(status, named, body)
        return self.url(path)

    def behave(self, path: str, act: Callable[[Handler], None]) -> str:
        """Let a function answer; it may wait for `released`, which is set at the end of the test."""
        self.server.answers[path] = act
        return self.url(path)


@contextmanager
def running_web_server(*, tls: bool = False) -> Iterator[WebServer]:
    with Server() as server:
        if tls:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(CERTIFICATE, CERTIFICATE.with_suffix(".key.pem"))
            server.socket = context.wrap_socket(server.socket, server_side=True)
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        web = WebServer(server, scheme="https" if tls else "http")
        try:
            yield web
        finally:
            web.released.set()
            server.shutdown()
            thread.join()
