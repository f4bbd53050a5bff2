"""Addresses of kiosks of the founding portal: what they ask for, and what they show today."""

import re
from urllib.parse import quote, quote_plus

import pytest
from django.core import checks
from django.core.cache import caches
from django.db import connection
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import example, given
from hypothesis import strategies as st

from essor.catalogue.models import SavedSearch
from essor.kiosk import choosing
from essor.kiosk.importers.old_addresses import LARGEST_NUMBER, LONGEST_TITLE, STYLES, old_asked
from essor.kiosk.kept_frames import kept_frames
from essor.kiosk.models import OldNumber, RecordClicks
from essor.kiosk.types import CoverSize, Display, Draw, Order, Theme
from essor.search import CannotTellNow

from ..portal.builders import the_portal
from .builders import a_basket, a_record

PATH = (
    "titre/Kiosque+/style_liste/slide_show/nb_notices/15/only_img/0/aleatoire/0/tri/1/nb_analyse/30"
    "/op_hauteur_img/120/op_transition//op_largeur_img/90/op_hauteur_boite/0/op_captions/0"
    "/op_autoplay/0/op_visible/0/op_speed/0/op_auto/0/op_scroll/1/rss_avis/1/id_catalogue/0"
    "/id_panier/37/profil_redirect//boite/boite_de_la_division_du_milieu/id_module/2/id_profil/140"
    "/vue/slide_show"
)
QUERY = (
    "titre=Kiosque%2B&style_liste=slide_show&nb_notices=15&only_img=0&aleatoire=0&tri=1&nb_analyse=30"
    "&op_hauteur_img=120&op_transition=&op_largeur_img=90&op_hauteur_boite=0&op_captions=0"
    "&op_autoplay=0&op_visible=0&op_speed=0&op_auto=0&op_scroll=1&rss_avis=1&id_catalogue=0"
    "&id_panier=37&profil_redirect=&boite=boite_de_la_division_du_milieu&id_module=2&id_profil=140"
    "&vue=slide_show"
)
OLD = "/java/kiosque/"
SNIPPET = f"{OLD}{PATH}?{QUERY}"
"""The address that the founding page shows (facts.yaml), but for its host."""

OF_THE_FOUNDING_PORTAL = (
    "slide_show",
    "protoflow",
    "cube",
    "diaporama",
    "jcarousel",
    "mycarousel_horizontal",
    "mycarousel_vertical",
    "coverflow",
    "carrousel_horizontal",
    "carrousel_vertical",
    "dockmenu_horizontal",
    "dockmenu_vertical",
    "pyramid_gallery",
)


# What an address asks for


@pytest.mark.parametrize(("path", "query"), [(PATH, QUERY), (PATH, ""), ("", QUERY)])
def test_the_snippet_of_the_founding_page_is_understood_in_either_notation(path, query):
    asked = old_asked(path, query)
    assert (asked.title, asked.basket, asked.search) == ("Kiosque", 37, 0)
    assert (asked.choice.order, asked.choice.limit) == (Order.NEWEST, 15)
    assert (asked.choice.draw, asked.choice.only_with_cover) == (Draw.NONE, False)
    assert asked.look.display is Display.STRIP
    assert asked.look.cover == CoverSize(90, 120)
    assert asked.look.is_bare
    assert asked.look.autoplay_s == 0
    assert asked.offers_feed


def test_what_is_not_said_is_as_on_the_founding_portal():
    asked = old_asked("", "")
    assert (asked.title, asked.basket, asked.search) == ("Kiosque", 0, 0)
    choice = asked.choice
    assert (choice.order, choice.limit, choice.draw, choice.pool, choice.only_with_cover) == (
        Order.NEWEST,
        20,
        Draw.VIEW,
        50,
        True,
    )
    assert asked.look.display is Display.SINGLE
    assert asked.look.theme is Theme.LIGHT


def test_the_path_wins_over_the_query():
    assert old_asked("id_panier/37", "id_panier=12").basket == 37


def test_an_empty_value_in_the_path_counts_and_a_last_key_alone_does_not():
    assert old_asked("nb_notices//id_panier/37", "nb_notices=5").choice.limit == 20
    assert old_asked("id_panier/37/nb_notices", "nb_notices=5").choice.limit == 5


