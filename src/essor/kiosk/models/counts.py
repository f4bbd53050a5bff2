"""How often kiosks are seen and their records opened, by day and embedding site: nothing of any visitor."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from essor.catalogue.models import Record
from essor.kiosk.models.kiosks import Kiosk


class DailyCount(models.Model):
    """What happened to a kiosk on one day in one site; `host` is empty for the portal's own pages."""

    kiosk = models.ForeignKey(
        Kiosk, models.CASCADE, verbose_name=_("kiosk"), related_name="counts", db_index=False
    )
    day = models.DateField(pgettext_lazy("date", "day"))
    host = models.CharField(_("embedding site"), max_length=253, blank=True)
    displays = models.PositiveIntegerField(pgettext_lazy("kiosk", "times seen"), default=0)
    clicks = models.PositiveIntegerField(pgettext_lazy("kiosk", "records opened"), default=0)

    wagtail_reference_index_ignore = True
    """A count does not use its kiosk: only pages and boxes do."""

    class Meta:
        verbose_name = _("count of a kiosk")
        verbose_name_plural = _("counts of kiosks")
        ordering = ["-day", "host", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["kiosk", "day", "host"], name="kiosk_counted_once_a_day_by_site"
            )
        ]

    def __str__(self) -> str:
        return f"{self.kiosk} {self.day} {self.host}"


class RecordClicks(models.Model):
    """How many times a record was opened from any kiosk on one day."""

    record = models.ForeignKey(
        Record, models.CASCADE, verbose_name=_("record"), related_name="+", db_index=False
    )
    day = models.DateField(pgettext_lazy("date", "day"), db_index=True)
    clicks = models.PositiveIntegerField(pgettext_lazy("kiosk", "times opened"), default=0)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("clicks on a record")
        verbose_name_plural = _("clicks on records")
        ordering = ["-day", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["record", "day"], name="record_clicks_once_a_day")
        ]

    def __str__(self) -> str:
        return f"{self.record} {self.day}"
