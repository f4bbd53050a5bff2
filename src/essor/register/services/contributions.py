"""Claims and corrections: sent, confirmed by e-mail, decided by staff.

The order of states is the only one: not confirmed, to be read, accepted or refused. Each act twice is
once. Of the network that sent a contribution, a keyed hash is kept for a day: on two days, the same
reader cannot be told to be the same.
"""

import hmac
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from hashlib import sha256
from ipaddress import ip_address, ip_network
from typing import Any

from django.conf import settings
from django.db import transaction
from wagtail.log_actions import log
from wagtail.models import ModelLogEntry

from essor.register.contributing.tasks import send_mail_of
from essor.register.models import Contribution, StructureProfile

MOST_OF_A_NETWORK = 12
MOST_OF_AN_ADDRESS = 3
"""Contributions in a day: from one network, and to be confirmed by one e-mail address."""

MOST_IN_A_DAY = 500
"""Those that nobody confirmed, from everywhere: whoever has many networks fills no disk."""

ACCEPTED, REFUSED, WITHHELD = (
    "essor.contribution.accept",
    "essor.contribution.refuse",
    "essor.structure.withhold",
)
"""The acts of the history."""

PROFILE_FIELDS = ("description", "web_site", "opening_hours")


class TooMany(Exception):
    """So many contributions came today from this network, or for this e-mail address, that no more is taken."""


class AlreadyDecided(Exception):
    """Somebody else has decided meanwhile; nothing was done."""


@transaction.atomic
def send(
    *, siren: str, values: Mapping[str, Any], nonce: str, address: str | None, now: datetime
) -> Contribution:
    """Keep a contribution until its e-mail address is confirmed. Raises TooMany.

    The same form twice is one contribution. `address` is the network address of who sent it.
    """
    known = Contribution.objects.filter(nonce=nonce).first()
    if known:
        return known
    network = hash_of_network(address, day=now.date())
    _refuse_too_many(network, values["email"], now)
    contribution, is_new = Contribution.objects.get_or_create(
        nonce=nonce,
        defaults={
            "siren": siren,
            "network": network,
            "sent_at": now,
            "mail_due_at": now,
            **values,
        },
    )
    if is_new:
        transaction.on_commit(lambda: send_mail_of.enqueue(contribution.pk))
    return contribution


def _refuse_too_many(network: str, email: str, now: datetime) -> None:
    today = Contribution.objects.filter(sent_at__gt=now - timedelta(days=1))
    unconfirmed = today.filter(state=Contribution.State.UNCONFIRMED)
    if (
        today.filter(network=network).count() >= MOST_OF_A_NETWORK
        or unconfirmed.filter(email__iexact=email).count() >= MOST_OF_AN_ADDRESS
        or unconfirmed.count() >= MOST_IN_A_DAY
    ):
        raise TooMany


def hash_of_network(address: str | None, *, day: date) -> str:
    """Give a name for a network (/24, or /48) on one day, from which the address cannot be read."""
    try:
        bits = 24 if ip_address(address or "").version == 4 else 48
        network = str(ip_network(f"{address}/{bits}", strict=False))
    except ValueError:
        network = "unknown"
    key = settings.SECRET_KEY.encode()
    return hmac.new(key, f"{day} {network}".encode(), sha256).hexdigest()[:32]


@transaction.atomic
def confirm(pk: int, *, now: datetime) -> Contribution | None:
    """Give a contribution to staff to read; None when it was forgotten meanwhile."""
    contribution = Contribution.objects.select_for_update(of=("self",)).filter(pk=pk).first()
    if contribution is None or contribution.state != Contribution.State.UNCONFIRMED:
        return contribution
    contribution.state, contribution.confirmed_at = Contribution.State.PENDING, now
    contribution.mail_due_at = None
    contribution.save(update_fields=["state", "confirmed_at", "mail_due_at"])
    return contribution


@transaction.atomic
def accept(
    pk: int, *, fields: Iterable[str], user: Any, now: datetime, answer: str = ""
) -> Contribution:
    """Write the chosen fields in the profile of the structure, and tell who wrote. Raises AlreadyDecided.

    A request of deletion withholds the identity of the structure.
    """
    contribution = _decide(pk, Contribution.State.ACCEPTED, user=user, now=now, answer=answer)
    kept = [name for name in PROFILE_FIELDS if name in set(fields) & set(contribution.proposed)]
    contribution.kept = kept
    contribution.save(update_fields=["kept"])
    if contribution.kind == Contribution.Kind.DELETION:
        withhold(contribution.siren, user=user)
    elif kept:
        _write(contribution, kept, user)
    log(contribution, ACCEPTED, user=user, data={"fields": kept})
    return contribution


@transaction.atomic
def refuse(pk: int, *, user: Any, now: datetime, answer: str) -> Contribution:
    """Leave the structure as it is, and tell who wrote why. Raises AlreadyDecided."""
    contribution = _decide(pk, Contribution.State.REFUSED, user=user, now=now, answer=answer)
    log(contribution, REFUSED, user=user, data={"answer": answer})
    return contribution


def _decide(
    pk: int, state: Contribution.State, *, user: Any, now: datetime, answer: str
) -> Contribution:
    contribution = Contribution.objects.select_for_update(of=("self",)).get(pk=pk)
    if not contribution.is_pending:
        raise AlreadyDecided
    contribution.state, contribution.answer = state, answer
    contribution.decided_at, contribution.decided_by = now, user
    contribution.mail_due_at = now
    decided = ["state", "answer", "decided_at", "decided_by", "mail_due_at"]
    contribution.save(update_fields=decided)
    transaction.on_commit(lambda: send_mail_of.enqueue(contribution.pk))
    return contribution


def _write(contribution: Contribution, fields: Iterable[str], user: Any) -> None:
    profile = _profile(contribution.siren)
    before = {name: getattr(profile, name) for name in fields}
    for name in fields:
        setattr(profile, name, contribution.proposed[name])
    profile.full_clean()
    profile.save()
    data = {"contribution": contribution.pk, "before": before}
    log(profile, "wagtail.edit", user=user, data=data)


@transaction.atomic
def withhold(siren: str, *, user: Any) -> StructureProfile:
    """Keep the identity of a structure off the portal: it is only counted in its commune. Twice is once.

    What editors and readers had written of it is erased, in its history too (GDPR, article 17).
    """
    profile = _profile(siren)
    if not profile.is_withheld:
        _erase(profile)
        profile.is_withheld = True
        profile.save()
        log(profile, WITHHELD, user=user)
    return profile


def _erase(profile: StructureProfile) -> None:
    profile.description = profile.web_site = profile.opening_hours = ""
    profile.logo = None
    profile.tags.clear()
    for entry in ModelLogEntry.objects.for_instance(profile):
        if entry.data.pop("before", None) is not None:
            entry.save(update_fields=["data"])
    decided = (Contribution.State.ACCEPTED, Contribution.State.REFUSED)
    Contribution.objects.filter(siren=profile.siren, state__in=decided).update(proposed={})


def _profile(siren: str) -> StructureProfile:
    """Give the profile of a structure to change, made if it has none."""
    StructureProfile.objects.get_or_create(siren=siren)
    return StructureProfile.objects.select_for_update(of=("self",)).get(siren=siren)
