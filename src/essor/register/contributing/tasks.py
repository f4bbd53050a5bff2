"""The e-mails, sent in the background, and what is forgotten each day."""

from django.utils import timezone
from django_tasks import task

from essor.register.contributing.mails import confirmation_mail, decision_mail
from essor.register.models import Contribution
from essor.register.services.forgetting import forget_old


@task
def ask_to_confirm(pk: int) -> None:
    """Send the e-mail that asks to confirm a contribution, unless it was confirmed or forgotten meanwhile."""
    waiting = Contribution.objects.filter(pk=pk, state=Contribution.State.UNCONFIRMED)
    for contribution in waiting.order_by("pk"):
        confirmation_mail(contribution).send()


@task
def tell_decision(pk: int) -> None:
    """Send the e-mail that tells what staff decided, while the address is known."""
    for contribution in Contribution.objects.filter(pk=pk).exclude(email="").order_by("pk"):
        decision_mail(contribution).send()


@task
def forget_contributions() -> None:
    """Erase addresses and traces that have been kept for long enough."""
    forget_old(timezone.now())
