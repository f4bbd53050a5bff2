"""The directory under the hand: mistyped words, facets, what is near, no script, keys, phone, paper."""

import re
import subprocess
import sys
from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.accessibility import (
    expect_no_axe_violations,
    expect_no_axe_violations_light_or_dark,
)
from tests.browser.conftest import DESKTOP, PHONE
from tests.browser.portal import environment_of

FRONT = "/annuaire/"
FOUND = "/annuaire/?q=accorderie&famille=association"
TABLE = "/annuaire/?vue=tableau"
AROUND = "/annuaire/?q=accorderie&famille=association&pres=Roubaix&rayon=10"
UNKNOWN_PLACE = "/annuaire/?pres=Nulleville"
ROUBAIX = {"latitude": 50.6917, "longitude": 3.1742}
PER_PAGE = 20

INDEX = """
import django
django.setup()
from essor.register.services.indexing import index_vintage
assert index_vintage()
"""


@pytest.fixture(scope="module", autouse=True)
def indexed(portal_address: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Have the index follow the directory of the demonstration: no worker does it here."""
    home = tmp_path_factory.getbasetemp() / "home"
    subprocess.run([sys.executable, "-c", INDEX], env=environment_of(home), check=True, timeout=60)


def words(page: Page) -> Locator:
    return page.get_by_label("Nom, activité, SIREN, SIRET ou numéro RNA")


def place(page: Page) -> Locator:
    return page.get_by_label("Près d’une commune ou d’une adresse")


def search_button(page: Page) -> Locator:
    return page.get_by_role("search", name="Dans l’annuaire").get_by_role(
        "button", name="Chercher", exact=True
    )


def search(page: Page, *, text: str = "", near: str = "") -> None:
    words(page).fill(text)
    place(page).fill(near)
    search_button(page).click()


def names(page: Page) -> Locator:
    return page.locator(".finder__answer").get_by_role("listitem").locator("h3")


def facet(page: Page, name: str) -> Locator:
    return page.get_by_role("region", name=name, exact=True)


def limits(page: Page) -> Locator:
    return page.get_by_role("navigation", name="Ce que cette recherche retient")


def orders(page: Page) -> Locator:
    return page.get_by_role("navigation", name="Ordre des structures")


def views(page: Page) -> Locator:
    return page.get_by_role("navigation", name="Présentation des structures")


def state(page: Page) -> dict[str, list[str]]:
    """Give what the address says."""
    return parse_qs(urlsplit(page.url).query)


def distances_m(page: Page) -> list[float]:
    """Give the distances of the page, in its order, in metres."""
    told = [
        re.sub(r"\s", "", text) for text in page.locator(".card-of__distance").all_inner_texts()
    ]
    return [
        float(text.removesuffix("km").replace(",", ".")) * 1_000
        if text.endswith("km")
        else float(text.removesuffix("m"))
        for text in told
    ]


def is_as_wide_as_the_window(page: Page) -> bool:
    return page.evaluate("document.documentElement.scrollWidth <= innerWidth")


# Every state of the page


@pytest.mark.parametrize(
    "address",
    [
        FRONT,
        TABLE,
        AROUND,
        UNKNOWN_PLACE,
        "/annuaire/?q=xyzxyz",
        "/annuaire/valeurs/commune/",
    ],
)
def test_axe_finds_nothing(any_page: Page, address: str) -> None:
    any_page.goto(address)
    expect_no_axe_violations_light_or_dark(any_page)
    assert is_as_wide_as_the_window(any_page)


# Words


def test_a_typing_error_is_forgiven_and_told(page_without_script: Page) -> None:
    page = page_without_script
    page.goto(FRONT)
    search(page, text="acorderie beffroy")
    expect(page.get_by_text("tels qu’ils sont écrits")).to_be_visible()
    expect(names(page)).to_have_text(["Accorderie du Beffroi (exemple)"])
    page.get_by_role("link", name="accorderie beffroi").click()
    expect(words(page)).to_have_value("accorderie beffroi")
    expect(names(page)).to_have_text(["Accorderie du Beffroi (exemple)"])
    names(page).get_by_role("link").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Accorderie du Beffroi")


def test_what_is_not_found_leads_on(desktop_page: Page) -> None:
    desktop_page.goto("/annuaire/?q=xyzxyz&famille=mutual")
    expect(desktop_page.get_by_role("heading", level=2, name="Rien trouvé pour")).to_be_visible()
    desktop_page.get_by_role("link", name="dans tout l’annuaire").click()
    expect(limits(desktop_page)).to_have_count(0)
    expect(words(desktop_page)).to_have_value("xyzxyz")


# Facets


@pytest.fixture(params=["with script", "without script"])
def with_script_or_not(request: pytest.FixtureRequest, kept_page: Callable[..., Page]) -> Page:
    """Run the test twice."""
    window = {} if request.param == "with script" else {"java_script_enabled": False}
    return kept_page(**DESKTOP, **window)


def test_facets_are_chosen_and_left_and_the_address_follows(with_script_or_not: Page) -> None:
    page = with_script_or_not
    page.goto("/annuaire/?q=accorderie")
    expect(limits(page)).to_have_count(0)
    facet(page, "Commune").get_by_role("link", name="Lille").click()
    expect(limits(page).get_by_role("link", name="Commune Lille")).to_be_visible()
    assert state(page) == {"q": ["accorderie"], "commune": ["59350"]}
    in_lille = names(page).count()
    facet(page, "Commune").get_by_role("link", name="Roubaix").click()
    assert state(page)["commune"] == ["59350", "59512"]
    assert names(page).count() > in_lille
    facet(page, "Statut").get_by_role("link", name="Reconnue").click()
    expect(limits(page).get_by_role("listitem")).to_have_count(4)

    page.go_back()
    expect(limits(page).get_by_role("link", name="Statut")).to_have_count(0)
    expect(limits(page).get_by_role("listitem")).to_have_count(3)
    limits(page).get_by_role("link", name="Commune Roubaix").click()
    expect(names(page)).to_have_count(in_lille)
    facet(page, "Commune").get_by_role("link", name="Retirer : Lille").click()
    expect(limits(page)).to_have_count(0)
    assert state(page) == {"q": ["accorderie"]}


def test_all_the_values_of_a_facet_are_listed_and_one_is_chosen(page_without_script: Page) -> None:
    page = page_without_script
    page.goto("/annuaire/?famille=association")
    facet(page, "Commune").get_by_role("link", name="Plus de choix Commune").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Commune")
    page.locator("main").get_by_role("link", name="Wambrechies").click()
    expect(limits(page).get_by_role("link", name="Commune Wambrechies")).to_be_visible()
    assert state(page)["famille"] == ["association"]
    limits(page).get_by_role("link", name="Tout retirer").click()
    expect(limits(page)).to_have_count(0)


def test_new_words_keep_the_facets_that_are_chosen(page_without_script: Page) -> None:
    page_without_script.goto("/annuaire/?famille=association&vue=tableau")
    search(page_without_script, text="accorderie")
    told = state(page_without_script)
    assert told["q"] == ["accorderie"]
    assert told["famille"] == ["association"]
    assert told["vue"] == ["tableau"]


# Table and cards


def test_the_table_and_the_cards_show_the_same_structures(page_without_script: Page) -> None:
    page = page_without_script
    page.goto("/annuaire/?famille=cooperative&page=2")
    as_cards = names(page).all_inner_texts()
    assert len(as_cards) == PER_PAGE
    views(page).get_by_role("link", name="tableau").click()
    expect(views(page).locator("[aria-current]")).to_have_text("tableau")
    table = page.get_by_role("table", name="Structures trouvées")
    assert state(page)["page"] == ["2"]
    rows = table.get_by_role("rowheader").all_inner_texts()
    assert [row for row in rows if row not in " ".join(as_cards)] == []
    assert len(rows) == PER_PAGE
    views(page).get_by_role("link", name="fiches").click()
    expect(names(page)).to_have_text(as_cards)


def test_a_table_wider_than_a_phone_scrolls_in_its_own_frame(phone_page: Page) -> None:
    phone_page.goto(TABLE)
    frame = phone_page.locator(".structures-table")
    assert frame.evaluate("frame => frame.scrollWidth > frame.clientWidth")
    assert is_as_wide_as_the_window(phone_page)
    frame.focus()
    phone_page.keyboard.press("ArrowRight")
    expect(frame).not_to_have_js_property("scrollLeft", 0)


# Near


def near_me(page: Page) -> Locator:
    return page.get_by_role("button", name="Près de moi")


@pytest.mark.parametrize("window", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_near_me_lists_the_nearest_first(open_page: Callable[..., Page], window: dict) -> None:
    page = open_page(**window, geolocation=ROUBAIX, permissions=["geolocation"])
    page.goto("/annuaire/?famille=association")
    near_me(page).click()
    page.wait_for_url("**/annuaire/?*lat=50.6917*")
    expect(
        limits(page).get_by_role("link", name="Près de 5 km autour de votre position")
    ).to_be_visible()
    assert state(page)["lon"] == ["3.1742"]
    assert state(page)["famille"] == ["association"]
    expect(orders(page).locator("[aria-current]")).to_have_text("distance")
    told = distances_m(page)
    assert len(told) == PER_PAGE
    assert told == sorted(told)
    assert is_as_wide_as_the_window(page)
    expect_no_axe_violations(page)
    assert page.context.cookies() == []
    assert page.evaluate("localStorage.length + sessionStorage.length") == 0

    place(page).fill("Lille")  # what is typed counts, and the position is forgotten
    search_button(page).click()
    expect(limits(page).get_by_role("link", name="autour de Lille")).to_be_visible()
    assert "lat" not in state(page)


def test_a_refused_position_is_said_and_the_form_still_works(
    open_page: Callable[..., Page],
) -> None:
    page = open_page(**DESKTOP)
    page.goto(FRONT)
    near_me(page).click()  # without a permission, this browser refuses
    expect_the_form_still_works(page)


def test_a_position_that_cannot_be_had_is_said_and_the_form_still_works(
    open_page: Callable[..., Page],
) -> None:
    page = open_page(**DESKTOP, permissions=["geolocation"])
    page.goto(FRONT)
    page.context.new_cdp_session(page).send("Emulation.setGeolocationOverride")
    near_me(page).click()
    expect_the_form_still_works(page)


def expect_the_form_still_works(page: Page) -> None:
    told = page.get_by_role("search", name="Dans l’annuaire").get_by_role("status")
    expect(told).to_have_text(
        "Votre position n’a pas pu être obtenue : écrivez le nom de votre commune."
    )
    expect(place(page)).to_be_focused()
    expect_no_axe_violations(page)
    page.keyboard.type("Roubaix")
    page.keyboard.press("Enter")
    expect(limits(page).get_by_role("link", name="autour de Roubaix")).to_be_visible()
    assert distances_m(page)


def test_a_browser_that_shares_no_position_is_offered_no_button(
    open_page: Callable[..., Page], page_without_script: Page
) -> None:
    page = open_page(**DESKTOP)
    page.add_init_script("delete Navigator.prototype.geolocation")
    for without in (page, page_without_script):
        without.goto(FRONT)
        expect(place(without)).to_be_visible()
        expect(near_me(without)).to_have_count(0)


def test_what_is_near_a_commune_is_found_and_sorted_without_script(
    page_without_script: Page,
) -> None:
    page = page_without_script
    page.goto(FRONT)
    page.get_by_label("Rayon").select_option("2 km")
    search(page, text="accorderie", near="59100 Roubaix")
    expect(limits(page).get_by_role("link", name="2 km autour de Roubaix")).to_be_visible()
    expect(orders(page).locator("[aria-current]")).to_have_text("pertinence")
    orders(page).get_by_role("link", name="distance").click()
    expect(orders(page).locator("[aria-current]")).to_have_text("distance")
    assert state(page)["tri"] == ["distance"]
    told = distances_m(page)
    assert told
    assert told == sorted(told)
    assert told[-1] <= 2_000
    orders(page).get_by_role("link", name="nom").click()
    assert sorted(distances_m(page)) == told
    limits(page).get_by_role("link", name="autour de Roubaix").click()
    expect(place(page)).to_have_value("")
    expect(orders(page).get_by_role("link", name="distance")).to_have_count(0)


def test_a_place_typed_counts_more_than_a_position_in_the_address(
    page_without_script: Page,
) -> None:
    page = page_without_script
    page.goto("/annuaire/?lat=50.6917&lon=3.1742")
    expect(limits(page).get_by_role("link", name="autour de votre position")).to_be_visible()
    search(page, near="Lille")
    expect(limits(page).get_by_role("link", name="autour de Lille")).to_be_visible()


def test_a_place_that_nobody_knows_is_said(page_without_script: Page) -> None:
    page = page_without_script
    page.goto(FRONT)
    search(page, near="Nulleville")
    expect(page.get_by_role("status").filter(has_text="Nulleville")).to_be_visible()
    expect(place(page)).to_have_value("Nulleville")


# Keys, phone, paper


def test_the_whole_search_is_made_with_the_keys(desktop_page: Page) -> None:
    page = desktop_page
    page.goto(FRONT)
    reach(page, words(page))
    page.keyboard.type("accorderie")
    page.keyboard.press("Enter")
    page.wait_for_url("**/annuaire/?*q=accorderie*")
    reach(page, facet(page, "Commune").get_by_role("link", name="Lille"))
    page.keyboard.press("Enter")
    page.wait_for_url("**commune=59350*")
    reach(page, limits(page).get_by_role("link", name="Commune Lille"))
    page.keyboard.press("Enter")
    expect(limits(page)).to_have_count(0)
    reach(page, names(page).first.get_by_role("link"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Accorderie")


def reach(page: Page, wanted: Locator) -> None:
    """Press Tab until the focus is there, and see that it shows."""
    for _key in range(90):
        page.keyboard.press("Tab")
        if wanted.evaluate("element => element === document.activeElement"):
            break
    expect(wanted).to_be_focused()
    shows = "e => { const s = getComputedStyle(e); return s.outlineStyle !== 'none' || s.boxShadow !== 'none' }"
    assert wanted.evaluate(shows)


def test_on_a_phone_the_facets_are_folded(phone_page: Page) -> None:
    phone_page.goto(FOUND)
    expect(facet(phone_page, "Commune")).to_be_hidden()
    phone_page.get_by_text("Affiner la recherche").first.tap()
    expect(facet(phone_page, "Commune")).to_be_visible()
    assert is_as_wide_as_the_window(phone_page)
    expect_no_axe_violations(phone_page)
    facet(phone_page, "Commune").get_by_role("link", name="Lille").tap()
    expect(limits(phone_page).get_by_role("link", name="Commune Lille")).to_be_visible()


def test_a_page_reads_well_when_text_is_twice_as_large(open_page: Callable[..., Page]) -> None:
    page = open_page(viewport={"width": 320, "height": 640})
    for address in (FRONT, AROUND, TABLE):
        page.goto(address)
        assert is_as_wide_as_the_window(page), address


@pytest.mark.parametrize("address", [FOUND, TABLE], ids=["cards", "table"])
def test_on_paper_there_are_the_structures_and_not_the_forms(
    desktop_page: Page, address: str
) -> None:
    desktop_page.goto(address)
    desktop_page.emulate_media(media="print")
    for hidden in (".finder__form", ".finder__facets", ".page-turns", ".sorts"):
        for one in desktop_page.locator(hidden).all():
            expect(one).to_be_hidden()
    expect(desktop_page.get_by_role("heading", level=2).first).to_be_visible()
    expect(desktop_page.get_by_text("Source : INSEE").first).to_be_visible()
    desktop_page.set_viewport_size({"width": 658, "height": 900})  # A4 between its margins
    assert is_as_wide_as_the_window(desktop_page)
    if address == TABLE:
        frame = desktop_page.locator(".structures-table")
        assert frame.evaluate("frame => frame.scrollWidth <= frame.clientWidth")


def test_a_reader_is_given_no_cookie_and_sent_to_no_one(open_page: Callable[..., Page]) -> None:
    page = open_page(**DESKTOP)  # which fails when a third party is called
    for address in (FRONT, FOUND, TABLE, AROUND, "/annuaire/valeurs/commune/"):
        page.goto(address)
    assert page.context.cookies() == []
    assert page.evaluate("localStorage.length + sessionStorage.length") == 0
