"""What staff find when they sign in."""

import pytest
from django.urls import reverse

from essor.portal.services.roles import ADMINISTRATORS, EDITORS, LIBRARY_EDITORS_PREFIX

from .builders import a_member, a_section, the_portal

pytestmark = pytest.mark.django_db

TITLE = "Médiathèque des Tilleuls"


def first_screen(client, role):
    the_portal()
    a_section(title=TITLE)
    client.force_login(a_member(role))
    return client.get(reverse("wagtailadmin_home")).content.decode()


def test_an_administrator_is_offered_everything(client):
    page = first_screen(client, ADMINISTRATORS)
    assert "/dossierpage/" in page
    assert reverse("wagtailsettings:edit", args=["portal", "portalsettings"]) in page


def test_an_editor_is_not_offered_the_settings(client):
    page = first_screen(client, EDITORS)
    assert "/dossierpage/" in page
    assert reverse("wagtailsnippets_portal_feedsource:list") in page
    assert "portalsettings" not in page


def test_a_library_editor_is_offered_their_own_section_only(client):
    page = first_screen(client, LIBRARY_EDITORS_PREFIX + TITLE)
    assert "/articlepage/" in page
    assert TITLE in page
    assert "/dossierpage/" not in page
    assert "feedsource" not in page


@pytest.mark.parametrize("role", [EDITORS, LIBRARY_EDITORS_PREFIX + TITLE])
def test_the_identity_of_the_portal_is_for_administrators(client, role):
    first_screen(client, role)
    address = reverse("wagtailsettings:edit", args=["portal", "portalsettings"])
    assert client.get(address, follow=True).redirect_chain


def test_the_sign_in_screen_is_in_french_and_bears_the_mark_of_the_portal(client):
    page = client.get(reverse("wagtailadmin_login")).content.decode()
    assert "Mot de passe" in page
    assert "Password" not in page
    assert "presentation/mark" in page
    assert "wagtail-logo" not in page
