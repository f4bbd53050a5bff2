"""Readers find the pages they may read, where they are now, and nothing else."""

import re
from datetime import timedelta
from html import unescape
from xml.etree import ElementTree

import pytest
from django.contrib.auth.models import Group
from django.core.cache import cache, caches
from django.utils import timezone
from wagtail.models import PageViewRestriction, Site

from essor import search
from essor.portal.models import HomePage
from essor.search.services import index_pending, keep_whole
from tests.catalogue.builders import RecordFactory
from tests.portal.builders import a_dossier, a_portal, a_section, an_article, the_portal

pytestmark = pytest.mark.django_db

OPENSEARCH = "{http://a9.com/-/spec/opensearch/1.1/}"


@pytest.fixture(autouse=True)
def engine(each_engine):
    """Search on each engine, in an index that is whole."""
    keep_whole()


def found(text, site=None):
    """Give the titles found on a site, once every change is indexed."""
    index_pending()
    return indexed(text, site)


def indexed(text, site=None):
    """Give the titles found on a site."""
    filters = search.on_site((site or the_portal()).pk)
    hits = search.index().search(search.Query(text, filters)).hits
    return [hit.document.title for hit in hits]


def shown(client, address):
    """Give the text of a page, and its links by their text."""
    index_pending()
    html = client.get(address).content.decode()
    main = html[html.index("<main") : html.index("</main>")]
    links = {
        text_of(label): unescape(href)
        for href, label in re.findall(r'<a [^>]*?href="([^"]*)"[^>]*>(.*?)</a>', main, re.DOTALL)
    }
    return text_of(main), links


def text_of(html):
    return " ".join(unescape(re.sub(r"<[^>]+>", "", html)).split())


# What is found


def test_a_page_is_found_by_its_title_its_text_and_its_tags():
    article = an_article(
        title="Donner une seconde vie", text="<p>Les livres <b>désherbés</b>.</p>", byline="Ada"
    )
    article.tags.add("réemploi")
    article.save()

    for typed in ("seconde vie", "livre desherbe", "reemploi", "ada"):
        assert found(typed) == ["Donner une seconde vie"]


def test_a_dossier_is_found_by_its_boxes_and_its_introduction():
    a_dossier(
        title="Acheter autrement",
        introduction="<p>Des achats solidaires.</p>",
        side=[("text", {"title": "Où aller", "text": "<p>À la recyclerie.</p>"})],
    )

    assert found("solidaires") == found("recyclerie") == found("où aller") == ["Acheter autrement"]


def test_every_kind_of_page_is_found():
    the_portal()
    a_section(title="Médiathèque des Tilleuls")

    assert found("tilleuls") == ["Médiathèque des Tilleuls"]
    assert found("bibliothèques de la métropole") == ["Bibliothèques de la métropole"]


def test_a_draft_is_not_found():
    an_article(title="Brouillon secret", live=False)

    assert found("brouillon secret") == []


def test_the_draft_of_a_published_page_is_not_found():
    article = an_article(title="Publié")
    article.title = "Publié autrement"
    article.save_revision()

    assert found("publié") == ["Publié"]
    assert found("autrement") == []


def test_a_page_is_found_once_published_and_no_more_once_taken_back():
    article = an_article(title="Bientôt", live=False)
    article.save_revision().publish()
    assert found("bientôt") == ["Bientôt"]

    article.refresh_from_db()
    article.unpublish()
    assert found("bientôt") == []


def test_a_renamed_page_is_found_under_its_new_title_only():
    article = an_article(title="Ancien titre")
    assert found("ancien") == ["Ancien titre"]

    article.title = "Nouveau nom"
    article.save_revision().publish()

    assert (found("ancien"), found("nouveau")) == ([], ["Nouveau nom"])


def test_a_deleted_page_takes_those_below_it_away():
    dossier = a_dossier(title="Dossier partant")
    an_article(dossier, title="Article partant")
    assert len(found("partant")) == 2

    dossier.delete()

    assert found("partant") == []


