"""Frames are made once for everyone, forgotten at an edit, and read nothing of their visitors."""

import gzip
import io
import threading
import time

import pytest
from django.core.cache import caches
from django.core.files.base import ContentFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from PIL import Image

from essor.catalogue.models import Cover
from essor.catalogue.services.baskets import add_to_basket
from essor.catalogue.services.covers import forget_cover, keep_uploaded_cover
from essor.kiosk import kept_frames as keeping
from essor.kiosk.kept_frames import Kept, KeptFrames
from essor.kiosk.middleware import front_door
from essor.kiosk.types import Draw
from essor.portal.services.static_files import gather_static_files

from ..portal.builders import the_portal
from .builders import a_kiosk, a_record

pytestmark = pytest.mark.django_db

FRAME = "/kiosques/ess/cadre"


@pytest.fixture(autouse=True)
def portal():
    return the_portal()


def queries_of(ask):
    with CaptureQueriesContext(connection) as queries:
        ask()
    return len(queries)


def test_a_kept_frame_asks_the_store_nothing(client):
    a_kiosk([a_record(n) for n in range(3)])
    first = client.get(FRAME)
    assert queries_of(lambda: client.get(FRAME)) == 0
    again = client.get(FRAME)
    assert again.content == first.content
    assert again["Content-Security-Policy"] == first["Content-Security-Policy"]


def test_parameters_that_mean_nothing_make_no_other_page(client):
    a_kiosk([a_record(1)])
    client.get(FRAME)
    assert queries_of(lambda: client.get(f"{FRAME}?utm_source=a&theme=violet&{'x' * 500}")) == 0
    assert b'data-theme="dark"' in client.get(f"{FRAME}?theme=sombre").content
    assert b'data-theme="auto"' in client.get(FRAME).content


@pytest.mark.parametrize("more", ["&theme=sombre", "&theme=violet", "&%74heme=sombre"])
def test_no_address_puts_another_page_in_the_place_of_a_kept_one(client, more):
    a_kiosk([a_record(1)])
    client.get(f"{FRAME}?theme=clair{more}")
    assert b'data-theme="light"' in client.get(f"{FRAME}?theme=clair").content


@pytest.mark.parametrize("path", ["/java/kiosque/a/b", "/Java/Kiosque/a/b", "/java//kiosque"])
def test_an_old_frame_reads_no_cookie_however_its_address_is_written(admin_client, path):
    response = admin_client.get(path)
    assert response["Vary"] == "Accept-Encoding"
    assert "private" not in response["Cache-Control"]
    assert queries_of(lambda: admin_client.get(path)) == 0


def test_a_page_whose_address_begins_as_an_old_frame_is_no_frame(admin_client):
    assert "Cookie" in admin_client.get("/java/kiosques-de-la-region/")["Vary"]


def test_a_frame_neither_reads_nor_sets_a_cookie(client, admin_client):
    a_kiosk([a_record(1)])
    for one in (admin_client, client):
        response = one.get(FRAME)
        assert not response.cookies
        assert response["Vary"] == "Accept-Encoding"
        assert "private" not in response["Cache-Control"]
    assert queries_of(lambda: admin_client.get(FRAME)) == 0


def test_a_proxy_keeps_a_frame_a_second_and_a_browser_asks_each_time(client):
    a_kiosk([a_record(1)])
    rules = client.get(FRAME)["Cache-Control"]
    assert {part.strip() for part in rules.split(",")} == {"public", "max-age=0", "s-maxage=1"}


def test_a_frame_is_compressed_for_who_asks(client):
    a_kiosk([a_record(n) for n in range(3)])
    plain = client.get(FRAME)
    compressed = client.get(FRAME, HTTP_ACCEPT_ENCODING="gzip, br")
    assert "Content-Encoding" not in plain
    assert compressed["Content-Encoding"] == "gzip"
    assert gzip.decompress(compressed.content) == plain.content
    assert int(compressed["Content-Length"]) == len(compressed.content)


