"""Profiles and tags in the staff screens: found, written, seen by readers; and by whom."""

import pytest
from wagtail.images.tests.utils import get_test_image_file
from wagtail.models import ModelLogEntry

from essor.portal.models import Picture
from essor.portal.services.roles import ADMINISTRATORS, EDITORS, MODERATORS, open_section
from essor.register.models import StructureProfile, StructureTag
from essor.search.models import PendingChange
from tests.portal.builders import a_member, a_portal, a_section
from tests.register.factories import LegalUnitFactory, VintageFactory

pytestmark = pytest.mark.django_db

SIREN = "784412457"
STRUCTURES = "/gestion/annuaire/structures/"
PROFILES = "/gestion/annuaire/fiches/"
TAGS = "/gestion/annuaire/etiquettes/"
MESSAGES = "/gestion/annuaire/messages/"


@pytest.fixture(autouse=True)
def portal(own_index):
    a_portal()
    LegalUnitFactory(siren=SIREN, name="LES AMIS DU LIVRE", rna="W595000123")


@pytest.fixture
def editor(client):
    """An editor, who has signed in."""
    user = a_member(EDITORS)
    client.force_login(user)
    return user


def a_form(**fields):
    blank = {"siren": SIREN, "description": "", "logo": "", "web_site": "", "opening_hours": ""}
    return {**blank, **fields}


@pytest.mark.parametrize(
    "asked", ["amis livre", SIREN, "784 412 457", f"{SIREN}00011", "W595000123"]
)
def test_a_structure_is_found_and_leads_to_its_profile(client, editor, asked):
    LegalUnitFactory(siren="300000001", name="AUTRE")
    LegalUnitFactory(siren=SIREN, name="ANCIEN", vintage=VintageFactory(is_current=False))
    page = client.get(STRUCTURES, {"q": asked}).content.decode()
    assert f"{PROFILES}de/{SIREN}/" in page
    assert "AUTRE" not in page
    assert "ANCIEN" not in page

    response = client.get(f"{PROFILES}de/{SIREN}/")
    assert response["Location"] == f"{PROFILES}new/?siren={SIREN}"
    page = client.get(response["Location"]).content.decode()
    assert f'value="{SIREN}"' in page


def test_what_an_editor_writes_is_seen_by_readers_and_found(
    client, editor, django_capture_on_commit_callbacks
):
    assert "coopérative" not in client.get(f"/annuaire/{SIREN}/").content.decode()
    logo = Picture.objects.create(title="Logo", file=get_test_image_file())
    tag = StructureTag.objects.get_or_create(slug="scop", name="SCOP")[0]
    PendingChange.objects.all().delete()
    form = a_form(
        description="Une librairie coopérative.",
        logo=logo.pk,
        tags=[tag.pk],
        web_site="https://amis.example.org/",
    )
    response = client.post(f"{PROFILES}new/", form)

    assert response.status_code == 302
    profile = StructureProfile.objects.get()
    assert list(profile.tags.all()) == [tag]
    assert {(change.kind, change.key) for change in PendingChange.objects.all()} == {
        ("structure", SIREN)
    }
    client.logout()
    page = client.get(f"/annuaire/{SIREN}/").content.decode()
    assert "Une librairie coopérative." in page
    assert "<img" in page.partition("structure__logo")[2][:200]
    assert "SCOP" in page


def test_readers_see_an_edit_at_once(client, editor, django_capture_on_commit_callbacks):
    profile = StructureProfile.objects.create(siren=SIREN, description="Avant")
    client.logout()
    assert "Avant" in client.get(f"/annuaire/{SIREN}/").content.decode()
    client.force_login(editor)
    with django_capture_on_commit_callbacks(execute=True):
        client.post(f"{PROFILES}edit/{profile.pk}/", a_form(description="Après"))
    client.logout()
    assert "Après" in client.get(f"/annuaire/{SIREN}/").content.decode()


