"""Kiosks: a selection of records under a name and an address that other sites may embed."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from essor.catalogue.models import Basket
from essor.kiosk.types import MOST_RECORDS, Order

PERMALINK_LETTER = "k"

ORDERS = [
    (Order.CHOSEN.value, _("as in the basket")),
    (Order.TITLE.value, _("by title")),
    (Order.NEWEST.value, _("last added to the catalogue first")),
]


class Kiosk(models.Model):
    """Some records of the catalogue, shown as covers."""

    name = models.CharField(
        _("title"), max_length=120, help_text=_("Readers see it above the covers.")
    )
    slug = models.SlugField(
        _("short name"),
        max_length=80,
        unique=True,
        help_text=_(
            "Part of its address, which other sites have pasted: do not change it once it is in use."
        ),
    )
    basket = models.ForeignKey(
        Basket,
        on_delete=models.PROTECT,
        verbose_name=_("basket"),
        related_name="kiosks",
        help_text=_("The records to show. A basket that is not public shows nothing to readers."),
    )
    order = models.CharField(
        pgettext_lazy("kiosk", "order"), max_length=20, choices=ORDERS, default=Order.CHOSEN
    )
    limit = models.PositiveSmallIntegerField(
        _("number of covers"),
        default=15,
        validators=[MinValueValidator(1), MaxValueValidator(MOST_RECORDS)],
        help_text=_("At most. From ten to twenty read best."),
    )
    changed_at = models.DateTimeField(_("changed"), auto_now=True)

    class Meta:
        verbose_name = _("kiosk")
        verbose_name_plural = _("kiosks")
        ordering = ["name", "pk"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Give the address of its page."""
        return reverse("kiosk", args=[self.slug])

    @property
    def permalink_id(self) -> str:
        """The end of its permanent link."""
        return f"{PERMALINK_LETTER}{self.pk}"
