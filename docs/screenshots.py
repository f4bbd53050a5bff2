"""Draw the screenshots of the documentation again, from the demonstration portal served here.

make demo        # in one terminal
make docs        # in another

The staff screens are taken with the accounts of the demonstration, whose file is in ESSOR_HOME.
"""

import argparse
import os
import sys
from collections.abc import Callable
from pathlib import Path

import django
from django.conf import settings
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "essor.settings")
django.setup()

from essor.demo.management.commands.demo import ACCOUNTS
from essor.demo.services.accounts import read_accounts
from tests import chromium

ROOT = Path(__file__).resolve().parent.parent
IMAGES = ROOT / "docs" / "images"
DESKTOP = {"width": 1280, "height": 1000}
PHONE = {"width": 375, "height": 812}
PAGES = {
    "dossier": "/dossiers/economie-sociale-et-solidaire/",
    "home": "/",
    "catalogue": "/catalogue/?q=travail",
    "kiosk": "/kiosques/defile-de-couvertures/",
}
RECORDS = ROOT / "src" / "essor" / "demo" / "data" / "records.mrc"


def main() -> None:
    """Take each page on a desktop and on a phone, side by side in one picture."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--address", default="http://127.0.0.1:8000", help="where the portal answers"
    )
    address = parser.parse_args().address
    IMAGES.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium.find_or_get(), args=chromium.arguments()
        )
        for name, path in PAGES.items():
            desktop = _take(browser, address + path, DESKTOP)
            phone = _take(browser, address + path, PHONE)
            _side_by_side(desktop, phone).save(IMAGES / f"{name}.png", optimize=True)
            print(f"docs/images/{name}.png")
        staff = _signed_in(browser, address, settings.HOME / ACCOUNTS)
        for name, (path, act) in STAFF_SCREENS.items():
            picture = _take_screen(staff, address + path, act)
            picture.quantize(128).save(IMAGES / f"{name}.png", optimize=True)
            print(f"docs/images/{name}.png")
        browser.close()


def _signed_in(browser: Browser, address: str, accounts: Path) -> BrowserContext:
    """Sign in as the administrator of the demonstration. Raises SystemExit without its file."""
    known = read_accounts(accounts)
    if not known:
        sys.exit(
            f"{accounts}: no account of the demonstration there; ESSOR_HOME says where its data are."
        )
    context = browser.new_context(viewport=DESKTOP, color_scheme="light", locale="fr-FR")
    page = context.new_page()
    page.goto(f"{address}/gestion/login/")
    page.fill("input[name=username]", known[0].username)
    page.fill("input[name=password]", known[0].password)
    page.click("button[type=submit]")
    page.wait_for_load_state("networkidle")
    page.close()
    return context


def _drop_records(page: Page) -> None:
    """Drop the records of the demonstration, to show what is understood of them; nothing is imported."""
    page.set_input_files("input[type=file]", RECORDS)
    page.click("main button[type=submit]")
    page.wait_for_load_state("networkidle")


def _open_kiosk(page: Page) -> None:
    """Open the form of the first kiosk, with its preview beside it."""
    page.click("td.title a")
    page.get_by_role("button", name="Afficher/masquer la prévisualisation").click()
    page.wait_for_timeout(3_000)  # the preview follows the form after a moment


STAFF_SCREENS: dict[str, tuple[str, Callable[[Page], None]]] = {
    "import": ("/gestion/catalogue/imports/new/", _drop_records),
    "baskets": ("/gestion/catalogue/paniers/", lambda page: page.click("td.title a")),
    "kiosk-form": ("/gestion/snippets/kiosk/kiosk/", _open_kiosk),
    "saved-searches": ("/gestion/catalogue/recherches/", lambda page: page.click("td.title a")),
}


def _take_screen(staff: BrowserContext, address: str, act: Callable[[Page], None]) -> Image.Image:
    page = staff.new_page()
    page.goto(address)
    act(page)
    return _picture_of(page)


def _take(browser: Browser, address: str, viewport: dict[str, int]) -> Image.Image:
    page = browser.new_page(viewport=viewport, color_scheme="light")
    page.goto(address)
    return _picture_of(page)


def _picture_of(page: Page) -> Image.Image:
    page.wait_for_load_state("networkidle")
    path = IMAGES / "shot.png"
    page.screenshot(path=path)
    page.close()
    with Image.open(path) as picture:
        copy = picture.convert("RGB")
    path.unlink()
    return copy


def _side_by_side(desktop: Image.Image, phone: Image.Image) -> Image.Image:
    gap, height = 40, desktop.height
    both = Image.new("RGB", (desktop.width + phone.width + 3 * gap, height + 2 * gap), "#d9d0c3")
    both.paste(desktop, (gap, gap))
    both.paste(phone, (desktop.width + 2 * gap, gap))
    return both.quantize(128).convert("P")


if __name__ == "__main__":
    main()