def test_of_a_repeated_key_the_last_value_counts():
    assert old_asked("id_panier/1/id_panier/2", "").basket == 2
    assert old_asked("", "id_panier=1&id_panier=2").basket == 2


def test_unknown_keys_are_left_aside():
    assert old_asked("inconnu/id_panier/id_panier/37/x/y", "q=1&=2&&=").basket == 37


def test_a_query_escaped_once_too_often_is_understood():
    assert old_asked("", "id_panier=37&amp;nb_notices=5").choice.limit == 5


@pytest.mark.parametrize(
    ("path", "query", "title"),
    [
        ("titre/Kiosque+", "", "Kiosque"),
        ("titre/Kiosque%2B", "", "Kiosque"),
        ("", "titre=Kiosque%2B", "Kiosque"),
        ("", "titre=%25C3%25A9conomie%2Bsociale", "économie sociale"),
        ("titre/économie sociale", "", "économie sociale"),
        ("titre/%E9conomie", "", "économie"),
        ("", "titre=%E9conomie", "économie"),
        ("", "titre=100+%2525", "100 %"),
        ("titre/a\x00b\tc\u202ed", "", "a b c d"),
        ("titre/%00%0a", "", "Kiosque"),
        ("", f"titre={'é' * 3000}", "é" * LONGEST_TITLE),
    ],
)
def test_a_title_is_decoded_and_cleaned(path, query, title):
    assert old_asked(path, query).title == title


@pytest.mark.parametrize(
    ("key", "value", "shown"),
    [
        ("nb_notices", "1", 1),
        ("nb_notices", "99", 99),
        ("nb_notices", "0", 20),
        ("nb_notices", "100", 20),
        ("nb_notices", "-3", 20),
        ("nb_notices", "1e1", 20),
        ("nb_notices", "٣", 20),
        ("nb_notices", "9" * 5000, 20),
    ],
)
def test_numbers_keep_within_their_bounds(key, value, shown):
    assert old_asked(f"{key}/{value}", "").choice.limit == shown


def test_a_draw_takes_part_among_more_than_it_shows():
    assert old_asked("nb_notices/15/nb_analyse/30/aleatoire/1", "").choice.pool == 30
    assert old_asked("nb_notices/40/nb_analyse/30", "").choice.pool == 50
    assert old_asked("nb_notices/99/nb_analyse/9999", "").choice.pool == 109


@pytest.mark.parametrize(
    ("code", "order"),
    [("0", Order.TITLE), ("1", Order.NEWEST), ("2", Order.VIEWED), ("3", Order.NEWEST)],
)
def test_orders_keep_their_meaning(code, order):
    assert old_asked(f"tri/{code}", "").choice.order is order


def test_a_basket_wins_over_a_search():
    asked = old_asked("id_panier/37/id_catalogue/5", "")
    assert (asked.basket, asked.search) == (37, 0)
    assert old_asked("id_panier/0/id_catalogue/5", "").search == 5
    assert old_asked("id_panier/rien/id_catalogue/5", "").search == 5


def test_every_style_of_the_founding_portal_has_a_display():
    assert set(OF_THE_FOUNDING_PORTAL) == set(STYLES)
    displays = {name: old_asked(f"vue/{name}", "").look.display for name in STYLES}
    assert displays == {name: old_asked(f"style_liste/{name}", "").look.display for name in STYLES}
    assert displays["cube"] is displays["diaporama"] is Display.SINGLE
    assert displays["protoflow"] is displays["coverflow"] is Display.COVER_FLOW
    assert displays["mycarousel_vertical"] is displays["carrousel_vertical"] is Display.VERTICAL
    assert displays["jcarousel"] is displays["mycarousel_horizontal"] is Display.STRIP


def test_the_view_decides_then_the_style_then_the_usual_one():
    assert old_asked("vue/cube/style_liste/slide_show", "").look.display is Display.SINGLE
    assert old_asked("vue/xyz/style_liste/protoflow", "").look.display is Display.COVER_FLOW
    assert old_asked("vue/../style_liste/xyz", "").look.display is Display.SINGLE


