"""The path of a project and the innovation catalogue under the hand: axe, keys, no script, phone, staff."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.accessibility import expect_no_axe_violations

START = "/entreprendre/"
ANSWER = "/entreprendre/parcours/?avancement=projet&besoin=essai&nombre=deux&but=indecis"
LIST = "/innovations/"


@pytest.mark.parametrize(
    "address",
    [
        START,
        "/entreprendre/parcours/",
        "/entreprendre/parcours/?avancement=projet&besoin=essai",
        ANSWER,
        "/entreprendre/formes/",
        LIST,
        "/annuaire/telecharger/",
        "/annuaire/guides/",
    ],
)
def test_axe_finds_nothing(any_page: Page, address: str) -> None:
    any_page.goto(address)
    expect_no_axe_violations(any_page)
    assert any_page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_the_path_is_followed_and_walked_back_without_script(page_without_script: Page) -> None:
    page = page_without_script
    page.goto(START)
    page.get_by_role("link", name="Commencer").click()
    for step, choice in enumerate(
        ("Une idée", "Essayer l’activité", "Une personne", "Nous ne savons pas encore"), 1
    ):
        expect(page.get_by_text(f"Étape {step} sur 4")).to_be_visible()
        page.get_by_role("link", name=choice).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Ce qui convient à votre projet")
    expect(page.get_by_role("heading", level=3).first).to_contain_text("CAE")
    page.get_by_role("link", name="Retour").click()
    expect(page.get_by_text("Étape 4 sur 4")).to_be_visible()
    page.get_by_role("link", name="Modifier : Avancement").click()
    expect(page.get_by_text("Étape 1 sur 4")).to_be_visible()


def test_the_path_is_followed_with_the_keyboard(desktop_page: Page) -> None:
    desktop_page.goto("/entreprendre/parcours/")
    first = desktop_page.get_by_role("link", name="Une idée")
    first.focus()
    desktop_page.keyboard.press("Enter")
    expect(desktop_page.get_by_text("Étape 2 sur 4")).to_be_visible()


def test_an_initiative_that_staff_describe_is_found_by_readers(
    staff_page: Page, page_without_script: Page
) -> None:
    staff_page.goto("/gestion/snippets/register/initiative/add/")
    staff_page.locator("[name=title]").fill("Le Nid partagé")
    staff_page.locator("[name=summary]").fill(
        "Une épicerie tenue par celles et ceux qui y achètent."
    )
    staff_page.locator("[name=kind]").select_option("lieu")
    staff_page.locator("[name=stage]").select_option("en-marche")
    staff_page.locator("[name=theme]").select_option(label="Alimentation et agriculture")
    staff_page.locator("[name=is_published]").check()
    expect(staff_page.locator("[name=slug]")).to_have_value("le-nid-partage")
    staff_page.get_by_role("button", name="Enregistrer").first.click()
    staff_page.wait_for_url("**/initiative/")

    page = page_without_script
    page.goto(LIST)
    page.get_by_label("Mots d’une innovation").fill("epicerie")
    page.get_by_role("button", name="Chercher", exact=True).last.click()
    page.get_by_role("link", name="Le Nid partagé").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Le Nid partagé")

    staff_page.goto(LIST)
    expect_no_axe_violations(staff_page)
