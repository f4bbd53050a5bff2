"""What the demonstration remembers of itself: which steps are done, so that none is done twice."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Step(models.Model):
    """One finished step, kept in the same transaction as its work: done once, never half."""

    name = models.CharField(_("name"), max_length=40, primary_key=True)
    done_at = models.DateTimeField(_("done at"), auto_now_add=True)

    class Meta:
        verbose_name = _("step of the demonstration")
        verbose_name_plural = _("steps of the demonstration")

    def __str__(self) -> str:
        return self.name