def test_what_is_kept_to_some_readers_is_not_found():
    dossier = a_dossier(title="Dossier réservé")
    article = an_article(dossier, title="Article réservé")
    restriction = PageViewRestriction.objects.create(
        page=dossier, restriction_type=PageViewRestriction.GROUPS
    )
    restriction.groups.add(Group.objects.first())
    assert found("réservé") == []

    restriction.delete()
    assert set(found("réservé")) == {"Dossier réservé", article.title}


def test_what_has_just_been_restricted_is_hidden_before_the_index_hears_of_it():
    dossier = a_dossier(title="Dossier réservé")
    assert found("réservé") == ["Dossier réservé"]

    PageViewRestriction.objects.create(page=dossier, restriction_type=PageViewRestriction.LOGIN)

    assert indexed("réservé") == []


def test_an_expired_page_is_not_found():
    article = an_article(title="Exposition", expire_at=timezone.now() + timedelta(days=1))
    assert found("exposition") == ["Exposition"]

    type(article).objects.update(expire_at=timezone.now() - timedelta(seconds=1))

    assert indexed("exposition") == []


def test_the_pages_of_another_site_are_not_found():
    here = the_portal()
    there = a_portal("ailleurs.example.org", title="Ailleurs")
    a_dossier(here, title="Recyclerie d’ici")
    a_dossier(there, title="Recyclerie de là")

    assert found("recyclerie", here) == ["Recyclerie d’ici"]
    assert found("recyclerie", there) == ["Recyclerie de là"]


def test_pages_follow_their_site():
    here = the_portal()
    a_dossier(here, title="La recyclerie")
    Site.objects.filter(pk=here.pk).delete()
    moved = Site.objects.create(
        hostname="testserver", root_page=HomePage.objects.get(), is_default_site=True
    )

    assert found("recyclerie", moved) == ["La recyclerie"]


def test_a_renamed_tag_is_followed():
    dossier = a_dossier(title="Un dossier")
    dossier.tags.add("recyclage")
    dossier.save()
    tag = dossier.tags.get()
    tag.name = "réemploi"
    tag.save()

    assert found("réemploi") == ["Un dossier"]


@pytest.mark.parametrize("publish", [True, False])
def test_a_page_is_found_at_its_new_address(client, publish):
    dossier = a_dossier(title="Dossier", slug="avant")
    an_article(dossier, title="Histoire vraie", slug="histoire")
    index_pending()
    dossier.slug = "apres"
    if publish:
        dossier.save_revision().publish()
    else:
        dossier.save()

    _text, links = shown(client, "/recherche/?q=vraie")
    assert links["Histoire vraie"] == "/dossiers/apres/histoire/"


def test_a_moved_page_is_found_at_its_new_address(client):
    article = an_article(a_dossier(slug="un"), title="Histoire vraie", slug="histoire")
    target = a_dossier(title="Autre", slug="deux")
    index_pending()
    article.move(target, pos="last-child")

    _text, links = shown(client, "/recherche/?q=vraie")
    assert links["Histoire vraie"] == "/dossiers/deux/histoire/"


def test_a_rebuilt_index_has_every_page():
    an_article(title="Histoire vraie")
    for _ in search.index().replace_all(
        (kind, source.documents()) for kind, source in search.sources().items()
    ):
        pass

    assert indexed("histoire vraie") == ["Histoire vraie"]


def test_indexing_pages_queries_the_store_no_more_for_each_draft(django_assert_max_num_queries):
    for n in range(20):
        an_article(the_dossier(), title=f"Brouillon {n}", slug=f"b{n}", live=False)

    with django_assert_max_num_queries(30):
        index_pending()


def the_dossier():
    from essor.portal.models import DossierPage

    return DossierPage.objects.first() or a_dossier()


# The page


def test_hits_are_shown_with_their_words_marked(client):
    an_article(title="L’été au jardin", text="<p>Un été de partage.</p>")
    index_pending()

    html = client.get("/recherche/?q=ete+jardins").content.decode()

    assert "L’<mark>été</mark> au <mark>jardin</mark></a>" in html
    assert "Un <mark>été</mark> de partage." in html


