"""What readers said, read and decided by staff: once, with its history, and told to who wrote."""

from datetime import timedelta

import pytest
from django.utils import timezone
from wagtail.models import ModelLogEntry

from essor.portal.services.roles import ADMINISTRATORS, EDITORS, MODERATORS, open_section
from essor.register.models import Contribution, StructureProfile, StructureTag
from essor.register.services import forgetting
from tests.portal.builders import a_member, a_portal, a_section
from tests.register.factories import LegalUnitFactory

pytestmark = pytest.mark.django_db

SIREN = "784412457"
MESSAGES = "/gestion/annuaire/messages/"


@pytest.fixture(autouse=True)
def portal():
    a_portal()
    LegalUnitFactory(siren=SIREN, name="LES AMIS DU LIVRE")


@pytest.fixture
def moderator(client):
    """A moderator, who has signed in."""
    user = a_member(MODERATORS)
    client.force_login(user)
    return user


@pytest.fixture
def decide(client, django_capture_on_commit_callbacks):
    def decide(contribution, **fields):
        with django_capture_on_commit_callbacks(execute=True):
            return client.post(f"{MESSAGES}{contribution.pk}/decide/", fields, follow=True)

    return decide


def a_contribution(**fields):
    given = {
        "siren": SIREN,
        "kind": Contribution.Kind.CORRECTION,
        "state": Contribution.State.PENDING,
        "email": "jeanne@example.org",
        "capacity": "bénévole",
        "proposed": {"description": "Une coopérative.", "opening_hours": "Lundi"},
        "nonce": f"{Contribution.objects.count():032}",
        "sent_at": timezone.now(),
        "confirmed_at": timezone.now(),
    }
    return Contribution.objects.create(**{**given, **fields})


def test_only_the_ticked_fields_are_written_and_who_wrote_is_told(
    client, moderator, decide, mailoutbox
):
    StructureProfile.objects.create(siren=SIREN, description="Avant", opening_hours="Mardi")
    contribution = a_contribution()
    page = client.get(f"{MESSAGES}inspect/{contribution.pk}/").content.decode()
    assert "Une coopérative." in page
    assert "Avant" in page
    decide(contribution, accept="1", field=["description"])

    profile = StructureProfile.objects.get()
    assert (profile.description, profile.opening_hours) == ("Une coopérative.", "Mardi")
    contribution.refresh_from_db()
    assert contribution.state == Contribution.State.ACCEPTED
    assert contribution.decided_by == moderator
    assert contribution.kept == ["description"]
    assert mailoutbox[0].to == ["jeanne@example.org"]
    assert "pris en compte" in mailoutbox[0].body
    entry = ModelLogEntry.objects.get(content_type__model="structureprofile")
    assert entry.data["before"] == {"description": "Avant"}


def test_the_list_names_the_structure_and_leads_to_what_was_said(client, moderator):
    contribution, left = a_contribution(), a_contribution(siren="300000009")
    page = client.get(MESSAGES).content.decode()
    assert "LES AMIS DU LIVRE" in page
    assert "300000009" in page
    for one in (contribution, left):
        assert f"{MESSAGES}inspect/{one.pk}/" in page

    shown = client.get(f"{MESSAGES}inspect/{contribution.pk}/").content.decode()
    assert "None" not in shown.partition("Son histoire")[2]


def test_the_first_screen_says_how_many_messages_wait(client, moderator):
    assert "aucune n’attend" in client.get("/gestion/").content.decode()
    a_contribution()
    assert "1 message attend" in client.get("/gestion/").content.decode()


def test_a_field_that_was_not_proposed_is_not_written(moderator, decide):
    contribution = a_contribution(proposed={"description": "x", "is_withheld": True})
    decide(contribution, accept="1", field=["is_withheld", "web_site", "siren"])
    assert not StructureProfile.objects.filter(is_withheld=True).exists()
    assert Contribution.objects.get().kept == []


def test_a_refusal_has_a_reason_which_is_told(moderator, decide, mailoutbox):
    contribution = a_contribution(language="en")
    assert "Dites pourquoi" in decide(contribution, refuse="1").content.decode()
    contribution.refresh_from_db()
    assert contribution.is_pending

    decide(contribution, refuse="1", answer="SIRENE has to be corrected first.")
    contribution.refresh_from_db()
    assert contribution.state == Contribution.State.REFUSED
    assert not StructureProfile.objects.exists()
    assert "SIRENE has to be corrected first." in mailoutbox[0].body
    assert "nothing was changed" in mailoutbox[0].body


