"""What editors of the portal say of a structure, beside what SIRENE says: it is theirs, and outlives vintages."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.images import get_image_model_string


class StructureTag(models.Model):
    """A word by which readers look for structures that SIRENE cannot tell: third place, AMAP, CAE…"""

    slug = models.SlugField(_("address"), max_length=60, unique=True)
    name = models.CharField(_("name"), max_length=80)
    is_support = models.BooleanField(
        _("supports people with a project"),
        default=False,
        help_text=_("Shown by the path “Start a business in the ESS”."),
    )

    class Meta:
        verbose_name = _("tag of structures")
        verbose_name_plural = _("tags of structures")
        ordering = ("name", "pk")

    def __str__(self) -> str:
        return self.name


class StructureProfile(models.Model):
    """What editors add to the page of a structure, or keep off it."""

    siren = models.CharField("SIREN", max_length=9, unique=True)
    description = models.TextField(_("description"), blank=True)
    logo = models.ForeignKey(
        get_image_model_string(),
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("logo"),
    )
    web_site = models.URLField(_("web site"), max_length=500, blank=True)
    opening_hours = models.TextField(_("opening hours"), blank=True)
    tags = models.ManyToManyField(
        StructureTag, blank=True, related_name="profiles", verbose_name=_("tags")
    )
    is_withheld = models.BooleanField(
        _("identity withheld on request"),
        default=False,
        help_text=_("Counted in its commune, but neither named nor located: someone asked for it."),
    )
    updated_at = models.DateTimeField(_("changed"), auto_now=True)

    class Meta:
        verbose_name = _("profile of a structure")
        verbose_name_plural = _("profiles of structures")
        ordering = ("siren",)

    def __str__(self) -> str:
        return self.siren
