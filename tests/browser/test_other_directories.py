"""Other directories in a real browser: readers' pages, and the review by keyboard, without a script too."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.accessibility import expect_no_axe_violations


def test_the_other_directories_are_read_at_any_width(any_page: Page) -> None:
    any_page.goto("/annuaire/sources/")
    expect(any_page.get_by_role("heading", level=1)).to_have_text("Autres annuaires")
    expect_no_axe_violations(any_page)
    any_page.get_by_role("link", name="FINESS").click()
    expect(any_page.get_by_role("table")).to_be_visible()
    expect_no_axe_violations(any_page)
    wide = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
    assert not any_page.evaluate(wide)


def test_a_long_list_is_gone_through_without_a_script(page_without_script: Page) -> None:
    page = page_without_script
    page.goto("/annuaire/sources/")
    page.get_by_role("link", name="FINESS").click()
    first = page.get_by_role("row").nth(1).inner_text()
    page.get_by_role("link", name="Page suivante").click()
    expect(page.get_by_text("Page 2 sur")).to_be_visible()
    assert page.get_by_role("row").nth(1).inner_text() != first


@pytest.mark.parametrize("state", ["unmatched", "doubtful"])
def test_rows_are_reviewed_by_keyboard(staff_page: Page, state: str) -> None:
    page = staff_page
    page.goto("/gestion/register/directories/")
    page.get_by_role("link", name="lignes à vérifier").first.click()
    page.goto(f"{page.url.partition('?')[0]}?state={state}")
    choices = page.get_by_role("radio", name="Aucune de celles-ci")
    if not choices.count():
        expect(page.get_by_text("Aucune ligne n’est dans cet état.")).to_be_visible()
        return
    later = page.get_by_role("radio", name="Plus tard").first
    later.focus()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    expect(choices.first).to_be_checked()
    page.keyboard.press("Enter")
    expect(page.get_by_text("1 ligne a été décidée.")).to_be_visible()
