"""Claims and corrections, from the form to what staff reads: once, by whoever holds the mail, without cookie."""

import re
from datetime import timedelta
from smtplib import SMTPRecipientsRefused
from types import SimpleNamespace

import pytest
from django.core import signing
from django.core.mail import EmailMessage
from django.utils import timezone

from essor.register.contributing.tasks import send_mails_again
from essor.register.models import Contribution, StructureProfile
from essor.register.services import contributions, forgetting
from essor.register.services.mailing import send_late_mails
from tests.portal.builders import a_portal
from tests.register.factories import LegalUnitFactory

pytestmark = pytest.mark.django_db

SIREN = "784412457"
ADDRESS = f"/annuaire/{SIREN}/corriger/"
EMAIL = "jeanne@example.org"


@pytest.fixture(autouse=True)
def portal():
    a_portal()
    LegalUnitFactory(siren=SIREN, name="LES AMIS DU LIVRE")


@pytest.fixture
def later(monkeypatch):
    """Let time pass, in seconds, for what is signed."""

    def pass_by(seconds):
        import time

        real = time.time
        monkeypatch.setattr("time.time", lambda: real() + seconds)

    return pass_by


@pytest.fixture
def send(client, django_capture_on_commit_callbacks, monkeypatch):
    """Fill in the form as a person does, and send it."""
    monkeypatch.setattr("essor.register.contributing.views.LEAST_S", 0)

    def send(*, token=None, prefix="", **fields):
        address = f"{prefix}{ADDRESS}"
        token = token or token_of(client.get(address))
        given = {
            "kind": "correction",
            "message": "Le nom a changé.",
            "email": EMAIL,
            "token": token,
        }
        with django_capture_on_commit_callbacks(execute=True):
            return client.post(address, {**given, **fields})

    return send


def token_of(response):
    return re.search(r'name="token" value="([^"]+)"', response.content.decode())[1]


def link_in(mail):
    return re.search(r"https?://[^/]+(/\S+)", mail.body)[1]


def test_a_correction_waits_for_its_confirmation_then_for_staff(client, send, mailoutbox):
    response = send(description="Une librairie coopérative.", web_site="amis.example.org")
    assert response["Location"] == f"{ADDRESS}envoye/"
    assert "regardez vos courriels" in client.get(response["Location"]).content.decode()

    kept = Contribution.objects.get()
    assert kept.state == Contribution.State.UNCONFIRMED
    assert kept.proposed == {
        "description": "Une librairie coopérative.",
        "web_site": "https://amis.example.org",
    }
    (mail,) = mailoutbox
    assert mail.to == [EMAIL]
    assert "LES AMIS DU LIVRE" in mail.subject
    assert "Bibliothèques de la métropole" in mail.body.rpartition("-- ")[2]
    link = link_in(mail)
    assert '<form method="post">' in client.get(link).content.decode()
    kept.refresh_from_db()
    assert kept.state == Contribution.State.UNCONFIRMED

    confirmed = client.post(link).content.decode()
    assert "votre message est confirmé" in confirmed
    assert f'href="/annuaire/{SIREN}/"' in confirmed
    kept.refresh_from_db()
    assert kept.state == Contribution.State.PENDING
    assert kept.confirmed_at


def test_nothing_changes_on_the_page_before_staff_decides(client, send, mailoutbox):
    send(description="Une librairie coopérative.")
    client.post(link_in(mailoutbox[0]))
    assert "Une librairie coopérative" not in client.get(f"/annuaire/{SIREN}/").content.decode()
    assert not StructureProfile.objects.exists()


def test_the_mail_and_the_pages_are_in_the_language_of_the_reader(client, send, mailoutbox):
    send(prefix="/en")
    assert "Confirm your message about" in mailoutbox[0].subject
    assert link_in(mailoutbox[0]).startswith("/en/annuaire/message/")
    assert "confirmed" in client.post(link_in(mailoutbox[0])).content.decode()