def test_a_head_request_has_no_body(client):
    a_kiosk([a_record(1)])
    size = client.get(FRAME)["Content-Length"]
    head = client.head(FRAME)
    assert (head.content, head["Content-Length"]) == (b"", size)


def test_an_unchanged_frame_is_answered_by_304_that_keeps_its_policy(client):
    a_kiosk([a_record(1)])
    tag = client.get(FRAME)["ETag"]
    again = client.get(FRAME, HTTP_IF_NONE_MATCH=tag)
    assert (again.status_code, again.content) == (304, b"")
    assert "Content-Security-Policy" not in again


def test_a_kept_frame_is_answered_before_django_begins(client):
    a_kiosk([a_record(1)])
    made = client.get(FRAME, HTTP_HOST="127.0.0.1")
    told = []
    environ = {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": FRAME,
        "HTTP_HOST": "127.0.0.1",
        "wsgi.url_scheme": "http",
        "HTTP_COOKIE": "sessionid=x",
    }
    door = front_door(lambda environ, start_response: pytest.fail("It was kept."))
    body = b"".join(door(environ, lambda *answer: told.append(answer)))
    assert body == made.content
    assert told == [("200 OK", [*made.items()])]


def test_other_requests_go_through_the_front_door():
    def application(environ, start_response):
        return [environ["PATH_INFO"].encode()]

    door = front_door(application)
    for method, path in (("GET", "/"), ("POST", FRAME), ("GET", f"{FRAME}/plus"), ("GET", FRAME)):
        environ = {"REQUEST_METHOD": method, "PATH_INFO": path, "wsgi.url_scheme": "http"}
        assert door(environ, None) == [path.encode()]


def test_a_frame_is_not_found_until_it_exists(client):
    assert client.get(FRAME).status_code == 404
    a_kiosk([a_record(1)])
    assert client.get(FRAME).status_code == 200


def test_another_draw_at_each_view_is_never_kept(client):
    a_kiosk([a_record(n) for n in range(20)], draw=Draw.VIEW, pool=20, limit=8)
    response = client.get(FRAME)
    assert "no-store" in response["Cache-Control"]
    assert len({client.get(FRAME).content for _ in range(6)}) > 1
    compressed = client.get(FRAME, HTTP_ACCEPT_ENCODING="gzip")
    assert compressed["Content-Encoding"] == "gzip"
    assert b"</html>" in gzip.decompress(compressed.content)
    assert "Content-Encoding" not in client.get(FRAME)


def test_an_edit_shows_at_once(client, django_capture_on_commit_callbacks):
    kiosk = a_kiosk([a_record(1, title="Avant")])
    assert b"Avant" in client.get(FRAME).content
    with django_capture_on_commit_callbacks(execute=True):
        add_to_basket(kiosk.basket, [a_record(2, title="Nouveau")])
    assert b"Nouveau" in client.get(FRAME).content
    with django_capture_on_commit_callbacks(execute=True):
        kiosk.basket.is_public = False
        kiosk.basket.save()
    assert b"Nouveau" not in client.get(FRAME).content
    assert b"Nouveau" not in client.get("/kiosques/ess/").content


def test_a_thousand_rows_that_leave_a_basket_are_one_edit(django_capture_on_commit_callbacks):
    kiosk = a_kiosk([a_record(n) for n in range(3)])
    with django_capture_on_commit_callbacks() as told:
        kiosk.basket.items.all().delete()
    assert len(told) == 3
    generations = [forget() or caches["default"].get(keeping.GENERATION) for forget in told]
    assert len(set(generations)) == 1


def test_no_frame_names_the_static_files_of_before(client, settings, tmp_path):
    settings.STATIC_ROOT = tmp_path
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    a_kiosk([a_record(1)])
    client.get(FRAME)
    assert gather_static_files()
    assert queries_of(lambda: client.get(FRAME)) > 0
    assert not gather_static_files()
    assert queries_of(lambda: client.get(FRAME)) == 0


