"""What a reader gets: pages, boxes, languages, caches."""

import pytest
from django.core.cache import caches
from wagtail.models import PageViewRestriction, Site
from wagtail.rich_text import RichText

from essor.portal.models import PortalSettings, ReusableBox

from .builders import a_dossier, a_portal, an_article, the_portal

pytestmark = pytest.mark.django_db


def with_accordion(dossier, articles):
    dossier.main = [("accordion", {"title": "Comprendre", "articles": articles})]
    dossier.save_revision().publish()
    return dossier


def test_the_interface_is_french_at_the_root_and_english_under_en(client):
    a_dossier()
    assert '<html lang="fr">' in client.get("/dossiers/ess/").content.decode()
    assert '<html lang="en">' in client.get("/en/dossiers/ess/").content.decode()


def test_the_language_asked_by_the_browser_changes_nothing(client):
    a_dossier()
    response = client.get("/dossiers/ess/", HTTP_ACCEPT_LANGUAGE="en")
    assert '<html lang="fr">' in response.content.decode()
    assert "Accept-Language" not in response["Vary"]


def test_the_content_says_its_own_language(client):
    a_dossier(language="en")
    assert '<div lang="en"' in client.get("/dossiers/ess/").content.decode()


def test_an_anonymous_reader_gets_no_cookie(client):
    a_dossier()
    for address in ("/", "/dossiers/ess/", "/en/"):
        assert not client.get(address).cookies, address


def test_an_unchanged_page_is_answered_by_304(client):
    a_dossier()
    etag = client.get("/dossiers/ess/")["ETag"]
    assert client.get("/dossiers/ess/", HTTP_IF_NONE_MATCH=etag).status_code == 304


def test_a_page_first_asked_for_with_its_etag_is_still_kept_whole(client):
    a_dossier()
    etag = client.get("/dossiers/ess/")["ETag"]
    caches["pages"].clear()
    client.get("/dossiers/ess/", HTTP_IF_NONE_MATCH=etag)
    assert client.get("/dossiers/ess/").status_code == 200


def test_readers_see_a_publication_at_once(client, django_capture_on_commit_callbacks):
    dossier = a_dossier()
    client.get("/dossiers/ess/")
    dossier.title = "Un autre titre"
    with django_capture_on_commit_callbacks(execute=True):
        dossier.save_revision().publish()
    assert "Un autre titre" in client.get("/dossiers/ess/").content.decode()


def test_the_accordion_shows_each_article_in_full_with_its_anchor(client):
    dossier = a_dossier()
    articles = [
        an_article(dossier, slug=f"a{i}", text=RichText(f"<p>corps {i}</p>")) for i in (1, 2)
    ]
    with_accordion(dossier, articles)
    page = client.get("/dossiers/ess/").content.decode()
    assert "corps 1" in page
    assert 'id="article-a2"' in page


def test_the_accordion_hides_drafts_and_restricted_articles(client):
    dossier = a_dossier()
    draft = an_article(dossier, title="Brouillon", slug="brouillon", live=False)
    private = an_article(dossier, title="Réservé", slug="reserve")
    PageViewRestriction.objects.create(page=private, restriction_type=PageViewRestriction.LOGIN)
    with_accordion(dossier, [draft, private])
    page = client.get("/dossiers/ess/").content.decode()
    assert "Brouillon" not in page
    assert "Réservé" not in page


@pytest.mark.parametrize("address", ["/", "/dossiers/ess/"])
def test_the_queries_of_a_page_do_not_grow_with_its_articles(
    client, address, django_assert_max_num_queries, queries_of
):
    dossier = a_dossier()
    articles = [
        an_article(dossier, slug=f"a{i}", title=f"A{i}", text=RichText("<p>x</p>"))
        for i in range(2)
    ]
    with_accordion(dossier, articles)
    few = queries_of(address)
    articles += [
        an_article(dossier, slug=f"b{i}", title=f"B{i}", text=RichText("<p>x</p>"))
        for i in range(10)
    ]
    with_accordion(dossier, articles)
    assert queries_of(address) == few
    with django_assert_max_num_queries(25):
        client.get(address + "?fresh")


