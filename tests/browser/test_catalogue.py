"""The search of the catalogue under the hand: keys, suggestions, no script, phone, paper."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.accessibility import (
    expect_no_axe_violations,
    expect_no_axe_violations_light_or_dark,
)
from tests.browser.conftest import DESKTOP, PHONE

FRONT = "/catalogue/"
LIST = "/catalogue/listes/economie-sociale-et-solidaire/"
FOUND = "/catalogue/?q=économie&type=book"


@pytest.mark.parametrize(
    "address",
    [FRONT, FOUND, "/catalogue/?q=xyzxyz", "/catalogue/valeurs/auteur/", LIST],
)
def test_axe_finds_nothing(any_page: Page, address: str) -> None:
    any_page.goto(address)
    expect_no_axe_violations_light_or_dark(any_page)


def typed(page: Page, text: str) -> None:
    page.goto(FRONT)
    field(page).focus()
    page.keyboard.type(text)
    expect(suggested(page).get_by_role("option").first).to_be_visible()


def suggested(page: Page):
    return page.locator("essor-suggest")


def field(page: Page):
    return page.get_by_role("combobox", name="Titre, auteur, sujet ou ISBN")


def test_suggestions_are_chosen_with_the_arrows_and_followed_with_enter(desktop_page: Page) -> None:
    typed(desktop_page, "écono")
    expect(field(desktop_page)).to_have_attribute("aria-expanded", "true")
    desktop_page.keyboard.press("ArrowDown")
    chosen = suggested(desktop_page).get_by_role("option", selected=True)
    expect(chosen).to_have_count(1)
    expect(field(desktop_page)).to_have_attribute(
        "aria-activedescendant", chosen.get_attribute("id") or ""
    )
    expect_no_axe_violations(desktop_page)
    desktop_page.keyboard.press("Enter")
    desktop_page.wait_for_url(lambda address: not address.endswith(FRONT))
    assert "/catalogue/" in desktop_page.url


def test_past_the_last_suggestion_is_what_was_typed(desktop_page: Page) -> None:
    typed(desktop_page, "écono")
    desktop_page.keyboard.press("ArrowUp")
    expect(suggested(desktop_page).get_by_role("option").last).to_have_attribute(
        "aria-selected", "true"
    )
    desktop_page.keyboard.press("ArrowDown")
    expect(suggested(desktop_page).get_by_role("option", selected=True)).to_have_count(0)
    expect(field(desktop_page)).to_have_value("écono")
    desktop_page.keyboard.press("Enter")
    desktop_page.wait_for_url("**/catalogue/?q=*")


def test_escape_and_leaving_close_the_suggestions(desktop_page: Page) -> None:
    typed(desktop_page, "écono")
    desktop_page.keyboard.press("Escape")
    expect(desktop_page.get_by_role("listbox")).to_be_hidden()
    expect(field(desktop_page)).to_have_value("écono")
    desktop_page.keyboard.press("ArrowDown")
    expect(suggested(desktop_page).get_by_role("option").first).to_be_visible()
    desktop_page.keyboard.press("Tab")
    expect(desktop_page.get_by_role("listbox")).to_be_hidden()


def test_a_suggestion_is_followed_with_the_mouse(desktop_page: Page) -> None:
    typed(desktop_page, "écono")
    suggested(desktop_page).get_by_role("option").last.click()
    desktop_page.wait_for_url(lambda address: not address.endswith(FRONT))


def test_a_search_is_made_and_narrowed_without_a_script(page_without_script: Page) -> None:
    page = page_without_script
    page.goto(FRONT)
    page.get_by_label("Titre, auteur, sujet ou ISBN").fill("économie")
    page.locator(".finder__form").get_by_role("button", name="Chercher").click()
    expect(page.get_by_role("heading", level=2, name="pour « économie »")).to_be_visible()
    facet = page.get_by_role("region", name="Type de document")
    facet.get_by_role("link").first.click()
    limits = page.get_by_role("navigation", name="Ce que cette recherche retient")
    expect(limits.get_by_role("link")).to_have_count(2)
    limits.get_by_role("link", name="Tout retirer").click()
    expect(limits).to_have_count(0)
    expect(page.get_by_label("Titre, auteur, sujet ou ISBN")).to_have_value("économie")


def test_what_came_in_lately_is_chosen_without_a_script(page_without_script: Page) -> None:
    page = page_without_script
    page.goto(FOUND)
    days = page.get_by_role("region", name="Date d’entrée")
    days.get_by_label("Date d’entrée").select_option("30 derniers jours")
    days.get_by_role("button", name="Valider").click()
    limits = page.get_by_role("navigation", name="Ce que cette recherche retient")
    expect(limits.get_by_role("link", name="Type de document Livre")).to_be_visible()
    expect(days.get_by_label("Date d’entrée")).to_have_value("30")
    limits.get_by_role("link", name="Date d’entrée 30 derniers jours").click()
    expect(days.get_by_label("Date d’entrée")).to_have_value("")
    expect(limits.get_by_role("link", name="Type de document Livre")).to_be_visible()


def test_the_facets_are_reached_with_the_keyboard(desktop_page: Page) -> None:
    desktop_page.goto(FRONT)
    first = desktop_page.get_by_role("region", name="Type de document").get_by_role("link").first
    expect(first).to_be_visible()
    desktop_page.locator(".finder__form").get_by_role("button").focus()
    desktop_page.keyboard.press("Tab")
    for _ in range(30):
        if first.evaluate("e => e === document.activeElement"):
            break
        desktop_page.keyboard.press("Tab")
    expect(first).to_be_focused()
    desktop_page.keyboard.press("Enter")
    desktop_page.wait_for_url("**/catalogue/?type=*")


def test_on_a_phone_the_facets_are_folded_and_nothing_overflows(phone_page: Page) -> None:
    phone_page.goto(FOUND)
    facets = phone_page.get_by_role("region", name="Type de document")
    expect(facets).to_be_hidden()
    assert is_as_wide_as_the_window(phone_page)
    phone_page.get_by_text("Affiner la recherche").first.click()
    expect(facets).to_be_visible()
    assert is_as_wide_as_the_window(phone_page)
    expect_no_axe_violations(phone_page)


def is_as_wide_as_the_window(page: Page) -> bool:
    return page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_page_reads_well_when_text_is_twice_as_large(open_page: Callable[..., Page]) -> None:
    window = {**DESKTOP, "viewport": {"width": 640, "height": 450}}  # 1280 at 200 %
    page = open_page(**window)
    page.goto(FOUND)
    assert is_as_wide_as_the_window(page)
    page = open_page(**{**PHONE, "viewport": {"width": 320, "height": 640}})
    page.goto(FOUND)
    assert is_as_wide_as_the_window(page)


def test_on_paper_there_are_the_documents_and_not_the_forms(desktop_page: Page) -> None:
    desktop_page.goto(FOUND)
    desktop_page.emulate_media(media="print")
    expect(desktop_page.locator(".finder__form")).to_be_hidden()
    expect(desktop_page.locator(".finder__facets")).to_be_hidden()
    expect(desktop_page.locator(".entry").first).to_be_visible()
