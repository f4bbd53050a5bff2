"""Sharing as a reader does it: by keyboard, without script, on paper; what machines read breaks no rule."""

import json
import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.accessibility import (
    expect_no_axe_violations,
    expect_no_axe_violations_light_or_dark,
)
from tests.browser.conftest import DESKTOP

DOSSIER = "/dossiers/economie-sociale-et-solidaire/"
LEGAL = ["/mentions-legales/", "/accessibilite/", "/confidentialite/", "/flux/"]
NETWORKS = ["Facebook", "X", "LinkedIn", "Mastodon", "Courriel"]


def mastodon_address(page: Page) -> str:
    page.goto(DOSSIER)
    return page.locator("a.share__way", has_text="Mastodon").first.get_attribute("href") or ""


def open_menu(page: Page) -> None:
    page.locator(".share__summary").first.focus()
    page.keyboard.press("Enter")


def test_the_keyboard_alone_opens_the_menu_and_copies_the_link(
    open_page: Callable[..., Page],
) -> None:
    page = open_page(**DESKTOP, permissions=["clipboard-read", "clipboard-write"])
    page.goto(DOSSIER)
    open_menu(page)
    copy = page.get_by_role("button", name="Copier le lien").first
    for _ in range(10):
        page.keyboard.press("Tab")
        if copy.evaluate("e => e === document.activeElement"):
            break
    page.keyboard.press("Enter")
    expect(page.locator("[data-share-status]").first).to_have_text("Le lien est copié.")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == page.locator("[data-share-address]").first.get_attribute("href")
    page.goto(copied)
    expect(page).to_have_url(re.compile(f"{DOSSIER}$"))


def test_a_browser_without_clipboard_still_copies_the_link(desktop_page: Page) -> None:
    desktop_page.goto(DOSSIER)
    desktop_page.evaluate("Object.defineProperty(navigator, 'clipboard', {value: undefined})")
    open_menu(desktop_page)
    desktop_page.get_by_role("button", name="Copier le lien").first.click()
    expect(desktop_page.locator("[data-share-status]").first).to_have_text("Le lien est copié.")


def test_a_browser_that_refuses_to_copy_says_what_to_do(desktop_page: Page) -> None:
    desktop_page.goto(DOSSIER)
    desktop_page.evaluate("Object.defineProperty(navigator, 'clipboard', {value: undefined})")
    desktop_page.evaluate("document.execCommand = () => false")
    open_menu(desktop_page)
    desktop_page.get_by_role("button", name="Copier le lien").first.click()
    expect(desktop_page.locator("[data-share-status]").first).to_contain_text("sélectionnez")


def test_escape_closes_the_menu_and_gives_the_focus_back(desktop_page: Page) -> None:
    desktop_page.goto(DOSSIER)
    open_menu(desktop_page)
    desktop_page.keyboard.press("Tab")
    desktop_page.keyboard.press("Escape")
    expect(desktop_page.locator(".share__menu").first).not_to_have_attribute("open", "")
    expect(desktop_page.locator(".share__summary").first).to_be_focused()


def test_one_menu_is_open_at_a_time(desktop_page: Page) -> None:
    desktop_page.goto(DOSSIER)
    summaries = desktop_page.locator(".share__summary:visible")
    summaries.nth(0).click()
    summaries.nth(1).click()
    expect(desktop_page.locator(".share__menu[open]")).to_have_count(1)


def test_without_script_every_way_is_there_but_the_button(page_without_script: Page) -> None:
    page_without_script.goto(DOSSIER)
    page_without_script.locator(".share__summary").first.click()
    menu = page_without_script.locator(".share__menu").first
    for network in NETWORKS:
        expect(menu.get_by_role("link", name=network, exact=True)).to_be_visible()
    expect(menu.locator("[data-share-address]")).to_be_visible()
    expect(menu.get_by_role("button")).to_have_count(0)


def test_on_paper_the_menu_is_its_permanent_link(desktop_page: Page) -> None:
    desktop_page.goto(DOSSIER)
    desktop_page.emulate_media(media="print")
    share = desktop_page.locator(".share").first
    expect(share.locator(".share__printed")).to_be_visible()
    expect(share.locator(".share__menu")).to_be_hidden()


def test_the_open_menu_satisfies_axe_and_fits(any_page: Page) -> None:
    any_page.goto(DOSSIER)
    open_menu(any_page)
    expect_no_axe_violations_light_or_dark(any_page)
    assert any_page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("address", LEGAL)
def test_the_portals_own_pages_satisfy_axe_and_fit(any_page: Page, address: str) -> None:
    any_page.goto(address)
    expect_no_axe_violations_light_or_dark(any_page)
    assert any_page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_the_step_by_mastodon_satisfies_axe(any_page: Page) -> None:
    address = mastodon_address(any_page)
    for server in ("", "&serveur=x", "&serveur=mastodon.social"):
        any_page.goto(address + server)
        expect_no_axe_violations_light_or_dark(any_page)


def test_mastodon_gives_a_link_that_the_policy_lets_pass(desktop_page: Page) -> None:
    desktop_page.goto(mastodon_address(desktop_page))
    desktop_page.get_by_label("Votre serveur Mastodon").fill("@moi@mastodon.social")
    desktop_page.keyboard.press("Enter")
    link = desktop_page.get_by_role("link", name="Continuer sur mastodon.social")
    expect(link).to_be_visible()
    assert (link.get_attribute("href") or "").startswith("https://mastodon.social/share?text=")


@pytest.mark.parametrize("address", ["/", DOSSIER, DOSSIER + "histoire/"])
def test_the_policy_does_not_block_linked_data(desktop_page: Page, address: str) -> None:
    """A breach of the policy would be a fault of the page: `faults` watches."""
    desktop_page.goto(address)
    data = desktop_page.locator('script[type="application/ld+json"]').text_content()
    assert json.loads(data or "")["@graph"]


def test_a_link_to_nothing_satisfies_axe(desktop_page: Page) -> None:
    answer = desktop_page.goto("/p/999999999")
    assert answer is not None
    assert answer.status == 404
    expect_no_axe_violations(desktop_page)
