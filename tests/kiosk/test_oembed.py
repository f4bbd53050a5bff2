"""oEmbed: what a site is told when it is given the address of a kiosk."""

import html
import json
import re
from urllib.parse import quote
from xml.etree import ElementTree

import pytest

from essor.kiosk.embedding import embedding

from ..portal.builders import the_portal
from .builders import a_kiosk, a_record

pytestmark = pytest.mark.django_db

PAGE = "http://testserver/kiosques/ess/"


@pytest.fixture(autouse=True)
def portal():
    return the_portal()


def told(client, address=PAGE, **more):
    return client.get("/oembed", {"url": address, **more})


def frame_in(answer):
    return dict(re.findall(r'(\w+)="([^"]*)"', answer["html"]))


def test_an_answer_says_what_the_format_asks(client):
    kiosk = a_kiosk([a_record(1)], name="À lire")
    response = told(client)
    answer = response.json()
    assert response["Content-Type"] == "application/json"
    assert answer["version"] == "1.0"
    assert answer["type"] == "rich"
    assert answer["title"] == "À lire"
    assert answer["provider_name"]
    assert answer["provider_url"] == "http://testserver/"
    assert answer["height"] == embedding(kiosk, None).height
    assert isinstance(answer["width"], int)
    assert answer["cache_age"] > 0
    assert frame_in(answer)["src"] == "http://testserver/kiosques/ess/cadre"
    assert frame_in(answer)["title"] == "À lire"


def test_the_same_is_told_in_xml(client):
    a_kiosk([a_record(1)])
    response = told(client, format="xml")
    root = ElementTree.fromstring(response.content)
    assert response["Content-Type"].startswith("text/xml")
    assert root.tag == "oembed"
    answer = told(client).json()
    assert {child.tag: child.text for child in root} == {
        name: str(value) for name, value in answer.items()
    }


@pytest.mark.parametrize(
    ("address", "frame"),
    [
        ("/kiosques/ess/", "/kiosques/ess/cadre"),
        ("/kiosques/ess/cadre", "/kiosques/ess/cadre"),
        ("/kiosques/ess/?theme=sombre#haut", "/kiosques/ess/cadre"),
        ("/en/kiosques/ess/", "/en/kiosques/ess/cadre"),
        ("/p/{link}", "/kiosques/ess/cadre"),
        ("/en/p/{link}", "/en/kiosques/ess/cadre"),
    ],
)
def test_every_address_of_a_kiosk_is_known(client, address, frame):
    kiosk = a_kiosk([a_record(1)])
    answer = told(client, "http://testserver" + address.format(link=kiosk.permalink_id)).json()
    assert frame_in(answer)["src"] == f"http://testserver{frame}"


@pytest.mark.parametrize(
    "address",
    [
        "",
        "/kiosques/ess/",
        "http://testserver/",
        "http://testserver/kiosques/inconnu/",
        "http://testserver/catalogue/",
        "http://testserver/p/k424242",
        "http://testserver/p/1",
        "http://ailleurs.example/kiosques/ess/",
        "http://testserver.ailleurs.example/kiosques/ess/",
        "http://testserver@ailleurs.example/kiosques/ess/",
        "javascript://testserver/kiosques/ess/",
        "http://[testserver/kiosques/ess/",
    ],
)
def test_any_other_address_is_not_found(client, address):
    a_kiosk([a_record(1)])
    assert told(client, address).status_code == 404


def test_another_format_is_not_made(client):
    a_kiosk([a_record(1)])
    assert told(client, format="yaml").status_code == 501


def test_the_frame_has_the_room_it_is_given(client):
    a_kiosk([a_record(1)])
    answer = told(client, maxwidth="300", maxheight="200").json()
    assert (answer["width"], answer["height"]) == (300, 200)
    assert frame_in(answer)["width"] == "300"
    assert frame_in(answer)["height"] == "200"
    assert "thumbnail_url" not in answer
    assert told(client, maxwidth="100000").json()["width"] < 100000


@pytest.mark.parametrize("most", ["0", "-5", "beaucoup", "9" * 5000])
def test_a_room_that_makes_no_sense_is_ignored(client, most):
    a_kiosk([a_record(1)])
    assert told(client, maxwidth=most).json() == told(client).json()


def test_the_thumbnail_is_the_picture_of_shares(client):
    a_kiosk([a_record(1)])
    answer = told(client).json()
    picture = client.get(answer["thumbnail_url"], follow=True)
    assert picture["Content-Type"] == "image/png"


def test_a_hostile_name_stays_text(client):
    name = '"><script>alert("x")</script>\x08'
    a_kiosk([a_record(1)], name=name)
    answer = told(client).json()
    assert "<script>" not in answer["html"]
    assert html.unescape(frame_in(answer)["title"]) == name.rstrip("\x08")
    assert ElementTree.fromstring(told(client, format="xml").content).findtext("html")


def test_scripts_of_any_site_may_ask(client):
    a_kiosk([a_record(1)])
    assert told(client)["Access-Control-Allow-Origin"] == "*"
    assert not told(client).cookies


def test_the_page_of_a_kiosk_says_where_to_ask(client):
    a_kiosk([a_record(1)])
    page = client.get("/kiosques/ess/").content.decode()
    for form, kind in (("json", "application/json+oembed"), ("xml", "text/xml+oembed")):
        [address] = re.findall(rf'type="{re.escape(kind)}" href="([^"]*)"', page)
        address = html.unescape(address)
        assert address == f"http://testserver/oembed?format={form}&url={quote(PAGE, safe='')}"
        assert client.get(address).status_code == 200
    assert json.loads(client.get(address.replace("xml", "json")).content)["title"] == "À lire"
