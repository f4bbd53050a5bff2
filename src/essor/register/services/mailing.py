"""The mails of contributions: each goes once its server takes it, and is tried again until then.

A mail that could not go, or whose task was lost with its worker, is still due: it is tried again every
quarter of an hour for three days. Of two that try at the same moment one alone does; one killed between
the sending and its note sends twice, rather than never.
"""

import logging
from datetime import datetime, timedelta
from smtplib import SMTPRecipientsRefused

from django.db.models import Q

from essor.register.contributing.mails import confirmation_mail, decision_mail
from essor.register.models import Contribution

logger = logging.getLogger(__name__)

TRIED_AGAIN_AFTER = timedelta(minutes=15)
TRIED_FOR = timedelta(days=3)
MOST_AT_ONCE = 50
"""Mails of one turn: a server that answers no more keeps each for some seconds."""


def send_mail(pk: int, *, now: datetime) -> bool:
    """Send the mail that is due of a contribution, and say whether there was one. Raises OSError when it cannot go."""
    due = Contribution.objects.filter(pk=pk, mail_due_at__lte=now)
    if not due.update(mail_due_at=now + TRIED_AGAIN_AFTER):
        return False
    contribution = Contribution.objects.exclude(email="").filter(pk=pk).first()
    if contribution is None:  # forgotten meanwhile
        return False
    mail_of = confirmation_mail if contribution.decided_at is None else decision_mail
    mail_of(contribution).send()
    Contribution.objects.filter(pk=pk, state=contribution.state).update(mail_due_at=None)
    return True


def send_late_mails(*, now: datetime) -> int:
    """Send the mails that should have gone before, and give their number; a server that is not there ends it."""
    wanted = Q(decided_at=None) | Q(decided_at__gt=now - TRIED_FOR)
    late = Contribution.objects.filter(wanted, mail_due_at__lte=now).order_by("mail_due_at", "pk")
    count = 0
    for pk in list(late.values_list("pk", flat=True)[:MOST_AT_ONCE]):
        try:
            count += send_mail(pk, now=now)
        except SMTPRecipientsRefused:
            logger.info("contribution.address_refused", extra={"contribution": pk})
        except OSError as error:
            logger.warning("contribution.mail_failed", extra={"reason": type(error).__name__})
            break
    return count