def test_the_structure_of_a_profile_does_not_change(client, editor):
    LegalUnitFactory(siren="300000001")
    profile = StructureProfile.objects.create(siren=SIREN)
    client.post(f"{PROFILES}edit/{profile.pk}/", a_form(siren="300000001", description="x"))
    profile.refresh_from_db()
    assert profile.siren == SIREN
    assert profile.description == "x"


def test_a_profile_is_of_a_structure_that_the_register_knows(client, editor):
    page = client.post(f"{PROFILES}new/", a_form(siren="123456789")).content.decode()
    assert "Aucune structure du registre" in page
    assert not StructureProfile.objects.exists()


def test_the_list_of_profiles_names_the_structures(client, editor):
    StructureProfile.objects.create(siren=SIREN)
    StructureProfile.objects.create(siren="300000009", description="sortie du registre")
    assert "LES AMIS DU LIVRE" in client.get(PROFILES).content.decode()
    assert "300000009" not in client.get(PROFILES, {"q": "amis"}).content.decode()


def test_the_history_tells_who_changed_what(client, editor):
    client.post(f"{PROFILES}new/", a_form(description="x"))
    entry = ModelLogEntry.objects.get(content_type__model="structureprofile")
    assert entry.user == editor
    profile = StructureProfile.objects.get()
    assert client.get(f"{PROFILES}history/{profile.pk}/").status_code == 200


def test_renaming_or_deleting_a_tag_has_its_structures_found_anew(client, editor):
    profile = StructureProfile.objects.create(siren=SIREN)
    tag = StructureTag.objects.create(slug="troc", name="Troc")
    profile.tags.add(tag)
    PendingChange.objects.all().delete()
    client.post(f"{TAGS}edit/{tag.pk}/", {"name": "Troc de livres", "slug": "troc"})
    assert PendingChange.objects.filter(kind="structure", key=SIREN).exists()
    PendingChange.objects.all().delete()
    client.post(f"{TAGS}delete/{tag.pk}/")
    assert not StructureTag.objects.filter(slug="troc").exists()
    assert PendingChange.objects.filter(kind="structure", key=SIREN).exists()


def test_a_portal_starts_with_tags():
    assert StructureTag.objects.filter(slug="tiers-lieu").exists()
    assert StructureTag.objects.filter(slug="cae", is_support=True).exists()


@pytest.mark.parametrize(
    ("role", "may"),
    [
        (ADMINISTRATORS, True),
        (EDITORS, True),
        (MODERATORS, False),
        ("library", False),
        (None, False),
    ],
)
def test_who_may_write_profiles_and_tags(client, role, may):
    if role:
        name = open_section(a_section()).name if role == "library" else role
        client.force_login(a_member(name))
    profile = StructureProfile.objects.create(siren=SIREN)
    addresses = [
        f"{PROFILES}new/",
        f"{PROFILES}edit/{profile.pk}/",
        f"{PROFILES}de/{SIREN}/",
        f"{TAGS}new/",
    ]
    for address in addresses:
        response = client.get(address)
        allowed = response.status_code == 200 or response.get("Location", "").startswith(PROFILES)
        assert allowed == may, address
    client.post(f"{PROFILES}edit/{profile.pk}/", a_form(description="écrit"))
    profile.refresh_from_db()
    assert (profile.description == "écrit") == may


@pytest.mark.parametrize(
    ("role", "may"), [(EDITORS, True), (MODERATORS, True), ("library", False), (None, False)]
)
def test_who_may_look_structures_up(client, role, may):
    if role:
        name = open_section(a_section()).name if role == "library" else role
        client.force_login(a_member(name))
    assert (client.get(STRUCTURES).status_code == 200) == may


def test_nobody_changes_what_comes_from_sirene(client):
    user = a_member(ADMINISTRATORS)
    user.is_superuser = True
    user.save()
    client.force_login(user)
    for address in (f"{STRUCTURES}new/", f"{MESSAGES}new/"):
        assert client.get(address).status_code != 200
