"""The kiosk in the page of another site: by its frame, by its element, by oEmbed; with script and without."""

import json
import re
import urllib.parse
import urllib.request
from collections.abc import Callable
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from playwright.sync_api import Page, Route, expect

from essor.kiosk.scripts import smaller_sheet
from tests.browser.accessibility import expect_no_axe_violations
from tests.browser.conftest import DESKTOP, PHONE
from tests.browser.other_site import OtherSite
from tests.browser.watching import Faults

STRIP = "economie-sociale-et-solidaire"
KIOSKS = {
    "strip": STRIP,
    "grid": "toutes-les-couvertures",
    "single": "un-livre-a-la-fois",
    "vertical": "vitrine",
    "cover-flow": "defile-de-couvertures",
    "list": "liste-de-lecture",
}
"""One for each display."""

LOUD = "<style>a, span, li, p, button { color: rgb(255, 0, 0); font-size: 40px; text-transform: uppercase }</style>"
SMALL = "<style>html { font-size: 10px }</style>"

windows = pytest.mark.parametrize("window", [DESKTOP, PHONE], ids=["desktop", "phone"])
scripts = pytest.mark.parametrize("with_script", [True, False], ids=["script", "no-script"])
displays = pytest.mark.parametrize("display", KIOSKS)


def strict(portal: str) -> str:
    """Give the policy of a careful site that trusts the portal for scripts, fetches and pictures only."""
    return f"default-src 'self'; script-src {portal}; connect-src {portal}; img-src {portal}"


def codes(page: Page, portal: str, slug: str = STRIP) -> list[str]:
    page.goto(f"{portal}/kiosques/{slug}/")
    return page.locator("textarea").evaluate_all("fields => fields.map(field => field.value)")


def element(portal: str, slug: str = STRIP, attributes: str = "") -> str:
    address = f"{portal}/kiosques/{slug}/"
    return (
        f'<script src="{portal}/kiosques/element.js" type="module"></script>'
        f'<essor-kiosk src="{address}" {attributes}><a href="{address}">À lire</a></essor-kiosk>'
    )


def style_of(page: Page, selector: str, name: str) -> str:
    return page.locator(selector).first.evaluate(f"e => getComputedStyle(e)[{json.dumps(name)}]")


@windows
def test_every_code_is_read_whole_in_the_width_of_the_page(
    kept_page: Callable[..., Page], portal_address: str, window: dict
) -> None:
    page = kept_page(**window)
    page.goto(f"{portal_address}/kiosques/{STRIP}/")
    page.get_by_text("Montrer ce kiosque sur un autre site").click()
    page.get_by_text("Autres façons").click()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    for field in page.locator("textarea").all():
        expect(field).to_be_visible()
        assert field.evaluate("e => e.scrollHeight <= e.clientHeight + 1")
    expect_no_axe_violations(page)


# Frame


@windows
@scripts
def test_the_code_shows_the_kiosk_in_another_site(
    kept_page: Callable[..., Page],
    portal_address: str,
    other_site: OtherSite,
    window: dict,
    with_script: bool,
) -> None:
    page = kept_page(**window, java_script_enabled=with_script)
    frame_code, *_others = codes(page, portal_address)
    page.goto(other_site.publish(frame_code))
    frame = page.frame_locator("iframe")
    expect(frame.locator(".kiosk__link")).to_have_count(15)
    expect(frame.locator(".kiosk__title").first).to_be_visible()
    if with_script:
        needed = page.frames[1].evaluate("document.documentElement.scrollHeight")
        assert needed <= page.locator("iframe").evaluate("e => e.clientHeight")
    assert page.context.cookies() == []
    frame.locator(".kiosk__link").first.click()
    page.wait_for_url(f"{portal_address}/catalogue/**")


@windows
@displays
def test_with_its_script_a_frame_is_as_high_as_its_content(
    kept_page: Callable[..., Page],
    portal_address: str,
    other_site: OtherSite,
    window: dict,
    display: str,
) -> None:
    page = kept_page(**window)
    frame_code, script, _element = codes(page, portal_address, KIOSKS[display])
    address = other_site.publish(frame_code + script)
    page.goto(address)
    expect(page.frame_locator("iframe").locator(".kiosk__link").first).to_be_visible()
    page.wait_for_function("document.querySelector('iframe').style.height")
    inner = page.frames[1]
    inner.wait_for_function(
        "document.documentElement.scrollHeight <= document.documentElement.clientHeight"
    )
    content = inner.evaluate("document.body.getBoundingClientRect().height")
    assert page.locator("iframe").evaluate("e => e.clientHeight") == pytest.approx(content, abs=1)
    assert page.context.cookies() == []


