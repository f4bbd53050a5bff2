"""Legal notice, accessibility, privacy, and the pages that say sorry."""

from datetime import date

import pytest
from bs4 import BeautifulSoup
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test import Client, override_settings
from django.urls import path

from essor.portal.models import PortalSettings

from .builders import a_dossier, the_portal

pytestmark = pytest.mark.django_db

LEGAL = ["/mentions-legales/", "/accessibilite/", "/confidentialite/"]
TO_COMPLETE = {"": "à compléter par le réseau", "/en": "to be completed by the network"}


def refuse(request):
    raise PermissionDenied


def break_down(request):
    raise RuntimeError("cassé")


def urls():
    from essor.urls import urlpatterns

    broken = [path("casse/", break_down), path("en/casse/", break_down)]
    return [path("interdit/", refuse), *broken, *urlpatterns]


class Urls:
    @property
    def urlpatterns(self):
        return urls()


def main_of(response):
    return BeautifulSoup(response.content, "html.parser").main


def stated(**fields):
    identity = PortalSettings.for_site(the_portal())
    for name, value in fields.items():
        setattr(identity, name, value)
    identity.full_clean()
    identity.save()


@pytest.mark.parametrize("prefix", ["", "/en"])
@pytest.mark.parametrize("address", LEGAL)
def test_what_the_network_has_not_written_is_said_to_be_missing(client, prefix, address):
    the_portal()
    main = main_of(client.get(prefix + address))
    assert TO_COMPLETE[prefix] in {mark.text for mark in main.select(".to-complete")}


def test_what_the_network_wrote_is_shown(client):
    stated(
        publisher="Métropole <de> Lille",
        publisher_address="2 boulevard des Cités-Unies\n59000 Lille",
        publication_director="Anne Martin",
        contact_email="contact@portail.example",
        host_name="Hébergeur, 1 rue du Port",
        privacy_email="dpo@portail.example",
        log_days=365,
        accessibility_plan="https://portail.example/schema",
        accessibility_stated_on=date(2026, 9, 1),
    )
    for address in LEGAL:
        assert not main_of(client.get(address)).select(".to-complete"), address
    notice = main_of(client.get("/mentions-legales/"))
    assert "Métropole <de> Lille" in notice.text
    assert notice.select_one("a[href='mailto:contact@portail.example']")
    privacy = main_of(client.get("/confidentialite/"))
    assert "365 jours" in privacy.text.replace("\u00a0", " ")
    assert privacy.select_one("a[href='mailto:dpo@portail.example']")


def test_a_portal_is_not_compliant_before_its_audit(client):
    the_portal()
    page = BeautifulSoup(client.get("/accessibilite/").content, "html.parser")
    assert "n’a pas encore été audité" in page.main.text
    assert "Accessibilité : non conforme" in page.footer.text.replace("\u00a0", " ")


def test_compliance_is_not_claimed_without_its_audit():
    identity = PortalSettings(site=the_portal(), accessibility_status="partial")
    with pytest.raises(ValidationError, match="audit"):
        identity.full_clean()


def test_an_audit_is_shown_with_its_result(client):
    stated(
        accessibility_status="partial",
        accessibility_audit="Audit de mars 2027 par Exemple : 82 % des critères.",
        inaccessible_content="Deux documents anciens.",
    )
    page = BeautifulSoup(client.get("/accessibilite/").content, "html.parser")
    assert "82 % des critères" in page.main.text
    assert "Deux documents anciens" in page.main.text
    assert "pas encore été audité" not in page.main.text
    assert "partiellement conforme" in page.footer.text


def test_the_statement_names_the_remedies(client):
    the_portal()
    text = main_of(client.get("/accessibilite/")).text
    assert "Libre réponse 71120" in text
    assert "75342 Paris CEDEX 07" in text


def test_the_accessibility_contact_falls_back_on_the_general_one(client):
    stated(contact_email="contact@portail.example")
    assert main_of(client.get("/accessibilite/")).select_one(
        "a[href='mailto:contact@portail.example']"
    )


def test_the_foot_of_every_page_leads_to_them(client):
    a_dossier()
    for prefix in ("", "/en"):
        foot = BeautifulSoup(client.get(f"{prefix}/dossiers/ess/").content, "html.parser").footer
        links = [a["href"] for a in foot.select("nav a")]
        assert links == [prefix + address for address in (*LEGAL, "/flux/")]


def test_they_are_there_before_any_site(client):
    from wagtail.models import Site

    Site.objects.all().delete()
    for address in LEGAL:
        assert client.get(address).status_code == 200


@pytest.mark.parametrize(("prefix", "words"), [("", "introuvable"), ("/en", "cannot be found")])
def test_a_missing_page_says_so_and_offers_a_search(client, prefix, words):
    the_portal()
    response = client.get(f"{prefix}/nulle-part/")
    assert response.status_code == 404
    main = main_of(response)
    assert words in main.h1.text
    assert main.select_one("form[role=search] input[name=q]")
    assert main.select_one(f"a[href='{prefix}/']")


def test_a_refused_page_says_so(client):
    the_portal()
    with override_settings(ROOT_URLCONF=Urls()):
        response = client.get("/interdit/")
    assert response.status_code == 403
    assert "ne vous est pas ouverte" in main_of(response).h1.text


@pytest.mark.parametrize(("prefix", "words"), [("", "de notre côté"), ("/en", "on our side")])
def test_a_broken_page_says_so_without_the_store(prefix, words):
    the_portal()
    client = Client(raise_request_exception=False)
    with override_settings(ROOT_URLCONF=Urls()), connection.execute_wrapper(no_query):
        response = client.get(f"{prefix}/casse/")
    assert response.status_code == 500
    page = BeautifulSoup(response.content, "html.parser")
    assert words in page.h1.text
    assert page.select_one(f"a[href='{prefix}/']")
    assert not page.select("script, [style]")


def no_query(*args):
    pytest.fail("The page that says sorry asked the store.")


def test_a_form_that_cannot_be_trusted_says_what_to_do():
    the_portal()
    response = Client(enforce_csrf_checks=True).post("/gestion/login/", {"username": "x"})
    assert response.status_code == 403
    assert "rechargez la page" in main_of(response).text


def test_a_host_that_is_not_ours_gets_a_page_that_says_so(client):
    response = client.get("/", headers={"host": "ailleurs.example"})
    assert response.status_code == 400
    assert "Cette adresse n’a pas de réponse" in response.content.decode()
