"""Demonstration accounts, one per role, with passwords that no other installation shares.

The passwords are kept in one file that only its owner may read, so that the next run can print
them again; the database has their hashes, as for anyone.
"""

import secrets
from pathlib import Path

from django.contrib.auth.models import Group, User
from django.utils.translation import gettext_lazy as _

from essor.demo.types import Account
from essor.portal.models import SectionPage
from essor.portal.services.roles import ADMINISTRATORS, EDITORS, MODERATORS, open_section

ROLES = {
    "administration": _("network administrator: everything, accounts and settings included"),
    "redaction": _("editor: writes and publishes anywhere"),
    "houblon": _("library editor: writes in one section, submits to moderation"),
    "moderation": _("moderator: publishes or sends back what is submitted"),
}
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # without those that are read for one another


def make_accounts(path: Path) -> None:
    """Make the accounts, with the passwords of the file or new ones written to it first."""
    passwords = {account.username: account.password for account in read_accounts(path)}
    for username in ROLES:
        passwords.setdefault(username, new_password())
    _write(path, passwords)
    groups = _groups()
    for username, group in groups.items():
        user = User.objects.create_user(
            username,
            email=f"{username}@example.org",
            password=passwords[username],
            first_name="Démonstration",
            last_name=group.name[:150],
        )
        user.groups.add(group)


def read_accounts(path: Path) -> tuple[Account, ...]:
    """Give the accounts of the file; none when there is no file, or not one of ours."""
    if not path.exists():
        return ()
    words = [line.split() for line in path.read_text(encoding="utf-8").splitlines()]
    return tuple(
        Account(username=line[0], password=line[1], role=str(ROLES[line[0]]))
        for line in words
        if len(line) == 2 and line[0] in ROLES
    )


def new_password() -> str:
    """Give 16 letters and digits in four groups: 79 bits of chance, easy to copy by hand."""
    return "-".join("".join(secrets.choice(LETTERS) for _ in range(4)) for _ in range(4))


def _groups() -> dict[str, Group]:
    section = SectionPage.objects.order_by("pk").get()
    common = {
        "administration": ADMINISTRATORS,
        "redaction": EDITORS,
        "moderation": MODERATORS,
    }
    groups = {username: Group.objects.get(name=name) for username, name in common.items()}
    return {**groups, "houblon": open_section(section)}


def _write(path: Path, passwords: dict[str, str]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch(mode=0o600)
    path.chmod(0o600)
    lines = [f"{username}  {password}" for username, password in passwords.items()]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
