"""Snippets of the founding portal, in the page of another site where they were pasted years ago."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Frame, Page, expect

from tests.browser.accessibility import expect_no_axe_violations
from tests.browser.conftest import DESKTOP, PHONE
from tests.browser.other_site import OtherSite

SNIPPET = (
    '<iframe width="100%" height="127" scrolling="no" frameborder="0" title="Kiosque "'
    ' style="border: 0; overflow: hidden" src="{portal}/java/kiosque/titre/Kiosque+/style_liste'
    "/slide_show/nb_notices/15/only_img/0/aleatoire/0/tri/1/nb_analyse/30/op_hauteur_img/120"
    "/op_transition//op_largeur_img/90/op_hauteur_boite/0/op_captions/0/op_autoplay/0/op_visible/0"
    "/op_speed/0/op_auto/0/op_scroll/1/rss_avis/1/id_catalogue/0/id_panier/37/profil_redirect//boite"
    "/boite_de_la_division_du_milieu/id_module/2/id_profil/140/vue/slide_show?titre=Kiosque%2B"
    "&style_liste=slide_show&nb_notices=15&only_img=0&aleatoire=0&tri=1&nb_analyse=30"
    "&op_hauteur_img=120&op_transition=&op_largeur_img=90&op_hauteur_boite=0&op_captions=0"
    "&op_autoplay=0&op_visible=0&op_speed=0&op_auto=0&op_scroll=1&rss_avis=1&id_catalogue=0"
    "&id_panier=37&profil_redirect=&boite=boite_de_la_division_du_milieu&id_module=2&id_profil=140"
    '&vue=slide_show">&nbsp;</iframe>'
)
"""What the founding page shows (facts.yaml), but for its host."""

HEIGHTS_PX = {
    "slide_show": 117,
    "protoflow": 350,
    "cube": 170,
    "diaporama": 160,
    "jcarousel": 130,
    "mycarousel_horizontal": 115,
    "mycarousel_vertical": 345,
    "coverflow": 270,
    "carrousel_horizontal": 310,
    "carrousel_vertical": 500,
    "dockmenu_horizontal": 170,
    "dockmenu_vertical": 300,
    "pyramid_gallery": 290,
}
"""The height that the founding portal gave to the frame of each style, with its usual covers."""

ONE_OF_EACH_DISPLAY = ("jcarousel", "protoflow", "cube", "mycarousel_vertical", "pyramid_gallery")

windows = pytest.mark.parametrize("window", [DESKTOP, PHONE], ids=["desktop", "phone"])
scripts = pytest.mark.parametrize("with_script", [True, False], ids=["script", "no-script"])


def snippet_of(portal: str, style: str) -> str:
    address = f"{portal}/java/kiosque/id_panier/37/only_img/0/aleatoire/0/vue/{style}"
    height = HEIGHTS_PX[style]
    return (
        f'<iframe src="{address}" height="{height}" width="100%" scrolling="no" frameborder="0"'
        ' style="border: 0; overflow: hidden" title="Kiosque">&nbsp;</iframe>'
    )


def boxes(frame: Frame, selector: str) -> list[dict[str, float]]:
    return [one.bounding_box() for one in frame.locator(selector).all()]


def frame_in(page: Page) -> Frame:
    expect(page.frame_locator("iframe").locator(".kiosk__link").first).to_be_attached()
    return page.frames[1]


@windows
@scripts
def test_the_snippet_of_the_founding_page_shows_fifteen_covers_in_127_pixels(
    kept_page: Callable[..., Page],
    portal_address: str,
    other_site: OtherSite,
    window: dict,
    with_script: bool,
) -> None:
    page = kept_page(**window, java_script_enabled=with_script, reduced_motion="reduce")
    page.goto(other_site.publish(SNIPPET.format(portal=portal_address)))
    frame = frame_in(page)
    links = frame.locator(".kiosk__link")
    expect(links).to_have_count(15)
    around = page.locator("iframe").bounding_box()
    assert around["height"] == 127
    for cover in boxes(frame, ".kiosk__cover"):
        assert cover["height"] >= 100
        assert cover["y"] >= around["y"]
        assert cover["y"] + cover["height"] <= around["y"] + 127
    assert page.context.cookies() == []
    if with_script:
        assert frame.evaluate(
            "(e => [e.scrollWidth - innerWidth, e.scrollHeight - innerHeight])(document.documentElement)"
        ) == [0, 0]
        assert (
            frame.evaluate(
                "e => e.offsetHeight - e.clientHeight", frame.query_selector("[data-window]")
            )
            == 0
        )
    links.last.focus()
    expect(links.last).to_be_in_viewport()
    links.last.scroll_into_view_if_needed()
    last, around = links.last.bounding_box(), page.locator("iframe").bounding_box()
    assert last["x"] + last["width"] <= around["x"] + around["width"] + 1
    title = links.first.locator(".kiosk__title").text_content()
    links.first.scroll_into_view_if_needed()
    links.first.click()
    page.wait_for_url(f"{portal_address}/catalogue/**")
    expect(page.get_by_role("heading", level=1)).to_contain_text(title[:10])


@pytest.mark.parametrize(
    ("style", "window"),
    [
        *((style, DESKTOP) for style in HEIGHTS_PX),
        *((style, PHONE) for style in ONE_OF_EACH_DISPLAY),
    ],
)
def test_each_style_stands_in_the_frame_it_had(
    kept_page: Callable[..., Page],
    portal_address: str,
    other_site: OtherSite,
    window: dict,
    style: str,
) -> None:
    page = kept_page(**window, reduced_motion="reduce")
    page.goto(other_site.publish(snippet_of(portal_address, style)))
    frame = frame_in(page)
    expect(frame.locator(".kiosk__link")).to_have_count(15)
    expect(frame.locator("essor-covers:defined")).to_be_visible()
    # Only the covers' own window scrolls: a frame without scrollbars would hide the rest for good.
    assert frame.evaluate(
        "(e => [e.scrollWidth - innerWidth, e.scrollHeight - innerHeight])(document.documentElement)"
    ) == [0, 0]
    around, first = page.locator("iframe").bounding_box(), boxes(frame, ".kiosk__cover")[0]
    assert first["height"] >= 90
    assert around["y"] <= first["y"]
    assert first["y"] + first["height"] <= around["y"] + around["height"]
    last = frame.locator(".kiosk__link").last
    last.focus()
    expect(last).to_be_in_viewport()


@pytest.mark.parametrize("style", ONE_OF_EACH_DISPLAY)
def test_axe_finds_nothing(kept_page: Callable[..., Page], style: str) -> None:
    page = kept_page(**{**PHONE, "viewport": {"width": 375, "height": HEIGHTS_PX[style]}})
    page.goto(f"/java/kiosque/id_panier/37/only_img/0/aleatoire/0/vue/{style}")
    expect(page.locator(".kiosk__link")).to_have_count(15)
    expect_no_axe_violations(page)


@scripts
def test_what_names_nothing_leads_to_the_portal(
    kept_page: Callable[..., Page], portal_address: str, other_site: OtherSite, with_script: bool
) -> None:
    page = kept_page(**DESKTOP, java_script_enabled=with_script)
    snippet = SNIPPET.format(portal=portal_address).replace("id_panier/37", "id_panier/99")
    page.goto(other_site.publish(snippet))
    frame = page.frame_locator("iframe")
    expect(frame.locator(".kiosk__link")).to_have_count(0)
    link = frame.get_by_role("link")
    box, around = link.bounding_box(), page.locator("iframe").bounding_box()
    assert box["y"] + box["height"] <= around["y"] + 127
    link.click()
    page.wait_for_url(re.compile(re.escape(portal_address) + "/?$"))
