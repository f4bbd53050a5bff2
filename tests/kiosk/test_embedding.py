"""What other sites paste: the code of a kiosk, the scripts it includes, the covers it loads."""

import gzip
import html
import re

import pytest
from django.conf import settings

from essor.kiosk.scripts import (
    NOT_IN_ELEMENTS,
    smaller_sheet,
    tokens_of,
    without_rules,
)

from ..portal.builders import the_portal
from .builders import a_kiosk, a_record

pytestmark = pytest.mark.django_db

LARGEST_HEIGHT_SCRIPT = 1_000
LARGEST_ELEMENT_COMPRESSED = 6_000
ADDED_AGAINST_BREACH = 100
"""Bytes at most that Django adds to what it compresses, by chance."""


@pytest.fixture(autouse=True)
def portal():
    return the_portal()


def codes(client, address="/kiosques/ess/"):
    page = client.get(address).content.decode()
    return [
        html.unescape(code) for code in re.findall(r"<textarea[^>]*>(.*?)</textarea>", page, re.S)
    ]


def test_each_way_to_show_a_kiosk_has_its_code(client):
    a_kiosk([a_record(1)], name="À lire")
    frame, height, element = codes(client)
    assert 'src="http://testserver/kiosques/ess/cadre"' in frame
    assert 'title="À lire"' in frame
    assert 'loading="lazy"' in frame
    assert 'width="100%"' in frame
    assert height == '<script src="http://testserver/kiosques/hauteur.js" defer></script>'
    assert '<script src="http://testserver/kiosques/element.js" type="module"></script>' in element
    assert '<essor-kiosk src="http://testserver/kiosques/ess/"><a href=' in element


def test_the_code_of_the_english_page_shows_the_english_kiosk(client):
    a_kiosk([a_record(1)])
    frame, height, element = codes(client, "/en/kiosques/ess/")
    assert "/en/kiosques/ess/cadre" in frame
    assert '"http://testserver/en/kiosques/ess/"' in element
    assert '"http://testserver/kiosques/hauteur.js"' in height
    assert '"http://testserver/kiosques/element.js"' in element


def test_a_hostile_name_stays_text_in_every_code(client):
    a_kiosk([a_record(1)], name='"></textarea><script>alert("x")</script>')
    for code in codes(client):
        assert "<script>" not in code
        assert "</textarea>" not in code


@pytest.mark.parametrize("address", ["/kiosques/hauteur.js", "/kiosques/element.js"])
def test_a_script_may_be_included_by_any_site_and_kept(client, address):
    response = client.get(address)
    assert response["Content-Type"] == "text/javascript; charset=utf-8"
    assert response["Access-Control-Allow-Origin"] == "*"
    assert "public" in response["Cache-Control"]
    assert not response.cookies
    assert client.get(address, HTTP_IF_NONE_MATCH=response["ETag"]).status_code == 304


def test_the_script_of_heights_is_a_kilobyte_at_most(client):
    assert len(client.get("/kiosques/hauteur.js").content) <= LARGEST_HEIGHT_SCRIPT


def test_the_element_is_light(client):
    element = client.get("/kiosques/element.js").content
    compressed = gzip.compress(element, compresslevel=6)
    assert len(compressed) + ADDED_AGAINST_BREACH < LARGEST_ELEMENT_COMPRESSED
    assert (
        client.get("/kiosques/element.js", HTTP_ACCEPT_ENCODING="gzip")["Content-Encoding"]
        == "gzip"
    )


def test_the_element_loads_nothing_else_and_builds_no_html_from_strings(client):
    element = client.get("/kiosques/element.js").content.decode()
    assert not re.search(
        r"innerHTML|insertAdjacentHTML|document\.write|\beval\b|\bimport\(", element
    )
    assert "@import" not in element
    assert "url(" not in element


