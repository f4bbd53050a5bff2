"""Kiosks: a selection of records under a name and an address that other sites may embed."""

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail.models import PreviewableMixin

from essor.catalogue.models import Basket, Branch, SavedSearch
from essor.kiosk.types import (
    MOST_CANDIDATES,
    MOST_RECORDS,
    Choice,
    Display,
    Draw,
    Look,
    Order,
    Theme,
)

PERMALINK_LETTER = "k"

ORDERS = [
    (Order.CHOSEN.value, _("as in the basket or the search")),
    (Order.TITLE.value, _("by title")),
    (Order.NEWEST.value, _("last added to the catalogue first")),
    (Order.BORROWED.value, _("most borrowed first")),
    (Order.VIEWED.value, _("most opened from kiosks first")),
]
DRAWS = [
    (Draw.NONE.value, _("no draw: the first ones")),
    (Draw.DAY.value, _("another draw each day")),
    (Draw.HOUR.value, _("another draw each hour")),
    (Draw.VIEW.value, _("another draw at each view")),
]
DISPLAYS = [
    (Display.STRIP.value, pgettext_lazy("display", "strip")),
    (Display.GRID.value, pgettext_lazy("display", "grid")),
    (Display.SINGLE.value, pgettext_lazy("display", "one by one")),
    (Display.VERTICAL.value, pgettext_lazy("display", "vertical strip")),
    (Display.COVER_FLOW.value, pgettext_lazy("display", "cover flow")),
    (Display.LIST.value, pgettext_lazy("display", "list")),
]
THEMES = [
    (Theme.AUTO.value, _("as the visitor’s device asks")),
    (Theme.LIGHT.value, _("always light")),
    (Theme.DARK.value, _("always dark")),
]
LONGEST_PAUSE_S = 60


class Kiosk(PreviewableMixin, models.Model):
    """Some records of the catalogue, shown as covers: those of one basket or of one saved search."""

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
        null=True,
        blank=True,
        verbose_name=_("basket"),
        related_name="kiosks",
        help_text=_("The records to show. A basket that is not public shows nothing to readers."),
    )
    saved_search = models.ForeignKey(
        SavedSearch,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        verbose_name=_("saved search"),
        related_name="kiosks",
        help_text=_("Or what it finds, whatever comes in. It must be public too."),
    )
    order = models.CharField(
        pgettext_lazy("kiosk", "order"), max_length=20, choices=ORDERS, default=Order.CHOSEN.value
    )
    limit = models.PositiveSmallIntegerField(
        _("number of covers"),
        default=15,
        validators=[MinValueValidator(1), MaxValueValidator(MOST_RECORDS)],
        help_text=_("At most. From ten to twenty read best."),
    )
    draw = models.CharField(
        pgettext_lazy("kiosk", "draw"), max_length=10, choices=DRAWS, default=Draw.NONE.value
    )
    pool = models.PositiveSmallIntegerField(
        _("drawn among the first"),
        default=50,
        validators=[MinValueValidator(1), MaxValueValidator(MOST_CANDIDATES)],
        help_text=_("How many records take part in the draw, in the order above."),
    )
    only_with_cover = models.BooleanField(
        _("only with a picture"),
        default=False,
        help_text=_("Leave out the records whose cover is drawn by the portal."),
    )
    branch = models.ForeignKey(
        Branch,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        verbose_name=pgettext_lazy("library of a network", "branch"),
        related_name="+",
        help_text=_("Only what this library holds; empty for the whole network."),
    )
    display = models.CharField(
        pgettext_lazy("kiosk", "display"),
        max_length=20,
        choices=DISPLAYS,
        default=Display.STRIP.value,
    )
    theme = models.CharField(
        pgettext_lazy("kiosk", "colours"),
        max_length=10,
        choices=THEMES,
        default=Theme.AUTO.value,
        help_text=_("When it stands on another site."),
    )
    autoplay_s = models.PositiveSmallIntegerField(
        _("moves by itself every (seconds)"),
        default=0,
        validators=[MaxValueValidator(LONGEST_PAUSE_S)],
        help_text=_(
            "0: never, which is best. Readers can always stop it, and it never moves for those who "
            "asked their device for less motion."
        ),
    )
    names_portal = models.BooleanField(
        _("name the portal"),
        default=True,
        help_text=_("Add a link to the portal under the covers, when it stands on another site."),
    )
    changed_at = models.DateTimeField(pgettext_lazy("date", "changed"), auto_now=True)

    class Meta:
        verbose_name = _("kiosk")
        verbose_name_plural = _("kiosks")
        ordering = ["name", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(basket=None, saved_search__isnull=False)
                | models.Q(basket__isnull=False, saved_search=None),
                name="kiosk_has_one_source",
                violation_error_message=_("Choose a basket or a saved search, one of them."),
            )
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Give the address of its page."""
        return reverse("kiosk", args=[self.slug])

    def clean(self) -> None:
        """Refuse a draw among fewer records than are shown."""
        if self.draw != Draw.NONE and self.limit and self.pool and self.pool < self.limit:
            said = _("Draw among at least as many records as are shown.")
            raise ValidationError({"pool": said})

    def serve_preview(self, request: HttpRequest, mode_name: str) -> HttpResponse:
        """Show it to who writes it."""
        from essor.kiosk.previewing import preview  # the framework asks the model for a page

        return preview(request, self)

    @property
    def permalink_id(self) -> str:
        """The end of its permanent link."""
        return f"{PERMALINK_LETTER}{self.pk}"

    @property
    def source(self) -> Basket | SavedSearch | None:
        """Where its records come from; None while that is being chosen."""
        return self.basket or self.saved_search

    @property
    def choice(self) -> Choice:
        """Which records of its source it shows."""
        return Choice(
            order=Order(self.order),
            limit=self.limit,
            draw=Draw(self.draw),
            pool=self.pool,
            only_with_cover=self.only_with_cover,
            branch=self.branch_id,
        )

    @property
    def look(self) -> Look:
        """How it shows them."""
        return Look(
            display=Display(self.display),
            theme=Theme(self.theme),
            autoplay_s=self.autoplay_s,
            names_portal=self.names_portal,
        )