@pytest.mark.parametrize(
    ("said", "cover"),
    [
        ("vue/slide_show", CoverSize(90, 110)),
        ("vue/slide_show/op_largeur_img/0/op_hauteur_img/0", CoverSize(90, 110)),
        ("vue/cube", CoverSize(120, 150)),
        ("vue/cube/op_largeur_img/50/op_hauteur_img/200", CoverSize(50, 200)),
        ("vue/cube/op_largeur_img/49/op_hauteur_img/201", CoverSize(120, 150)),
        ("vue/diaporama", CoverSize(90, 150)),
        ("vue/diaporama/op_hauteur_boite/300", CoverSize(90, 200)),
    ],
)
def test_sizes_of_covers_are_those_asked_for_else_those_of_the_style(said, cover):
    assert old_asked(said, "").look.cover == cover


@pytest.mark.parametrize(
    ("said", "pause_s"),
    [
        ("vue/jcarousel", 2),
        ("vue/jcarousel/op_auto/0", 0),
        ("vue/jcarousel/op_auto/3", 3),
        ("vue/jcarousel/op_auto/4", 2),
        ("vue/protoflow", 0),
        ("vue/protoflow/op_autoplay/true", 3),
        ("vue/slide_show/op_auto/3/op_autoplay/1", 0),
    ],
)
def test_what_moved_by_itself_may_still(said, pause_s):
    assert old_asked(said, "").look.autoplay_s == pause_s


NAMES = (
    "titre id_panier id_catalogue nb_notices nb_analyse tri vue style_liste op_largeur_img"
    " op_hauteur_img op_hauteur_boite op_auto aleatoire only_img"
)
KEYS = st.sampled_from(NAMES.split())
WRITTEN = st.one_of(st.text(), st.text("0123456789-+%/&=\x00\ud800", max_size=30))
PARTS = st.lists(st.one_of(KEYS, WRITTEN)).map("/".join)
QUERIES = st.lists(st.tuples(KEYS, WRITTEN)).map(
    lambda pairs: "&".join("=".join(pair) for pair in pairs)
)


@given(path=PARTS, query=QUERIES)
@example(path="id_panier/37/" * 2000, query="")
@example(path="", query="id_panier=37&" * 2000)
@example(path="/" * 7999, query="%" * 7999)
def test_nothing_is_an_error_and_all_is_bounded(path, query):
    asked = old_asked(path, query)
    assert 0 < len(asked.title) <= LONGEST_TITLE
    assert asked.title.isprintable()
    assert 0 <= asked.basket <= LARGEST_NUMBER
    assert 0 <= asked.search <= LARGEST_NUMBER
    assert not (asked.basket and asked.search)
    assert 1 <= asked.choice.limit <= 99
    assert asked.choice.limit <= asked.choice.pool <= 999
    assert 50 <= asked.look.cover.width <= 200
    assert 50 <= asked.look.cover.height <= 200
    assert 0 <= asked.look.autoplay_s <= 3


@given(path=PARTS, query=QUERIES)
def test_the_address_of_the_feed_asks_for_the_same_records(path, query):
    asked = old_asked(path, query)
    feed = old_asked("", asked.feed_query)
    assert (feed.title, feed.basket, feed.search) == (asked.title, asked.basket, asked.search)
    assert feed.choice.draw is Draw.NONE
    assert (feed.choice.order, feed.choice.limit) == (asked.choice.order, asked.choice.limit)
    assert feed.choice.only_with_cover is asked.choice.only_with_cover


@given(rest=st.binary(max_size=60), query=st.binary(max_size=60))
def test_no_bytes_are_an_error(rest, query):
    request = RequestFactory().get(f"{OLD}{quote(rest)}", QUERY_STRING=query.decode("latin-1"))
    assert old_asked(request.path_info.removeprefix(OLD), request.META["QUERY_STRING"])


@given(title=st.text(st.characters(codec="utf-8", categories=["L", "N", "P", "S"]), min_size=1))
def test_a_title_encoded_as_the_founding_portal_did_comes_back(title):
    query = f"titre={quote_plus(quote_plus(title))}"
    assert old_asked("", query).title == title[:LONGEST_TITLE].strip()


# What it shows


@pytest.fixture
def portal():
    return the_portal()


def known_as(number, source):
    is_basket = not isinstance(source, SavedSearch)
    return OldNumber.objects.create(
        kind=OldNumber.BASKET if is_basket else OldNumber.SEARCH,
        number=number,
        **{"basket" if is_basket else "saved_search": source},
    )


