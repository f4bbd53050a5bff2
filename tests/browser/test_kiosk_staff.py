"""The staff screens of kiosks in a real browser: live preview and count, keyboard, statistics, axe; what is counted."""

import http.server
import re
import threading
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest
from playwright.sync_api import FrameLocator, Locator, Page, expect

from tests.browser.accessibility import expect_no_axe_violations
from tests.browser.conftest import DESKTOP
from tests.browser.watching import Faults

KIOSKS = "/gestion/snippets/kiosk/kiosk/"
KIOSK = "/kiosques/economie-sociale-et-solidaire/"
COUNT = re.compile("/kiosques/economie-sociale-et-solidaire/vu$")


def address_of(page: Page, screen: str) -> str:
    page.goto(KIOSKS)
    form = page.get_by_role("link", name="À lire et à emprunter").first.get_attribute("href")
    return str(form).replace("/edit/", f"/{screen}/")


WATCHED = "addEventListener('w-unsaved:watch-edits', () => { document.documentElement.dataset.watched = '' })"


def open_form(page: Page) -> None:
    page.goto(address_of(page, "edit"))


def open_watched_form(page: Page) -> FrameLocator:
    """Open the form, wait until the framework looks at what changes, give the preview."""
    address = address_of(page, "edit")
    page.add_init_script(WATCHED)
    page.goto(address)
    preview = open_preview(page)
    expect(page.locator("html[data-watched]")).to_be_attached()
    return preview


def said(page: Page) -> Locator:
    return page.locator("[data-recount]")


def open_preview(page: Page) -> FrameLocator:
    toggle = page.get_by_role("button", name="Afficher/masquer la prévisualisation")
    if toggle.get_attribute("aria-expanded") != "true":
        toggle.click()
    return page.frame_locator("#w-preview-iframe")


def test_the_count_and_the_preview_follow_the_form(staff_page: Page) -> None:
    preview = open_watched_form(staff_page)
    expect(said(staff_page)).to_contain_text("le kiosque en montre 15")
    expect(preview.get_by_role("complementary")).to_contain_text("le kiosque en montre 15")

    staff_page.get_by_label("Nombre de couvertures").fill("2")

    expect(said(staff_page)).to_contain_text("le kiosque en montre 2")
    expect(preview.get_by_role("complementary")).to_contain_text("le kiosque en montre 2")
    staff_page.get_by_label("Nombre de couvertures").fill("0")
    expect(said(staff_page)).to_contain_text("Nombre de couvertures")


def test_the_arrows_choose_how_wide_the_preview_is(staff_page: Page) -> None:
    open_form(staff_page)
    expect(open_preview(staff_page).get_by_role("complementary")).to_be_visible()
    sizes = staff_page.locator("[name=preview-size]")
    sizes.first.focus()
    for width in (768, 1280, 375):
        staff_page.keyboard.press("ArrowRight")
        staff_page.wait_for_function(
            "width => document.querySelector('#w-preview-iframe').contentWindow.innerWidth === width",
            arg=width,
        )


def test_a_link_of_the_preview_does_not_leave_the_form(staff_page: Page, faults: Faults) -> None:
    open_form(staff_page)
    address = staff_page.url
    preview = open_preview(staff_page)
    staff_page.get_by_label("Nombre de couvertures").fill("3")
    with staff_page.expect_console_message(lambda message: "sandbox" in message.text.lower()):
        preview.locator("main a[href*='/catalogue/']").first.click()
    assert staff_page.url == address
    faults.found.clear()


def test_a_kiosk_is_made_with_the_keyboard(staff_page: Page) -> None:
    staff_page.goto(f"{KIOSKS}add/")
    expect(said(staff_page)).to_contain_text("Choisissez ici un panier")
    staff_page.get_by_label("Titre").press_sequentially("Fêtes de fin d’année")
    expect(staff_page.get_by_label("Nom court")).to_have_value(re.compile("fetes-de-fin"))
    choose = staff_page.get_by_role("button", name="Choisir un panier")
    choose.focus()
    staff_page.keyboard.press("Enter")
    dialog = staff_page.get_by_role("dialog")
    expect(dialog).to_be_focused()  # which it takes at the end of its opening
    dialog.get_by_role("link", name="Économie sociale").press("Enter")
    expect(said(staff_page)).to_contain_text("le kiosque en montre 15")
    expect(open_preview(staff_page).get_by_role("complementary")).to_contain_text("en montre 15")

    staff_page.get_by_role("button", name="Enregistrer").click()
    staff_page.wait_for_url("**/edit/*/")
    expect(staff_page.get_by_text("Montrer ce kiosque sur un autre site")).to_be_visible()
    staff_page.get_by_text("Montrer ce kiosque sur un autre site").click()
    expect(staff_page.locator("[readonly]").first).to_have_value(re.compile("<iframe .*fetes-de"))


