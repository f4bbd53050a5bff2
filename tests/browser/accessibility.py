"""What axe finds wrong on a page, in words that lead to the place."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page


def expect_no_axe_violations(page: Page) -> None:
    """Fail with each rule that the page breaks, and the elements that break it."""
    violations = Axe().run(page).response["violations"]
    assert not violations, "\n".join([f"axe at {page.url}:", *map(_told, violations)])


def _told(violation: dict) -> str:
    places = "\n".join(
        f"    {' '.join(map(str, node['target']))}: {node['html'][:160]}"
        for node in violation["nodes"]
    )
    return f"  {violation['id']} ({violation['impact']}): {violation['help']}\n{places}"