def test_a_reusable_box_is_seen_once_it_is_published(client):
    box = ReusableBox(
        name="Partenaires",
        live=False,
        content=[("text", {"title": "Nos partenaires", "text": RichText("<p>x</p>")})],
    )
    box.save()
    dossier = a_dossier()
    dossier.side = [("reusable", box)]
    dossier.save_revision().publish()
    assert "Nos partenaires" not in client.get("/dossiers/ess/").content.decode()
    caches["pages"].clear()
    box.save_revision().publish()
    assert "Nos partenaires" in client.get("/dossiers/ess/").content.decode()


def test_two_portals_on_one_base_keep_their_names_and_pages_apart(client, settings):
    settings.ALLOWED_HOSTS = ["*"]
    one, two = a_portal(title="Le premier"), a_portal("deux.example", title="Le second")
    a_dossier(one, title="Dossier du premier")
    a_dossier(two, title="Dossier du second")
    first = client.get("/dossiers/").content.decode()
    second = client.get("/dossiers/", HTTP_HOST="deux.example").content.decode()
    assert "Dossier du premier" in first
    assert "Dossier du second" not in first
    assert "Dossier du second" in second


def test_a_network_changes_its_accent_from_the_staff_screens(client):
    identity = PortalSettings.for_site(Site.objects.get(pk=a_portal().pk))
    identity.accent_light = "#7a1f5c"
    identity.full_clean()
    identity.save()
    assert "/apparence.css" in client.get("/").content.decode()
    assert "#7a1f5c" in client.get("/apparence.css").content.decode()


@pytest.mark.parametrize(
    ("theme", "colour"),
    [("light", "#e0a83a"), ("dark", "#5a2a2a"), ("light", "red"), ("light", "#12345")],
)
def test_an_accent_that_cannot_be_read_is_refused(theme, colour):
    identity = PortalSettings(site=a_portal(), **{f"accent_{theme}": colour})
    with pytest.raises(Exception, match=f"accent_{theme}"):
        identity.full_clean()


def test_hostile_titles_stay_text(client):
    title = '"><script>alert(1)</script>'
    dossier = a_dossier(title=title)
    with_accordion(dossier, [an_article(dossier, title=title)])
    page = client.get("/dossiers/ess/").content.decode()
    assert "<script>alert" not in page


def test_a_tag_lists_the_pages_that_carry_it(client):
    dossier = a_dossier()
    article = an_article(dossier)
    article.tags.add("insertion")
    article.save_revision().publish()
    page = client.get("/etiquettes/insertion/").content.decode()
    assert article.title in page
    assert client.get("/etiquettes/inconnu/").status_code == 404


def test_headings_follow_the_place_where_a_text_stands(client):
    dossier = a_dossier()
    text = RichText("<h3>Une partie</h3><p>x</p><h4>Un point</h4>")
    article = an_article(dossier, text=text)
    with_accordion(dossier, [article])
    alone = client.get(article.url).content.decode()
    assert "<h2>Une partie</h2>" in alone
    assert "<h3>Un point</h3>" in alone
    unfolded = client.get(dossier.url).content.decode()
    assert "<h4>Une partie</h4>" in unfolded
    assert "<h5>Un point</h5>" in unfolded


def test_a_tag_in_arabic_has_an_address(client):
    dossier = a_dossier()
    dossier.tags.add("اقتصاد")
    dossier.save_revision().publish()
    assert client.get(dossier.url).status_code == 200
    slug = dossier.tags.get().slug
    assert dossier.title in client.get(f"/etiquettes/{slug}/").content.decode()


def test_no_address_leads_a_reader_off_the_portal(client):
    the_portal()
    page = client.get("/en///evil.example/").content.decode()
    assert 'href="//' not in page


def test_with_two_portals_the_menu_stays_on_the_one_asked_and_says_where_one_is(client, settings):
    settings.ALLOWED_HOSTS = ["*"]
    the_portal()
    a_portal("deux.example", title="Le second")
    page = client.get("/dossiers/").content.decode()
    assert 'href="/dossiers/" aria-current="page"' in page
