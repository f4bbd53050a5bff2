"""Printable guides: a selection of the directory that an editor composes, and the files made of it."""

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail.images import get_image_model_string

from essor.territory.models import Territory


class Guide(models.Model):
    """A guide of a territory: which structures, in what order, under what title.

    `criteria` is the state of the directory as its addresses say it (`secteur=culture&famille=…`).
    """

    class Grouping(models.TextChoices):
        SECTOR = "secteur", _("by sector")
        FAMILY = "famille", _("by family")
        TAG = "etiquette", _("by tag; a structure may stand under several")
        COMMUNE = "commune", _("by commune")

    title = models.CharField(_("title"), max_length=120)
    slug = models.SlugField(_("address"), max_length=80, unique=True)
    introduction = models.TextField(
        _("introduction"),
        blank=True,
        max_length=3_000,
        help_text=_("Plain text; an empty line begins another paragraph."),
    )
    criteria = models.CharField(
        _("selection"),
        max_length=1_000,
        blank=True,
        help_text=_(
            "The address of the directory once you have narrowed it, pasted here: what stands behind its "
            "question mark is kept. Empty: the whole directory."
        ),
    )
    territory = models.ForeignKey(
        Territory,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("territory"),
        help_text=_("Only what is in this territory; empty: the whole area of the directory."),
    )
    grouping = models.CharField(
        _("grouped"), max_length=12, choices=Grouping, default=Grouping.SECTOR
    )
    cover = models.ForeignKey(
        get_image_model_string(),
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("picture of the cover"),
    )
    is_published = models.BooleanField(
        pgettext_lazy("guide", "published"),
        default=False,
        help_text=_("Readers see it only when this is ticked."),
    )
    changed_at = models.DateTimeField(pgettext_lazy("date", "changed"), auto_now=True)

    class Meta:
        verbose_name = _("guide")
        verbose_name_plural = _("guides")
        ordering = ("title", "pk")

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """Give the address of its page."""
        return reverse("guide", args=[self.slug])


class GuideEdition(models.Model):
    """The files of a guide, as its content was when they were made.

    `key` tells that content from any other; `asked_key` is that of the files that are being made.
    """

    guide = models.OneToOneField(Guide, models.CASCADE, related_name="edition")
    key = models.CharField(max_length=32, blank=True)
    asked_key = models.CharField(max_length=32, blank=True)
    asked_at = models.DateTimeField(null=True)
    made_at = models.DateTimeField(null=True)
    pages = models.PositiveIntegerField(default=0)
    structures = models.PositiveIntegerField(default=0)
    booklet = models.FileField(upload_to="guides/")
    imposed = models.FileField(upload_to="guides/")

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return self.key