def a_picture():
    content = io.BytesIO()
    Image.linear_gradient("L").resize((90, 120)).save(content, "PNG")
    return ContentFile(content.getvalue())


def test_only_pictures_of_the_staff_make_pages_anew(client, django_capture_on_commit_callbacks):
    record = a_record(1)
    a_kiosk([record])
    client.get(FRAME)
    with django_capture_on_commit_callbacks(execute=True):
        Cover.objects.create(record=record, origin="openlibrary", failures=1).picture.save(
            "x.webp", a_picture()
        )
    assert queries_of(lambda: client.get(FRAME)) == 0
    with django_capture_on_commit_callbacks(execute=True):
        cover = keep_uploaded_cover(record, a_picture())
    assert cover.picture.url.encode() in client.get(FRAME).content
    with django_capture_on_commit_callbacks(execute=True):
        forget_cover(record)
    assert cover.picture.url.encode() not in client.get(FRAME).content


# Several threads, several processes


def a_page(number):
    return Kept.of((), b"%d" % number)


class Making:
    """Makes pages, slowly, and counts them."""

    def __init__(self):
        self.count = 0

    def __call__(self):
        self.count += 1
        time.sleep(0.05)
        return a_page(self.count)


def test_a_burst_of_first_requests_makes_one_page():
    making, processes = Making(), [KeptFrames(), KeptFrames()]
    found = []

    def ask(process):
        found.append(process.get_or_make("k", making).body)

    askers = [threading.Thread(target=ask, args=(processes[n % 2],)) for n in range(200)]
    for asker in askers:
        asker.start()
    for asker in askers:
        asker.join()
    assert making.count == 1
    assert found == [b"1"] * 200


def test_a_page_made_for_each_is_made_by_several_at_once():
    frames, together = KeptFrames(), threading.Barrier(4, timeout=10)
    frames.get_or_make("k", lambda: None)
    met = []

    def make():
        met.append(together.wait())

    askers = [threading.Thread(target=frames.get_or_make, args=("k", make)) for _ in range(4)]
    for asker in askers:
        asker.start()
    for asker in askers:
        asker.join()
    assert sorted(met) == [0, 1, 2, 3]


def test_a_page_that_could_not_be_made_is_kept_once_it_can():
    frames = KeptFrames()
    frames.get("k")
    assert frames.get_or_make("k", lambda: None) is None
    assert frames.get_or_make("k", lambda: a_page(1)).body == b"1"
    assert frames.get("k").body == b"1"


def test_another_process_learns_of_an_edit_within_a_second(monkeypatch):
    one, other = KeptFrames(), KeptFrames()
    one.get("k")
    one.get_or_make("k", lambda: a_page(1))
    other.get_or_make("k", lambda: a_page(2))
    assert one.get("k").body == other.get("k").body == b"1"
    one.forget()
    assert one.get("k") is None
    monkeypatch.setattr(keeping, "NEWS_S", 0.0)
    assert other.get("k") is None
    assert keeping.KEPT_S <= 60


def test_what_was_made_while_an_edit_came_is_not_kept():
    frames = KeptFrames()
    frames.get("k")

    def make_while_somebody_edits():
        frames.forget()
        return a_page(1)

    frames.get_or_make("k", make_while_somebody_edits)
    assert frames.get("k") is None


def test_the_memory_of_a_process_is_bounded(monkeypatch):
    monkeypatch.setattr(keeping, "MOST_KEPT", 3)
    frames = KeptFrames()
    frames.get("")
    for number in range(6):
        frames.get_or_make(str(number), lambda: a_page(0))
    assert [frames.get(str(number)) is not None for number in range(6)] == [False] * 3 + [True] * 3


def test_a_page_that_may_not_be_kept_is_made_for_each():
    assert KeptFrames().get_or_make("k", lambda: None) is None
    assert not caches["default"].get("k")
