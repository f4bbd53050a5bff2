"""The displays as they are sent: one list of links, light, in the colours asked for, bare for old frames."""

import gzip
import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.test import RequestFactory

from essor.catalogue.models import Record
from essor.kiosk.showing import Shown
from essor.kiosk.types import CoverSize, Display, Look, Theme, frame_height_px
from essor.kiosk.views import in_frame
from essor.portal.models import PortalSettings

from ..portal.builders import the_portal
from .builders import a_kiosk, a_record

pytestmark = pytest.mark.django_db

LINK = re.compile(r'<a class="kiosk__link" href="([^"]*)" target="_parent">')
DRAWING = re.compile(
    r'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 120 180".*?</svg>', re.S
)
LARGEST_FRAME = 30_000


@pytest.fixture(autouse=True)
def portal():
    return the_portal()


def framed(look):
    records = tuple(Record.objects.all()) or (a_record(1),)
    response = in_frame(RequestFactory().get("/"), Shown("À lire", records, look))
    return response.content.decode()


@pytest.mark.parametrize("display", list(Display))
def test_each_display_is_made_of_the_same_links(client, display):
    records = [a_record(number) for number in range(3)]
    a_kiosk(records, display=display)
    page = client.get("/kiosques/ess/cadre").content.decode()
    assert LINK.findall(page) == [record.get_absolute_url() for record in records]
    assert f'data-display="{display}"' in page
    assert "style=" not in page


@pytest.mark.parametrize("display", list(Display))
def test_a_frame_of_thirty_books_is_light(client, display):
    """Without its covers, and compressed as servers do: page, styles and scripts."""
    long_title = (
        "Une histoire des coopératives de consommation dans le Nord, de 1880 à nos jours, numéro"
    )
    records = [a_record(number, title=f"{long_title} {number}") for number in range(30)]
    a_kiosk(records, limit=30, display=display)
    page = client.get("/kiosques/ess/cadre").content.decode()
    parts = [DRAWING.sub("", page).encode()]
    for path in re.findall(r'(?:href|src)="/static/([^"]+\.(?:css|js))"', page):
        found = finders.find(path)
        assert found, path
        parts.append(Path(found).read_bytes())
    assert len(parts) >= 4
    assert sum(len(gzip.compress(part)) for part in parts) < LARGEST_FRAME


@pytest.mark.parametrize(("theme", "said"), [(Theme.AUTO, "auto"), (Theme.DARK, "dark")])
def test_the_frame_says_which_colours_it_wants(theme, said):
    assert f'data-theme="{said}"' in framed(Look(theme=theme))


def test_the_frame_wears_the_accent_of_the_portal_in_each_theme(
    client, portal, django_capture_on_commit_callbacks
):
    a_kiosk([a_record(1)])
    assert "/apparence.css" not in client.get("/kiosques/ess/cadre").content.decode()
    identity = PortalSettings.for_site(portal)
    identity.accent_light, identity.accent_dark = "#2b4a5e", "#8fbad3"
    with django_capture_on_commit_callbacks(execute=True):
        identity.save()
    assert 'href="/apparence.css"' in client.get("/kiosques/ess/cadre").content.decode()
    sheet = client.get("/apparence.css").content.decode()
    assert sheet == ":root { --brick-light: #2b4a5e; --brick-dark: #8fbad3; }\n"


def test_only_what_moves_by_itself_has_a_button_to_stop_it():
    assert "data-play" not in framed(Look(display=Display.STRIP))
    assert "data-play" in framed(Look(display=Display.STRIP, autoplay_s=5))
    assert "data-play" not in framed(Look(display=Display.GRID, autoplay_s=5))


def test_a_bare_frame_stops_too():
    assert "data-play" in framed(Look(display=Display.STRIP, autoplay_s=5, is_bare=True))


def test_the_room_of_a_cover_is_said_in_its_own_attributes():
    page = framed(Look(cover=CoverSize(90, 120), is_bare=True))
    assert 'width="80" height="120"' in page
    assert "style=" not in page


def test_a_kiosk_names_the_portal_on_other_sites_when_it_should(client):
    a_kiosk([a_record(1)], slug="nomme")
    a_kiosk([a_record(2)], slug="muet", names_portal=False)
    assert 'class="kiosk__portal"' in client.get("/kiosques/nomme/cadre").content.decode()
    assert 'class="kiosk__portal"' not in client.get("/kiosques/muet/cadre").content.decode()
    assert 'class="kiosk__portal"' not in client.get("/kiosques/nomme/").content.decode()


@pytest.mark.parametrize("display", list(Display))
def test_frames_grow_with_the_books_up_to_a_limit(display):
    heights = [frame_height_px(display, count) for count in (1, 15, 100)]
    assert heights == sorted(heights)
    assert heights[-1] <= 1_600


def test_the_code_to_copy_gives_the_height_of_its_display(client):
    a_kiosk([a_record(1)], display=Display.SINGLE)
    page = client.get("/kiosques/ess/").content.decode()
    height = frame_height_px(Display.SINGLE, 15)
    assert f"height=&quot;{height}&quot;" in page