def titles(response):
    return re.findall(r'__title[^"]*">([^<]*)', response.content.decode())


def is_polite_and_empty(response):
    page = response.content.decode()
    return (
        response.status_code == 200
        and not titles(response)
        and re.search(r'href="/"[^>]*target="_parent"', page) is not None
        and "X-Frame-Options" not in response
        and "frame-ancestors *" in response["Content-Security-Policy"]
    )


@pytest.mark.django_db
@pytest.mark.parametrize("address", [SNIPPET, f"/java/kiosque?{QUERY}", f"/java/kiosque/{PATH}"])
def test_the_snippet_shows_the_newest_of_its_basket_in_any_site(client, portal, address):
    now = timezone.now()
    days = range(20)
    records = [a_record(n, added_at=now - timezone.timedelta(days=n)) for n in days]
    known_as(37, a_basket(records[::-1]))
    response = client.get(address)
    assert titles(response) == [f"Titre {n}" for n in range(15)]
    assert "X-Frame-Options" not in response
    assert "frame-ancestors *" in response["Content-Security-Policy"]
    assert not response.cookies
    page = response.content.decode()
    assert '<meta name="robots" content="noindex">' in page
    assert page.count('target="_parent"') >= 15
    assert client.head(address).status_code == 200
    assert client.post(address).status_code == 405


@pytest.mark.django_db
@pytest.mark.parametrize(
    "address",
    [
        "/java/kiosque/id_panier/37/only_img/0",
        "/java/kiosque/id_panier/37/only_img/0/",
        "/java/kiosque/id_panier/37/only_img/0//",
        "/java/kiosque//id_panier/37/only_img/0",
        "http://testserver//java//kiosque/id_panier/37/only_img/0",
        "/Java/Kiosque/id_panier/37/only_img/0",
        "/java/kiosque/?id_panier=37&only_img=0",
        "/java/kiosque?id_panier=37&only_img=0",
        "/%6aava/%6Biosque/id%5fpanier/%33%37/only%5Fimg/0",
    ],
)
def test_the_ways_to_write_an_address_are_one(client, portal, address):
    known_as(37, a_basket([a_record(1)]))
    assert titles(client.get(address)) == ["Titre 1"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "address",
    [
        "/java/kiosque",
        "/java/kiosque/",
        "/java/kiosque//",
        "/java/kiosque/id_module/7/id_profil/12/vue/cube",
        "/java/kiosque/id_panier/0/id_catalogue/0/only_img/0",
        "/java/kiosque/id_panier/99/only_img/0",
        "/java/kiosque/id_panier/99/id_catalogue/5/only_img/0",
        f"/java/kiosque/id_panier/{2**63}/only_img/0",
        "/java/kiosque/id_panier/5/only_img/0",
        "/java/kiosque/" + "a/" * 20_000,
        "/java/kiosque/%00%ff%0d%0a/%",
        "/java/kiosque/titre/<script>alert(1)</script>/x?titre=%22><script>alert(1)</script>",
    ],
)
def test_what_names_nothing_public_is_a_polite_empty_kiosk(client, portal, address):
    record = a_record(1, title="Secret")
    known_as(5, a_basket([record], slug="prive", is_public=False))
    SavedSearch.objects.create(name="S", slug="s", criteria={"q": "titre"}, is_public=True)
    assert is_polite_and_empty(client.get(address))
    assert "<script>alert" not in client.get(address).content.decode()


@pytest.mark.django_db
def test_a_saved_search_is_known_by_its_number(client, portal, monkeypatch):
    record = a_record(1)
    saved = SavedSearch.objects.create(name="S", slug="s", criteria={"q": "x"}, is_public=True)
    known_as(5, saved)
    monkeypatch.setattr(choosing, "numbers_found", lambda asked, limit: (record.pk,))
    assert titles(client.get("/java/kiosque/id_catalogue/5/only_img/0")) == ["Titre 1"]
    # A number of a basket is not that of a search.
    assert is_polite_and_empty(client.get("/java/kiosque/id_panier/5/only_img/0"))


@pytest.mark.django_db
def test_a_private_search_shows_nothing(client, portal, monkeypatch):
    record = a_record(1)
    known_as(5, SavedSearch.objects.create(name="S", slug="s", criteria={"q": "x"}))
    monkeypatch.setattr(choosing, "numbers_found", lambda asked, limit: (record.pk,))
    assert is_polite_and_empty(client.get("/java/kiosque/id_catalogue/5/only_img/0"))


