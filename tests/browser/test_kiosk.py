"""The page of a kiosk, and the code it gives."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.accessibility import expect_no_axe_violations_light_or_dark
from tests.browser.conftest import DESKTOP

KIOSK = "/kiosques/economie-sociale-et-solidaire/"


def test_axe_finds_nothing(any_page: Page) -> None:
    any_page.goto(KIOSK)
    expect_no_axe_violations_light_or_dark(any_page)


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
    button = page.get_by_role("button", name="Copier ce code").first
    button.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("Le code est copié")).to_be_visible()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith("<iframe ")
    assert copied == page.locator("textarea").first.input_value()
