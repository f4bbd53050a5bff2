"""The browser and what it visits: a real server, wide and narrow windows, no script.

Every page made here is watched (`watching.py`): a console error, a breach of the security policy or
a request to a third party fails the test. A test that expects one looks into `faults` and clears it.
"""

import os
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, StorageState, expect

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


@pytest.fixture(scope="session")
def kept_pages() -> Iterator[dict[str, Page]]:
    """The pages that tests share, by the words of their windows."""
    pages: dict[str, Page] = {}
    yield pages
    for page in pages.values():
        page.context.close()


@pytest.fixture
def kept_page(
    faults: Faults,
    browser: Browser,
    browser_context_args: dict[str, Any],
    kept_pages: dict[str, Page],
) -> Iterator[Callable[..., Page]]:
    """Open a watched page that tests share one after the other, in a window of one's choice.

    A new page is five times slower than the next address in the same one. A test that gives the page
    something to keep (a route, a clock, a script, a listener) or that counts what is loaded asks
    `open_page` for its own.
    """
    lent: list[tuple[Page, dict[str, Any]]] = []

    def kept_page(**window: Any) -> Page:
        words = repr(sorted(window.items()))
        if words not in kept_pages:
            kept_pages[words] = browser.new_context(**browser_context_args, **window).new_page()
        page = kept_pages[words]
        faults.watch(page.context)
        lent.append((page, window))
        return page

    yield kept_page
    for page, window in lent:
        faults.leave(page.context)
        _put_back(page, window)


def _put_back(page: Page, window: dict[str, Any]) -> None:
    """Undo what a test does to a page, but for its address."""
    for other in page.context.pages:
        if other is not page:
            other.close()
    page.context.clear_cookies()
    page.emulate_media(media="null", color_scheme=window.get("color_scheme", "null"))
    page.set_viewport_size(window["viewport"])
    page.mouse.move(0, 0)


@pytest.fixture
def desktop_page(kept_page: Callable[..., Page]) -> Page:
    return kept_page(**DESKTOP)


@pytest.fixture
def phone_page(kept_page: Callable[..., Page]) -> Page:
    return kept_page(**PHONE)


@pytest.fixture
def page_without_script(kept_page: Callable[..., Page]) -> Page:
    return kept_page(**DESKTOP, java_script_enabled=False)


@pytest.fixture(params=["desktop", "phone"])
def any_page(request: pytest.FixtureRequest, kept_page: Callable[..., Page]) -> Page:
    """Run the test twice, wide and narrow."""
    return kept_page(**(DESKTOP if request.param == "desktop" else PHONE))


def sign_in(page: Page, home: Path) -> None:
    """Enter the staff screens as a network administrator, by the form."""
    page.goto("/gestion/login/")
    page.locator("[name=username]").fill(portal.ADMINISTRATOR)
    page.locator("[name=password]").fill(portal.password_of(portal.ADMINISTRATOR, home))
    page.locator("form[method=post] [type=submit]").click()
    page.wait_for_url("**/gestion/")


@pytest.fixture(scope="session")
def staff_session(
    browser: Browser, browser_context_args: dict[str, Any], built_portal: Path
) -> StorageState:
    """What the browser of a network administrator holds: signing in once serves all tests."""
    with browser.new_context(**browser_context_args) as context:
        sign_in(context.new_page(), built_portal)
        return context.storage_state()


@pytest.fixture
def open_staff_page(
    open_page: Callable[..., Page], staff_session: StorageState
) -> Callable[..., Page]:
    """Open a watched page where a network administrator has signed in, in a window of one's choice."""
    return partial(open_page, storage_state=staff_session)


@pytest.fixture
def staff_page(open_staff_page: Callable[..., Page]) -> Page:
    return open_staff_page(**DESKTOP)


@pytest.fixture
def staff_on_a_phone(open_staff_page: Callable[..., Page]) -> Page:
    return open_staff_page(**PHONE)


@pytest.fixture
def staff_without_script(open_staff_page: Callable[..., Page]) -> Page:
    return open_staff_page(**DESKTOP, java_script_enabled=False)
