"""The page of a structure under the hand, and the form by which readers claim or correct it."""

import subprocess
import sys
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.accessibility import expect_no_axe_violations
from tests.browser.portal import environment_of

SIREN = "784412457"
STRUCTURE = f"/annuaire/{SIREN}/"
FORM = f"{STRUCTURE}corriger/"
SLOWLY_MS = 60
"""Between two keys, as people type: a form filled in at once is taken for a machine's."""

ONE_STRUCTURE = f"""
import django
django.setup()
from datetime import date
from essor.register.models import LegalUnit, StructureProfile, StructureTag
from tests.register.factories import ApprovalFactory, EstablishmentFactory, LegalUnitFactory
if not LegalUnit.objects.filter(siren="{SIREN}").exists():
    from essor.territory.models import Territory
    lille = Territory.objects.get(kind="commune", code="59350")
    unit = LegalUnitFactory(
        siren="{SIREN}", name="LES AMIS DU LIVRE", sector="culture", commune=lille,
        created_on=date(1998, 3, 1), headcount_band="11", headcount_year=2023, rna="W595000123",
    )
    EstablishmentFactory(unit=unit)
    EstablishmentFactory(unit=unit, is_head_office=False, name="L’atelier", is_partial=True)
    ApprovalFactory(siren="{SIREN}", starts_on=date(2024, 1, 1))
    profile = StructureProfile.objects.create(
        siren="{SIREN}", description="Une librairie.", web_site="https://amis.example.org/",
        opening_hours="Lundi : 10 h",
    )
    profile.tags.set(StructureTag.objects.all()[:3])
"""


@pytest.fixture(scope="module", autouse=True)
def a_structure(portal_address: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Put one structure in the portal that this process of the tests has for itself."""
    home = tmp_path_factory.getbasetemp() / "home"
    subprocess.run(
        [sys.executable, "-c", ONE_STRUCTURE],
        env=environment_of(home) | {"PYTHONPATH": ":".join(filter(None, sys.path))},
        cwd=Path(__file__).parents[2],
        check=True,
    )


@pytest.mark.parametrize("address", [STRUCTURE, FORM, "/annuaire/est-ce-de-l-ess/?q=amis"])
def test_axe_finds_nothing(any_page: Page, address: str) -> None:
    any_page.goto(address)
    expect_no_axe_violations(any_page)
    width = any_page.viewport_size["width"]
    assert any_page.evaluate("document.documentElement.scrollWidth") == width


def test_axe_finds_nothing_in_a_form_that_was_refused(any_page: Page) -> None:
    any_page.goto(FORM)
    any_page.get_by_role("button", name="Envoyer").click()
    expect(any_page.get_by_role("alert")).to_contain_text("n’est pas encore envoyé")
    expect_no_axe_violations(any_page)
    any_page.get_by_role("alert").get_by_role("link", name="Votre adresse de courriel").click()
    expect(any_page.get_by_label("Votre adresse de courriel")).to_be_focused()


def test_a_correction_is_sent_without_script(page_without_script: Page) -> None:
    page = page_without_script
    page.goto(STRUCTURE)
    page.get_by_role("link", name="Revendiquer ou corriger cette fiche").click()
    page.get_by_label("Autre chose").press_sequentially(
        "L’atelier de lecture a changé d’adresse au printemps.", delay=SLOWLY_MS
    )
    page.get_by_label("Votre adresse de courriel").fill("jeanne@example.org")
    page.get_by_role("button", name="Envoyer").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("regardez vos courriels")
    assert not page.context.cookies()


def test_people_never_reach_the_field_that_is_for_machines(desktop_page: Page) -> None:
    desktop_page.goto(FORM)
    desktop_page.get_by_label("Votre adresse de courriel").focus()
    desktop_page.keyboard.press("Tab")
    expect(desktop_page.get_by_role("button", name="Envoyer")).to_be_focused()
    expect(desktop_page.get_by_role("textbox", name="Laissez ce champ vide")).to_have_count(0)
