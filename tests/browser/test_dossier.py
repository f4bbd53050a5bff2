"""What a reader meets on the dossier of the demonstration: weight, keyboard, anchors, no script."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.accessibility import expect_no_axe_violations_light_or_dark
from tests.browser.conftest import DESKTOP
from tests.browser.watching import Faults

DOSSIER = "/dossiers/economie-sociale-et-solidaire/"
SECTION = "/mediatheque-du-houblon/"
ARTICLE = DOSSIER + "histoire/"
MOST_REQUESTS = 15
MOST_BYTES = 100_000  # compressed, pictures apart


@pytest.mark.parametrize(
    "address",
    [
        "/",
        "/en/",
        "/dossiers/",
        SECTION,
        DOSSIER,
        ARTICLE,
        "/recherche/?q=livres",
        "/recherche/?q=zzzzzz",
        "/nulle-part/",
    ],
)
def test_axe_finds_nothing(any_page: Page, address: str) -> None:
    any_page.goto(address)
    expect_no_axe_violations_light_or_dark(any_page)


@pytest.mark.parametrize("address", ["/", DOSSIER, ARTICLE, "/recherche/?q=livres", "/nulle-part/"])
def test_nothing_overflows_a_phone(phone_page: Page, address: str) -> None:
    phone_page.goto(address)
    assert phone_page.evaluate("document.documentElement.scrollWidth") <= 375


def test_the_dossier_with_its_accordions_open_satisfies_axe(any_page: Page) -> None:
    any_page.goto(DOSSIER)
    any_page.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true })")
    expect_no_axe_violations_light_or_dark(any_page)


def test_the_dossier_is_light_and_asks_nobody_else(open_page: Callable[..., Page]) -> None:
    page = open_page(**DESKTOP)
    requests = []
    page.on("requestfinished", lambda request: requests.append(request))
    page.goto(DOSSIER)
    page.wait_for_load_state("networkidle")
    words = [r for r in requests if r.resource_type != "image"]
    weight = sum(r.sizes()["responseBodySize"] for r in words)
    assert len(requests) <= MOST_REQUESTS, [r.url for r in requests]
    assert weight <= MOST_BYTES
    assert page.context.cookies() == []


def test_the_keyboard_alone_opens_every_article(desktop_page: Page) -> None:
    desktop_page.goto(DOSSIER)
    summaries = desktop_page.locator(".accordion__summary")
    assert summaries.count() >= 4
    for index in range(summaries.count()):
        summary = summaries.nth(index)
        summary.focus()
        desktop_page.keyboard.press("Enter")
        expect(desktop_page.locator(".accordion__content").nth(index)).to_be_visible()


def test_the_keyboard_reaches_the_first_article_from_the_top(desktop_page: Page) -> None:
    desktop_page.goto(DOSSIER)
    first = desktop_page.locator(".accordion__summary").first
    for _ in range(60):
        desktop_page.keyboard.press("Tab")
        if first.evaluate("e => e === document.activeElement"):
            break
    expect(first).to_be_focused()


def test_the_skip_link_leads_to_the_content(desktop_page: Page) -> None:
    desktop_page.goto(DOSSIER)
    desktop_page.keyboard.press("Tab")
    expect(desktop_page.get_by_role("link", name="Aller au contenu")).to_be_focused()
    desktop_page.keyboard.press("Enter")
    expect(desktop_page.locator("#content")).to_be_focused()


@pytest.mark.parametrize("with_script", [True, False])
def test_an_article_opens_for_its_anchor(open_page: Callable[..., Page], with_script: bool) -> None:
    page = open_page(**DESKTOP, java_script_enabled=with_script)
    page.goto(DOSSIER + "#article-histoire")
    expect(page.locator("#article-histoire")).to_be_visible()
    expect(page.locator("#article-preambule")).to_be_hidden()


def test_without_script_every_article_can_be_read(page_without_script: Page) -> None:
    page_without_script.goto(DOSSIER)
    for summary in page_without_script.locator(".accordion__summary").all():
        summary.click()
    for content in page_without_script.locator(".accordion__content").all():
        expect(content).to_be_visible()


def test_on_paper_every_article_is_unfolded(desktop_page: Page) -> None:
    desktop_page.goto(DOSSIER)
    desktop_page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    expect(desktop_page.locator("details.accordion__item:not([open])")).to_have_count(0)
    desktop_page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    expect(desktop_page.locator("details.accordion__item[open]")).to_have_count(0)


def test_a_missing_page_offers_a_way_on(desktop_page: Page) -> None:
    answer = desktop_page.goto("/nulle-part/")
    assert answer is not None
    assert answer.status == 404
    expect(desktop_page.get_by_role("search").first).to_be_visible()


def test_the_language_of_the_interface_follows_the_address(desktop_page: Page) -> None:
    desktop_page.goto(DOSSIER)
    desktop_page.get_by_role("link", name="English").click()
    expect(desktop_page).to_have_url(re.compile(f"/en{DOSSIER}$"))
    assert desktop_page.locator("html").get_attribute("lang") == "en"
    desktop_page.get_by_role("link", name="Français").click()
    expect(desktop_page).to_have_url(re.compile(f":[0-9]+{DOSSIER}$"))


def test_the_staff_bar_stands_on_public_pages_for_staff(staff_page: Page, faults: Faults) -> None:
    staff_page.goto(DOSSIER)
    expect(staff_page.locator("wagtail-userbar")).to_be_attached()
    # Wagtail's own checker of contents writes its advice for editors as errors in the console.
    faults.found[:] = [fault for fault in faults.found if "axe.run results" not in fault]
