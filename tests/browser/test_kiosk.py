"""The kiosk under the hand: keys, wheel, touch, no script, and in the page of another site."""

import http.server
import threading
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from essor.kiosk.types import FRAME_HEIGHT_PX
from tests.browser.accessibility import expect_no_axe_violations
from tests.browser.conftest import DESKTOP, PHONE

KIOSK = "/kiosques/economie-sociale-et-solidaire/"
FRAME = KIOSK + "cadre"
WINDOW = "[data-window]"


def place(page: Page) -> float:
    return page.locator(WINDOW).first.evaluate("e => e.scrollLeft")


def is_at_the_end(page: Page) -> bool:
    return page.locator(WINDOW).first.evaluate(
        "e => e.scrollLeft >= e.scrollWidth - e.clientWidth - 1"
    )


@pytest.fixture
def still_page(open_page: Callable[..., Page]) -> Page:
    """A page of a reader who wants no motion: scrolling is over as soon as asked."""
    return open_page(**DESKTOP, reduced_motion="reduce")


@pytest.mark.parametrize("address", [KIOSK, FRAME])
def test_axe_finds_nothing(any_page: Page, address: str) -> None:
    any_page.goto(address)
    expect_no_axe_violations(any_page)


def test_the_arrows_and_the_ends_move_the_strip(still_page: Page) -> None:
    still_page.goto(KIOSK)
    still_page.locator(WINDOW).focus()
    still_page.keyboard.press("ArrowRight")
    still_page.wait_for_function(f"document.querySelector('{WINDOW}').scrollLeft > 0")
    still_page.keyboard.press("End")
    still_page.wait_for_function(
        f"(e => e.scrollLeft >= e.scrollWidth - e.clientWidth - 1)(document.querySelector('{WINDOW}'))"
    )
    still_page.keyboard.press("Home")
    still_page.wait_for_function(f"document.querySelector('{WINDOW}').scrollLeft < 2")


def test_the_buttons_lead_to_the_last_book_and_stop_there(still_page: Page) -> None:
    still_page.goto(KIOSK)
    following = still_page.get_by_role("button", name="Livres suivants")
    expect(still_page.get_by_role("button", name="Livres précédents")).to_be_disabled()
    # The place decides, not the button: it only learns of the last step with the next frame.
    while not is_at_the_end(still_page):
        before = place(still_page)
        following.click()
        still_page.wait_for_function(
            f"before => document.querySelector('{WINDOW}').scrollLeft > before", arg=before
        )
    expect(following).to_be_disabled()


def test_the_wheel_moves_the_strip_then_the_page(still_page: Page) -> None:
    still_page.goto(KIOSK)
    still_page.locator(WINDOW).hover()
    still_page.mouse.wheel(0, 200)
    still_page.wait_for_function(f"document.querySelector('{WINDOW}').scrollLeft > 100")


def test_a_cover_is_a_link_to_its_record(desktop_page: Page) -> None:
    desktop_page.goto(KIOSK)
    link = desktop_page.locator(".kiosk__link").first
    title = link.locator(".kiosk__title").inner_text()
    link.click()
    expect(desktop_page.get_by_role("heading", level=1)).to_contain_text(title[:10])


def test_without_script_the_strip_scrolls_and_its_covers_are_links(
    page_without_script: Page,
) -> None:
    page_without_script.goto(KIOSK)
    assert page_without_script.locator(".kiosk__link").count() == 15
    page_without_script.locator(".kiosk__link").last.focus()
    assert place(page_without_script) > 0
    expect(page_without_script.get_by_role("button", name="Livres suivants")).to_be_hidden()


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
    if with_script:
        assert inner.evaluate("document.documentElement.scrollHeight") <= FRAME_HEIGHT_PX
    assert context.cookies() == []
    frame.locator(".kiosk__link").first.click()
    page.wait_for_url(f"{portal_address}/catalogue/**")
