"""The staff screens of the catalogue in a real browser: keyboard, drag, live preview, no script, axe."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.accessibility import expect_no_axe_violations
from tests.browser.conftest import DESKTOP

THREE = Path(__file__).parents[1] / "data" / "marc" / "three.mrc"
CATALOGUE = "/gestion/catalogue/"
SCREENS = [
    "notices/",
    "paniers/",
    "paniers/new/",
    "imports/",
    "imports/new/",
    "profils/",
    "profils/shipped/koha-france/",
    "profils/shipped/koha-france/correct/",
    "bibliotheques/",
    "recherches/",
    "recherches/new/",
    "sources/",
]


def open_basket(page: Page) -> None:
    page.goto(CATALOGUE + "paniers/")
    page.get_by_role("link", name="Économie sociale et solidaire").first.click()
    page.wait_for_url("**/contents/*/")


def titles(page: Page) -> list[str]:
    return page.locator(".basket__table tbody .title-wrapper").all_inner_texts()


def test_every_screen_satisfies_axe(staff_page: Page) -> None:
    for screen in SCREENS:
        staff_page.goto(CATALOGUE + screen)
        expect_no_axe_violations(staff_page)
    open_basket(staff_page)
    expect_no_axe_violations(staff_page)


def test_every_screen_fits_a_phone(staff_on_a_phone: Page) -> None:
    for screen in SCREENS:
        staff_on_a_phone.goto(CATALOGUE + screen)
        expect_no_axe_violations(staff_on_a_phone)
        assert staff_on_a_phone.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_the_arrows_move_a_record_of_a_basket_and_its_number_follows(staff_page: Page) -> None:
    open_basket(staff_page)
    before = titles(staff_page)
    handle = staff_page.locator(".w-orderable__item__handle").nth(0)
    handle.focus()
    staff_page.keyboard.press("ArrowDown")
    with staff_page.expect_response(re.compile("/move/")):
        staff_page.keyboard.press("Enter")

    expect(staff_page.locator("[data-place]").nth(0)).to_have_value("1")
    staff_page.reload()
    assert titles(staff_page)[:2] == [before[1], before[0]]


def test_a_basket_is_given_to_the_network_once_that_is_confirmed(staff_page: Page) -> None:
    staff_page.goto(f"{CATALOGUE}paniers/new/")
    staff_page.locator("[name=name]").fill("À donner")
    staff_page.get_by_role("button", name="Créer").click()
    staff_page.wait_for_url("**/contents/*/")
    staff_page.get_by_role("link", name="Donner au réseau").click()
    staff_page.wait_for_url("**/give/*/")
    expect_no_axe_violations(staff_page)
    staff_page.get_by_role("button", name="Donner au réseau").click()

    expect(staff_page.get_by_text("appartient maintenant au réseau")).to_be_visible()


def test_a_record_of_a_basket_is_dragged(staff_page: Page) -> None:
    open_basket(staff_page)
    before = titles(staff_page)
    rows = staff_page.locator(".basket__table tbody tr")
    with staff_page.expect_response(re.compile("/move/")):
        rows.nth(2).locator(".w-orderable__item__handle").drag_to(
            rows.nth(0).locator(".w-orderable__item__handle")
        )
    staff_page.reload()
    assert titles(staff_page)[0] == before[2]


def test_without_script_a_record_of_a_basket_moves_by_its_number(
    staff_without_script: Page,
) -> None:
    page = staff_without_script
    open_basket(page)
    before = titles(page)
    page.locator("[data-place]").nth(3).fill("1")
    page.get_by_role("button", name="Enregistrer les places").click()
    assert titles(page)[0] == before[3]


def test_a_search_counts_while_one_writes(staff_page: Page) -> None:
    staff_page.goto(CATALOGUE + "recherches/new/")
    expect(staff_page.locator(".found__count")).to_contain_text("Aucun critère")
    staff_page.get_by_label("Mots").fill("économie")
    expect(staff_page.locator(".found__count")).to_contain_text(re.compile(r"trouve \d+ notice"))
    expect(staff_page.locator(".found__cover").first).to_be_visible()
    expect_no_axe_violations(staff_page)


def test_without_script_a_search_counts_by_its_button(staff_without_script: Page) -> None:
    page = staff_without_script
    page.goto(CATALOGUE + "recherches/new/")
    page.get_by_label("Mots").fill("économie")
    page.get_by_role("button", name="Prévisualiser").click()
    expect(page.locator(".found__count")).to_contain_text(re.compile(r"trouve \d+ notice"))


@pytest.mark.parametrize("has_script", [True, False])
def test_a_file_goes_from_its_drop_to_its_import(
    open_staff_page: Callable[..., Page], has_script: bool
) -> None:
    page = open_staff_page(**DESKTOP, java_script_enabled=has_script)
    page.goto(CATALOGUE + "imports/new/")
    page.locator("input[type=file]").set_input_files(THREE)
    page.get_by_role("button", name="Voir ce qu’il contient").click()
    page.wait_for_url("**/new/*-*/")
    expect(page.get_by_role("heading", name="Les accents sont-ils justes")).to_be_visible()
    if has_script:
        expect_no_axe_violations(page)
    page.get_by_label("Source", exact=True).select_option("")
    page.get_by_label("Nom du nouveau SIGB").fill(f"Essai {has_script}")
    page.get_by_role("button", name="Lancer l’import").click()
    page.wait_for_url("**/inspect/*/")
    expect(page.locator("#import-progress")).to_contain_text(re.compile("attente|cours|terminé"))
    if has_script:
        expect_no_axe_violations(page)


def test_all_records_of_a_page_are_ticked_at_once(staff_page: Page) -> None:
    staff_page.goto(CATALOGUE + "notices/")
    staff_page.get_by_label("Cocher toutes les notices de cette page").check()
    boxes = staff_page.locator("input[name=record]")
    expect(boxes.first).to_be_checked()
    expect(boxes.last).to_be_checked()


def test_the_report_fits_a_phone(staff_on_a_phone: Page) -> None:
    staff_on_a_phone.goto(CATALOGUE + "imports/")
    staff_on_a_phone.locator(".title a").first.click()
    staff_on_a_phone.wait_for_url("**/inspect/*/")
    expect_no_axe_violations(staff_on_a_phone)
    assert staff_on_a_phone.evaluate("document.documentElement.scrollWidth <= innerWidth")