def test_a_frame_follows_the_width_of_the_page(
    kept_page: Callable[..., Page], portal_address: str, other_site: OtherSite
) -> None:
    page = kept_page(**DESKTOP)
    frame_code, script, _element = codes(page, portal_address, KIOSKS["grid"])
    page.goto(other_site.publish(frame_code + script))
    page.wait_for_function("document.querySelector('iframe').style.height")
    wide = page.locator("iframe").evaluate("e => e.clientHeight")
    page.set_viewport_size({"width": 360, "height": 900})
    page.wait_for_function("wide => document.querySelector('iframe').clientHeight > wide", arg=wide)
    page.set_viewport_size({"width": 1280, "height": 900})
    page.wait_for_function(
        "wide => document.querySelector('iframe').clientHeight === wide", arg=wide
    )


@pytest.mark.parametrize(
    "said",
    [
        "{essorKioskHeight: 4000}",
        "{essorKioskHeight: 10}",
        "{essorKioskHeight: 1e9}",
        "{essorKioskHeight: '100px;position:fixed'}",
        "{essorKioskHeight: NaN}",
        "null",
        "'essorKioskHeight'",
    ],
)
def test_only_the_frames_of_the_portal_and_sensible_heights_are_believed(
    kept_page: Callable[..., Page], portal_address: str, other_site: OtherSite, said: str
) -> None:
    page = kept_page(**DESKTOP)
    frame_code, script, _element = codes(page, portal_address)
    page.goto(other_site.publish(frame_code + script))
    page.wait_for_function("document.querySelector('iframe').style.height")
    before = page.locator("iframe").evaluate("e => e.style.height")
    # A sensible height, but said by the page itself and not by the frame; then nonsense, by the frame.
    speaker = page if "4000" in said else page.frames[1]
    speaker.evaluate(f"parent.postMessage({said}, '*')")
    page.evaluate("new Promise(done => setTimeout(done, 100))")
    assert page.locator("iframe").evaluate("e => e.style.height") == before


# Element


@windows
@displays
def test_the_element_shows_each_display_under_a_strict_policy(
    kept_page: Callable[..., Page],
    portal_address: str,
    other_site: OtherSite,
    window: dict,
    display: str,
) -> None:
    page = kept_page(**window)
    code = element(portal_address, KIOSKS[display])
    page.goto(other_site.publish(code, policy=strict(portal_address)))
    expect(page.locator(f"essor-covers[data-display={display}]")).to_be_visible()
    expect(page.locator(".kiosk__title").first).to_be_visible()
    expect(page.get_by_role("link", name="À lire")).to_have_count(0)
    assert page.locator(".kiosk__cover").first.bounding_box()["height"] > 40
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.context.cookies() == []


def test_the_element_loads_its_pictures_from_the_portal_and_links_to_its_records(
    kept_page: Callable[..., Page], portal_address: str, other_site: OtherSite
) -> None:
    page = kept_page(**DESKTOP)
    page.goto(other_site.publish(element(portal_address)))
    links = page.locator(".kiosk__link")
    expect(links).to_have_count(15)
    for address in links.evaluate_all("links => links.map(link => link.href)"):
        assert address.startswith(f"{portal_address}/catalogue/")
    title = page.locator(".kiosk__title").first.inner_text()
    links.first.click()
    page.wait_for_url(f"{portal_address}/catalogue/**")
    expect(page.get_by_role("heading", level=1)).to_contain_text(title[:10])


def test_the_script_of_the_displays_works_in_the_element(
    kept_page: Callable[..., Page], portal_address: str, other_site: OtherSite
) -> None:
    page = kept_page(**DESKTOP, reduced_motion="reduce")
    page.goto(other_site.publish(element(portal_address)))
    page.get_by_role("button", name="Livres suivants").click()
    window = page.locator("[data-window]")
    window.evaluate("e => new Promise(done => e.scrollLeft ? done() : e.onscroll = done)")
    window.focus()
    page.keyboard.press("Home")
    window.evaluate("e => new Promise(done => e.scrollLeft ? e.onscroll = done : done())")


