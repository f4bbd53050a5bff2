"""What the index has still to hear of. The index itself is no model: it is disposable."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class PendingChange(models.Model):
    """A document that changed: noted in the transaction of the change, forgotten once indexed.

    A lost or failed task therefore loses nothing. The same document may be noted several times: a
    change made while the first one is being indexed must not be forgotten with it.
    """

    kind = models.CharField(_("kind"), max_length=50)
    key = models.CharField(_("key"), max_length=200)
    noted = models.DateTimeField(_("noted"), auto_now_add=True)

    class Meta:
        verbose_name = _("change to index")
        verbose_name_plural = _("changes to index")

    def __str__(self) -> str:
        return f"{self.kind}:{self.key}"
