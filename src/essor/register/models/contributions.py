"""What people say of a structure from its page: “it is ours”, “this is wrong”, “take this away”.

Nothing is read by staff before the e-mail address has been confirmed, and nothing changes on the page
before staff has accepted it. The address is erased some days after the decision, the trace of the
network the day after (`essor.register.services.forgetting`).
"""

from datetime import timedelta
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

CONFIRMED_WITHIN = timedelta(days=3)
EMAIL_KEPT = timedelta(days=30)
"""After the decision, for the one who wrote to answer; then the address is erased."""


class Contribution(models.Model):
    """A claim, a correction or a request of deletion, from its sending to the decision.

    `proposed` holds what is to be written in the profile, by field; `kept` names what was accepted.
    `nonce` is that of the form, so that the same form sent twice is one contribution. `mail_due_at` is
    when the mail of its state is next tried; None once it has gone.
    """

    class Kind(models.TextChoices):
        CORRECTION = "correction", pgettext_lazy("contribution", "correction")
        CLAIM = "claim", pgettext_lazy("contribution", "claim by the structure")
        DELETION = "deletion", pgettext_lazy("contribution", "deletion of personal data")

    class State(models.TextChoices):
        UNCONFIRMED = "unconfirmed", pgettext_lazy("contribution", "e-mail not confirmed")
        PENDING = "pending", pgettext_lazy("contribution", "to be read")
        ACCEPTED = "accepted", pgettext_lazy("contribution", "accepted")
        REFUSED = "refused", pgettext_lazy("contribution", "refused")

    siren = models.CharField("SIREN", max_length=9, db_index=True)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    state = models.CharField(
        pgettext_lazy("of a contribution", "state"),
        max_length=12,
        choices=State,
        default=State.UNCONFIRMED,
    )
    language = models.CharField(max_length=5, choices=settings.LANGUAGES, default="fr")
    email = models.EmailField(_("e-mail"), blank=True)
    capacity = models.CharField(_("who writes"), max_length=120, blank=True)
    proposed = models.JSONField(_("proposed"), default=dict)
    message = models.TextField(_("message"), blank=True)
    nonce = models.CharField(max_length=32, unique=True, editable=False)
    network = models.CharField(max_length=32, blank=True, editable=False)
    sent_at = models.DateTimeField(_("sent"))
    confirmed_at = models.DateTimeField(_("confirmed"), null=True)
    decided_at = models.DateTimeField(_("decided"), null=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("decided by"),
    )
    kept = models.JSONField(default=list)
    answer = models.TextField(_("answer"), blank=True)
    mail_due_at = models.DateTimeField(null=True, editable=False)

    LIMITS: ClassVar[dict[str, int]] = {
        "description": 2_000,
        "web_site": 500,
        "opening_hours": 500,
        "message": 2_000,
    }
    """The most letters of each text that a reader may send."""

    class Meta:
        verbose_name = _("claim or correction")
        verbose_name_plural = _("claims and corrections")
        ordering = ("-sent_at", "-pk")
        default_permissions = ("view", "change")
        indexes = [
            models.Index(fields=("network", "sent_at"), name="register_contrib_network"),
            models.Index(
                fields=("mail_due_at",),
                name="register_mails_due",
                condition=models.Q(mail_due_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {self.siren}"

    @property
    def is_pending(self) -> bool:
        """Whether it waits for a decision."""
        return self.state == self.State.PENDING
