"""What axe finds wrong on a page, in words that lead to the place."""

import json

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

SCRIPT = Axe().axe_script
VIOLATIONS = {"resultTypes": ["violations"]}
OF_COLOURS = {**VIOLATIONS, "runOnly": ["color-contrast", "link-in-text-block"]}
"""The rules that depend on whether the page is light or dark; the others would say the same twice."""


def expect_no_axe_violations(page: Page) -> None:
    """Fail with each rule that the page breaks, and the elements that break it."""
    _expect_none(page, VIOLATIONS)


def expect_no_axe_violations_light_or_dark(page: Page) -> None:
    """The same, for a reader whose device is light and for one whose device is dark."""
    for scheme, options in (("light", VIOLATIONS), ("dark", OF_COLOURS)):
        page.emulate_media(color_scheme=scheme)
        page.evaluate("document.getAnimations().forEach(change => change.finish())")
        _expect_none(page, options)
    page.emulate_media(color_scheme="light")


def _expect_none(page: Page, options: dict) -> None:
    if not page.evaluate("'axe' in window"):
        page.evaluate(SCRIPT)
    violations = page.evaluate(f"axe.run({json.dumps(options)}).then(found => found.violations)")
    assert not violations, "\n".join([f"axe at {page.url}:", *map(_told, violations)])


def _told(violation: dict) -> str:
    places = "\n".join(
        f"    {' '.join(map(str, node['target']))}: {node['html'][:160]}"
        for node in violation["nodes"]
    )
    return f"  {violation['id']} ({violation['impact']}): {violation['help']}\n{places}"
