"""The kiosk on its page and in the page of another site."""

import http.server
import threading
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from essor.kiosk.types import Display, frame_height_px
from tests.browser.accessibility import expect_no_axe_violations
from tests.browser.conftest import DESKTOP, PHONE

KIOSK = "/kiosques/economie-sociale-et-solidaire/"


def test_axe_finds_nothing(any_page: Page) -> None:
    any_page.goto(KIOSK)
    expect_no_axe_violations(any_page)


def test_a_cover_is_a_link_to_its_record(desktop_page: Page) -> None:
    desktop_page.goto(KIOSK)
    link = desktop_page.locator(".kiosk__link").first
    title = link.locator(".kiosk__title").inner_text()
    link.click()
    expect(desktop_page.get_by_role("heading", level=1)).to_contain_text(title[:10])


def test_the_code_is_copied_with_the_keyboard(open_page: Callable[..., Page]) -> None:
    page = open_page(**DESKTOP, permissions=["clipboard-read", "clipboard-write"])
    page.goto(KIOSK)
    page.get_by_text("Montrer ce kiosque sur un autre site").focus()
    page.keyboard.press("Enter")
    button = page.get_by_role("button", name="Copier ce code")
    button.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("Le code est copié")).to_be_visible()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith("<iframe ")
    assert copied == page.locator("textarea").input_value()


@pytest.fixture
def other_site(tmp_path: Path) -> Iterator[Callable[[str], str]]:
    """Serve a page of another origin; give it its content, get its address."""
    handler = partial(QuietHandler, directory=str(tmp_path))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()

    def publish(content: str) -> str:
        page = f"<!doctype html><html lang=fr><title>Ailleurs</title><main><h1>Ailleurs</h1>{content}</main>"
        (tmp_path / "index.html").write_text(page, encoding="utf-8")
        return f"http://localhost:{server.server_port}/"

    yield publish
    server.shutdown()
    server.server_close()
    thread.join()


class QuietHandler(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *args: object) -> None:
        """Say nothing."""


@pytest.mark.parametrize("window", [DESKTOP, PHONE], ids=["desktop", "phone"])
@pytest.mark.parametrize("with_script", [True, False], ids=["script", "no-script"])
def test_the_code_shows_the_kiosk_in_another_site(
    new_context: Callable[..., object],
    portal_address: str,
    other_site: Callable[[str], str],
    window: dict,
    with_script: bool,
) -> None:
    context = new_context(**window, java_script_enabled=with_script)
    page = context.new_page()
    page.goto(portal_address + KIOSK)
    page.goto(other_site(page.locator("textarea").input_value()))
    frame = page.frame_locator("iframe")
    expect(frame.locator(".kiosk__link")).to_have_count(15)
    expect(frame.locator(".kiosk__title").first).to_be_visible()
    inner = page.frames[1]
    height = frame_height_px(Display.STRIP, 15)
    if with_script:
        assert inner.evaluate("document.documentElement.scrollHeight") <= height
    assert context.cookies() == []
    frame.locator(".kiosk__link").first.click()
    page.wait_for_url(f"{portal_address}/catalogue/**")
