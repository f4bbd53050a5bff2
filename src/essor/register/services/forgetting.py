"""What is kept of those who write, and for how long: this is what the privacy page promises.

An e-mail address that was not confirmed is erased with its contribution, after three days; one that
was, thirty days after the decision, with the name of who wrote; the trace of the network, after a day.
"""

from datetime import datetime, timedelta

from django.db import transaction

from essor.register.models import Contribution
from essor.register.models.contributions import CONFIRMED_WITHIN, EMAIL_KEPT

NETWORK_KEPT = timedelta(days=1)


@transaction.atomic
def forget_old(now: datetime) -> int:
    """Erase what is kept no longer than needed, and give how many contributions were touched."""
    everything = Contribution.objects.order_by()
    late = everything.filter(
        state=Contribution.State.UNCONFIRMED, sent_at__lt=now - CONFIRMED_WITHIN
    )
    count = late.delete()[0]
    decided = everything.filter(decided_at__lt=now - EMAIL_KEPT).exclude(email="", capacity="")
    count += decided.update(email="", capacity="")
    seen = everything.filter(sent_at__lt=now - NETWORK_KEPT).exclude(network="")
    return count + seen.update(network="")