def test_markup_is_shown_as_text(client):
    an_article(title="Le <script>alert(1)</script>")

    index_pending()

    html = client.get("/recherche/?q=<script>alert(1)</script>").content.decode()

    assert "<script>alert" not in html
    assert "Le &lt;<mark>script</mark>&gt;<mark>alert</mark>" in html


def test_the_english_interface_leads_to_english_addresses(client):
    an_article(a_dossier(slug="ess"), title="Histoire vraie", slug="histoire")

    text, links = shown(client, "/en/recherche/?q=vraie")

    assert links["Histoire vraie"] == "/en/dossiers/ess/histoire/"
    assert client.get(links["Histoire vraie"]).status_code == 200
    assert "1 result for" in text


def test_hits_are_limited_to_a_kind(client):
    an_article(a_dossier(title="Lire"), title="Lire encore")

    _text, links = shown(client, "/recherche/?q=lire")
    articles = next(
        href for label, href in links.items() if label.endswith("1") and "rticle" in label
    )
    _text, links = shown(client, f"/recherche/{articles}")

    assert "Lire encore" in links
    assert "Lire" not in links


def test_when_another_kind_has_hits_it_is_said(client):
    an_article(a_dossier(title="Autre"), title="Lire encore")

    _text, links = shown(client, "/recherche/?q=lire&type=dossier")

    assert "?q=lire" in links.values()


def test_pages_of_hits_are_turned(client):
    dossier = a_dossier()
    for n in range(25):
        an_article(dossier, title=f"Lire {n}", slug=f"lire-{n}")

    titles = set()
    address = "/recherche/?q=lire&type=article"
    for _ in range(3):
        _text, links = shown(client, address)
        titles |= {label for label in links if label.startswith("Lire ")}
        address = "/recherche/" + next(
            (href for href in links.values() if "page=" in href and href not in address), ""
        )

    assert len(titles) == 25


def test_a_page_of_hits_too_far_leads_to_the_last_one(client):
    dossier = a_dossier()
    for n in range(12):
        an_article(dossier, title=f"Lire {n}", slug=f"lire-{n}")
    index_pending()

    response = client.get("/recherche/?q=lire&page=400")

    assert response["Location"] == "?q=lire&page=2"


def test_the_word_meant_is_offered(client):
    an_article(title="L’économie sociale")

    _text, links = shown(client, "/recherche/?q=econmie")

    assert links["économie"] == "?q=%C3%A9conomie"
    assert "L’économie sociale" in links


def test_when_nothing_is_found_there_is_somewhere_to_go(client):
    a_dossier(title="Acheter autrement", slug="acheter")

    text, links = shown(client, "/recherche/?q=zzzzzz")

    assert "zzzzzz" in text
    assert links["Acheter autrement"] == "/dossiers/acheter/"


def test_without_a_question_the_dossiers_are_offered(client):
    a_dossier(title="Acheter autrement")

    assert "Acheter autrement" in shown(client, "/recherche/")[1]


def test_an_index_that_is_not_whole_is_said(client, settings, tmp_path):
    a_dossier(title="Acheter autrement")
    settings.SEARCH_URL = f"tantivy://{tmp_path / 'missing'}"
    cache.add("search.upkeep", True)

    response = client.get("/recherche/?q=acheter")

    assert "search__notice" in response.content.decode()


def test_the_index_mends_itself_while_readers_search(client, settings, tmp_path):
    a_dossier(title="Acheter autrement")
    settings.SEARCH_URL = f"tantivy://{tmp_path / 'missing'}"

    client.get("/recherche/?q=acheter")

    assert "Acheter autrement" in shown(client, "/recherche/?q=acheter")[1]


def test_search_pages_are_not_kept_nor_indexed_by_engines(client):
    a_dossier(title="Premier dossier")
    first = shown(client, "/recherche/?q=dossier")[1]
    a_dossier(title="Second dossier", slug="second")

    assert "Second dossier" not in first
    assert "Second dossier" in shown(client, "/recherche/?q=dossier")[1]
    html = client.get("/recherche/?q=dossier").content.decode()
    assert '<meta name="robots" content="noindex, follow">' in html