def test_no_page_of_the_path_sets_a_cookie_or_is_kept(client, send, mailoutbox):
    page = client.get(ADDRESS)
    sent = send()
    link = link_in(mailoutbox[0])
    for response in (page, sent, client.get(link), client.post(link)):
        assert not response.cookies
    for response in (page, client.get(link), client.post(link)):
        assert "no-store" in response["Cache-Control"]
    assert token_of(page) != token_of(client.get(ADDRESS))


def test_the_path_needs_no_cookie_even_where_forgery_is_checked(mailoutbox, send):
    from django.test import Client

    strict = Client(enforce_csrf_checks=True)
    token = token_of(strict.get(ADDRESS))
    response = strict.post(
        ADDRESS, {"kind": "correction", "message": "x", "email": EMAIL, "token": token}
    )
    assert response.status_code == 302


def test_the_same_form_sent_twice_is_one_contribution_and_one_mail(client, send, mailoutbox):
    token = token_of(client.get(ADDRESS))
    assert send(token=token).status_code == send(token=token).status_code == 302
    assert Contribution.objects.count() == 1
    assert len(mailoutbox) == 1


def test_confirming_twice_is_confirming_once(client, send, mailoutbox):
    send()
    link = link_in(mailoutbox[0])
    client.post(link)
    first = Contribution.objects.get().confirmed_at
    assert client.post(link).status_code == 200
    assert Contribution.objects.get().confirmed_at == first


def test_a_link_works_for_three_days(client, send, mailoutbox, later):
    send()
    link = link_in(mailoutbox[0])
    later(3 * 24 * 3600 + 60)
    response = client.post(link)
    assert response.status_code == 410
    assert "ne marche plus" in response.content.decode()
    assert Contribution.objects.get().state == Contribution.State.UNCONFIRMED


@pytest.mark.parametrize(
    "token",
    ["x" * 40, signing.dumps([1, "x"]), signing.dumps("x", salt="essor.register.contribution")],
    ids=["no token", "another salt", "another content"],
)
def test_a_forged_link_confirms_nothing(client, send, token):
    send()
    assert client.post(f"/annuaire/message/{token}/").status_code in (404, 410)
    assert Contribution.objects.get().state == Contribution.State.UNCONFIRMED


def test_a_link_to_what_was_erased_says_so(client, send, mailoutbox):
    send()
    Contribution.objects.all().delete()
    assert client.post(link_in(mailoutbox[0])).status_code == 410


def test_a_form_filled_in_faster_than_people_do_is_not_taken(client, monkeypatch):
    monkeypatch.setattr("essor.register.contributing.views.LEAST_S", 3_600)
    token = token_of(client.get(ADDRESS))
    fields = {"kind": "correction", "message": "Bonjour", "email": EMAIL, "token": token}
    response = client.post(ADDRESS, fields)
    assert "très rapide" in response.content.decode()
    assert "Bonjour" in response.content.decode()
    assert not Contribution.objects.exists()


@pytest.mark.parametrize(
    "token",
    ["", "x", signing.dumps(["784412457", "n", 0])],
    ids=["none", "no token", "another salt"],
)
def test_a_form_without_its_token_is_given_a_fresh_one(client, send, token):
    response = send(token=token or " ")
    assert "trop longtemps" in response.content.decode()
    assert token_of(response) != token
    assert not Contribution.objects.exists()


def test_the_token_of_one_structure_is_not_taken_for_another(client, send):
    LegalUnitFactory(siren="300000001")
    other = token_of(client.get("/annuaire/300000001/corriger/"))
    assert "trop longtemps" in send(token=other).content.decode()


def test_a_form_left_open_all_night_is_sent_again(client, send, later):
    token = token_of(client.get(ADDRESS))
    later(13 * 3600)
    assert "trop longtemps" in send(token=token).content.decode()


