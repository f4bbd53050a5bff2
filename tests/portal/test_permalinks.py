"""Permanent links survive what happens to pages; old addresses lead to the new ones."""

from uuid import uuid4

import pytest
from django.contrib.auth.models import User
from wagtail.models import PageViewRestriction, Site
from wagtail.rich_text import RichText
from wagtail.users.models import UserProfile

from essor.portal.models import DossierPage

from .builders import a_dossier, a_portal, a_section, an_article

pytestmark = pytest.mark.django_db


def a_boxed_dossier(**fields):
    block_id = str(uuid4())
    box = {
        "type": "text",
        "id": block_id,
        "value": {"title": "Le mot", "text": "<p>Corps</p>"},
    }
    dossier = a_dossier(main=[box], **fields)
    dossier.refresh_from_db()
    return dossier, block_id[:8]


@pytest.fixture
def rename(django_capture_on_commit_callbacks):
    def rename(page, slug):
        page.slug = slug
        with django_capture_on_commit_callbacks(execute=True):
            page.save_revision().publish()

    return rename


def test_the_link_of_a_page_leads_to_its_address(client):
    dossier = a_dossier()
    response = client.get(f"/p/{dossier.pk}")
    assert response.status_code == 302
    assert response["Location"] == "/dossiers/ess/"


def test_the_link_keeps_the_language_of_the_interface(client):
    assert client.get(f"/en/p/{a_dossier().pk}")["Location"] == "/en/dossiers/ess/"


def test_the_redirect_is_not_kept_for_long(client):
    response = client.get(f"/p/{a_dossier().pk}")
    assert "max-age=300" in response["Cache-Control"]


def test_the_link_survives_a_new_name_and_a_new_place(client, rename):
    article = an_article()
    rename(article, "nouveau-nom")
    assert client.get(f"/p/{article.pk}")["Location"] == "/dossiers/ess/nouveau-nom/"
    article.move(a_section(), pos="last-child")
    assert client.get(f"/p/{article.pk}")["Location"] == "/tilleuls/nouveau-nom/"


def test_the_link_of_a_box_leads_to_its_anchor(client):
    dossier, digits = a_boxed_dossier()
    address = client.get(f"/p/{dossier.pk}-{digits}")["Location"]
    assert address == f"/dossiers/ess/?boite={digits}#box-{digits}"
    assert f'id="box-{digits}"' in client.get(address).content.decode()


def test_an_unknown_box_leads_to_its_page(client):
    dossier, _digits = a_boxed_dossier()
    assert client.get(f"/p/{dossier.pk}-00000000")["Location"] == "/dossiers/ess/"


def test_a_draft_has_no_link_yet(client):
    assert client.get(f"/p/{a_dossier(live=False).pk}").status_code == 404


@pytest.mark.parametrize("identifier", ["1", "424242", "9" * 18, "n12", "12-", "0", "x", "1-1"])
def test_what_no_page_answers_is_not_found(client, identifier):
    a_dossier()
    assert client.get(f"/p/{identifier}", follow=True).status_code == 404


def test_a_deleted_page_is_gone_and_so_are_its_articles(client):
    dossier = a_dossier()
    article = an_article(dossier)
    DossierPage.objects.get(pk=dossier.pk).delete()
    for pk in (dossier.pk, article.pk):
        response = client.get(f"/p/{pk}")
        assert response.status_code == 410
        assert "<h1" in response.content.decode()


def test_a_restricted_page_enforces_its_own_restriction(client):
    dossier, digits = a_boxed_dossier()
    PageViewRestriction.objects.create(page=dossier, restriction_type=PageViewRestriction.LOGIN)
    for identifier in (dossier.pk, f"{dossier.pk}-{digits}"):
        address = client.get(f"/p/{identifier}")["Location"]
        assert address == "/dossiers/ess/"
    assert client.get(address).status_code == 302


def test_the_link_leads_to_the_site_of_the_page(client, settings):
    settings.ALLOWED_HOSTS = ["*"]
    a_portal()
    other = a_portal("deux.example", title="Le second")
    dossier = a_dossier(other)
    assert client.get(f"/p/{dossier.pk}")["Location"] == "http://deux.example/dossiers/ess/"
    own = client.get(f"/p/{dossier.pk}", HTTP_HOST="deux.example")
    assert own["Location"] == "/dossiers/ess/"


def test_a_page_outside_every_site_is_not_found(client):
    dossier = a_dossier()
    Site.objects.all().delete()
    Site.clear_site_root_paths_cache()
    assert client.get(f"/p/{dossier.pk}").status_code == 404


def test_the_link_of_a_page_answers_only_to_reading(client):
    assert client.post(f"/p/{a_dossier().pk}").status_code == 405


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_the_old_address_of_a_renamed_dossier_and_of_its_articles_redirects(client, rename, prefix):
    dossier = a_dossier()
    an_article(dossier)
    rename(dossier, "economie-sociale")
    for old, new in (
        ("/dossiers/ess/", "/dossiers/economie-sociale/"),
        ("/dossiers/ess/histoire/", "/dossiers/economie-sociale/histoire/"),
    ):
        response = client.get(prefix + old)
        assert (response.status_code, response["Location"]) == (301, prefix + new)


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_the_old_address_of_a_moved_article_redirects(client, prefix):
    article = an_article()
    article.move(a_section(), pos="last-child")
    response = client.get(f"{prefix}/dossiers/ess/histoire/")
    assert (response.status_code, response["Location"]) == (301, f"{prefix}/tilleuls/histoire/")


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_old_addresses_redirect_when_staff_work_in_english(client, prefix):
    article, section = an_article(), a_section()
    staff = User.objects.create_superuser("anna", password="x")
    UserProfile.objects.create(user=staff, preferred_language="en")
    client.force_login(staff)
    moved = client.post(f"/gestion/pages/{article.pk}/move/{section.pk}/confirm/")
    assert moved.status_code == 302
    client.logout()
    response = client.get(f"{prefix}/dossiers/ess/histoire/")
    assert (response.status_code, response["Location"]) == (301, f"{prefix}/tilleuls/histoire/")


def test_a_box_of_text_keeps_its_link_when_the_page_is_edited(client):
    dossier, digits = a_boxed_dossier()
    dossier.main.append(("text", {"title": "Autre", "text": RichText("<p>x</p>")}))
    dossier.save_revision().publish()
    assert client.get(f"/p/{dossier.pk}-{digits}")["Location"].endswith(f"#box-{digits}")
