"""The pictures of covers: brought by staff, or found by ISBN; a record without one has a drawn cover."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from essor.catalogue.models.records import Record


class Cover(models.Model):
    """The picture of the cover of a record, or the memory that none was found.

    `origin` is `upload` or the code of a provider; one that staff brought is never replaced by another.
    """

    UPLOAD = "upload"

    record = models.OneToOneField(
        Record, models.CASCADE, verbose_name=_("record"), related_name="cover"
    )
    picture = models.ImageField(
        _("picture"),
        upload_to="covers/",
        width_field="width",
        height_field="height",
        blank=True,
    )
    width = models.PositiveSmallIntegerField(_("width (pixels)"), null=True, editable=False)
    height = models.PositiveSmallIntegerField(_("height (pixels)"), null=True, editable=False)
    origin = models.CharField(_("origin"), max_length=40, default=UPLOAD)
    licence = models.CharField(_("licence"), max_length=200, blank=True)
    address = models.URLField(_("address it was found at"), max_length=500, blank=True)
    looked_for_at = models.DateTimeField(pgettext_lazy("date", "looked for"), auto_now=True)
    failures = models.PositiveSmallIntegerField(_("failures in a row"), default=0)

    class Meta:
        verbose_name = _("cover")
        verbose_name_plural = _("covers")

    def __str__(self) -> str:
        return str(self.record)
