"""The browser and what it visits: a real server, wide and narrow windows, light and dark, no script.

Every page made here is watched (`watching.py`): a console error, a breach of the security policy or
a request to a third party fails the test. A test that expects one looks into `faults` and clears it.
"""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests import chromium
from tests.browser import portal
from tests.browser.other_site import OtherSite, other_site_served
from tests.browser.watching import Faults

HERE = Path(__file__).parent
DESKTOP: dict[str, Any] = {"viewport": {"width": 1280, "height": 900}}
PHONE: dict[str, Any] = {
    "viewport": {"width": 375, "height": 812},
    "device_scale_factor": 2,
    "is_mobile": True,
    "has_touch": True,
}

expect.set_options(timeout=10_000)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if HERE in item.path.parents:
            item.add_marker("browser")


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    path = chromium.find()
    if not path and os.environ.get("CI"):
        pytest.fail("No Chromium or Chrome on this machine, and in CI every test must run.")
    if not path:
        pytest.skip("No Chromium or Chrome on this machine.")
    return {**browser_type_launch_args, "executable_path": path, "args": chromium.arguments()}


@pytest.fixture(scope="session")
def built_portal(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """Home of the demonstration, built once for all processes of the tests and never changed."""
    own = tmp_path_factory.getbasetemp()
    return portal.built_home(own if worker_id == "master" else own.parent)


@pytest.fixture(scope="session")
def portal_address(built_portal: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of a portal that this process of the tests has for itself."""
    home = portal.copied_home(built_portal, tmp_path_factory.getbasetemp())
    with portal.served(home) as address:
        yield address


@pytest.fixture(scope="session")
def base_url(portal_address: str) -> str:
    """Let a page go to "/"."""
    return portal_address


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    return {**browser_context_args, "locale": "fr-FR"}


@pytest.fixture
def faults(portal_address: str) -> Iterator[Faults]:
    faults = Faults(portal_address)
    yield faults
    assert not faults.found


@pytest.fixture
def open_page(faults: Faults, new_context: Callable[..., Any]) -> Callable[..., Page]:
    """Open a watched page in a window of one's choice: `open_page(**PHONE, color_scheme="dark")`."""

    def open_page(**window: Any) -> Page:
        context = new_context(**window)
        faults.watch(context)
        return context.new_page()

    return open_page


@pytest.fixture
def other_site(faults: Faults) -> Iterator[OtherSite]:
    """Serve a site of another origin, which watched pages may visit."""
    with other_site_served() as site:
        faults.others.add(f"localhost:{site.port}")
        yield site


@pytest.fixture
def desktop_page(open_page: Callable[..., Page]) -> Page:
    return open_page(**DESKTOP)


@pytest.fixture
def phone_page(open_page: Callable[..., Page]) -> Page:
    return open_page(**PHONE)


@pytest.fixture
def page_without_script(open_page: Callable[..., Page]) -> Page:
    return open_page(**DESKTOP, java_script_enabled=False)


@pytest.fixture(params=["desktop-light", "desktop-dark", "phone-light", "phone-dark"])
def any_page(request: pytest.FixtureRequest, open_page: Callable[..., Page]) -> Page:
    """Run the test four times: wide and narrow, light and dark."""
    window, scheme = request.param.split("-")
    return open_page(**(DESKTOP if window == "desktop" else PHONE), color_scheme=scheme)


@pytest.fixture
def staff_page(desktop_page: Page, built_portal: Path) -> Page:
    """Open a page where a network administrator has signed in."""
    desktop_page.goto("/gestion/login/")
    desktop_page.locator("[name=username]").fill(portal.ADMINISTRATOR)
    desktop_page.locator("[name=password]").fill(
        portal.password_of(portal.ADMINISTRATOR, built_portal)
    )
    desktop_page.locator("form[method=post] [type=submit]").click()
    desktop_page.wait_for_url("**/gestion/")
    return desktop_page