def test_no_style_enters_the_element_and_none_leaves_it(
    open_page: Callable[..., Page], portal_address: str, other_site: OtherSite
) -> None:
    own = '<p class="kiosk__title kiosk">Le titre du site</p><a class="kiosk__link" href="/">Accueil</a>'
    plain, loud = open_page(**DESKTOP), open_page(**DESKTOP)
    plain.goto(other_site.publish(own + element(portal_address)))
    expect(plain.locator("essor-kiosk .kiosk__title").first).to_be_visible()
    seen = {
        name: style_of(plain, "essor-kiosk .kiosk__title", name)
        for name in ("color", "fontSize", "fontFamily", "textTransform", "lineHeight")
    }
    assert style_of(plain, "p.kiosk__title", "fontWeight") == "400"
    assert style_of(plain, "p.kiosk__title", "display") == "block"
    assert style_of(plain, "a.kiosk__link", "display") == "inline"

    star = (
        "<style>* { color: red !important; font: 40px cursive; --ink: red; --cover: 1px }</style>"
    )
    loud.goto(other_site.publish(own + element(portal_address), head=LOUD + SMALL + star))
    expect(loud.locator("essor-kiosk .kiosk__title").first).to_be_visible()
    assert seen == {name: style_of(loud, "essor-kiosk .kiosk__title", name) for name in seen}
    box = "essor-kiosk .kiosk__cover"
    assert loud.locator(box).first.bounding_box()["width"] == pytest.approx(
        plain.locator(box).first.bounding_box()["width"], abs=0.5
    )


@pytest.mark.parametrize(
    ("scheme", "attributes", "is_dark"),
    [
        ("light", "", False),
        ("dark", "", True),
        ("dark", 'theme="clair"', False),
        ("light", 'theme="sombre"', True),
        ("light", 'theme="rose"', False),
    ],
)
def test_the_element_follows_the_colours_of_the_reader_or_those_it_is_given(
    kept_page: Callable[..., Page],
    portal_address: str,
    other_site: OtherSite,
    scheme: str,
    attributes: str,
    is_dark: bool,
) -> None:
    page = kept_page(**DESKTOP, color_scheme=scheme)
    page.goto(other_site.publish(element(portal_address, attributes=attributes)))
    expect(page.locator(".kiosk__title").first).to_be_visible()
    ground = style_of(page, "essor-kiosk .root", "backgroundColor")
    brightness = sum(map(int, re.findall(r"\d+", ground)[:3])) / 3
    assert (brightness < 128) is is_dark


def test_the_element_changes_kiosk_and_colours_with_its_attributes(
    kept_page: Callable[..., Page], portal_address: str, other_site: OtherSite
) -> None:
    page = kept_page(**DESKTOP)
    page.goto(other_site.publish(element(portal_address)))
    expect(page.locator("[data-display=strip]")).to_be_visible()
    page.locator("essor-kiosk").evaluate("e => e.setAttribute('theme', 'sombre')")
    expect(page.locator("[data-theme=dark]")).to_be_visible()
    other = f"{portal_address}/kiosques/{KIOSKS['list']}"
    page.locator("essor-kiosk").evaluate("(e, other) => e.setAttribute('src', other)", other)
    expect(page.locator("[data-display=list]")).to_be_visible()


def test_the_same_script_may_be_pasted_twice(
    kept_page: Callable[..., Page], portal_address: str, other_site: OtherSite
) -> None:
    page = kept_page(**DESKTOP)
    both = element(portal_address) + element(portal_address, KIOSKS["list"])
    page.goto(other_site.publish(both))
    expect(page.locator("[data-display=strip]")).to_be_visible()
    expect(page.locator("[data-display=list]")).to_be_visible()


def test_without_script_the_words_inside_the_element_stand(
    kept_page: Callable[..., Page], portal_address: str, other_site: OtherSite
) -> None:
    page = kept_page(**DESKTOP, java_script_enabled=False)
    page.goto(other_site.publish(element(portal_address)))
    page.get_by_role("link", name="À lire").click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()


