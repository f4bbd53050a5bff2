"""One account per role, passwords of this installation only, each role held to what it may do."""

import stat
from pathlib import Path

import pytest
from django.contrib.auth import authenticate
from django.contrib.auth.models import User
from django.test import Client

from essor.demo.models import Step
from essor.demo.services.accounts import make_accounts, new_password, read_accounts
from essor.portal.models import ArticlePage
from tests.demo.conftest import builder


@pytest.fixture
def accounts_file(demo, accounts_path: Path) -> Path:
    return accounts_path


def signed_in(client: Client, username: str) -> Client:
    client.force_login(User.objects.get(username=username))
    return client


def test_each_printed_password_opens_its_account(accounts_file: Path) -> None:
    accounts = read_accounts(accounts_file)
    assert [a.username for a in accounts] == [
        "administration",
        "redaction",
        "houblon",
        "moderation",
    ]
    for account in accounts:
        assert authenticate(username=account.username, password=account.password)
        assert account.role


def test_the_file_is_for_its_owner_alone(accounts_file: Path) -> None:
    assert stat.S_IMODE(accounts_file.stat().st_mode) == 0o600


def test_no_two_passwords_are_alike(accounts_file: Path) -> None:
    passwords = {account.password for account in read_accounts(accounts_file)}
    passwords |= {new_password() for _ in range(100)}
    assert len(passwords) == 104
    assert all(len(password) == 19 for password in passwords)


def test_passwords_written_before_an_interruption_are_kept_and_closed_to_others(
    demo, tmp_path: Path
) -> None:
    Step.objects.get(name="accounts").delete()
    User.objects.all().delete()
    path = tmp_path / "accounts.txt"
    path.write_text("redaction  abcd-efgh-jkmn-pqrs\n")
    path.chmod(0o644)
    builder(path)()
    assert authenticate(username="redaction", password="abcd-efgh-jkmn-pqrs")
    assert len(read_accounts(path)) == 4
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_lost_or_foreign_file_gives_no_account(tmp_path: Path) -> None:
    assert read_accounts(tmp_path / "none.txt") == ()
    (tmp_path / "other.txt").write_text("root  secret\nhoublon\n\n")
    assert read_accounts(tmp_path / "other.txt") == ()


def test_a_second_run_leaves_a_changed_password_alone(build_again, accounts_file: Path) -> None:
    user = User.objects.get(username="redaction")
    user.set_password("une autre phrase de passe")
    user.save()
    build_again()
    assert authenticate(username="redaction", password="une autre phrase de passe")


def test_accounts_are_not_made_over_those_of_someone_else(accounts_file: Path) -> None:
    with pytest.raises(Exception, match=r"(?i)unique|duplicate"):
        make_accounts(accounts_file)


@pytest.mark.parametrize(
    ("username", "elsewhere", "own_section"),
    [
        ("administration", True, True),
        ("redaction", True, True),
        ("houblon", False, True),
        ("moderation", True, True),
    ],
)
def test_each_role_edits_only_where_it_may(
    accounts_file: Path, client: Client, username: str, *, elsewhere: bool, own_section: bool
) -> None:
    signed_in(client, username)
    for slug, allowed in (("histoire", elsewhere), ("vos-dons-de-livres", own_section)):
        article = ArticlePage.objects.get(slug=slug)
        answer = client.get(f"/gestion/pages/{article.pk}/edit/")
        assert (answer.status_code == 200) is allowed, (slug, answer.status_code)


def test_the_library_editor_cannot_publish_alone(accounts_file: Path) -> None:
    article = ArticlePage.objects.get(slug="vos-dons-de-livres")
    may_publish = {
        username: article.permissions_for_user(User.objects.get(username=username)).can_publish()
        for username in ("redaction", "houblon", "moderation")
    }
    assert may_publish == {"redaction": True, "houblon": False, "moderation": True}


def test_only_the_administrator_manages_accounts(accounts_file: Path, client: Client) -> None:
    for username in ("redaction", "houblon", "moderation"):
        assert signed_in(client, username).get("/gestion/users/").status_code != 200
    assert signed_in(client, "administration").get("/gestion/users/").status_code == 200
