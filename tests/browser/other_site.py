"""A site that is not the portal: another origin, with a page and a policy of one's choice."""

import contextlib
import http.server
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field


@dataclass
class OtherSite:
    """What it serves: one page, whose content and headers a test may change at any time."""

    port: int
    page: str = ""
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def address(self) -> str:
        """Give its address: `localhost` is another site than the portal's 127.0.0.1."""
        return f"http://localhost:{self.port}/"

    def publish(self, content: str, *, head: str = "", policy: str = "") -> str:
        """Put this content in its page, and give its address; `policy` is its security policy."""
        self.page = (
            '<!doctype html><html lang="fr"><head><meta charset="utf-8"><title>Ailleurs</title>'
            '<meta name="viewport" content="width=device-width, initial-scale=1">'
            f"{head}</head><body><main><h1>Ailleurs</h1>{content}</main></body></html>"
        )
        self.headers = {"Content-Security-Policy": policy} if policy else {}
        return self.address


@contextlib.contextmanager
def other_site_served() -> Iterator[OtherSite]:
    """Serve another site on a free port."""
    served = http.server.ThreadingHTTPServer(("127.0.0.1", 0), http.server.BaseHTTPRequestHandler)
    site = OtherSite(served.server_port)

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            is_there = self.path.partition("?")[0] == "/"
            self.send_response(200 if is_there else 204)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            for name, value in site.headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(site.page.encode() if is_there else b"")

        def log_message(self, *args: object) -> None:
            """Say nothing."""

    served.RequestHandlerClass = Handler
    thread = threading.Thread(target=served.serve_forever, daemon=True)
    thread.start()
    try:
        yield site
    finally:
        served.shutdown()
        served.server_close()
        thread.join()
