"""The demonstration is built once, whole, and what editors do to it afterwards is theirs."""

import re
from datetime import datetime
from html.parser import HTMLParser
from zoneinfo import ZoneInfo

from django.contrib.auth.models import User
from wagtail.models import Page, Site

from essor.demo.models import Step
from essor.kiosk.models import Kiosk
from essor.kiosk.types import Display
from essor.portal.models import (
    ArticlePage,
    DossierPage,
    FeedSource,
    Picture,
    PortalSettings,
    ReusableBox,
)
from essor.register.models import Establishment, Vintage

DOSSIER = "/dossiers/economie-sociale-et-solidaire/"


OF_A_FINDER = re.compile(r"/(en/)?(catalogue/|annuaire/([^?]*\?|[0-9]{9}/))")
"""What filters and lists lead to, from page to page: a sample of these is met elsewhere."""


class Links(HTMLParser):
    """Collect the addresses that a page links to, on the portal itself."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: set[str] = set()
        self.feed(html)

    def handle_starttag(self, tag, attrs) -> None:
        address = dict(attrs).get("href" if tag == "a" else "src") or ""
        if tag in ("a", "img") and re.match(r"/(?!/|static/|(en/)?partager/)", address):
            self.found.add(address.partition("#")[0])


def counts() -> tuple[int, ...]:
    return tuple(m.objects.count() for m in (Page, Picture, ReusableBox, User, Site, Step))


def test_a_second_run_says_nothing_and_adds_nothing(build_again) -> None:
    before = counts()
    assert build_again() == []
    assert counts() == before


def test_what_editors_changed_or_deleted_stays_so(build_again) -> None:
    article = ArticlePage.objects.get(slug="histoire")
    article.title = "Notre histoire"
    article.save_revision().publish()
    ArticlePage.objects.get(slug="acteurs").delete()
    PortalSettings.objects.update(name="Mon réseau")
    build_again()
    assert ArticlePage.objects.get(slug="histoire").title == "Notre histoire"
    assert not ArticlePage.objects.filter(slug="acteurs").exists()
    assert PortalSettings.objects.get().name == "Mon réseau"


def test_every_page_and_every_link_answers_in_both_languages(demo, client) -> None:
    seen: set[str] = set()
    waiting = {"/", "/en/"}
    while waiting:
        address = waiting.pop()
        seen.add(address)
        answer = client.get(address, follow=True)
        assert answer.status_code == 200, address
        if answer["Content-Type"].startswith("text/html"):
            found = Links(answer.content.decode()).found - seen
            # Catalogue and directory have as many addresses as their filters have combinations.
            is_finder = re.match("/(en/)?(catalogue|annuaire)/", address)
            waiting |= {a for a in found if not (is_finder and OF_A_FINDER.match(a))}
    assert DOSSIER in seen
    assert f"/en{DOSSIER}preambule/" in seen
    assert {"/annuaire/carte/", "/en/annuaire/telecharger/", "/entreprendre/"} <= seen


def test_the_dossier_unfolds_its_articles_in_order(demo, client) -> None:
    html = client.get(DOSSIER).content.decode()
    places = [html.index(f'id="article-{slug}"') for slug in ("preambule", "histoire", "acteurs")]
    assert places == sorted(places)
    assert "CRESS Hauts-de-France" in html


def test_links_between_pages_survive_a_rename(demo, client) -> None:
    article = ArticlePage.objects.get(slug="recyclivre")
    article.slug = "recyclivre-en-detail"
    article.save_revision().publish()
    html = client.get("/mediatheque-du-houblon/vos-dons-de-livres/").content.decode()
    assert 'href="/dossiers/la-seconde-vie-des-livres/recyclivre-en-detail/"' in html


def test_articles_keep_the_date_they_were_written_and_are_not_said_revised(demo) -> None:
    article = ArticlePage.objects.get(slug="histoire")
    assert article.first_published_at == datetime(2026, 10, 13, 9, tzinfo=ZoneInfo("Europe/Paris"))
    assert not article.was_revised


def test_content_is_said_to_be_in_the_language_it_is_written_in(demo, client) -> None:
    assert ArticlePage.objects.get(language="en").title.startswith("The social")
    html = client.get("/en" + DOSSIER).content.decode()
    assert '<html lang="en"' in html
    assert 'lang="fr"' in html


def test_pictures_are_described_and_credited(demo) -> None:
    for picture in Picture.objects.order_by("pk"):
        assert picture.description
        assert picture.credit
        assert picture.licence
    assert not DossierPage.objects.filter(picture=None).exists()


def test_addresses_follow_the_port_unless_the_site_was_moved(build_again) -> None:
    build_again(port=8001)
    assert Site.objects.get().root_url == "http://127.0.0.1:8001"
    Site.objects.update(hostname="ess.example.org", port=443)
    build_again(port=8002)
    assert Site.objects.get().root_url == "https://ess.example.org"


def test_the_feed_box_shows_samples_that_say_so_until_the_site_answers(demo, client) -> None:
    source = FeedSource.objects.get()
    assert source.is_sample
    assert source.entries.count() == 8
    for entry in source.entries.order_by("pk"):
        assert entry.title.startswith("Exemple\u00a0:")
        assert entry.link.startswith("http")
        assert entry.summary
    html = client.get(DOSSIER).content.decode()
    assert html.count("Exemple\u00a0: ") >= 5


def test_the_kiosk_shows_fifteen_books_of_the_basket(demo, client) -> None:
    kiosk = Kiosk.objects.get(slug="economie-sociale-et-solidaire")
    assert kiosk.basket.items.count() == 15
    html = client.get(DOSSIER).content.decode()
    assert "Germinal" in html
    assert client.get(f"/kiosques/{kiosk.slug}/cadre").status_code == 200


def test_each_display_has_a_kiosk_that_shows_it(demo, client) -> None:
    kiosks = Kiosk.objects.all()
    assert sorted(kiosk.display for kiosk in kiosks) == sorted(Display)
    for kiosk in kiosks:
        page = client.get(kiosk.get_absolute_url()).content.decode()
        assert page.count('class="kiosk__link"') == 15


def test_key_figures_come_with_date_source_and_provenance(demo, client) -> None:
    html = client.get(DOSSIER).content.decode()
    for words in (
        "60\u202f878",
        "Panorama 2026",
        "210\u202f800",
        "fin 2021",
        "près de",
        "4\u202f000",
    ):
        assert words in html
    assert html.count("figures__source") >= 10


def test_what_is_published_can_be_searched_at_once(demo, client) -> None:
    html = client.get("/recherche/", {"q": "bouquinerie"}).content.decode()
    assert 'href="/dossiers/la-seconde-vie-des-livres/bouquinerie-du-sart/"' in html


def test_the_directory_shows_a_synthetic_extract_and_says_so(demo, client) -> None:
    vintage = Vintage.objects.get()
    establishments = Establishment.objects.current()

    assert vintage.is_current
    assert vintage.is_synthetic
    assert vintage.units > 1_000
    assert establishments.filter(commune__code="59350").exists()
    assert "(exemple)" in client.get("/annuaire/").content.decode()