@pytest.mark.django_db
def test_while_the_index_cannot_tell_the_kiosk_is_polite(client, portal, monkeypatch):
    saved = SavedSearch.objects.create(name="S", slug="s", criteria={"q": "x"}, is_public=True)
    known_as(5, saved)

    def cannot_tell(asked, limit):
        raise CannotTellNow

    monkeypatch.setattr(choosing, "numbers_found", cannot_tell)
    assert is_polite_and_empty(client.get("/java/kiosque/id_catalogue/5/only_img/0"))


@pytest.mark.django_db
def test_a_draw_shows_some_of_the_first(client, portal):
    known_as(37, a_basket([a_record(n) for n in range(30)]))
    address = "/java/kiosque/id_panier/37/only_img/0/aleatoire/1/nb_notices/3/nb_analyse/10/tri/0"
    seen = set()
    for _time in range(20):
        shown = titles(client.get(address))
        assert len(shown) == 3
        seen |= set(shown)
    assert 3 < len(seen) <= 10


@pytest.mark.django_db
def test_the_most_opened_come_first_and_those_without_picture_stay_out(client, portal):
    records = [a_record(n) for n in range(3)]
    known_as(37, a_basket(records))
    RecordClicks.objects.create(record=records[2], day=timezone.localdate(), clicks=4)
    address = "/java/kiosque/id_panier/37/aleatoire/0/tri/2/only_img/"
    assert titles(client.get(f"{address}0")) == ["Titre 2", "Titre 0", "Titre 1"]
    assert is_polite_and_empty(client.get(f"{address}1"))


@pytest.mark.django_db
def test_the_frame_names_its_feed_unless_told_not_to(client, portal):
    known_as(37, a_basket([a_record(n) for n in range(3)]))
    page = client.get(SNIPPET).content.decode()
    link = re.search(r'rel="alternate" href="([^"]*)" type="([^"]*)"', page)
    answer = client.get(link[1].replace("&amp;", "&"))
    assert link[2] == "application/rss+xml"
    assert answer["Content-Type"].startswith("application/rss+xml")
    assert answer.content.count(b"<item>") == 3
    told_not_to = client.get(SNIPPET.replace("rss_avis/1", "rss_avis/0")).content.decode()
    assert 'rel="alternate"' not in told_not_to


@pytest.mark.django_db
@pytest.mark.parametrize(
    "address",
    [
        "/rss/kiosque?id_module=2&id_profil=140&language=",
        "/rss/kiosque/id_panier/5",
        "/rss/kiosque",
    ],
)
def test_an_old_feed_of_nothing_public_is_empty(client, portal, address):
    known_as(5, a_basket([a_record(1, title="Secret")], is_public=False))
    answer = client.get(address)
    assert answer.status_code == 200
    assert b"</channel>" in answer.content
    assert b"<item>" not in answer.content
    assert b"Secret" not in answer.content
    assert b"prive" not in answer.content


@pytest.mark.django_db
def test_a_frame_of_thirty_books_takes_at_most_six_queries(client, portal):
    known_as(37, a_basket([a_record(n) for n in range(30)]))
    address = "/java/kiosque/id_panier/37/nb_notices/30/only_img/0"
    assert len(titles(client.get(address))) == 30
    caches["pages"].clear()
    kept_frames.forget()
    with CaptureQueriesContext(connection) as queries:
        client.get(address)
    assert len(queries) <= 6, [query["sql"] for query in queries]


HOSTILE = '</title><script>alert("x")</script>'


@pytest.mark.django_db
@pytest.mark.parametrize("door", ["java", "rss"])
def test_a_hostile_title_stays_text(client, portal, door):
    known_as(37, a_basket([a_record(1, title=HOSTILE, author=HOSTILE)]))
    address = f"/{door}/kiosque?id_panier=37&only_img=0&titre={quote_plus(HOSTILE)}"
    page = client.get(address).content.decode()
    assert "<script>alert" not in page
    assert "alert" in page


def test_nothing_is_said_of_them_at_the_start_of_the_portal():
    said = checks.run_checks(tags=[checks.Tags.urls])
    assert said == []
