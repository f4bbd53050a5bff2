"""What no page may do, whatever the test is about: write an error, break the policy, call a stranger."""

from dataclasses import dataclass, field
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, ConsoleMessage, Request, WebError


@dataclass
class Faults:
    """What went wrong unseen in the pages of one test."""

    portal: str
    others: set[str] = field(default_factory=set)
    """Hosts of other sites that a test visits."""
    found: list[str] = field(default_factory=list)

    def watch(self, context: BrowserContext) -> None:
        """Note the faults of every page of a browser context, frames included."""
        context.on("console", self._note_message)
        context.on("weberror", self._note_error)
        context.on("request", self._note_stranger)

    def leave(self, context: BrowserContext) -> None:
        """Note nothing more: the next test watches."""
        context.remove_listener("console", self._note_message)
        context.remove_listener("weberror", self._note_error)
        context.remove_listener("request", self._note_stranger)

    def _note_message(self, message: ConsoleMessage) -> None:
        """Note what the console calls an error, breaches of the security policy among them.

        The page itself may be a 404: that is the test's business, and shows.
        """
        is_of_the_page = message.page and message.location["url"] == message.page.url
        if message.type == "error" and not (is_of_the_page and "status of 4" in message.text):
            self.found.append(f"console: {message.text} ({message.location['url']})")

    def _note_error(self, error: WebError) -> None:
        self.found.append(f"script: {error.error}")

    def _note_stranger(self, request: Request) -> None:
        address = urlsplit(request.url)
        known = {urlsplit(self.portal).netloc, *self.others}
        if address.scheme in ("http", "https") and address.netloc not in known:
            self.found.append(f"third party: {request.url}")
