"""The e-mails of claims and corrections, in the language of who wrote; plain text, few lines."""

from django.conf import settings
from django.core import signing
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from wagtail.models import Site

from essor.register.models import Contribution
from essor.register.models.contributions import CONFIRMED_WITHIN, EMAIL_KEPT
from essor.register.structure_page import current_unit, display_name, grouped, is_hidden

SALT = "essor.register.contribution"


def token_of(contribution: Contribution) -> str:
    """Give what the link of confirmation carries; it cannot be made without the key of the portal."""
    return signing.dumps([contribution.pk, contribution.nonce], salt=SALT)


def pk_in(token: str) -> int:
    """Read the number of the contribution. Raises SignatureExpired, or BadSignature for a forged one."""
    pk, _nonce = signing.loads(token, salt=SALT, max_age=CONFIRMED_WITHIN)
    return int(pk)


def confirmation_mail(contribution: Contribution) -> EmailMessage:
    """Ask who wrote to confirm that the address is theirs."""
    with translation.override(contribution.language):
        subject = _("Confirm your message about %(name)s") % {"name": _name(contribution)}
        context = {
            "contribution": contribution,
            "name": _name(contribution),
            "address": f"{settings.URL}{reverse('confirm_contribution', args=[token_of(contribution)])}",
            "days": CONFIRMED_WITHIN.days,
        }
        return _mail("confirm", subject, context, contribution)


def decision_mail(contribution: Contribution) -> EmailMessage:
    """Tell who wrote what was decided, and why."""
    with translation.override(contribution.language):
        subject = _("Your message about %(name)s") % {"name": _name(contribution)}
        address = reverse("structure", args=[contribution.siren])
        context = {
            "contribution": contribution,
            "name": _name(contribution),
            "is_accepted": contribution.state == Contribution.State.ACCEPTED,
            "is_deletion": contribution.kind == Contribution.Kind.DELETION,
            "address": f"{settings.URL}{address}",
            "days": EMAIL_KEPT.days,
        }
        return _mail("decided", subject, context, contribution)


def _mail(
    template: str, subject: str, context: dict[str, object], contribution: Contribution
) -> EmailMessage:
    body = render_to_string(f"register/mails/{template}.txt", {**context, "portal": _portal()})
    # A name may hold a line end, which a header may not.
    return EmailMessage(" ".join(subject.split()), body, to=[contribution.email])


def _portal() -> str:
    """Give the name that the mails are signed with, and the address of the portal."""
    site = Site.objects.filter(is_default_site=True).first()
    return "\n".join(filter(None, (site.site_name if site else "", settings.URL)))


def _name(contribution: Contribution) -> str:
    unit = current_unit(contribution.siren)
    if unit is None or is_hidden(unit):
        return grouped(contribution.siren)
    return display_name(unit, is_hidden=False)
