"""The guards of the browser do guard."""

from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.browser.accessibility import expect_no_axe_violations
from tests.browser.conftest import sign_in
from tests.browser.watching import Faults

LOGIN = "/gestion/login/"


def test_an_administrator_signs_in_without_a_fault(desktop_page: Page, built_portal: Path) -> None:
    sign_in(desktop_page, built_portal)
    assert desktop_page.get_by_role("navigation").first.is_visible()


def test_an_error_in_the_console_is_a_fault(desktop_page: Page, faults: Faults) -> None:
    desktop_page.goto(LOGIN)
    desktop_page.evaluate("console.error('cassé')")

    assert "cassé" in faults.found[0]
    faults.found.clear()


def test_a_breach_of_the_policy_and_a_third_party_are_faults(
    desktop_page: Page, faults: Faults
) -> None:
    desktop_page.goto(LOGIN)
    with desktop_page.expect_event("console"):
        desktop_page.evaluate("fetch('http://tiers.invalid/').catch(() => {})")

    assert any("Content Security Policy" in fault for fault in faults.found)
    faults.found.clear()


def test_a_page_without_alternative_text_breaks_the_rules_of_axe(desktop_page: Page) -> None:
    desktop_page.set_content("<main lang=fr><h1>Livres</h1><img src='data:,'></main>")

    with pytest.raises(AssertionError, match="image-alt"):
        expect_no_axe_violations(desktop_page)


def test_no_script_runs_in_a_page_without_script(page_without_script: Page) -> None:
    page_without_script.goto(LOGIN)
    page_without_script.set_content("<noscript><p>Sans script</p></noscript>")

    assert page_without_script.get_by_text("Sans script").is_visible()


def test_the_phone_is_narrow(phone_page: Page) -> None:
    phone_page.goto(LOGIN)

    assert phone_page.evaluate("innerWidth") == 375