def test_the_frame_may_be_read_by_scripts_of_any_site_without_cookies(client):
    a_kiosk([a_record(1)])
    frame = client.get("/kiosques/ess/cadre")
    assert frame["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Credentials" not in frame


def test_the_page_with_its_form_and_code_is_not_for_scripts_of_other_sites(client):
    a_kiosk([a_record(1)])
    assert "Access-Control-Allow-Origin" not in client.get("/kiosques/ess/")


def test_a_drawn_cover_has_an_address(client):
    record = a_record(1, title='</svg><script>alert("x")</script>\x08')
    response = client.get(f"/catalogue/{record.pk}/couverture.svg")
    assert response["Content-Type"] == "image/svg+xml"
    assert response["X-Content-Type-Options"] == "nosniff"
    policy = dict(
        part.strip().partition(" ")[::2] for part in response["Content-Security-Policy"].split(";")
    )
    assert policy == {"default-src": "'none'", "sandbox": ""}
    assert "max-age=86400" in response["Cache-Control"]
    assert b"<script>" not in response.content


def test_there_is_no_cover_of_a_record_that_is_not_there(client):
    assert client.get("/catalogue/424242/couverture.svg").status_code == 404


def test_a_smaller_sheet_says_the_same():
    css = """
    /* A comment; with { braces } */
    .a > .b:hover,
    .c :focus-visible {
      width: calc(100% - 2 * var(--x));
      margin: 0 auto;
    }
    """
    assert smaller_sheet(css) == (
        ".a > .b:hover,.c :focus-visible{width:calc(100% - 2 * var(--x));margin:0 auto}"
    )


def test_the_stylesheets_hold_no_text_that_would_be_made_smaller_too():
    """Strings with blanks beside punctuation: the simple means would change what they say."""
    folder = settings.PACKAGE_DIR / "kiosk" / "static" / "kiosk"
    for name in ("kiosk.css", "element.css"):
        css = re.sub(r"/\*.*?\*/", "", (folder / name).read_text(encoding="utf-8"), flags=re.S)
        for text in re.findall(r'"([^"]*)"', css):
            assert smaller_sheet(f'"{text}"') == f'"{text}"'


def test_rules_of_other_places_are_left_out_whole():
    css = """
    .a { x: 1 }
    .a.b:is(.c, .d), .b .a { x: 2 }
    @media print { .b { x: 3 } }
    @media print { .b { x: 4 } .a { x: 5 } }
    """
    assert smaller_sheet(without_rules(css, ("b",))) == ".a{x:1}@media print{.a{x:5}}"


def test_no_rule_is_at_once_for_frames_and_for_elements():
    folder = settings.PACKAGE_DIR / "kiosk" / "static" / "kiosk"
    css = smaller_sheet((folder / "kiosk.css").read_text(encoding="utf-8"))
    for rule in re.findall(r"([^{};]+)\{[^{}]*\}", css):
        selectors = re.split(r",(?![^(]*\))", rule)
        of_frames = [any(name in one for name in NOT_IN_ELEMENTS) for one in selectors]
        assert all(of_frames) or not any(of_frames), rule


def test_the_texts_of_the_scripts_are_carried_whole(client):
    element = client.get("/kiosques/element.js").content.decode()
    folder = settings.PACKAGE_DIR / "kiosk" / "static" / "kiosk"
    script = (folder / "kiosk.js").read_text(encoding="utf-8")
    texts = re.findall(r'"[^"\n]*"|`[^`]*`', re.sub(r"/\*.*?\*/", "", script, flags=re.S))
    assert texts
    assert [text for text in texts if text not in element] == []


def test_only_the_tokens_in_use_are_carried():
    css = """
    :root {
      --ink: light-dark(black, white); /* a note; with --other: words */
      --hair: 1px solid var(--line);
      --line: gray;
      --other: red;
    }
    """
    carried = tokens_of(css, used_by=".a { color: var(--ink); border: var(--hair) }")
    assert carried == "--ink: light-dark(black, white);--hair: 1px solid var(--line);--line: gray;"