def test_without_script_a_button_counts(staff_without_script: Page) -> None:
    page = staff_without_script
    open_form(page)
    page.get_by_label("Nombre de couvertures").fill("4")
    page.get_by_role("button", name="Compter").click()
    expect(said(page)).to_contain_text("le kiosque en montre 4")
    expect(page.get_by_label("Nombre de couvertures")).to_have_value("4")


def test_every_screen_satisfies_axe(staff_page: Page) -> None:
    screens = ["", "add/"]
    for screen in screens:
        staff_page.goto(KIOSKS + screen)
        expect_no_axe_violations(staff_page)
    for screen in ("edit", "statistics", "usage"):
        staff_page.goto(address_of(staff_page, screen))
        expect_no_axe_violations(staff_page)


def test_every_screen_fits_a_phone(staff_on_a_phone: Page) -> None:
    page = staff_on_a_phone
    addresses = [KIOSKS, f"{KIOSKS}add/"]
    addresses += [address_of(page, screen) for screen in ("edit", "statistics")]
    for address in addresses:
        page.goto(address)
        expect_no_axe_violations(page)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), address


# What is counted


def counted(page: Page, act: Callable[[], object]) -> str:
    """What the page tells when this is done."""
    with page.expect_request(COUNT) as told:
        act()
    return str(told.value.post_data)


def test_a_kiosk_is_counted_once_seen_and_its_records_once_opened(
    desktop_page: Page, staff_on_a_phone: Page
) -> None:
    assert counted(desktop_page, lambda: desktop_page.goto(KIOSK)) == "quoi=vu&site="
    link = desktop_page.locator("main a[href*='/catalogue/']").first
    number = re.search(r"/catalogue/(\d+)/", str(link.get_attribute("href")))[1]
    assert counted(desktop_page, link.click) == f"quoi=clic&notice={number}&site="
    desktop_page.wait_for_url("**/catalogue/*/")
    assert desktop_page.context.cookies() == []

    page = staff_on_a_phone
    page.goto(address_of(page, "statistics"))
    expect(page.get_by_role("img", name="Affichages")).to_be_visible()
    expect(page.get_by_role("row", name=re.compile("Le portail lui-même"))).to_be_visible()
    page.get_by_text("Jour par jour").click()
    expect_no_axe_violations(page)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_who_asks_not_to_be_followed_tells_nothing(open_page: Callable[..., Page]) -> None:
    page = open_page(**DESKTOP)
    page.add_init_script(
        "Object.defineProperty(Navigator.prototype, 'globalPrivacyControl', { get: () => true })"
    )
    told: list[str] = []
    page.on("request", lambda request: told.append(request.url))
    page.goto(KIOSK)
    page.locator("main a[href*='/catalogue/']").first.click()
    page.wait_for_url("**/catalogue/*/")
    assert not any(COUNT.search(address) for address in told)


class QuietHandler(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *args: object) -> None:
        """Say nothing."""


@pytest.fixture
def other_site(tmp_path: Path, portal_address: str) -> Iterator[str]:
    """The address of a page of another site with the frame of a kiosk, far below the fold."""
    frame = f'<iframe src="{portal_address}{KIOSK}cadre" title="Kiosque" width="100%" height="350"></iframe>'
    page = f"<!doctype html><html lang=fr><title>Ailleurs</title><p style='height:3000px'>Haut</p>{frame}"
    (tmp_path / "index.html").write_text(page, encoding="utf-8")
    handler = partial(QuietHandler, directory=str(tmp_path))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://localhost:{server.server_port}/"
    server.shutdown()
    server.server_close()
    thread.join()


def test_a_frame_of_another_site_is_counted_under_its_name_once_it_is_seen(
    new_context: Callable[..., object], other_site: str
) -> None:
    context = new_context(**DESKTOP)
    page = context.new_page()
    told: list[str] = []
    page.on("request", lambda request: told.append(request.url))
    page.goto(other_site)
    expect(page.frame_locator("iframe").locator("a").first).to_be_attached()
    assert not any(COUNT.search(address) for address in told)

    scroll = page.locator("iframe").scroll_into_view_if_needed
    assert counted(page, scroll) == "quoi=vu&site=localhost"
    link = page.frame_locator("iframe").locator("a[href*='/catalogue/']").first
    assert counted(page, link.click).endswith("&site=localhost")
    assert context.cookies() == []