def test_what_fills_in_the_hidden_field_is_a_machine(send):
    assert "doit rester vide" in send(second_name="Bob").content.decode()
    assert not Contribution.objects.exists()


def test_texts_full_of_links_are_refused(send):
    links = " ".join(f"https://{n}.example.org" for n in range(3))
    assert "liens au plus" in send(message=links).content.decode()
    assert not Contribution.objects.exists()


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"email": ""}, "nous ne pouvons pas vous demander de confirmer"),
        ({"email": "jeanne"}, "pas une adresse de courriel"),
        ({"message": ""}, "Dites ce qui est à corriger"),
        ({"kind": "claim"}, "Dites ce que vous êtes"),
        ({"web_site": "javascript:alert(1)"}, "adresse entière"),
        ({"web_site": "ftp://example.org"}, "adresse entière"),
        ({"kind": "invented"}, "Que souhaitez-vous faire"),
        ({"description": "x" * 2_001}, "Ce que fait la structure"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_lost(send, fields, said):
    page = send(**{"capacity": "", **fields}).content.decode()
    assert said in page
    alert = page.partition('role="alert"')[2].partition("</div>")[0]
    assert alert.count("<li>") == 1
    assert fields.get("message", "Le nom a changé.") in page
    assert not Contribution.objects.exists()


def test_a_correction_that_changes_nothing_is_not_sent(send):
    StructureProfile.objects.create(siren=SIREN, description="Une librairie.\nUn café.")
    page = send(message="", description="Une librairie.\r\nUn café.").content.decode()
    assert "rien n’est différent" in page


def test_the_form_shows_what_is_said_today_to_be_corrected(client):
    StructureProfile.objects.create(siren=SIREN, description="Une librairie.")
    assert "Une librairie." in client.get(ADDRESS).content.decode()


def test_the_form_of_a_hidden_structure_tells_nothing_of_it(client, send, mailoutbox):
    StructureProfile.objects.create(siren=SIREN, description="Chez Jeanne", is_withheld=True)
    page = client.get(ADDRESS).content.decode()
    assert "AMIS DU LIVRE" not in page
    assert "Chez Jeanne" not in page
    send()
    assert "AMIS DU LIVRE" not in mailoutbox[0].subject + mailoutbox[0].body


def test_hostile_text_stays_text(client, send, mailoutbox):
    LegalUnitFactory(siren="300000002", name="Amis\r\nBcc: all@example.org")
    response = client.get("/annuaire/300000002/corriger/")
    assert response.status_code == 200
    page = send(email='"><script>alert(1)</script>', message="<b>x</b>").content.decode()
    assert "<script>alert" not in page
    assert "<b>x</b>" not in page


def test_a_line_end_in_a_name_makes_no_header(client, monkeypatch, mailoutbox, send):
    from essor.register.models import LegalUnit

    LegalUnit.objects.update(name="Amis\r\nBcc: all@example.org")
    send()
    assert "\n" not in mailoutbox[0].subject


def test_one_network_or_one_address_cannot_send_without_end(send, monkeypatch):
    for number in range(contributions.MOST_OF_A_NETWORK):
        assert send(email=f"{number}@example.org").status_code == 302
    response = send(email="other@example.org")
    assert response.status_code == 429
    assert "Trop de messages" in response.content.decode()


def test_nobody_is_flooded_with_mails_that_ask_to_confirm(send, mailoutbox):
    for _time in range(contributions.MOST_OF_AN_ADDRESS):
        send()
    assert send(email=EMAIL.upper()).status_code == 429
    assert len(mailoutbox) == contributions.MOST_OF_AN_ADDRESS


def test_of_the_network_only_a_hash_is_kept_and_for_a_day(send):
    send()
    assert "127.0.0" not in Contribution.objects.get().network
    forgetting.forget_old(timezone.now() + timedelta(days=2))
    assert Contribution.objects.get().network == ""


def test_networks_are_told_apart_by_day():
    today = timezone.localdate()
    same = [contributions.hash_of_network(f"192.0.2.{n}", day=today) for n in (1, 200)]
    assert same[0] == same[1]
    assert contributions.hash_of_network("192.0.3.1", day=today) != same[0]
    assert contributions.hash_of_network("192.0.2.1", day=today - timedelta(days=1)) != same[0]
    six = [contributions.hash_of_network(f"2001:db8:1:{n}::1", day=today) for n in (1, 2)]
    assert six[0] == six[1]
    assert contributions.hash_of_network(None, day=today)


def test_what_nobody_confirmed_is_erased_after_three_days(send):
    send()
    forgetting.forget_old(timezone.now() + timedelta(days=2))
    assert Contribution.objects.exists()
    forgetting.forget_old(timezone.now() + timedelta(days=4))
    assert not Contribution.objects.exists()


def test_there_is_no_form_for_what_is_not_in_the_directory(client):
    assert client.get("/annuaire/123456789/corriger/").status_code == 404


def test_the_page_of_the_structure_leads_to_the_form(client):
    assert f'href="{ADDRESS}"' in client.get(f"/annuaire/{SIREN}/").content.decode()


def test_a_link_may_choose_the_request_beforehand(client):
    page = client.get(f"{ADDRESS}?objet=retrait").content.decode()
    assert re.search(r'value="deletion"[^>]*checked', page)


# Mails that could not go


@pytest.fixture
def mail_server(monkeypatch):
    """A server of mails that refuses what it is told to refuse."""
    refused, taken = [], EmailMessage.send

    def send(mail, *args, **kwargs):
        if refused:
            raise refused[0]
        return taken(mail, *args, **kwargs)

    monkeypatch.setattr(EmailMessage, "send", send)
    return refused


DOWN = ConnectionRefusedError()
LOST = SimpleNamespace(enqueue=lambda pk: None)
"""A task whose worker died."""


def test_a_mail_that_could_not_go_is_sent_once_its_server_is_back(
    send, mailoutbox, mail_server, failed_tasks
):
    mail_server.append(DOWN)
    send()
    failed_tasks.clear()
    now = timezone.now()
    assert send_late_mails(now=now) == 0  # it has just been tried

    mail_server.clear()
    assert send_late_mails(now=now + timedelta(minutes=16)) == 1
    assert send_late_mails(now=now + timedelta(hours=1)) == 0
    assert [mail.to for mail in mailoutbox] == [[EMAIL]]


def test_a_mail_whose_task_was_lost_is_sent_all_the_same(send, mailoutbox, monkeypatch):
    monkeypatch.setattr(contributions, "send_mail_of", LOST)
    send()
    assert not mailoutbox

    send_mails_again.call()
    assert len(mailoutbox) == 1


def test_a_decision_that_could_not_be_told_is_told_later(client, send, mailoutbox, monkeypatch):
    send()
    client.post(link_in(mailoutbox[0]))
    monkeypatch.setattr(contributions, "send_mail_of", LOST)
    now = timezone.now()
    contributions.refuse(Contribution.objects.get().pk, user=None, now=now, answer="Non.")

    assert send_late_mails(now=now) == 1
    assert "Non." in mailoutbox[1].body


def test_an_address_that_is_refused_keeps_no_other_mail_from_going(send, mail_server, failed_tasks):
    mail_server.append(SMTPRecipientsRefused({}))
    send()
    send(email="autre@example.org")
    failed_tasks.clear()
    now = timezone.now() + timedelta(minutes=16)
    assert send_late_mails(now=now) == 0
    due = Contribution.objects.values_list("mail_due_at", flat=True)
    assert all(at > now for at in due)


def test_nobody_is_asked_to_confirm_what_was_confirmed(client, send, mailoutbox, mail_server):
    send()
    Contribution.objects.update(mail_due_at=timezone.now())
    client.post(link_in(mailoutbox[0]))

    assert send_late_mails(now=timezone.now() + timedelta(days=1)) == 0
