"""The six displays: one list of links under the hand, in any window, with and without script, at rest when asked."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from essor.kiosk.types import CoverSize, Display, frame_height_px
from tests.browser.accessibility import (
    expect_no_axe_violations,
    expect_no_axe_violations_light_or_dark,
)
from tests.browser.conftest import DESKTOP, PHONE

SLUGS = {
    Display.STRIP: "economie-sociale-et-solidaire",
    Display.GRID: "toutes-les-couvertures",
    Display.SINGLE: "un-livre-a-la-fois",
    Display.VERTICAL: "vitrine",
    Display.COVER_FLOW: "defile-de-couvertures",
    Display.LIST: "liste-de-lecture",
}
MOVING = [display for display in Display if display.scrolls]
SIDEWAYS = [display for display in MOVING if display is not Display.VERTICAL]
BOOKS = 15
AUTOPLAY_S = 8
STILL = {**DESKTOP, "reduced_motion": "reduce"}
NARROWEST = {"width": 320, "height": 600}

every_display = pytest.mark.parametrize("display", list(Display))
every_moving = pytest.mark.parametrize("display", MOVING)


def page_of(display: Display) -> str:
    return f"/kiosques/{SLUGS[display]}/"


def frame_of(display: Display) -> str:
    return f"{page_of(display)}cadre"


def window_of(page: Page) -> Locator:
    return page.get_by_role("region", name=re.compile("^Kiosque"))


def scrolled(page: Page) -> float:
    return window_of(page).evaluate("e => e.scrollLeft + e.scrollTop")


def expect_scrolled(page: Page, condition: str) -> None:
    """Wait until `place`, how far the window is scrolled, or `end`, how far it goes, are so."""
    page.wait_for_function(
        "condition => { const e = document.querySelector('[data-window]');"
        " const place = e.scrollLeft + e.scrollTop;"
        " const end = e.scrollWidth - e.clientWidth + e.scrollHeight - e.clientHeight;"
        " return condition === 'start' ? place < 2 : condition === 'end' ? place > end - 2 : place > 20 }",
        arg=condition,
    )


def link(page: Page, number: int) -> Locator:
    return window_of(page).get_by_role("link").nth(number - 1)


def drag(page: Page, *, x: float, y: float, along: str) -> None:
    """Move a finger 220 pixels to the left or up, from this point of the screen."""
    screen = page.context.new_cdp_session(page)
    screen.send(
        "Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [{"x": x, "y": y}]}
    )
    for done in range(20, 240, 20):
        point = {"x": x - done, "y": y} if along == "x" else {"x": x, "y": y - done}
        screen.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": [point]})
    screen.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


@pytest.fixture
def still_page(kept_page: Callable[..., Page]) -> Page:
    """A page of a reader who wants no motion: scrolling is over as soon as asked."""
    return kept_page(**STILL)


# Seen and heard


@every_display
def test_axe_finds_nothing(any_page: Page, display: Display) -> None:
    any_page.goto(frame_of(display))
    expect_no_axe_violations_light_or_dark(any_page)


@every_display
def test_each_book_is_a_link_that_says_its_title_once(desktop_page: Page, display: Display) -> None:
    desktop_page.goto(page_of(display))
    links = window_of(desktop_page).get_by_role("link")
    expect(links).to_have_count(BOOKS)
    edition = " Librairie générale française, 1983" if display.tells_edition else ""
    germinal = links.filter(has_text="Germinal")
    expect(germinal).to_have_accessible_name(f"Germinal Emile Zola{edition}")


@every_display
def test_title_and_author_of_the_first_book_are_read_without_pointing(
    phone_page: Page, display: Display
) -> None:
    phone_page.goto(page_of(display))
    expect(link(phone_page, 1).locator(".kiosk__title")).to_be_in_viewport()
    expect(link(phone_page, 1).locator(".kiosk__author")).to_be_in_viewport()
    assert (
        link(phone_page, 1).locator(".kiosk__words").evaluate("e => getComputedStyle(e).opacity")
        == "1"
    )


@every_display
def test_a_title_without_a_space_stays_in_its_place(phone_page: Page, display: Display) -> None:
    phone_page.set_viewport_size(NARROWEST)
    phone_page.goto(frame_of(display))
    titles = window_of(phone_page).locator(".kiosk__title")
    titles.evaluate_all(
        "all => all.forEach(e => { e.textContent = 'Anticonstitutionnel'.repeat(6) })"
    )
    assert titles.evaluate_all("all => all.every(e => e.scrollWidth <= e.clientWidth)")
    window = window_of(phone_page).bounding_box()
    first = titles.first.bounding_box()
    assert window
    assert first
    assert first["width"] <= window["width"]


@every_display
def test_nothing_shifts_while_the_page_opens(
    open_page: Callable[..., Page], display: Display
) -> None:
    page = open_page(**PHONE)
    page.add_init_script(
        "window.shifted = 0; new PerformanceObserver(list => list.getEntries().forEach("
        "entry => { window.shifted += entry.value })).observe({type: 'layout-shift', buffered: true})"
    )
    page.goto(page_of(display), wait_until="networkidle")
    page.wait_for_function("customElements.get('essor-covers') !== undefined")
    page.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
    assert page.evaluate("window.shifted") < 0.01


@every_display
def test_a_frame_of_the_given_height_shows_it_all(desktop_page: Page, display: Display) -> None:
    height = frame_height_px(display, BOOKS)
    for width in (250, 343, 700, 1100):
        desktop_page.set_viewport_size({"width": width, "height": height})
        desktop_page.goto(frame_of(display))
        assert desktop_page.evaluate("document.documentElement.scrollWidth") <= width
        needed = desktop_page.evaluate("document.documentElement.scrollHeight")
        is_usual = width > 250 or display.scrolls
        assert needed <= height or not is_usual
        if display.scrolls:
            expect(desktop_page.locator("[data-bar]")).to_be_in_viewport(ratio=1)


@every_display
def test_a_picture_keeps_its_shape_within_the_room_of_a_cover(
    desktop_page: Page, display: Display
) -> None:
    desktop_page.goto(frame_of(display))
    for size in ((400, 250), (300, 480), (300, 300)):
        _expect_shape_kept(link(desktop_page, 1).locator(".kiosk__cover"), size)


def _expect_shape_kept(cover: Locator, size: tuple[int, int]) -> None:
    before = cover.bounding_box()
    cover.evaluate(
        """async (cover, [width, height]) => {
            const picture = new Image(width, height);
            const drawing = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"/>`;
            picture.src = "data:image/svg+xml," + encodeURIComponent(drawing);
            cover.replaceChildren(picture);
            await picture.decode();
        }""",
        size,
    )
    shown = cover.locator("img").bounding_box()
    assert before
    assert shown
    assert cover.bounding_box() == before
    assert shown["width"] / shown["height"] == pytest.approx(size[0] / size[1], rel=0.02)
    assert shown["width"] <= before["width"] + 0.5
    assert shown["height"] <= before["height"] + 0.5


def test_a_dark_frame_is_dark_and_a_light_one_light_whatever_the_device_asks(
    kept_page: Callable[..., Page],
) -> None:
    grounds = {}
    for scheme in ("light", "dark"):
        page = kept_page(**DESKTOP, color_scheme=scheme)
        for asked in ("", "?theme=clair", "?theme=sombre"):
            page.goto(frame_of(Display.LIST) + asked)
            grounds[scheme, asked] = page.locator("body").evaluate(
                "e => getComputedStyle(e).backgroundColor"
            )
    light, dark = grounds["light", ""], grounds["dark", ""]
    assert light != dark
    assert grounds["light", "?theme=sombre"] == grounds["dark", "?theme=sombre"] == dark
    assert grounds["light", "?theme=clair"] == grounds["dark", "?theme=clair"] == light


@every_display
def test_axe_finds_nothing_in_a_forced_theme(
    kept_page: Callable[..., Page], display: Display
) -> None:
    page = kept_page(**DESKTOP, color_scheme="light")
    page.goto(f"{frame_of(display)}?theme=sombre")
    expect_no_axe_violations(page)


@every_display
def test_with_forced_colours_all_is_still_there(
    kept_page: Callable[..., Page], display: Display
) -> None:
    page = kept_page(**DESKTOP, forced_colors="active")
    page.goto(frame_of(display))
    expect(link(page, 1).locator(".kiosk__title")).to_be_visible()
    expect_no_axe_violations(page)


@every_display
def test_printed_it_is_a_plain_list_of_all_books(desktop_page: Page, display: Display) -> None:
    desktop_page.goto(page_of(display))
    desktop_page.emulate_media(media="print")
    for item in desktop_page.locator(".kiosk__item").all():
        expect(item.locator(".kiosk__words")).to_have_css("opacity", "1")
        box = item.bounding_box()
        assert box
        assert 0 <= box["x"] <= DESKTOP["viewport"]["width"] - box["width"]
    expect(desktop_page.get_by_role("button", name=re.compile("Livre"))).to_have_count(0)


# Without script


@every_display
def test_without_script_it_is_a_list_of_links_that_can_all_be_reached(
    page_without_script: Page, display: Display
) -> None:
    page = page_without_script
    page.goto(page_of(display))
    expect(window_of(page).get_by_role("link")).to_have_count(BOOKS)
    for number in (1, 2, BOOKS):
        link(page, number).focus()
        expect(link(page, number).locator(".kiosk__title")).to_be_in_viewport()
    expect(page.get_by_role("button", name=re.compile("Livre"))).to_have_count(0)


@pytest.mark.parametrize("display", [Display.SINGLE, Display.COVER_FLOW])
def test_without_script_several_books_are_seen_at_once(
    page_without_script: Page, display: Display
) -> None:
    page_without_script.goto(page_of(display))
    for number in (1, 2, 3, 4):
        expect(link(page_without_script, number).locator(".kiosk__title")).to_be_in_viewport()


# Under the fingers and the keys


@every_moving
def test_the_arrows_and_the_ends_move_it(still_page: Page, display: Display) -> None:
    still_page.goto(page_of(display))
    window_of(still_page).focus()
    forward, back = (
        ("ArrowDown", "ArrowUp") if display is Display.VERTICAL else ("ArrowRight", "ArrowLeft")
    )
    still_page.keyboard.press(forward)
    expect_scrolled(still_page, "moved")
    still_page.keyboard.press(back)
    expect_scrolled(still_page, "start")
    still_page.keyboard.press("End")
    expect_scrolled(still_page, "end")
    still_page.keyboard.press("Home")
    expect_scrolled(still_page, "start")


@every_display
def test_the_arrows_lead_the_focus_from_book_to_book(still_page: Page, display: Display) -> None:
    still_page.goto(page_of(display))
    link(still_page, 1).focus()
    along = "ArrowDown" if display in (Display.VERTICAL, Display.LIST) else "ArrowRight"
    still_page.keyboard.press("ArrowRight" if display is Display.LIST else along)
    expect(link(still_page, 2)).to_be_focused()
    still_page.keyboard.press("End")
    expect(link(still_page, BOOKS)).to_be_focused()
    expect(link(still_page, BOOKS).locator(".kiosk__title")).to_be_in_viewport()
    still_page.keyboard.press("Home")
    expect(link(still_page, 1)).to_be_focused()


def test_in_a_grid_the_arrows_go_up_and_down_a_column(still_page: Page) -> None:
    still_page.goto(page_of(Display.GRID))
    link(still_page, 2).focus()
    still_page.keyboard.press("ArrowDown")
    expect(link(still_page, 8)).to_be_focused()
    still_page.keyboard.press("ArrowUp")
    expect(link(still_page, 2)).to_be_focused()


@every_display
def test_the_focus_is_seen(desktop_page: Page, display: Display) -> None:
    desktop_page.goto(page_of(display))
    link(desktop_page, 1).focus()
    desktop_page.keyboard.press("Shift+Tab")
    desktop_page.keyboard.press("Tab")
    expect(link(desktop_page, 1)).to_be_focused()
    outline = link(desktop_page, 1).evaluate("e => getComputedStyle(e).outlineStyle")
    assert outline == "solid"


@every_moving
def test_the_buttons_lead_to_the_last_book_and_stop_there(
    still_page: Page, display: Display
) -> None:
    still_page.goto(page_of(display))
    following = still_page.get_by_role("button", name=re.compile("^Livres? suivants?$"))
    expect(
        still_page.get_by_role("button", name=re.compile("^Livres? précédents?$"))
    ).to_be_disabled()
    for _step in range(BOOKS):
        if following.is_disabled():
            break
        before = scrolled(still_page)
        following.click()
        still_page.wait_for_function(
            "before => { const e = document.querySelector('[data-window]');"
            " return e.scrollLeft + e.scrollTop > before }",
            arg=before,
        )
        still_page.evaluate(
            "new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"
        )
    expect(following).to_be_disabled()
    expect(link(still_page, BOOKS).locator(".kiosk__title")).to_be_in_viewport()


@pytest.mark.parametrize("display", [Display.SINGLE, Display.COVER_FLOW])
def test_the_place_among_the_books_is_told(desktop_page: Page, display: Display) -> None:
    desktop_page.goto(page_of(display))
    expect(desktop_page.get_by_role("status")).to_have_text(f"1 sur {BOOKS}")
    following = desktop_page.get_by_role("button", name="Livre suivant")
    following.click()
    following.click()
    expect(desktop_page.get_by_role("status")).to_have_text(f"3 sur {BOOKS}")
    expect(link(desktop_page, 3).locator(".kiosk__title")).to_be_in_viewport()


@pytest.mark.parametrize("display", SIDEWAYS)
def test_the_wheel_moves_it_then_the_page(still_page: Page, display: Display) -> None:
    still_page.set_viewport_size({"width": 1280, "height": 600})
    still_page.goto(page_of(display))
    window_of(still_page).hover()
    before = still_page.evaluate("scrollY")
    still_page.mouse.wheel(0, 300)
    expect_scrolled(still_page, "moved")
    assert still_page.evaluate("scrollY") == before
    window_of(still_page).evaluate("e => e.scrollTo(1e6, 0)")
    expect_scrolled(still_page, "end")
    still_page.mouse.wheel(0, 300)
    still_page.wait_for_function("before => scrollY > before", arg=before)


@every_moving
def test_a_finger_moves_it(phone_page: Page, display: Display) -> None:
    phone_page.goto(page_of(display))
    box = window_of(phone_page).bounding_box()
    assert box
    drag(
        phone_page,
        x=box["x"] + 300,
        y=box["y"] + 250,
        along="y" if display is Display.VERTICAL else "x",
    )
    expect_scrolled(phone_page, "moved")


def test_in_a_cover_flow_a_cover_aside_comes_to_the_middle_before_it_opens(
    still_page: Page,
) -> None:
    still_page.goto(page_of(Display.COVER_FLOW))
    address = still_page.url
    title = link(still_page, 3).locator(".kiosk__title").inner_text()
    link(still_page, 3).locator(".kiosk__cover").click()
    expect(still_page.get_by_role("status")).to_have_text(f"3 sur {BOOKS}")
    expect(still_page).to_have_url(address)
    expect(link(still_page, 3).locator(".kiosk__words")).to_have_css("opacity", "1")
    link(still_page, 3).locator(".kiosk__cover").click()
    expect(still_page.get_by_role("heading", level=1)).to_contain_text(title[:10])


# By itself


@pytest.fixture
def playing_page(open_page: Callable[..., Page]) -> Page:
    """A page whose time the test holds."""
    page = open_page(**DESKTOP)
    page.clock.install()
    page.goto(page_of(Display.VERTICAL))
    return page


def pass_turns(page: Page, turns: int) -> None:
    for _turn in range(turns):
        page.clock.run_for(AUTOPLAY_S * 1000 + 100)
        # Scrolling takes its own time, which no test holds.
        page.wait_for_timeout(700)


def test_it_moves_by_itself_until_it_is_stopped(playing_page: Page) -> None:
    stop = playing_page.get_by_role("button", name="Arrêter le défilement")
    expect(stop).to_be_visible()
    pass_turns(playing_page, 1)
    expect_scrolled(playing_page, "moved")
    stop.click()
    playing_page.mouse.move(0, 0)
    before = scrolled(playing_page)
    pass_turns(playing_page, 2)
    assert scrolled(playing_page) == before
    playing_page.get_by_role("button", name="Faire défiler").click()
    pass_turns(playing_page, 1)
    assert scrolled(playing_page) > before


def test_it_waits_while_a_book_is_pointed_at_or_has_the_focus(playing_page: Page) -> None:
    window_of(playing_page).hover()
    pass_turns(playing_page, 2)
    assert scrolled(playing_page) == 0
    playing_page.mouse.move(0, 0)
    link(playing_page, 1).focus()
    pass_turns(playing_page, 2)
    assert scrolled(playing_page) == 0
    link(playing_page, 1).blur()
    pass_turns(playing_page, 2)
    assert scrolled(playing_page) > 0


def test_it_stops_at_the_last_book(playing_page: Page) -> None:
    playing_page.locator("[data-window]").evaluate(
        "e => e.scrollTo({top: 1e6, behavior: 'instant'})"
    )
    expect(playing_page.get_by_role("button", name="Faire défiler")).to_be_visible()
    pass_turns(playing_page, 2)
    expect_scrolled(playing_page, "end")


def test_it_never_moves_for_who_asked_for_less_motion(open_page: Callable[..., Page]) -> None:
    still_page = open_page(**STILL)
    still_page.clock.install()
    still_page.goto(page_of(Display.VERTICAL))
    pass_turns(still_page, 3)
    assert scrolled(still_page) == 0
    expect(still_page.get_by_role("button", name="Arrêter le défilement")).to_have_count(0)
    expect(still_page.get_by_role("button", name="Faire défiler")).to_have_count(0)


def test_with_less_motion_asked_for_a_step_neither_slides_nor_fades(still_page: Page) -> None:
    still_page.goto(page_of(Display.SINGLE))
    window = window_of(still_page)
    assert window.evaluate("e => getComputedStyle(e).scrollBehavior") == "auto"
    still_page.get_by_role("button", name="Livre suivant").click()
    assert window.evaluate("e => e.getAnimations().length") == 0
    expect(still_page.get_by_role("status")).to_have_text(f"2 sur {BOOKS}")


def test_the_others_never_move_by_themselves(desktop_page: Page) -> None:
    for display in set(Display) - {Display.VERTICAL}:
        desktop_page.goto(page_of(display))
        expect(link(desktop_page, 1)).to_be_visible()
        expect(desktop_page.get_by_role("button", name="Arrêter le défilement")).to_have_count(0)


# Bare, in the frames of old


@pytest.fixture
def bare_page(open_page: Callable[..., Page]) -> Callable[..., Page]:
    """Open a display without what surrounds its covers, each in a room of so many pixels, in a frame of this size."""

    def bare_page(display: Display, cover: CoverSize, **window: Any) -> Page:
        page = open_page(**window)
        room = (
            f'<svg class="kiosk__room" viewBox="0 0 {cover.width} {cover.height}"'
            f' width="{cover.width}" height="{cover.height}"></svg>'
        )

        def laid_bare(route: Route) -> None:
            response = route.fetch()
            body = re.sub(r"<a class=\"kiosk__portal.*?</a>", "", response.text(), flags=re.S)
            body = body.replace(f"kiosk--{display}", f"kiosk--{display} kiosk--bare")
            body = body.replace('"kiosk-frame"', '"kiosk-frame kiosk-frame--bare"')
            covers = body.replace(
                'aria-hidden="true"><svg xmlns', f'aria-hidden="true">{room}<svg xmlns'
            )
            route.fulfill(response=response, body=covers)

        page.route(f"**{frame_of(display)}", laid_bare)
        page.goto(frame_of(display))
        return page

    return bare_page


@pytest.mark.parametrize(
    ("display", "cover", "height"),
    [
        (Display.STRIP, CoverSize(80, 120), 127),
        (Display.GRID, CoverSize(80, 120), 290),
        (Display.SINGLE, CoverSize(73, 110), 160),
        (Display.VERTICAL, CoverSize(73, 110), 345),
        (Display.COVER_FLOW, CoverSize(73, 110), 350),
        (Display.LIST, CoverSize(44, 66), 300),
    ],
    ids=str,
)
def test_a_bare_display_keeps_to_the_frame_of_old(
    bare_page: Callable[..., Page], display: Display, cover: CoverSize, height: int
) -> None:
    page = bare_page(display, cover, viewport={"width": 250, "height": height})
    for width in (250, 343, 700):
        page.set_viewport_size({"width": width, "height": height})
        page.reload()
        size = page.evaluate(
            "[document.documentElement.scrollWidth, document.documentElement.scrollHeight]"
        )
        assert size == [width, height]
        drawn = link(page, 1).locator(".kiosk__cover").bounding_box()
        assert drawn
        assert drawn["y"] >= 0
        assert drawn["y"] + drawn["height"] <= height
        if display is not Display.COVER_FLOW:
            assert (round(drawn["width"]), round(drawn["height"])) == (cover.width, cover.height)
    expect_no_axe_violations(page)


def test_the_words_of_a_bare_strip_show_on_the_cover_that_has_the_focus(
    bare_page: Callable[..., Page],
) -> None:
    page = bare_page(Display.STRIP, CoverSize(80, 120), viewport={"width": 600, "height": 127})
    words = link(page, 2).locator(".kiosk__words")
    expect(words).to_have_css("opacity", "0")
    title = link(page, 2).locator(".kiosk__title").text_content() or ""
    expect(link(page, 2)).to_have_accessible_name(re.compile("^" + re.escape(title)))
    link(page, 2).focus()
    expect(words).to_have_css("opacity", "1")
    expect(words).to_be_in_viewport(ratio=1)
    link(page, 3).hover()
    expect(link(page, 3).locator(".kiosk__words")).to_have_css("opacity", "1")


def test_a_bare_strip_goes_on_under_keys_wheel_and_buttons(bare_page: Callable[..., Page]) -> None:
    page = bare_page(
        Display.STRIP,
        CoverSize(80, 120),
        viewport={"width": 600, "height": 127},
        reduced_motion="reduce",
    )
    page.get_by_role("button", name="Livres suivants").click()
    expect_scrolled(page, "moved")
    window_of(page).focus()
    page.keyboard.press("End")
    expect_scrolled(page, "end")
    page.keyboard.press("Home")
    expect_scrolled(page, "start")
    window_of(page).hover()
    page.mouse.wheel(0, 200)
    expect_scrolled(page, "moved")