def test_when_the_kiosk_cannot_be_read_the_words_inside_the_element_stand(
    open_page: Callable[..., Page], portal_address: str, other_site: OtherSite, faults: Faults
) -> None:
    page = open_page(**DESKTOP)
    with page.expect_event("requestfailed"):
        page.goto(other_site.publish(element(portal_address, "inconnu")))
    expect(page.get_by_role("link", name="À lire")).to_be_visible()
    # The browser itself tells of the answer that was refused; the element throws nothing.
    assert not [fault for fault in faults.found if fault.startswith("script")]
    faults.found.clear()


def test_the_element_reads_nothing_from_a_site_whose_script_the_page_does_not_include(
    open_page: Callable[..., Page], portal_address: str, other_site: OtherSite
) -> None:
    page = open_page(**DESKTOP)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    code = element(portal_address).replace(
        f'<essor-kiosk src="{portal_address}',
        f'<essor-kiosk src="http://localhost:{other_site.port}',
    )
    page.goto(other_site.publish(code))
    page.wait_for_function("customElements.get('essor-kiosk') !== undefined")
    expect(page.get_by_role("link", name="À lire")).to_be_visible()
    assert not [address for address in asked if address.endswith("cadre")]


HOSTILE = """
<a class="kiosk__link" href="javascript:alert(1)" onclick="alert(1)">Un</a>
<a class="kiosk__link" href=" java&#10;script:alert(1)">Deux</a>
<img src="data:," onerror="alert(1)"><script>alert(1)</script><iframe srcdoc="<script>alert(1)</script>"></iframe>
<svg><a xlink:href="javascript:alert(1)"><text>Trois</text></a><script>alert(1)</script></svg>
<form action="javascript:alert(1)"><button formaction="javascript:alert(1)">Quatre</button></form>
<svg><set attributeName="href" to="javascript:alert(1)"></set><animate onbegin="alert(1)" dur="1s"></animate></svg>
<div style="position:fixed;inset:0">Cinq</div><style>@import "http://localhost:1/"</style>
"""


def test_even_what_the_portal_would_have_failed_to_escape_is_inert_in_the_element(
    open_page: Callable[..., Page], portal_address: str, other_site: OtherSite
) -> None:
    page = open_page(**DESKTOP)
    alerts: list[str] = []
    page.on("dialog", lambda dialog: (alerts.append(dialog.message), dialog.dismiss()))

    def spoil(route: Route) -> None:
        answer = route.fetch()
        route.fulfill(response=answer, body=re.sub("(<main[^>]*>)", rf"\1{HOSTILE}", answer.text()))

    page.route("**/cadre", spoil)
    page.goto(other_site.publish(element(portal_address)))
    for name in ("Un", "Deux", "Trois"):
        page.locator("essor-kiosk").get_by_text(name, exact=True).first.click(force=True)
    shadow = page.locator("essor-kiosk .root")
    assert shadow.locator("script, iframe, style, set, animate, form").count() == 0
    assert style_of(page, "essor-kiosk .root > div", "position") == "static"
    assert alerts == []
    assert page.url == other_site.address


def test_the_element_tells_the_portal_that_it_was_seen_and_what_was_opened(
    open_page: Callable[..., Page], portal_address: str, other_site: OtherSite
) -> None:
    page = open_page(**DESKTOP)
    told: list[tuple[str, str | None]] = []

    def with_count(route: Route) -> None:
        answer = route.fetch()
        counted = f'<main data-kiosk-count="/kiosques/{STRIP}/vu">'
        route.fulfill(response=answer, body=re.sub("<main[^>]*>", counted, answer.text()))

    def listen(route: Route) -> None:
        told.append((route.request.headers["origin"], route.request.post_data))
        assert "cookie" not in route.request.headers
        route.fulfill(status=204, headers={"Access-Control-Allow-Origin": "*"})

    page.route("**/cadre", with_count)
    page.route("**/vu", listen)
    content = '<p style="height: 3000px"></p>' + element(portal_address)
    page.goto(other_site.publish(content, policy=""))
    expect(page.locator(".kiosk__title").first).to_be_attached()
    assert told == []
    with page.expect_request("**/vu"):
        page.locator("essor-kiosk").scroll_into_view_if_needed()
    link = page.locator(".kiosk__link").first
    number = re.findall(r"\d+", link.get_attribute("href") or "")[-1]
    with page.expect_request("**/vu"):
        link.click()
    page.wait_for_url(f"{portal_address}/catalogue/**")
    origin = other_site.address.rstrip("/")
    assert told == [(origin, "quoi=vu"), (origin, f"quoi=clic&notice={number}")]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@displays
