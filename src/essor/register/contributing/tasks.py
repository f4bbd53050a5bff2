"""The e-mails, sent in the background, and what is forgotten each day."""

from django.utils import timezone
from django_tasks import task

from essor.register.services.forgetting import forget_old
from essor.register.services.mailing import send_late_mails, send_mail

MAILS_EVERY_MIN = 15


@task
def send_mail_of(pk: int) -> None:
    """Send the mail that is due of a contribution, unless it was forgotten meanwhile; one that fails is late."""
    send_mail(pk, now=timezone.now())


@task
def send_mails_again() -> None:
    """Send the mails that could not go when they were due."""
    send_late_mails(now=timezone.now())


@task
def forget_contributions() -> None:
    """Erase addresses and traces that have been kept for long enough."""
    forget_old(timezone.now())
