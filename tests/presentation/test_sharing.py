"""Permanent links and the share menu, before any page."""

from urllib.parse import parse_qs, urlsplit

import pytest
from bs4 import BeautifulSoup
from django.template import Context, Template
from django.test import RequestFactory
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from essor.presentation import permalinks
from essor.presentation.permalinks import Destination, Permalink

TITLE = "« Livres » & co : 100 % <b>solidaires</b> ?"


def menu(title=TITLE, identifier="12-0a1b2c3d", language="fr"):
    request = RequestFactory().get("/")
    with translation.override(language):
        html = Template("{% load sharing %}{% share title identifier %}").render(
            Context({"request": request, "title": title, "identifier": identifier})
        )
    return BeautifulSoup(html, "html.parser")


def query_of(page, name):
    link = next(a for a in page.select("a.share__way") if a.get_text(strip=True) == name)
    return parse_qs(urlsplit(link["href"]).query)


@given(
    st.integers(1, 10**18 - 1),
    st.sampled_from(["", "a", "n", "z"]),
    st.one_of(st.just(""), st.text("0123456789abcdef", min_size=8, max_size=8)),
)
def test_a_permanent_link_is_read_as_it_was_written(number, letter, box):
    link = Permalink(number, letter, "" if letter else box)
    assert permalinks.parse(str(link)) == link


@pytest.mark.parametrize(
    "text",
    [
        *("", "0", "01", "-1", "12-", "12-0a1b2c3", "12-0A1B2C3D", "12-0a1b2c3d\n", "1" * 19),
        *("n", "n0", "nn1", "n1-0a1b2c3d", "12/../", "http://mauvais.example", "١٢"),
    ],
)
def test_what_is_not_a_permanent_link_is_refused(text):
    assert permalinks.parse(text) is None


def test_the_link_of_a_box_takes_the_first_digits_of_its_identifier():
    link = permalinks.for_box(12, "0A1B2C3D-0000-4000-8000-000000000000")
    assert str(link) == "12-0a1b2c3d"
    assert link.anchor == "box-0a1b2c3d"


def test_an_app_claims_a_letter_and_answers_for_it(monkeypatch):
    monkeypatch.setattr(permalinks, "_resolvers", {})
    permalinks.register(
        "n", lambda link, request: Destination(f"/catalogue/{link.number}/", "Livre")
    )
    found = permalinks.resolve(Permalink(37, "n"), RequestFactory().get("/"))
    assert found.address == "/catalogue/37/"
    assert permalinks.resolve(Permalink(37, "k"), RequestFactory().get("/")) is None


def test_a_letter_is_claimed_once(monkeypatch):
    monkeypatch.setattr(permalinks, "_resolvers", {})
    permalinks.register("n", lambda link, request: None)
    with pytest.raises(ValueError, match="already taken"):
        permalinks.register("n", lambda link, request: None)
    with pytest.raises(ValueError, match="from a to z"):
        permalinks.register("nn", lambda link, request: None)


def test_every_network_gets_the_permanent_link_and_the_title_whole():
    page, address = menu(), "http://testserver/p/12-0a1b2c3d"
    assert query_of(page, "Facebook") == {"u": [address]}
    assert query_of(page, "X") == {"text": [TITLE], "url": [address]}
    assert query_of(page, "LinkedIn") == {"url": [address]}
    assert query_of(page, "Mastodon") == {"adresse": ["12-0a1b2c3d"]}


def test_the_message_opens_with_its_subject_and_its_lines():
    href = menu().select_one("a[href^=mailto]")["href"]
    assert "+" not in href
    fields = parse_qs(urlsplit(href).query)
    assert fields["subject"] == [TITLE]
    assert fields["body"][0].endswith(f"\r\n{TITLE}\r\nhttp://testserver/p/12-0a1b2c3d\r\n")


def test_a_title_cannot_add_a_field_to_the_message():
    href = menu(title="x&bcc=tous@example.org\r\nBcc: y")
    fields = parse_qs(urlsplit(href.select_one("a[href^=mailto]")["href"]).query)
    assert set(fields) == {"subject", "body"}


def test_the_menu_has_no_script_and_no_picture_of_anyone_else():
    page = menu()
    assert not page.select("script, img, iframe, [style], [onclick]")
    assert all(a["rel"] == ["noopener", "nofollow"] for a in page.select("a.share__way"))
    assert not page.select("[target]")


def test_the_permanent_link_is_readable_without_script_and_on_paper():
    page = menu()
    assert page.select_one("a[rel=bookmark]")["href"] == "http://testserver/p/12-0a1b2c3d"
    assert "http://testserver/p/12-0a1b2c3d" in page.select_one(".share__printed").text
    assert page.select_one("[data-share-copying]").has_attr("hidden")


def test_the_menu_says_what_it_shares():
    assert TITLE in menu().select_one("summary").text.replace("\u00a0", " ")


def test_the_link_keeps_the_language_of_the_reader():
    assert menu(language="en").select_one("a[rel=bookmark]")["href"].endswith("/en/p/12-0a1b2c3d")


@pytest.mark.parametrize("identifier", ["", None, "None", "12-", "javascript:alert(1)"])
def test_a_thing_without_a_link_has_no_menu(identifier):
    assert not menu(identifier=identifier).select("*")
