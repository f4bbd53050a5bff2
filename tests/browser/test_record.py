"""The page of a record under the hand: keyboard, no script, phone, print; copied and downloaded."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.accessibility import expect_no_axe_violations_light_or_dark
from tests.browser.conftest import DESKTOP

RECORD = "/catalogue/1/"


def test_axe_finds_nothing_whichever_citation_is_open(any_page: Page) -> None:
    any_page.goto(RECORD)
    expect_no_axe_violations_light_or_dark(any_page)
    any_page.locator("summary", has_text="BibTeX").click()
    expect_no_axe_violations_light_or_dark(any_page)


def test_nothing_is_wider_than_a_phone(phone_page: Page) -> None:
    phone_page.goto(RECORD)
    assert phone_page.evaluate("document.documentElement.scrollWidth") == 375


def test_the_keyboard_alone_copies_a_citation(open_page: Callable[..., Page]) -> None:
    page = open_page(**DESKTOP, permissions=["clipboard-read", "clipboard-write"])
    page.goto(RECORD)
    page.locator("summary", has_text="BibTeX").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.get_by_label("Citation : BibTeX")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("[data-copy-status]", has_text="La citation est copiée.")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()").startswith("@book{")


def test_a_citation_is_there_without_script(page_without_script: Page) -> None:
    page_without_script.goto(RECORD)
    expect(page_without_script.locator(".citations__text").first).to_have_value(re.compile("ISBN"))
    expect(page_without_script.locator("[data-copy-from]").first).to_be_hidden()


@pytest.mark.parametrize(
    ("label", "ending"), [("RIS", "ris"), ("MARCXML", "xml"), ("JSON", "json")]
)
def test_a_record_is_taken_away(desktop_page: Page, label: str, ending: str) -> None:
    desktop_page.goto(RECORD)
    with desktop_page.expect_download() as taken:
        desktop_page.locator(".citations__files").get_by_role(
            "link", name=label, exact=True
        ).click()
    assert taken.value.suggested_filename == f"notice-1.{ending}"


def test_a_creator_leads_to_the_search_that_finds_the_record(desktop_page: Page) -> None:
    desktop_page.goto(RECORD)
    title = desktop_page.locator("h1").inner_text()
    desktop_page.locator(".record__creators a").first.click()
    expect(desktop_page.locator("main")).to_contain_text(title)


def test_letters_of_a_drawn_cover_stay_within_it(desktop_page: Page) -> None:
    desktop_page.goto(RECORD)
    overflow = desktop_page.evaluate(
        """() => [...document.querySelectorAll('.cover svg')].flatMap(drawing => {
          const edge = drawing.getBoundingClientRect().right;
          return [...drawing.querySelectorAll('tspan')].filter(
            line => line.getBoundingClientRect().right > edge - 1).map(line => line.textContent);
        })"""
    )
    assert overflow == []
