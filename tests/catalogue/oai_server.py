"""An OAI-PMH server on this machine, that behaves or misbehaves as a test wants."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, urlsplit

from tests.catalogue import oai_pages
from tests.fetching.web_server import Handler, WebServer, running_web_server


@dataclass
class Kept:
    """A record of the server: `stamp` is its date of change; without `xml` it was deleted."""

    number: str
    stamp: str
    xml: str | None = None

    @property
    def written(self) -> str:
        return oai_pages.deleted(self.number) if self.xml is None else self.xml


class _Any(dict):
    """Answers every path."""

    def __init__(self, act: Callable[[Handler], None]) -> None:
        super().__init__()
        self.act = act

    def __missing__(self, path: str) -> Callable[[Handler], None]:
        return self.act


@dataclass
class OaiServer:
    """The server as a test sees it.

    `instead` may answer in its place: given the arguments, it gives bytes, a status with headers, or
    None to let the server do what is right.
    """

    web: WebServer
    kept: list[Kept] = field(default_factory=list)
    page_size: int = 2
    asked: list[dict[str, str]] = field(default_factory=list)
    identity: dict[str, str] = field(default_factory=dict)
    answered: str = "2026-03-01T04:00:00Z"
    instead: Callable[[dict[str, str]], bytes | tuple[int, dict[str, str]] | None] = (
        lambda arguments: None
    )

    @property
    def address(self) -> str:
        return self.web.url("/oai")

    def has(self, number: str, title: str = "Germinal", *, stamp: str = "2026-01-01T00:00:00Z"):
        """Keep a record, in place of the one of the same number."""
        self.kept = [one for one in self.kept if one.number != number]
        self.kept.append(Kept(number, stamp, oai_pages.record(number, title)))

    def deletes(self, number: str, *, stamp: str = "2026-02-01T00:00:00Z"):
        """Say of a record that it was deleted."""
        self.kept = [one for one in self.kept if one.number != number]
        self.kept.append(Kept(number, stamp))

    def lists(self) -> list[dict[str, str]]:
        """The lists that were asked for."""
        return [one for one in self.asked if one["verb"] == "ListRecords"]

    def answer(self, handler: Handler) -> None:
        arguments = dict(parse_qsl(urlsplit(handler.path).query))
        self.asked.append(arguments)
        said = self.instead(arguments) or self.proper(arguments)
        status, headers, body = (200, {}, said) if isinstance(said, bytes) else (*said, b"")
        handler.reply(status, headers, body)

    def proper(self, arguments: dict[str, str]) -> bytes:
        """What a server that behaves would answer."""
        if arguments["verb"] == "Identify":
            return oai_pages.identify(**self.identity)
        start, since, until = 0, arguments.get("from", ""), arguments.get("until", "")
        if "resumptionToken" in arguments:
            place, since, until = arguments["resumptionToken"].split("|")
            start = int(place)
        page = self.page_of(start, since=since, until=until)
        if not page:
            return oai_pages.error("noRecordsMatch")
        size, after = len(self._found(since, until)), start + self.page_size
        token = f"{after}|{since}|{until}" if after < size else ""
        return oai_pages.page(*page, token=token, size=size, cursor=start, answered=self.answered)

    def page_of(self, start: int, *, since: str, until: str) -> list[str]:
        """The records of a page."""
        found = self._found(since, until)[start : start + self.page_size]
        return [one.written for one in found]

    def _found(self, since: str, until: str) -> list[Kept]:
        return [one for one in self.kept if _is_within(one.stamp, since, until)]


def _is_within(stamp: str, since: str, until: str) -> bool:
    return since <= stamp and (not until or stamp[: len(until)] <= until)


@contextmanager
def running_oai_server() -> Iterator[OaiServer]:
    with running_web_server() as web:
        server = OaiServer(web)
        web.server.answers = _Any(server.answer)
        yield server
