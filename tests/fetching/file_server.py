"""A publisher of one large file, with the good and the bad habits of real ones."""

from dataclasses import dataclass, field
from email.utils import formatdate

from tests.fetching.web_server import Handler, WebServer


@dataclass
class Publisher:
    """Serves `body`; each test sets the habit that it is about.

    `cuts_after` closes each connection after so many bytes of the body, `is_down` answers that code.
    """

    web: WebServer
    body: bytes
    path: str = "/stock.parquet"
    etag: str = '"v1"'
    last_modified: str = field(default_factory=lambda: formatdate(1_790_000_000, usegmt=True))
    gives_ranges: bool = True
    honours_if_range: bool = True
    cuts_after: int | None = None
    most_per_answer: int | None = None
    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def address(self) -> str:
        return self.web.behave(self.path, self.answer)

    @property
    def asked(self) -> list[dict[str, str]]:
        """The headers of each request."""
        return [headers for _path, headers in self.web.requests]

    def answer(self, handler: Handler) -> None:
        if self.status:
            handler.reply(self.status, self.headers, b"<html>refused</html>")
        elif self._is_known(handler):
            handler.reply(304, self._validators)
        elif (start := self._start(handler)) is None:
            self._send(handler, 200, self.body, {})
        elif start >= len(self.body):
            handler.reply(416, {"Content-Range": f"bytes */{len(self.body)}"})
        else:
            end = min(len(self.body), start + (self.most_per_answer or len(self.body)))
            span = {"Content-Range": f"bytes {start}-{end - 1}/{len(self.body)}"}
            self._send(handler, 206, self.body[start:end], span)

    @property
    def _validators(self) -> dict[str, str]:
        named = {"ETag": self.etag, "Last-Modified": self.last_modified}
        return {name: value for name, value in named.items() if value}

    def _is_known(self, handler: Handler) -> bool:
        if match := handler.headers.get("If-None-Match"):
            return match == self.etag
        return bool(self.last_modified) and (
            handler.headers.get("If-Modified-Since") == self.last_modified
        )

    def _start(self, handler: Handler) -> int | None:
        asked, same = handler.headers.get("Range"), handler.headers.get("If-Range")
        is_same = same in (None, self.etag, self.last_modified) or not self.honours_if_range
        if not asked or not self.gives_ranges or not is_same:
            return None
        return int(asked.removeprefix("bytes=").removesuffix("-"))

    def _send(self, handler: Handler, status: int, body: bytes, more: dict[str, str]) -> None:
        headers = {"Content-Length": str(len(body)), **self._validators, **more, **self.headers}
        sent = body if self.cuts_after is None else body[: self.cuts_after]
        handler.reply(status, headers, sent)
        handler.close_connection = True
