"""The numbers that the founding portal gave to its baskets and catalogues: pasted snippets still name them."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from essor.catalogue.models import Basket, SavedSearch


class OldNumber(models.Model):
    """What one number of the founding portal stands for today: a basket (`id_panier`), a search (`id_catalogue`)."""

    BASKET = "basket"
    SEARCH = "search"
    KINDS: ClassVar[list[tuple[str, object]]] = [
        (BASKET, _("basket (id_panier)")),
        (SEARCH, _("dynamic catalogue (id_catalogue)")),
    ]

    kind = models.CharField(_("it was a"), max_length=10, choices=KINDS, default=BASKET)
    number = models.PositiveIntegerField(pgettext_lazy("identifier", "number"))
    basket = models.ForeignKey(
        Basket,
        models.CASCADE,
        null=True,
        blank=True,
        verbose_name=_("basket"),
        related_name="old_numbers",
    )
    saved_search = models.ForeignKey(
        SavedSearch,
        models.CASCADE,
        null=True,
        blank=True,
        verbose_name=_("saved search"),
        related_name="old_numbers",
    )

    class Meta:
        verbose_name = _("old number")
        verbose_name_plural = _("old numbers")
        ordering = ["kind", "number"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "number"], name="old_number_known_once"),
            models.CheckConstraint(
                condition=models.Q(basket=None, saved_search__isnull=False)
                | models.Q(basket__isnull=False, saved_search=None),
                name="old_number_has_one_source",
                violation_error_message=_("Choose a basket or a saved search, one of them."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.number}"

    @property
    def source(self) -> Basket | SavedSearch | None:
        """What the number stands for."""
        return self.basket or self.saved_search
