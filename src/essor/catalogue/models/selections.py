"""What people choose among the records: baskets made by hand, searches that are kept."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.models import Orderable

from essor.catalogue.models.records import Record


class Selection(models.Model):
    """What baskets and saved searches have in common: a name, whose they are, who sees them.

    A private one is its owner's; of the network, when nobody owns it, it is the staff's. A public one
    is read by everyone, and changed by who may publish.
    """

    name = models.CharField(_("name"), max_length=200, help_text=_("Readers see it."))
    slug = models.SlugField(
        _("short name"),
        max_length=100,
        unique=True,
        help_text=_("Used by addresses and imports: do not change it once it is in use."),
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        verbose_name=_("owner"),
        related_name="+",
        help_text=_("Who looks after it; empty when it belongs to the whole network."),
    )
    is_public = models.BooleanField(
        _("public"),
        default=False,
        help_text=_(
            "Everyone may then read its page, take its records away, follow it as an Atom feed and "
            "harvest it as a set (OAI-PMH)."
        ),
    )
    changed_at = models.DateTimeField(pgettext_lazy("date", "changed"), auto_now=True)

    class Meta:
        abstract = True
        ordering = ["name", "pk"]

    def __str__(self) -> str:
        return self.name


class Basket(Selection, ClusterableModel):  # type: ignore[django-manager-missing]  # as Record
    """An ordered list of records that somebody chose."""

    class Meta(Selection.Meta):
        verbose_name = _("basket")
        verbose_name_plural = _("baskets")


class BasketItem(Orderable):
    """The place of a record in a basket."""

    basket = ParentalKey(Basket, related_name="items", on_delete=models.CASCADE)
    record = models.ForeignKey(
        Record, models.CASCADE, verbose_name=_("record"), related_name="basket_items"
    )

    class Meta(Orderable.Meta):
        verbose_name = _("record of the basket")
        verbose_name_plural = _("records of the basket")
        ordering = ["sort_order", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["basket", "record"], name="record_once_in_a_basket")
        ]

    def __str__(self) -> str:
        return str(self.record)


class SavedSearch(Selection):
    """A search of the catalogue under a name: what it finds changes as the catalogue does.

    `criteria` is the state of the search as its address says it: the text under `q`, and the values
    of each filter in a list. A search without any criterion finds nothing.
    """

    criteria = models.JSONField(_("criteria"), default=dict)

    class Meta(Selection.Meta):
        verbose_name = _("saved search")
        verbose_name_plural = _("saved searches")