def test_axe_finds_nothing_in_the_element(
    kept_page: Callable[..., Page],
    portal_address: str,
    other_site: OtherSite,
    display: str,
    scheme: str,
) -> None:
    page = kept_page(**DESKTOP, color_scheme=scheme)
    page.goto(other_site.publish(element(portal_address, KIOSKS[display])))
    expect(page.locator(".kiosk__title").first).to_be_visible()
    expect_no_axe_violations(page)


@pytest.mark.parametrize("name", ["kiosk.css", "element.css"])
def test_a_smaller_stylesheet_says_the_same_to_the_browser(desktop_page: Page, name: str) -> None:
    css = Path(finders.find(f"kiosk/{name}")).read_text(encoding="utf-8")
    said = """css => {
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(css);
      return [...sheet.cssRules].map((rule) => rule.cssText.replace(/\\s+/g, " ").replace(/, /g, ","));
    }"""
    whole = desktop_page.evaluate(said, css)
    assert whole
    assert desktop_page.evaluate(said, smaller_sheet(css)) == whole


# oEmbed


@windows
@scripts
def test_a_site_that_knows_oembed_shows_the_kiosk_from_its_address(
    kept_page: Callable[..., Page],
    portal_address: str,
    other_site: OtherSite,
    window: dict,
    with_script: bool,
) -> None:
    page = kept_page(**window, java_script_enabled=with_script)
    page.goto(f"{portal_address}/kiosques/{STRIP}/")
    ask = page.locator("link[type='application/json+oembed']").get_attribute("href")
    with urllib.request.urlopen(f"{ask}&maxwidth=340") as answer:
        told = json.load(answer)
    page.goto(other_site.publish(told["html"]))
    frame = page.frame_locator("iframe")
    expect(frame.locator(".kiosk__link")).to_have_count(15)
    assert page.locator("iframe").bounding_box()["width"] == told["width"] == 340
    assert page.context.cookies() == []
    frame.locator(".kiosk__link").first.click()
    page.wait_for_url(f"{portal_address}/catalogue/**")


def test_a_frame_given_by_oembed_is_no_wider_than_the_phone_that_reads_it(
    kept_page: Callable[..., Page], portal_address: str, other_site: OtherSite
) -> None:
    asked = urllib.parse.urlencode({"url": f"{portal_address}/kiosques/{STRIP}/"})
    with urllib.request.urlopen(f"{portal_address}/oembed?{asked}") as answer:
        told = json.load(answer)
    page = kept_page(**PHONE)
    page.goto(other_site.publish(told["html"]))
    box = page.locator("iframe").bounding_box()
    assert box
    assert box["x"] + box["width"] <= PHONE["viewport"]["width"] < told["width"]


LIKE_WORDPRESS = """<script>addEventListener("message", ({ data, source }) => {
  const frame = document.querySelector(`iframe[data-secret="${data.secret}"]`);
  if (!frame || source !== frame.contentWindow) return;
  if (data.message === "height") frame.height = Math.min(1000, Math.max(200, parseInt(data.value, 10)));
  if (data.message === "link" && new URL(data.value).host === new URL(frame.src).host) location.href = data.value;
});</script>"""


def test_in_the_closed_frame_of_wordpress_the_kiosk_has_its_height_and_its_links(
    kept_page: Callable[..., Page], portal_address: str, other_site: OtherSite
) -> None:
    page = kept_page(**DESKTOP)
    code = (
        f'<iframe sandbox="allow-scripts" data-secret="a1b2c3d4e5" height="200" width="600" '
        f'src="{portal_address}/kiosques/{STRIP}/cadre#?secret=a1b2c3d4e5"></iframe>'
    )
    page.goto(other_site.publish(code, head=LIKE_WORDPRESS))
    page.wait_for_function("document.querySelector('iframe').height > 200")
    page.frame_locator("iframe").locator(".kiosk__link").first.click()
    page.wait_for_url(f"{portal_address}/catalogue/**")