def test_one_click_withholds_the_identity(client, moderator, decide, mailoutbox):
    contribution = a_contribution(kind=Contribution.Kind.DELETION, proposed={})
    page = client.get(f"{MESSAGES}inspect/{contribution.pk}/").content.decode()
    assert "Retirer l’identité" in page
    decide(contribution, accept="1")

    assert StructureProfile.objects.get().is_withheld
    assert ModelLogEntry.objects.filter(action="essor.structure.withhold").count() == 1
    assert "AMIS DU LIVRE" not in mailoutbox[0].subject + mailoutbox[0].body
    client.logout()
    assert "AMIS DU LIVRE" not in client.get(f"/annuaire/{SIREN}/").content.decode()


def test_a_decision_is_taken_once(moderator, decide, mailoutbox):
    contribution = a_contribution()
    decide(contribution, accept="1", field=["description"])
    response = decide(contribution, refuse="1", answer="Non")
    assert "Quelqu’un d’autre a décidé" in response.content.decode()
    contribution.refresh_from_db()
    assert contribution.state == Contribution.State.ACCEPTED
    assert len(mailoutbox) == 1


def test_what_a_profile_cannot_hold_changes_nothing(moderator, decide):
    contribution = a_contribution(proposed={"web_site": "no address"})
    decide(contribution, accept="1", field=["web_site"])
    contribution.refresh_from_db()
    assert contribution.is_pending
    assert not StructureProfile.objects.exclude(web_site="").exists()


def test_staff_reads_what_was_confirmed_and_nothing_else(client, moderator):
    hidden = a_contribution(state=Contribution.State.UNCONFIRMED, siren="300000009")
    assert "300000009" not in client.get(MESSAGES).content.decode()
    assert client.get(f"{MESSAGES}inspect/{hidden.pk}/").status_code == 404
    assert client.post(f"{MESSAGES}{hidden.pk}/decide/", {"accept": "1"}).status_code == 404


def test_an_accepted_deletion_erases_what_was_written_of_the_structure_in_its_history_too(
    client, moderator, decide
):
    profile = StructureProfile.objects.create(siren=SIREN, description="Jeanne vous reçoit.")
    profile.tags.add(StructureTag.objects.create(name="Atelier"))
    told = a_contribution(proposed={"description": "Jeanne et Paul.", "opening_hours": "Lundi"})
    decide(told, accept="1", field=["description", "opening_hours"])
    profile.refresh_from_db()
    assert profile.description == "Jeanne et Paul."
    decide(a_contribution(kind=Contribution.Kind.DELETION, proposed={}), accept="1")

    profile.refresh_from_db()
    assert (profile.description, profile.opening_hours, profile.web_site) == ("", "", "")
    assert not profile.tags.exists()
    assert not any("Jeanne" in str(entry.data) for entry in ModelLogEntry.objects.all())
    told.refresh_from_db()
    assert (told.state, told.proposed) == (Contribution.State.ACCEPTED, {})


def test_requests_of_deletion_come_first_and_decided_ones_last(client, moderator):
    a_contribution(siren="300000001")
    a_contribution(siren="300000002", state=Contribution.State.REFUSED)
    a_contribution(
        siren="300000003",
        kind=Contribution.Kind.DELETION,
        sent_at=timezone.now() - timedelta(days=9),
    )
    page = client.get(MESSAGES).content.decode()
    places = [page.index(siren) for siren in ("300000003", "300000001", "300000002")]
    assert places == sorted(places)


def test_hostile_text_is_text_for_staff_too(client, moderator):
    contribution = a_contribution(
        message="<script>alert(1)</script>",
        capacity="<b>",
        proposed={"description": "<img src=x onerror=alert(1)>"},
    )
    page = client.get(f"{MESSAGES}inspect/{contribution.pk}/").content.decode()
    assert "<script>alert" not in page
    assert "<img src=x" not in page


def test_the_address_is_erased_thirty_days_after_the_decision(moderator, decide):
    contribution = a_contribution()
    decide(contribution, accept="1")
    forgetting.forget_old(timezone.now() + timedelta(days=29))
    contribution.refresh_from_db()
    assert contribution.email
    forgetting.forget_old(timezone.now() + timedelta(days=31))
    contribution.refresh_from_db()
    assert (contribution.email, contribution.capacity) == ("", "")
    assert contribution.state == Contribution.State.ACCEPTED


@pytest.mark.parametrize(
    ("role", "may"),
    [
        (ADMINISTRATORS, True),
        (EDITORS, True),
        (MODERATORS, True),
        ("library", False),
        (None, False),
    ],
)
def test_who_may_decide(client, decide, role, may):
    if role:
        name = open_section(a_section()).name if role == "library" else role
        client.force_login(a_member(name))
    contribution = a_contribution()
    assert (client.get(f"{MESSAGES}inspect/{contribution.pk}/").status_code == 200) == may
    assert client.get(f"{MESSAGES}edit/{contribution.pk}/").status_code != 200
    client.post(f"{MESSAGES}{contribution.pk}/decide/", {"accept": "1"})
    contribution.refresh_from_db()
    assert contribution.is_pending != may
