"""The map of the directory under the hand: keys, a finger, no script, paper, other sites."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser import structures
from tests.browser.accessibility import expect_no_axe_violations
from tests.browser.conftest import DESKTOP, PHONE
from tests.browser.other_site import OtherSite

MAP = "/annuaire/carte/"
TOTAL = 240


@pytest.fixture(scope="module", autouse=True)
def directory(portal_address: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    home = Path(tmp_path_factory.getbasetemp()) / "home"
    structures.put_in(home)
    yield
    structures.take_out_of(home)


def shown(page: Page, address: str = MAP) -> Page:
    """Open a map and wait until it has its marks."""
    page.goto(address)
    expect(groups(page).first).to_be_visible()
    return page


def groups(page: Page):
    return page.locator("essor-map .leaflet-marker-pane button")


def in_view(page: Page):
    return page.locator("essor-map [role=status]")


def test_axe_finds_nothing(any_page: Page) -> None:
    expect_no_axe_violations(shown(any_page))


def test_the_map_counts_what_the_page_counts(desktop_page: Page) -> None:
    shown(desktop_page)
    expect(in_view(desktop_page)).to_contain_text(str(TOTAL))
    expect(desktop_page.locator(".map-drawing")).to_be_hidden()
    assert sum(int(text) for text in groups(desktop_page).all_inner_texts() if text) == TOTAL


def test_with_the_keys_alone_one_comes_to_the_page_of_a_structure(desktop_page: Page) -> None:
    shown(desktop_page)
    room = desktop_page.get_by_role("application")
    for _closer in range(12):
        group = groups(desktop_page).and_(desktop_page.get_by_label(": se rapprocher"))
        if not group.count():
            break
        before = in_view(desktop_page).inner_text()
        group.first.focus()
        desktop_page.keyboard.press("Enter")
        expect(room).to_be_focused()
        expect(in_view(desktop_page)).not_to_have_text(before)
    one = desktop_page.get_by_role("button", name="Association des voisins").or_(
        desktop_page.get_by_role("button", name="les lister")
    )
    one.first.focus()
    desktop_page.keyboard.press("Enter")
    link = desktop_page.locator(".essor-map__popup a").first
    expect(link).to_be_focused()
    assert "/annuaire/6" in (link.get_attribute("href") or "")
    expect(desktop_page.locator(".leaflet-popup")).to_have_css("opacity", "1")  # it fades in
    expect_no_axe_violations(desktop_page)
    desktop_page.keyboard.press("Escape")
    expect(desktop_page.locator(".essor-map__popup")).to_have_count(0)
    assert room.evaluate("room => room.contains(document.activeElement)")


def test_the_arrows_move_the_map(desktop_page: Page) -> None:
    shown(desktop_page)
    with desktop_page.expect_response("**/carte/points*"):
        for _far in range(12):
            desktop_page.get_by_role("button", name="Aller vers l’est").click()
    expect(in_view(desktop_page)).to_contain_text("0 structures")


def test_one_finger_scrolls_the_page_over_the_map(phone_page: Page) -> None:
    shown(phone_page)
    room = phone_page.get_by_role("application")
    assert "pan-y" in room.evaluate("room => getComputedStyle(room).touchAction")
    assert phone_page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    for button in groups(phone_page).all():
        box = button.bounding_box()
        assert box
        assert min(box["width"], box["height"]) >= 24


def test_without_script_a_drawing_and_a_list_say_the_same(page_without_script: Page) -> None:
    page_without_script.goto(MAP)
    drawing = page_without_script.get_by_role("img", name="240 structures")
    expect(drawing).to_be_visible()
    expect(page_without_script.locator(".map-words li").first).to_contain_text("Lille")
    expect(page_without_script.get_by_role("application")).to_have_count(0)


def test_on_paper_the_drawing_stands_for_the_map(desktop_page: Page) -> None:
    shown(desktop_page)
    desktop_page.emulate_media(media="print")
    expect(desktop_page.locator(".map-drawing")).to_be_visible()
    expect(desktop_page.get_by_role("application")).to_be_hidden()


@pytest.mark.parametrize("window", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_the_code_shows_the_map_in_another_site(
    open_page: Callable[..., Page], portal_address: str, other_site: OtherSite, window: dict
) -> None:
    page = open_page(**window)
    page.goto(f"{portal_address}{MAP}?famille=cooperative")
    page.get_by_text("Montrer cette carte sur un autre site").click()
    code = page.locator("#embed-map").input_value()
    page.goto(other_site.publish(code))
    frame = page.frame_locator("iframe")
    frame.locator("essor-map .leaflet-marker-pane button").first.scroll_into_view_if_needed()
    expect(frame.locator("essor-map [role=status]")).to_contain_text("60 structures")
    assert page.context.cookies() == []
    frame.get_by_role("link", name="La même chose en liste").click()
    page.wait_for_url(f"{portal_address}/annuaire/**")


def test_the_list_in_a_frame_leads_to_the_structure_in_the_page_around_it(
    open_page: Callable[..., Page], portal_address: str, other_site: OtherSite
) -> None:
    page = open_page(**DESKTOP)
    page.goto(
        other_site.publish(f'<iframe src="{portal_address}/annuaire/cadre" title="x"></iframe>')
    )
    expect(page.frame_locator("iframe").get_by_role("link").first).to_be_visible()
    expect_no_axe_violations(page)
    page.frame_locator("iframe").get_by_role("link", name="Association des voisins 0").click()
    page.wait_for_url(f"{portal_address}/annuaire/600000000/")