@pytest.mark.parametrize(
    "parameters",
    [
        {"q": "\0"},
        {"q": "é" * 5_000},
        {"q": "lire", "page": "-1"},
        {"q": "lire", "page": "9" * 30},
        {"q": "lire", "page": "²"},
        {"q": "lire", "type": "'; DROP"},
        {"q": 'l"eco (x a AND', "type": "article"},
        {"q": "-"},
        {"type": "article"},
    ],
)
def test_any_address_is_answered(client, parameters):
    the_portal()

    assert client.get("/recherche/", parameters).status_code == 200
    assert client.get("/recherche/suggestions", parameters).status_code == 200


def test_writing_to_the_search_page_is_refused(client):
    the_portal()

    assert client.post("/recherche/", {"q": "lire"}).status_code == 405


def test_the_number_of_queries_does_not_grow_with_the_hits(client, queries_of):
    dossier = a_dossier()
    counts = []
    for n in (3, 9):  # with fewer hits than three, another spelling is looked for
        for i in range(n):
            an_article(dossier, title=f"Lire {n} {i}", slug=f"lire-{n}-{i}")
        index_pending()
        counts.append(queries_of("/recherche/?q=lire"))

    # What PostgreSQL asks of its own index is counted too.
    assert counts[0] == counts[1] <= (45 if search.index().engine.name == "postgresql" else 25)


def test_titles_are_suggested_to_the_browser(client):
    a_dossier(title="Acheter autrement")
    index_pending()

    response = client.get("/recherche/suggestions?q=ach")

    assert response.json() == ["ach", ["Acheter autrement"]]
    assert response["Content-Type"] == "application/x-suggestions+json"


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_browsers_are_told_how_to_search(client, prefix):
    a_dossier(title="Acheter autrement")
    index_pending()
    page = client.get(f"{prefix}/recherche/").content.decode()
    address = re.search(r'<link rel="search"[^>]*href="([^"]*)"', page)[1]

    description = ElementTree.fromstring(client.get(address).content)
    templates = [url.get("template") for url in description.iter(f"{OPENSEARCH}Url")]

    assert len(description.find(f"{OPENSEARCH}ShortName").text) <= 16
    assert all("{searchTerms}" in template for template in templates)
    html = client.get(templates[0].replace("{searchTerms}", "acheter")).content.decode()
    assert "Acheter" in text_of(html)


# Documents of the catalogue: counted here, found in their own search


def test_documents_do_not_drown_the_pages(client):
    a_dossier(title="La recyclerie")
    for number in range(30):
        RecordFactory(title=f"La recyclerie {number}")
    page, links = shown(client, "/recherche/?q=recyclerie")

    assert "1 résultat" in page
    assert links["30 notices dans le catalogue"] == "/catalogue/?q=recyclerie"
    assert "Tous" not in page


def test_documents_alone_are_still_told(client):
    the_portal()
    RecordFactory(title="Germinal")
    page, links = shown(client, "/en/recherche/?q=germinal")

    assert "No page for “germinal”" in page
    assert links["1 record in the catalogue"] == "/en/catalogue/?q=germinal"


def test_the_kind_of_documents_is_no_kind_of_pages(client):
    a_dossier(title="Germinal")
    RecordFactory(title="Germinal")
    page, links = shown(client, "/recherche/?q=germinal&type=record")

    assert "1 résultat" in page
    assert links["Germinal"].startswith("/dossiers/")


def test_documents_are_not_suggested_among_pages(client):
    a_dossier(title="Germinal en scène")
    RecordFactory(title="Germinal")
    index_pending()

    assert client.get("/recherche/suggestions?q=germ").json()[1] == ["Germinal en scène"]


def test_the_catalogue_is_in_the_menu_once_it_has_a_document(client):
    the_portal()
    assert 'href="/catalogue/"' not in client.get("/").content.decode()

    record = RecordFactory()
    caches["pages"].clear()
    assert 'href="/catalogue/"' in client.get("/").content.decode()

    type(record).objects.update(withdrawn_at=timezone.now())
    caches["pages"].clear()
    assert 'href="/catalogue/"' not in client.get("/").content.decode()
