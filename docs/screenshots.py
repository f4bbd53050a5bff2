"""Draw the screenshots of the documentation again, from the demonstration portal served here.

make demo        # in one terminal
make docs        # in another
"""

import argparse
import sys
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, sync_playwright

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tests import chromium

IMAGES = Path(__file__).resolve().parent / "images"
DESKTOP = {"width": 1280, "height": 1000}
PHONE = {"width": 375, "height": 812}
PAGES = {
    "dossier": "/dossiers/economie-sociale-et-solidaire/",
    "home": "/",
}


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
        browser.close()


def _take(browser: Browser, address: str, viewport: dict[str, int]) -> Image.Image:
    page = browser.new_page(viewport=viewport, color_scheme="light")
    page.goto(address)
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
